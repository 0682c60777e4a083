"""A real run says of each property in how many of its examples it reaches a function."""

from __future__ import annotations

from trees_support import Facts, TreeRun, facts_of

from mutmut_dashboard.engine import kept

FILE = "tickets.py"


def reaching(facts: Facts, function: str) -> dict[str, int]:
    """Test's name -> examples."""
    return {test.rpartition("::")[2]: count for test, count in facts.examples[FILE, function].items()}


def examples(facts: Facts) -> dict[str, int]:
    return {test.id.rpartition("::")[2]: test.examples for test in facts.tests}


def test_examples_count_where_they_call_the_function_on_their_way(reached_at_times: TreeRun) -> None:
    facts = reached_at_times.facts
    name = "test_a_ticket_costs_something"

    assert (reaching(facts, "price")[name], examples(facts)[name]) == (20, 20)
    assert reaching(facts, "reduced")[name] == 1


def test_examples_that_are_rejected_do_not_count(reached_at_times: TreeRun) -> None:
    name = "test_only_the_young_pay_less"  # 20 values; it calls the function, then rejects half of them

    assert examples(reached_at_times.facts)[name] == 10
    assert reaching(reached_at_times.facts, "price")[name] == 10


def test_explicit_examples_count(reached_at_times: TreeRun) -> None:
    name = "test_a_ticket_costs_at_most_twenty"  # five values and two explicit ones, of which one is reduced

    assert examples(reached_at_times.facts)[name] == 7
    assert reaching(reached_at_times.facts, "reduced")[name] == 1


def test_what_a_strategy_calls_counts_for_its_example(reached_at_times: TreeRun) -> None:
    name = "test_a_price_is_a_whole_number"

    assert reaching(reached_at_times.facts, "price")[name] == examples(reached_at_times.facts)[name] == 2
    assert reaching(reached_at_times.facts, "reduced")[name] == 1


def test_methods_test_cases_and_inner_properties_are_counted_alike(reached_at_times: TreeRun) -> None:
    facts = reached_at_times.facts
    found = {
        name: (reaching(facts, "reduced")[name], examples(facts)[name])
        for name in (
            "test_a_method_sees_the_same",
            "test_a_case_sees_the_same",
            "test_a_plain_one_that_runs_a_property",
        )
    }

    assert found == {
        "test_a_method_sees_the_same": (1, 4),
        "test_a_case_sees_the_same": (1, 2),
        "test_a_plain_one_that_runs_a_property": (1, 2),
    }


def test_the_examples_of_a_stateful_machine_are_its_runs(reached_at_times: TreeRun) -> None:
    assert examples(reached_at_times.facts)["runTest"] == 12
    assert reaching(reached_at_times.facts, "Queue.join")["runTest"] == 12
    assert 0 < reaching(reached_at_times.facts, "Queue.leave")["runTest"] < 12


def test_a_plain_test_has_no_examples_and_none_is_made_up(reached_at_times: TreeRun) -> None:
    facts = reached_at_times.facts

    assert examples(facts)["test_a_plain_one"] == 0
    assert "test_a_plain_one" not in reaching(facts, "reduced")
    assert any(test.endswith("::test_a_plain_one") for test in facts.reach[FILE, "reduced"])


def test_what_only_a_fixture_calls_is_reached_by_no_example(reached_at_times: TreeRun) -> None:
    found = reaching(reached_at_times.facts, "opened")

    assert set(found) == examples(reached_at_times.facts).keys() - {"test_a_plain_one"}
    assert set(found.values()) == {0}


def test_the_next_run_keeps_the_counts(reached_at_times: TreeRun) -> None:
    memory = reached_at_times.folder / ".mutation" / "clean" / "tickets.json.gz"
    found = kept.load(memory)
    assert found is not None
    run = found.generated["test_tickets.py::test_a_ticket_costs_something"]

    assert run.examples == 20
    assert sorted(run.reached.values()) == [0, 1, 20]
    assert facts_of(reached_at_times.folder).examples == reached_at_times.facts.examples
