"""The fewest tests found that kill what all kill: laws over any kills, and the choices that can be told by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.report.cover import Candidate, cover

KILLS = st.dictionaries(st.integers(0, 12), st.frozensets(st.integers(0, 20), max_size=9), max_size=12)
SECONDS = st.lists(st.sampled_from([0.1, 0.2, 3.0]), min_size=13, max_size=13)


def chosen(kills: Mapping[int, frozenset[int]], seconds: Mapping[int, float] | None = None) -> list[int]:
    times = seconds or {}
    return cover(
        Candidate(number, times.get(number, 1.0), f"t{number:02}", own) for number, own in kills.items()
    )


def killed(kills: Mapping[int, frozenset[int]], tests: Iterable[int]) -> frozenset[int]:
    return frozenset().union(*(kills[test] for test in tests))


@given(KILLS, SECONDS)
def test_it_kills_all_that_any_test_kills(kills: dict[int, frozenset[int]], seconds: list[float]) -> None:
    assert killed(kills, chosen(kills, dict(enumerate(seconds)))) == killed(kills, kills)


@given(KILLS, SECONDS)
def test_no_member_is_needless(kills: dict[int, frozenset[int]], seconds: list[float]) -> None:
    tests = chosen(kills, dict(enumerate(seconds)))
    assert len(set(tests)) == len(tests)
    for test in tests:
        assert killed(kills, set(tests) - {test}) != killed(kills, tests)


@given(KILLS, SECONDS, st.randoms(use_true_random=False))
def test_the_order_of_the_tests_does_not_matter(
    kills: dict[int, frozenset[int]], seconds: list[float], chance: object
) -> None:
    shuffled = list(kills.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    times = dict(enumerate(seconds))
    assert chosen(dict(shuffled), times) == chosen(kills, times)


def sets(**kills: str) -> dict[int, frozenset[int]]:
    return {int(name[1:]): frozenset(map(int, mutants.split())) for name, mutants in kills.items()}


class TestChoice:
    def test_the_test_that_adds_most_comes_first(self) -> None:
        assert chosen(sets(t1="1 2", t2="1 2 3 4", t3="5")) == [2, 3]

    def test_of_equals_the_quicker_is_chosen_then_the_first_by_name(self) -> None:
        assert chosen(sets(t1="1 2", t2="1 2"), {1: 0.5, 2: 0.2}) == [2]
        assert chosen(sets(t2="1 2", t1="1 2")) == [1]

    def test_what_a_test_adds_is_counted_anew_after_each_choice(self) -> None:
        assert chosen(sets(t1="1 2 3 4", t2="1 2 3", t3="5 6")) == [1, 3]

    def test_a_first_choice_that_later_ones_make_needless_goes(self) -> None:
        assert chosen(sets(t1="2 3 4 5", t2="1 2 3", t3="4 5 6")) == [2, 3]

    def test_a_test_that_kills_nothing_is_never_chosen(self) -> None:
        assert chosen(sets(t1="", t2="1")) == [2]
        assert chosen(sets(t1="")) == []
