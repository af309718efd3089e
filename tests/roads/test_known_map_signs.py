"""Signs on the map: by what the plan does with a leg, told apart without colour too."""

from itertools import combinations

from safepassage.planner.plan import Trip
from safepassage.report.map_signs import (
    GREY,
    NARROW,
    PLAIN,
    THIN,
    WIDE,
    LegUse,
    signs_of,
    uses_of,
)


def trip(leg: str, depart: int, people: int, convoy: str | None = None) -> Trip:
    load = {"walking": people} if people else {}
    return Trip("bus-1", "bus", "a", "b", (leg,), depart, depart + 600, convoy=convoy, load=load)


def test_a_leg_counts_its_trips_people_and_convoys_in_their_order() -> None:
    uses = uses_of([trip("one", 900, 30, "second"), trip("one", 0, 45, "first"), trip("two", 5, 0)])
    assert uses == {"one": LegUse(2, 75, ("first", "second")), "two": LegUse(1, 0, ())}


def test_the_leg_with_most_people_is_widest_and_one_that_no_trip_uses_is_thin_and_grey() -> None:
    uses = uses_of([trip("full", 0, 100), trip("half", 0, 50), trip("empty", 0, 0)])
    signs = signs_of(["idle", "empty", "half", "full"], uses)
    assert (signs["idle"].colour, signs["idle"].width) == (GREY, THIN)
    assert signs["empty"].width == NARROW
    assert signs["half"].width == (NARROW + WIDE) / 2
    assert signs["full"].width == WIDE
    assert GREY not in {signs[leg].colour for leg in ("empty", "half", "full")}


def test_legs_of_the_same_convoys_look_the_same_and_of_others_differ() -> None:
    trips = [trip(leg, 0, 10, convoy) for leg, convoy in (("a", "x"), ("b", "x"), ("c", "y"))]
    signs = signs_of(["a", "b", "c"], uses_of(trips))
    assert (signs["a"].colour, signs["a"].dash) == (signs["b"].colour, signs["b"].dash)
    assert signs["a"].colour != signs["c"].colour
    assert signs["a"].dash != signs["c"].dash


def test_five_legs_differ_without_colour_and_thirty_with_it() -> None:
    legs = [f"leg-{number}" for number in range(30)]
    signs = [signs_of(legs, None)[leg] for leg in legs]
    assert all(sign.width == PLAIN for sign in signs)
    for one, other in combinations(signs, 2):
        assert (one.colour, one.dash) != (other.colour, other.dash)
    for one, other in combinations(signs[:5], 2):
        assert one.dash != other.dash


def test_a_plan_that_moves_nobody_draws_narrow_lines() -> None:
    assert signs_of(["a"], uses_of([trip("a", 0, 0)]))["a"].width == NARROW
    assert signs_of(["a"], {})["a"].width == THIN
