"""How the mutants of each operator fare: which kinds of change the tests do not notice."""

from __future__ import annotations

from mutmut_dashboard import metrics
from mutmut_dashboard.report import anchors, routes
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.modules import count_cell, score_cell
from mutmut_dashboard.report.pages.common import Fact
from mutmut_dashboard.report.pages.overview import OperatorRow, OperatorTable
from mutmut_dashboard.report.rulings import Rulings
from mutmut_dashboard.report.tallies import Tally

MEANING = {
    "arg removal": "an argument of a call becomes None, or is left out",
    "assignment": 'what is assigned becomes None, and None becomes ""',
    "augmented assignment": "a += b becomes a = b",
    "dict arguments": "a name in dict(name=…) gets XX behind it",
    "if exp": "a if c else b takes always one of its two sides",
    "keywords": "in becomes not in, is becomes is not, break becomes return, continue becomes break",
    "lambda": "a lambda returns None, or 0 where it returned None",
    "match": "one case of a match is left out",
    "name": "True becomes False, deepcopy becomes copy",
    "number": "a number becomes one larger",
    "remove unary ops": "not or ~ is left out",
    "string": "a text gets XX on both sides, or becomes all lower or all upper case",
    "swap op": "an operator changes places with its neighbour or opposite: + with -, < with <=, == with !=, and with or",
    "symmetric string methods swap": "a method of text becomes its opposite: lower and upper, find and rfind",
    "unsymmetrical string methods swap": "split with a limit becomes rsplit, and rsplit becomes split",
}
"""What mutmut's operators do, in short; `mutmut.mutation.mutators` has the whole of it."""
_COLUMNS = (
    Fact("mutants", "All mutants of the operator"),
    Fact("detected", "Killed and timed out"),
    Fact("undetected", "Survived and uncovered"),
    Fact("undecided", "Undetected, and nobody decided about them"),
    Fact("score", metrics.MUTATION_SCORE_FORMULA),
)
_FORMULAS = _COLUMNS[4:]


def operator_table(facts: Facts, rulings: Rulings) -> OperatorTable:
    """Every operator, those with most undecided survivors first."""
    tallies: dict[str, Tally] = {}
    for _, _, judged in facts.numbers.every_mutant():
        tally = tallies.setdefault(judged.mutant.operator, Tally())
        tally.add(judged.status, rulings.of(judged.mutant))
    ranked = sorted(
        tallies.items(), key=lambda item: (-item[1].undecided, -item[1].counts.undetected, item[0])
    )
    return OperatorTable(_COLUMNS, _FORMULAS, tuple(_row(name, tally) for name, tally in ranked))


def _row(name: str, tally: Tally) -> OperatorRow:
    counts = tally.counts
    return OperatorRow(
        name=name,
        meaning=MEANING.get(name, ""),
        anchor=anchors.of_operator(name),
        route=routes.of_operator(name) if counts.undetected else "",
        numbers=(
            count_cell(counts.total),
            count_cell(counts.detected),
            count_cell(counts.undetected),
            count_cell(tally.undecided),
            score_cell(metrics.mutation_score(counts)),
        ),
    )
