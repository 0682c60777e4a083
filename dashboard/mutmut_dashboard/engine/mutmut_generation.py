"""The process in the stage that has mutmut generate.

mutmut keeps its settings and paths in process-wide state that depends on the current folder, so this runs in a
process of its own, sent into the stage by `mutmut_adapter`. Each mutation's operator is noted on the way, since
mutmut does not keep it, and each mutant's change is located in the original file.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, replace
from importlib.metadata import version
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from mutmut_dashboard.engine import quick_matchers  # noqa: F401 - before mutmut imports them

# isort: split

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.configuration import config
from mutmut.mutation import file_mutation
from mutmut.mutation.data import LineSpan, MutantLineSpans, SourceFileMutationData
from mutmut.mutation.file_mutation import (
    MutationVisitor,
    _compute_mutated_function_hashes,
    combine_mutations_to_source,
    deep_replace,
    group_by_top_level_node,
)
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode, PragmaParseError, get_ignored_lines
from mutmut.utils.format_utils import get_mutant_name

from mutmut_dashboard import identity
from mutmut_dashboard.engine import pragmas, replacing
from mutmut_dashboard.engine.mutmut_adapter import REFUSED, function_of, told
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.identity import Origin, assign_ids, find_change, logical_lines
from mutmut_dashboard.model import Mutant

_CONTEXT_LINES = 3
_MAX_KEPT = 500
"""Generated files kept in the cache; those used longest ago go first."""


def main() -> int:
    """Generate as the arguments on standard input say; the answer goes to standard output, as JSON."""
    arguments = told()
    answer_to = os.dup(1)
    os.dup2(2, 1)  # mutmut prints; the answer must stay clean
    with os.fdopen(answer_to, "w", encoding="utf-8") as out:
        try:
            answer = _generate_all(**arguments, spare=lambda: print(file=out, flush=True))
        except UsageError as error:
            print(error, file=sys.stderr)  # noqa: T201 - the parent reads this line
            return REFUSED
        out.write(json.dumps(answer))  # `json.dump` would encode in Python, piece by piece
    return 0


def _generate_all(
    files: list[str], prefix: str, workers: int, cache: str, spare: Callable[[], None]
) -> list[dict[str, Any]]:
    _copy_all()
    longest_first = sorted(files, key=os.path.getsize, reverse=True)  # so that none is left alone at the end
    with ProcessPoolExecutor(
        max_workers=max(1, min(workers, len(files))), mp_context=get_context("fork")
    ) as pool:
        begun = {file: pool.submit(_generate, file, prefix, Path(cache)) for file in longest_first}
        if len(files) < workers:
            spare()
        for done, one in enumerate(as_completed(begun.values()), 1):
            if error := one.exception():
                pool.shutdown(cancel_futures=True)
                raise error
            if len(files) - done == workers - 1:
                spare()
    made = [begun[file].result() for file in files]
    used_last = sorted(Path(cache).iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in used_last[_MAX_KEPT:]:
        old.unlink(missing_ok=True)
    return made


def _copy_all() -> None:
    """Copy what mutmut would copy but the bytecode: a clean run goes on beside this, and what it writes comes and goes."""
    for path in map(Path, {*map(str, config().source_paths), *map(str, config().also_copy)}):
        copy = Path("mutants", path)
        if path.is_dir():
            shutil.copytree(path, copy, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        elif path.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def _generate(file: str, prefix: str, cache: Path) -> dict[str, Any]:
    shown = prefix + file
    try:
        source = Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{shown} is no UTF-8 text. Change that, or leave the file out of the target's modules."
        ) from error
    kept = cache / f"{_digest(shown, source)}.json"
    try:
        made = json.loads(kept.read_text(encoding="utf-8"))
        kept.touch()
    except (OSError, ValueError):  # never made, or cut off by a full disk
        made = _make(file, shown, source)
        _keep(made, kept)
    _write(file, made)
    return {
        "file": shown,
        "source": source,
        "mutants": made["mutants"],
        "copies": made["copies"],
        "lines": made["lines"],
    }


def _digest(shown: str, source: str) -> str:
    """Return a name for all that the generated code of a file depends on."""
    versions = [version(name) for name in ("mutmut", "libcst", "mutmut-dashboard")]
    own = (__file__, identity.__file__, pragmas.__file__, replacing.__file__)
    tool = [Path(path).read_bytes().hex() for path in own]
    text = json.dumps([shown, source, *versions, *tool, sys.version, config().do_not_mutate_patterns])
    return hashlib.sha256(text.encode()).hexdigest()


def _keep(made: dict[str, Any], kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(made), encoding="utf-8")
    unfinished.replace(kept)


def _make(file: str, shown: str, source: str) -> dict[str, Any]:
    try:
        ast.parse(source)  # knows the line of a mistake better than libcst
        plan = _Plan(file, shown, source)
        mutated, mutants = plan.mutated_file(), plan.mutants()
    except (libcst.ParserSyntaxError, SyntaxError) as error:
        line = getattr(error, "raw_line", None) or getattr(error, "lineno", None)
        raise UsageError(
            f"{shown}, line {line} does not parse, so it cannot be mutated. Correct the syntax, or leave the file "
            "out of the target's modules."
        ) from error
    except PragmaParseError as error:
        sentence = " ".join(str(error).split()).replace(f"{file}:", f"{shown}, line ")
        raise UsageError(
            f"{sentence}. Each `start` needs an `end`, and none may stand inside another."
        ) from error
    except RecursionError as error:
        raise UsageError(
            f"{shown} nests too deeply for mutmut. Change that, or leave the file out of the target's modules."
        ) from error
    return {
        "code": mutated.code,
        "names": list(mutated.mutant_names),
        "hashes": dict(mutated.hash_by_function_name),
        "spans": {name: [span.start, span.end] for name, span in mutated.line_span_by_function_name.items()},
        "mutants": [asdict(mutant) for mutant in mutants],
        "copies": plan.copies,
        "lines": plan.lines,
    }


def _write(file: str, made: dict[str, Any]) -> None:
    """Write what mutmut itself would have written into the stage."""
    Path("mutants", file).write_text(made["code"], encoding="utf-8")
    data = SourceFileMutationData(path=file)
    data.exit_code_by_key = {get_mutant_name(Path(file), name): None for name in made["names"]}
    data.hash_by_function_name = made["hashes"]
    data.save()
    spans = {name: LineSpan(start, end) for name, (start, end) in made["spans"].items()}
    MutantLineSpans(path=file, span_by_function_name=spans).save()


class _Plan:
    """One file on its way from source to mutants: mutmut's steps, with the operator of each mutation noted."""

    def __init__(self, file: str, shown: str, source: str) -> None:

        self.file = file
        self.shown = shown
        self.source = source
        # A tree that was just parsed holds no node twice, so it need not be copied to be told apart.
        self._wrapper = MetadataWrapper(libcst.parse_module(source), unsafe_skip_copy=True)
        self._places = replacing.Places(self._wrapper.module)
        self._operator: dict[int, str] = {}
        self.copies: list[tuple[int, int, int]] = []
        """Where the generated file holds the original functions: first line, last line, and what added to a line of
        them gives that of the source."""
        self.lines: dict[str, int] = {}
        """Mutant's id -> line on which the node begins that mutmut changes."""
        self._lines = source.split("\n")
        ignored = get_ignored_lines(file, source, self._wrapper)
        self._by_pattern = ignored.ignore_pattern_lines
        nothing = IgnoredCode(no_mutate_lines=set(), ignore_node_lines=set(), ignore_pattern_lines=set())
        self._kept = self._visit(ignored)
        self._left_out: list[Any] = []
        if ignored != nothing:
            kept = {self._key(m) for m in self._kept}
            self._left_out = [m for m in self._visit(nothing) if self._key(m) not in kept]
        self._positions = self._wrapper.resolve(PositionProvider)

    def _visit(self, ignored: Any) -> list[Any]:

        visitor = MutationVisitor(
            [(kind, self._noting(operator)) for kind, operator in mutation_operators], ignored
        )
        self._wrapper.visit(visitor)
        return [m for m in visitor.mutations if m.contained_by_top_level_function]

    def _noting(self, operator: Any) -> Any:
        name = operator.__name__.removeprefix("operator_").replace("_", " ")

        def noting(node: Any) -> Iterator[Any]:
            for mutated in operator(node):
                self._operator[id(mutated)] = name
                yield mutated

        return noting

    def _key(self, mutation: Any) -> tuple[int, str, str]:
        module = self._wrapper.module
        return (
            id(mutation.original_node),
            self._operator[id(mutation.mutated_node)],
            module.code_for_node(mutation.mutated_node),
        )

    def mutated_file(self) -> Any:
        """Build mutmut's generated file."""
        self._mutated = self._combined(self._kept)
        hashes = _compute_mutated_function_hashes(self.source, self._wrapper.module, self._kept)
        return replace(self._mutated, hash_by_function_name=hashes)

    def _combined(self, mutations: list[Any]) -> Any:
        vars(file_mutation)["deep_replace"] = self._replaced
        return combine_mutations_to_source(self._wrapper.module, mutations)

    def _replaced(self, tree: Any, old: Any, new: Any) -> Any:
        return self._places.replaced(tree, old, new) or deep_replace(tree, old, new)

    def mutants(self) -> list[Mutant]:
        """Describe every mutant, those that a pragma left out too, with ids."""
        described = list(self._describe(self._mutated, self._kept))
        if self._left_out:
            others = self._combined(self._left_out)
            described += self._describe(others, self._left_out, self._reason)
        described.sort(key=lambda found: (found[1].line, found[1].column))
        ids = assign_ids(origin for origin, _, _ in described)
        self.lines = {id_: line for (_, _, line), id_ in zip(described, ids, strict=True)}
        return [_with_id(mutant, mutant_id) for (_, mutant, _), mutant_id in zip(described, ids, strict=True)]

    def _describe(
        self, mutated: Any, mutations: list[Any], reason: Callable[[Mutant, int], str] | None = None
    ) -> Iterator[tuple[Origin, Mutant, int]]:
        lines = mutated.code.split("\n")
        names = iter(mutated.mutant_names)
        for function, class_name, group in self._functions(mutations):
            original = None
            for mutation in group:
                name = next(names)
                if original is None:
                    original = _Function(
                        self, function, class_name, lines, mutated.line_span_by_function_name, name
                    )
                    if reason is None:
                        self.copies.append(original.copy)
                found = original.describe(name, self._operator[id(mutation.mutated_node)])
                if found is None:
                    continue
                origin, mutant = found
                position = self._positions.get(mutation.original_node)  # libcst knows not every node's
                line = position.start.line if position else mutant.line
                if reason is not None:
                    mutant = replace(mutant, name="", skip_reason=reason(mutant, line))
                yield origin, mutant, line

    def _reason(self, mutant: Mutant, line: int) -> str:
        if line in self._by_pattern:
            return pragmas.pattern_reason(self._lines, line, config().do_not_mutate_patterns)
        return pragmas.reason(self._lines, line, max(line, mutant.end_line))

    def _functions(self, mutations: list[Any]) -> Iterator[tuple[Any, str, list[Any]]]:
        # mutmut numbers mutants function by function, in the order of the file.

        groups = group_by_top_level_node(mutations)
        for statement in self._wrapper.module.body:
            if isinstance(statement, libcst.FunctionDef) and statement in groups:
                yield statement, "", list(groups[statement])
            elif isinstance(statement, libcst.ClassDef) and isinstance(statement.body, libcst.IndentedBlock):
                for method in statement.body.body:
                    if isinstance(method, libcst.FunctionDef) and method in groups:
                        yield method, statement.name.value, list(groups[method])

    def line_of(self, node: Any) -> int:
        """Return the line of a function's `def`."""
        line: int = self._positions[node].start.line
        return line


