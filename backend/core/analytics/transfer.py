"""All records as one text, and back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.analytics.exact import decode, encode, to_choice
from core.analytics.queries import to_execution, to_metric, to_step
from core.analytics.recording import ingest
from core.analytics.records import Execution, Metric, Record, Step
from core.analytics.store import ExecutionRow, Point, StepRow

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.analytics.engine import Engine

FORMAT = "workflow-analytics 1"
FORMATS = ("json", "csv")

COLUMNS = (
    "kind",
    "execution_id",
    "workflow_id",
    "name",
    "status",
    "started",
    "finished",
    "at",
    "value",
    "user_id",
    "tags",
    "error",
    "step_id",
    "metric_id",
)

# What a spreadsheet takes for a formula; the apostrophe itself, so that every one put in front can be taken away again.
RISKY = ("=", "+", "-", "@", "\t", "\r", "'")
GUARDED = ("execution_id", "workflow_id", "name", "user_id", "error", "step_id", "metric_id")

EXECUTIONS = """
    SELECT execution_id, workflow_id, status, started_us, finished_us, user_id, tags, error
    FROM executions ORDER BY started_us, execution_id
"""
STEPS = """
    SELECT step_id, execution_id, name, status, started_us, finished_us, error, workflow_id
    FROM steps ORDER BY number
"""
METRICS = "SELECT metric_id, name, value, at_us, workflow_id, tags FROM metrics ORDER BY number"


def export(engine: Engine, fmt: str = "json") -> str:
    """Write all executions, steps and metrics into one text, which :func:`import_` reads; alerts stay.

    Args:
        engine: What has been recorded.

        fmt: "json" or "csv".  Times are ISO 8601 in UTC.  An int beyond 63 bits is text in base 16.  In CSV, an apostrophe
            stands before text that a spreadsheet would take for a formula.

    Raises:
        ValueError: No such *fmt*.

    """
    chosen = to_choice(fmt, "fmt", FORMATS)
    flat = [_flat(record) for record in engine.database.run(_records)]
    return _to_csv(flat) if chosen == "csv" else json.dumps({"format": FORMAT, "records": flat}, indent=1)


def import_(engine: Engine, text: str, fmt: str = "json") -> int:
    """Record what :func:`export` wrote, in one transaction, and return how many of the records are news.

    Raises:
        TypeError: *text* is not a str, or a record holds a wrong type; its index is named.
        ValueError: *text* is not what :func:`export` writes, or does not agree with what is recorded already.

    """
    chosen = to_choice(fmt, "fmt", FORMATS)
    if not isinstance(text, str):
        raise TypeError(f"text is {type(text).__name__}: expected str")
    flat = _from_csv(text) if chosen == "csv" else _from_json(text)
    return ingest(engine, [_record(fields, index) for index, fields in enumerate(flat)])


def _records(connection: sqlite3.Connection) -> list[Record]:
    return [
        *(to_execution(ExecutionRow(*row), UTC) for row in connection.execute(EXECUTIONS)),
        *(to_step(StepRow(*row), UTC) for row in connection.execute(STEPS)),
        *(to_metric(Point(*row), UTC) for row in connection.execute(METRICS)),
    ]


def _flat(record: Record) -> dict[str, Any]:
    """Return the fields of *record* that say something, in the order of the columns."""
    fields = {"kind": type(record).__name__.lower(), **vars(record)}
    for name, value in fields.items():
        if isinstance(value, datetime):
            fields[name] = value.isoformat()
    if isinstance(record, Metric):
        fields["value"] = encode(record.value)
    return {name: fields[name] for name in COLUMNS if fields.get(name) not in (None, {})}


def _to_csv(flat: list[dict[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for fields in flat:
        cells = {name: _guarded(value) if name in GUARDED else value for name, value in fields.items()}
        if "tags" in cells:
            cells["tags"] = json.dumps(cells["tags"])
        writer.writerow(cells)
    return out.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text


def _from_csv(text: str) -> list[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(
            f"text has no header as export writes it: the first line must be {','.join(COLUMNS)}"
        )
    return [_cells_read(row, index) for index, row in enumerate(reader)]


def _cells_read(row: Mapping[str, Any], index: int) -> dict[str, Any]:
    if None in row or None in row.values():
        raise ValueError(
            f"records[{index}] has not {len(COLUMNS)} cells: write them as the header names them"
        )
    fields = {name: cell.removeprefix("'") if name in GUARDED else cell for name, cell in row.items() if cell}
    if "tags" in fields:
        fields["tags"] = _parsed(fields["tags"], f"records[{index}].tags")
    if "value" in fields and "0x" not in fields["value"]:
        fields["value"] = _parsed(fields["value"], f"records[{index}].value")
    return fields


def _from_json(text: str) -> list[Any]:
    match _parsed(text, "text"):
        case {"format": known, "records": [*records]} if known == FORMAT:
            return records
    raise ValueError(
        f"text is not what export writes: an object with format {FORMAT!r} and a list of records"
    )


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} is no JSON: {error}") from None


KINDS: dict[str, type[Record]] = {"execution": Execution, "step": Step, "metric": Metric}


def _record(fields: object, index: int) -> Record:
    """Turn what was read into a record; what its fields hold is checked when it is recorded."""
    if not isinstance(fields, dict) or fields.get("kind") not in [*KINDS]:
        raise ValueError(f"records[{index}] has no known kind: choose one of {', '.join(KINDS)}")
    values = {name: _read(value, f"records[{index}].{name}", name) for name, value in fields.items()}
    kind = values.pop("kind")
    try:
        return KINDS[kind](**values)
    except TypeError as error:  # a field too many or too few
        what = str(error).removeprefix(f"{KINDS[kind].__name__}.__init__() ")
        raise ValueError(f"records[{index}] is no {kind}: {what}") from None


def _read(value: Any, place: str, name: str) -> Any:
    """Undo what JSON cannot hold: instants and ints beyond 63 bits."""
    try:
        if name in ("started", "finished", "at"):
            return datetime.fromisoformat(value)
        return decode(value) if name == "value" else value
    except (TypeError, ValueError):
        raise ValueError(f"{place} is {value!r}: it cannot be read back") from None
