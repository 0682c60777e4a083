"""A dashboard in one file: style, script and data stand in the page, and its policy lets nothing else in."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from mutmut_dashboard.report.build import Pages
from mutmut_dashboard.report.chunks import write_chunks
from mutmut_dashboard.report.chunks.script import payload_of
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.folder import asset
from mutmut_dashboard.report.pages.frame import Bundle, BundledData, IndexPage
from mutmut_dashboard.report.parts import counted


def single_page(facts: Facts) -> tuple[IndexPage, Bundle]:
    """Return the page, with every survivor in the table that needs no script, and what it carries along."""
    payloads: dict[str, str] = {}

    def keep(address: str, content: bytes) -> None:
        payloads[address] = payload_of(content)

    parts = counted(facts)
    index = write_chunks(facts, parts, keep)
    style, script = asset("css"), asset("js")
    icon = base64.b64encode(asset("svg")).decode()
    bundle = Bundle(
        policy=(
            f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        ),
        style=Markup(style.decode("utf-8")),  # noqa: S704 - our own
        script=Markup(script.decode("utf-8")),  # noqa: S704 - our own
        icon=f"data:image/svg+xml;base64,{icon}",
        parts=tuple(
            BundledData(address, Markup(payload), address == index)  # noqa: S704 - JSON without `<`
            for address, payload in payloads.items()
        ),
    )
    return Pages(facts, parts, rows=max(1, len(facts.queue))).index(), bundle


def _hash(content: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"