class _Function:
    """A mutated function: its original text in the generated file, and where that stands in the source."""

    def __init__(
        self, plan: _Plan, node: Any, class_name: str, lines: list[str], spans: Mapping[str, Any], name: str
    ) -> None:
        self._plan, self._lines, self._spans = plan, lines, spans
        self._plain_name: str = node.name.value
        self._qualified = f"{class_name}.{self._plain_name}" if class_name else self._plain_name
        copy = f"{function_of(name)}__mutmut_orig"
        self._text = self._text_of(copy)
        self._logical = logical_lines(self._text)
        def_line = next(
            first
            for first, _ in self._logical
            if self._text.split("\n")[first - 1].lstrip().startswith(("def ", "async "))
        )
        self._offset = plan.line_of(node) - def_line
        span = spans[copy]
        self.copy: tuple[int, int, int] = (span.start, span.end, 1 - span.start + self._offset)

    def _text_of(self, generated_name: str) -> str:
        span = self._spans[generated_name]
        text = "\n".join(self._lines[span.start - 1 : span.end]) + "\n"
        return text.replace(generated_name, self._plain_name, 1)

    def describe(self, name: str, operator: str) -> tuple[Origin, Mutant] | None:
        """Describe one mutant; None where its text does not differ, which mutmut sometimes makes."""
        mutated = self._text_of(name)
        change = find_change(self._text, mutated, self._logical)
        if change is None:
            return None
        file = self._plan.shown
        mutant = Mutant(
            id="",
            target="",
            name=get_mutant_name(Path(self._plan.file), name),
            file=file,
            function=self._qualified,
            line=change.start[0] + self._offset,
            column=change.start[1] + 1,
            end_line=change.end[0] + self._offset,
            end_column=change.end[1] + 1,
            operator=operator,
            original=change.original,
            replacement=change.replacement,
            diff=_diff(self._text, mutated, self._offset),
        )
        return Origin(file, self._qualified, change.before, change.after), mutant


def _with_id(mutant: Mutant, mutant_id: str) -> Mutant:

    return replace(mutant, id=mutant_id)


def _diff(original: str, mutated: str, offset: int) -> str:
    """Write the one hunk in which they differ, in unified form, with line numbers of the source file."""
    old, new = original.split("\n")[:-1], mutated.split("\n")[:-1]
    head = next(
        (at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    most = min(len(old), len(new)) - head
    tail = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    first = max(0, head - _CONTEXT_LINES)
    context_after = old[len(old) - tail :][:_CONTEXT_LINES]
    removed, added = old[head : len(old) - tail], new[head : len(new) - tail]
    before = old[first:head]
    around = len(before) + len(context_after)
    header = (
        f"@@ -{first + 1 + offset},{around + len(removed)} +{first + 1 + offset},{around + len(added)} @@"
    )
    lines = chain(
        (f" {line}" for line in before),
        (f"-{line}" for line in removed),
        (f"+{line}" for line in added),
        (f" {line}" for line in context_after),
    )
    return "\n".join((header, *lines)) + "\n"


if __name__ == "__main__":
    sys.exit(main())
