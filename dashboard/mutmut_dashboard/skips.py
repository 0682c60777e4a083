"""Which mutants are left out, and why: skip rules and the `pre_mutation` hook applied to generated mutants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from mutmut_dashboard.config import CONFIG_NAME, Project, Skip
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Mutant

HOOK_REASON = "pre_mutation in mutmut_config.py"


@dataclass
class MutationContext:
    """What `pre_mutation(context)` sees: mutmut 2's fields, then what mutmut 3 knows besides.

    The hook sets `skip = True` to leave the mutant out, and may say why in `skip_reason`.
    """

    filename: str
    current_line_index: int
    """0-based, as in mutmut 2."""
    current_source_line: str
    function: str
    line: int
    """1-based."""
    operator: str
    original: str
    replacement: str
    skip: bool = False
    skip_reason: str = ""


class SkipRules:
    """The project's rules and hook. Remembers which rules matched, to name those that match nothing."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._matched: set[int] = set()

    def apply(self, mutants: Iterable[Mutant], lines_by_file: Mapping[str, list[str]]) -> list[Mutant]:
        """Return the mutants, those that are left out with their reason.

        Raises:
            UsageError: the hook raised.

        """
        return [self._apply(mutant, lines_by_file[mutant.file]) for mutant in mutants]

    def _apply(self, mutant: Mutant, lines: list[str]) -> Mutant:
        line = lines[mutant.line - 1] if mutant.line <= len(lines) else ""
        reasons = [mutant.skip_reason] if mutant.skip_reason is not None else []
        for at, rule in enumerate(self._project.skips):
            if matches(rule, mutant, line):
                self._matched.add(at)
                reasons.append(rule.reason)
        if not reasons and self._project.pre_mutation is not None:
            context = _context(mutant, line)
            self._call_hook(context)
            if context.skip:
                reasons.append(context.skip_reason or HOOK_REASON)
        return replace(mutant, skip_reason=reasons[0]) if reasons else mutant

    def _call_hook(self, context: MutationContext) -> None:
        assert self._project.pre_mutation is not None  # noqa: S101 - the caller checked
        try:
            self._project.pre_mutation(context)
        except Exception as error:
            raise UsageError(
                f"{CONFIG_NAME}: pre_mutation failed on {context.filename}:{context.line} with "
                f"{type(error).__name__}: {error}. Correct the hook."
            ) from error

    def require_all_matched(self, targets: Iterable[str]) -> None:
        """Refuse rules that matched no mutant of these targets.

        Raises:
            UsageError: names the first such rule.

        """
        ran, every = set(targets), {target.name for target in self._project.targets}
        for at, rule in enumerate(self._project.skips):
            looked_everywhere = rule.target in ran if rule.target else ran == every
            if at not in self._matched and looked_everywhere:
                raise UsageError(
                    f"{CONFIG_NAME}: SKIPS[{at}] ({rule.describe()}) matches no mutant. Remove it, or correct the pattern."
                )


def matches(rule: Skip, mutant: Mutant, line: str) -> bool:
    """Whether every pattern of the rule fits the mutant; `line` is its first source line."""
    if rule.target is not None and rule.target != mutant.target:
        return False
    pairs = (
        (rule.file, mutant.file),
        (rule.function, mutant.function),
        (rule.operator, mutant.operator),
        (rule.line, line.strip()),
        (rule.original, mutant.original.strip()),
        (rule.replacement, mutant.replacement.strip()),
    )
    return all(pattern is None or fnmatchcase(text, pattern) for pattern, text in pairs)


def _context(mutant: Mutant, line: str) -> MutationContext:
    return MutationContext(
        filename=mutant.file,
        current_line_index=mutant.line - 1,
        current_source_line=line,
        function=mutant.function,
        line=mutant.line,
        operator=mutant.operator,
        original=mutant.original,
        replacement=mutant.replacement,
    )
