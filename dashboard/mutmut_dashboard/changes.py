"""Which lines of the working tree changed since a git revision, and whether a mutant stands on one of them."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.identity import logical_lines
from mutmut_dashboard.model import Mutant


class Everything(Enum):
    """The lines of a file that the revision does not have."""

    EVERYTHING = "every line"


EVERYTHING: Final = Everything.EVERYTHING
Lines = frozenset[int] | Everything
"""1-based numbers of lines as they are now."""

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
# Nothing that a user has configured may change the form of the patch.
_DIFF = (
    *("-c", "core.quotePath=true", "diff", "--relative", "--unified=0", "--inter-hunk-context=0"),
    *("--find-renames", "--text", "--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)


@dataclass(frozen=True)
class Since:
    """A git revision, and the lines of each file that changed since, as `changed_lines` returns them."""

    ref: str
    changed: Mapping[str, Lines]

    @classmethod
    def of(cls, root: Path, ref: str | None) -> Since | None:
        """Look at a revision; None without one.

        Raises:
            UsageError: as `changed_lines`.

        """
        return None if ref is None else cls(ref, changed_lines(root, ref))


def changed_lines(root: Path, ref: str) -> dict[str, Lines]:
    """Return file -> lines that are not what they were where the working tree's branch left `ref`.

    What is compared is the working tree, committed or not, with the merge base of `ref` and HEAD. Files are paths
    from `root` with forward slashes; those outside of it and deleted ones are missing, a moved one has the lines
    changed on the way, and a new one, tracked or not, is `EVERYTHING`. Where lines were only taken away, the lines
    on both sides of the gap count as changed. Files that git ignores are never changed.

    Raises:
        UsageError: `root` is in no git repository, or git knows no such revision or no common ancestor.

    """
    base = _merge_base(root, ref)
    found: dict[str, Lines] = dict(_patched(_ask(root, *_DIFF, base, "--")))
    untracked = _ask(root, "ls-files", "--others", "--exclude-standard", "-z")
    return {**found, **{os.fsdecode(name): EVERYTHING for name in untracked.split(b"\0") if name}}


def on_changed_lines(
    mutants: Iterable[Mutant], sources: Mapping[str, str], changed: Mapping[str, Lines]
) -> list[Mutant]:
    """Choose the mutants whose statement has a changed line; `sources` are their files as they are now."""
    spans: dict[str, list[tuple[int, int]]] = {}

    def stands_on(mutant: Mutant) -> bool:
        lines = changed.get(mutant.file, frozenset())
        if isinstance(lines, Everything):
            return True
        if not lines:
            return False
        if mutant.file not in spans:
            spans[mutant.file] = _statements(sources.get(mutant.file, ""))
        touched = [s for s in spans[mutant.file] if s[0] <= mutant.end_line and mutant.line <= s[1]]
        first = min([mutant.line, *(span[0] for span in touched)])
        last = max([mutant.end_line, *(span[1] for span in touched)])
        return not lines.isdisjoint(range(first, last + 1))

    return [mutant for mutant in mutants if stands_on(mutant)]


def _statements(source: str) -> list[tuple[int, int]]:
    try:
        return logical_lines(source)
    except (tokenize.TokenError, SyntaxError):  # another language: the mutant's own lines must do
        return []


def _patched(patch: bytes) -> Iterator[tuple[str, Lines]]:
    """Read a patch without context lines."""
    lines = iter(patch.split(b"\n"))
    file = ""
    changed: set[int] = set()
    is_new = False
    for line in lines:
        if line.startswith(b"diff --git "):
            if file:
                yield file, EVERYTHING if is_new else frozenset(changed)
            file, changed, is_new = "", set(), False
        elif line.startswith(b"new file mode "):
            is_new = True
        elif line.startswith(b"+++ "):
            file = _name(line.removeprefix(b"+++ "))
        elif hunk := _HUNK.match(line):
            gone, start, new = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            for _ in range(gone + new):  # a line of text may look like anything
                if next(lines).startswith(b"\\"):  # "no newline at end of file" between the two halves
                    next(lines)
            changed.update(range(start, start + new) if new else (start, start + 1))
    if file:
        yield file, EVERYTHING if is_new else frozenset(changed)


def _name(written: bytes) -> str:
    if written == b"/dev/null":
        return ""
    if written.startswith(b'"'):  # C's escapes are among Python's
        unquoted: bytes = ast.literal_eval(f"b{written.decode('ascii')}")
        return os.fsdecode(unquoted.removeprefix(b"b/"))
    return os.fsdecode(written.removesuffix(b"\t").removeprefix(b"b/"))


def _merge_base(root: Path, ref: str) -> str:
    if _try(root, "rev-parse", "--is-inside-work-tree").returncode:
        raise UsageError(
            f"{root} is in no git repository, so nothing is known of what changed since {ref!r}. {_said(root)}"
        )
    shallow = _try(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    cure = (
        " This clone is shallow: fetch the whole history (`git fetch --unshallow`, `fetch-depth: 0`)."
        if shallow
        else ""
    )
    for revision in (ref, "HEAD"):
        known = _try(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if known.returncode:
            raise UsageError(
                f"git knows no revision {revision!r} in {root}. Name a branch, a tag or a commit that was fetched."
                + cure
            )
        if revision == ref:
            start = known.stdout.strip().decode()
    base = _try(root, "merge-base", start, "HEAD")
    if base.returncode:
        raise UsageError(
            f"{ref!r} and HEAD have no common ancestor here." + (cure or " Name another revision.")
        )
    return base.stdout.split()[0].decode()


def _said(root: Path) -> str:
    """Return git's own words, which tell a foreign owner from a missing repository."""
    words = _try(root, "rev-parse", "--show-toplevel").stderr.decode(errors="replace").strip()
    return f"git says: {words.partition(chr(10))[0]}"


def _ask(root: Path, *words: str) -> bytes:
    done = _try(root, *words)
    if done.returncode:
        raise UsageError(f"git failed in {root}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _try(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", root, *words], capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"git cannot be run ({error}). Install it, or leave out --since.") from error
