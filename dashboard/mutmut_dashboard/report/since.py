"""What changed since the run before: only what both runs judged is compared."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from mutmut_dashboard.report import routes
from mutmut_dashboard.report.history import ABSENT, DETECTED, UNDETECTED, UNKNOWN, History
from mutmut_dashboard.report.pages.overview import Since
from mutmut_dashboard.report.wording import age, moment, plural


def since(history: History, target: str, now: datetime) -> Since:
    """Compare a target's last run with the one before that judged it."""
    before = history.before.get(target)
    if before is None:
        return Since(
            words="The first run of this target: nothing to compare with.",
            route="",
            better=False,
            worse=False,
        )
    fates = Counter(
        _fate(letters[before], letters[-1]) for (own, _), letters in history.letters.items() if own == target
    )
    earlier = history.runs[before]
    words = ", ".join(
        [
            *([f"{fates['killed']} newly killed"] if fates["killed"] else []),
            *([plural(fates["survivor"], "new survivor")] if fates["survivor"] else []),
            *([f"{plural(fates['gone'], 'survivor')} gone with the code"] if fates["gone"] else []),
            *([f"{plural(fates['left out'], 'survivor')} left out"] if fates["left out"] else []),
        ]
    )
    began = moment(earlier.started_at)
    when = f", {age(began, now)}" if began else ""
    branch = earlier.provenance.branch
    where = f" on branch {branch}" if branch not in ("", history.runs[-1].provenance.branch) else ""
    unknown = f" {plural(fates['unknown'], 'mutant')} cannot be compared." if fates["unknown"] else ""
    return Since(
        words=f"{words or 'Nothing changed'} since run {earlier.id}{where}{when}.{unknown}",
        route=routes.of_comparison(earlier.id, history.runs[-1].id),
        better=bool(fates["killed"]) and not fates["survivor"],
        worse=bool(fates["survivor"]),
    )


def _fate(then: str, now: str) -> str:
    if then in UNKNOWN or now in UNKNOWN:
        return "unknown"
    if now in UNDETECTED:
        return "" if then in UNDETECTED else "survivor"
    if then not in UNDETECTED:
        return ""
    if now in DETECTED:
        return "killed"
    return "gone" if now == ABSENT else "left out"
