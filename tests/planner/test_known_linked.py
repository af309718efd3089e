"""Plans of an evacuation whose counterpart moves step by step with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.plan import Plan
from safepassage.planner.solve import solve
from safepassage.planner.verify import violations
from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.load import load_scenario
from tests.planner.linked_town import two_towns


def batches(plan: Plan, town: str) -> list[tuple[int, int, int]]:
    """Return (first departure, last arrival, people) of each convoy with people of a town."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for one in plan.trips:
        if one.load and one.start == town and one.convoy is not None:
            row = (one.depart, one.arrive, sum(one.load.values()))
            found.setdefault(one.convoy, []).append(row)
    return sorted(
        (min(a for a, _, _ in rows), max(b for _, b, _ in rows), sum(n for _, _, n in rows))
        for rows in found.values()
    )


def solved(scenario):
    return solve(scenario, limit=timedelta(seconds=20), iterations=30)


def test_their_nth_batch_has_arrived_before_our_next_one_leaves_and_ours_before_theirs(tmp_path):
    made = solved(two_towns(tmp_path))
    ours, theirs = batches(made.plan, "town"), batches(made.plan, "foua.town")
    assert made.people_out == 900
    assert len(ours) >= 3
    assert len(theirs) >= 3
    for mine, other, people in ((ours, theirs, 300), (theirs, ours, 600)):
        for number in range(1, len(mine)):
            arrived = [one for one in other if one[1] <= mine[number][0]]
            assert len(arrived) >= number or sum(n for *_, n in arrived) == people


def test_people_of_both_sides_count_one_for_one(tmp_path):
    made = solved(two_towns(tmp_path))
    assert made.people_total == 900
    assert {one.rpartition("-")[0] for one in (t.vehicle for t in made.plan.trips) if one} == {
        "bus",
        "foua.bus",
    }
    assert "linked" in made.plan.proof.relaxes


def test_who_has_moved_everybody_keeps_nobody_waiting(tmp_path):
    made = solved(two_towns(tmp_path, ours=700, theirs=100))
    assert made.people_out == 800


def test_with_a_ratio_their_people_have_moved_before_ours_go_on(tmp_path):
    made = solved(two_towns(tmp_path, "ratio = 0.5"))
    ours, theirs = batches(made.plan, "town"), batches(made.plan, "foua.town")
    assert made.people_out == 900
    gone = 0
    for leaves, _, people in ours:
        moved = sum(n for _, arrives, n in theirs if arrives <= leaves)
        assert moved >= gone * 0.5 or moved == 300
        gone += people


def test_with_stated_steps_they_never_send_more_than_the_step_allows(tmp_path):
    made = solved(two_towns(tmp_path, "steps = [70, 100, 130]", horizon="20 h"))
    ours, theirs = batches(made.plan, "town"), batches(made.plan, "foua.town")
    assert made.people_out == 900
    gone = 0
    for leaves, _, people in theirs:
        gone += people
        steps = 1 + sum(arrives <= leaves for _, arrives, _ in ours)
        assert gone <= sum((70, 100, 130)[:steps])


def test_waiting_for_departures_only_is_worth_more(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    arrivals = solved(two_towns(tmp_path / "a", largest=2, escorts=3))
    departures = solved(two_towns(tmp_path / "b", 'waits_for = "departure"', largest=2, escorts=3))
    assert departures.value > arrivals.value


def test_without_the_link_the_same_plan_would_be_refused(tmp_path):
    """The rule bites: what each side does alone breaks it."""
    scenario = two_towns(tmp_path, largest=2, escorts=3)
    alone = replace(scenario, linked=())
    made = solved(alone)
    assert {one.rule for one in violations(scenario, made.plan)} == {"linked"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('horizon = "12 h"', 'horizon = "10 h"'), "horizon"),
        (("08:00:00", "09:00:00"), "start"),
        (('mean = "12 h"', 'mean = "6 h"'), "ending"),
    ],
)
def test_a_counterpart_of_another_time_is_refused_by_name(tmp_path, change, said):
    two_towns(tmp_path)
    file = tmp_path / "theirs" / "scenario.toml"
    file.write_text(file.read_text().replace(*change))
    with pytest.raises(ScenarioError, match=said):
        load_scenario(tmp_path / "ours")


def test_a_counterpart_that_is_not_there_is_a_fault_of_its_row(tmp_path):
    two_towns(tmp_path)
    (tmp_path / "theirs" / "scenario.toml").unlink()
    with pytest.raises(ScenarioError, match=r"linked\[0\].scenario .*no such file"):
        load_scenario(tmp_path / "ours")


def test_a_fault_of_their_file_is_named_in_their_file(tmp_path):
    two_towns(tmp_path)
    file = tmp_path / "theirs" / "scenario.toml"
    file.write_text(file.read_text().replace("leave = 300", 'leave = "many"'))
    with pytest.raises(
        ScenarioError, match=r"linked\[0\].scenario \(../theirs\), group\[0\].leave"
    ):
        load_scenario(tmp_path / "ours")


def test_staff_are_needed_on_their_own_side_only(tmp_path):
    made = solved(two_towns(tmp_path))
    for one in made.plan.convoys:
        kind = "foua.escort" if one.corridor.startswith("foua.") else "escort"
        aboard = dict(one.staff)
        for trip in made.plan.trips:
            if trip.convoy == one.id:
                for name, number in trip.staff.items():
                    aboard[name] = aboard.get(name, 0) + number
        assert aboard == {kind: 1}
