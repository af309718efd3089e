"""Staff whose duty has a limit: known by number they rest as long as they must, no longer."""

from dataclasses import replace
from datetime import timedelta

from safepassage.clearance.from_now import from_now
from safepassage.ledger.folding import situation
from safepassage.ledger.kinds import Body
from safepassage.ledger.seen import Movement
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Staff
from safepassage.scenario.scenario import Scenario
from tests.clearance.world import world
from tests.ledger.writing import clock, enter, new_ledger

WAY = ("A-R", "R-D")


def staffed(relief: str | None = None) -> Scenario:
    delegates = Staff(
        "delegates",
        "delegate",
        sure(4),
        "A",
        needed_by=("convoy",),
        duty=timedelta(hours=8),
        rest=timedelta(hours=2),
        relief=relief,
    )
    return world(staff=(delegates,))


def stands(scenario: Scenario, *bodies: Body) -> tuple[list[tuple[str, int, list[float]]], str]:
    """Return (place, how many, hours from 8:00 at which each is free), and the warnings."""
    ledger, _ = new_ledger(at=clock(8))
    for hour, body in enumerate(bodies):
        enter(ledger, body, at=clock(9 + hour))
    left = from_now(scenario, situation(ledger, at=clock(12), scenario=scenario))
    found = [
        (
            one.at,
            one.count.pick(),
            [step.after / timedelta(hours=1) for step in one.ready if step.count],
        )
        for one in left.scenario.staff
    ]
    return found, " | ".join(left.warnings)


OUT = Movement("departed", "A", "bus-01", to="D", legs=WAY, who=("delegate-02",))
THERE = Movement("arrived", "D", "bus-01")


def test_one_who_came_at_ten_rests_two_hours_and_the_others_not_at_all() -> None:
    found, warnings = stands(staffed(), OUT, THERE)
    assert found == [("A", 1, [4]), ("D", 1, [4]), ("A", 2, [4, 4])]
    assert "duty" not in warnings


def test_one_who_has_just_come_is_free_two_hours_later() -> None:
    still = Movement("held", "K", "bus-01")
    found, _ = stands(staffed(), OUT, still, still, THERE)
    assert found == [("A", 1, [4]), ("D", 1, [6]), ("A", 2, [4, 4])]


def test_one_on_the_road_rests_after_he_is_expected() -> None:
    found, _ = stands(staffed(), OUT, replace(OUT, what="through", place="K", who=()))
    # Overdue: the whole way of 66 minutes again from noon, then two hours of rest.
    assert found == [("A", 1, [4]), ("D", 1, [4 + 1.1 + 2]), ("A", 2, [4, 4])]


def test_rest_away_from_the_place_of_relief_does_not_count() -> None:
    found, warnings = stands(staffed(relief="A"), OUT, THERE)
    assert found == [("A", 1, [4]), ("D", 1, []), ("A", 2, [4, 4])]
    assert "delegate-02: on duty, and not where rest counts; left out" in warnings


def test_without_numbers_all_of_the_kind_rest_first() -> None:
    found, warnings = stands(staffed(), replace(OUT, who=(), staff={"delegate": 1}), THERE)
    assert found == [("A", 3, [6, 6, 6]), ("D", 1, [6])]
    assert "how long they were on duty is not known" in warnings


def test_numbers_that_do_not_fit_the_counts_are_not_believed() -> None:
    found, warnings = stands(staffed(), replace(OUT, staff={"delegate": 2}), THERE)
    assert "numbers and counts do not agree" in warnings
    assert sum(number for _, number, _ in found) == 4


def test_one_whose_place_or_arrival_nobody_knows_is_left_out() -> None:
    nowhere = Movement("departed", "A", to="beyond", who=("delegate-01",))
    found, warnings = stands(staffed(), nowhere)
    assert "delegate-01: where they are is not known; left out" in warnings
    assert found[0] == ("A", 1, [])
    walking = Movement("departed", "A", to="D", who=("delegate-01",))
    found, warnings = stands(staffed(), walking)
    assert "delegate-01: when they arrive is not known; left out" in warnings
    assert found[0] == ("D", 1, [])


def test_staff_without_a_rest_rule_are_left_out_once_they_have_been_on_duty() -> None:
    tired = Staff("d", "delegate", sure(2), "A", needed_by=("convoy",), duty=timedelta(hours=8))
    of = world(staff=(tired,))
    found, warnings = stands(of, OUT, THERE)
    # Nothing says what ends a spell of duty: by number only the one who rode is left out.
    assert found == [("A", 1, [4]), ("D", 1, [])]
    assert "delegate-02: on duty, and not where rest counts" in warnings
    found, warnings = stands(of, replace(OUT, who=(), staff={"delegate": 1}), THERE)
    assert found == [("A", 0, [])]
    assert "how long they were on duty is not known; left out" in warnings


def test_staff_who_came_though_nobody_saw_them_leave_are_not_where_they_began() -> None:
    plain = Staff("d", "delegate", sure(2), "A", needed_by=("convoy",))
    came = Movement("arrived", "D", "bus-01", staff={"delegate": 1})
    found, warnings = stands(world(staff=(plain,)), came)
    assert found == [("A", 1, [4]), ("D", 1, [4])]
    assert "delegate: 1 came whose departure no report tells" in warnings
    gone = Movement("departed", "A", "bus-01", to="beyond", staff={"delegate": 1})
    found, warnings = stands(world(staff=(plain,)), gone)
    assert found == [("A", 1, [4])]
    assert "where 1 of them are is not known; left out" in warnings
