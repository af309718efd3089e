"""Laws of times by hour: what a vehicle is told holds for the whole of its drive."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from safepassage.roads.hours import Slice, hours_of
from safepassage.scenario.figure import sure
from safepassage.scenario.places import Leg


@st.composite
def worlds(draw: st.DrawFn) -> tuple[tuple[Slice, ...], tuple[int, ...]]:
    """Return slices and the seconds of each way."""
    cuts = sorted(draw(st.sets(st.integers(1, 20_000), max_size=5)))
    edges = [0, *cuts, 21_000]
    slices = tuple(
        Slice(timedelta(seconds=a), timedelta(seconds=b), night=False) for a, b in pairwise(edges)
    )
    return slices, tuple(draw(st.lists(st.integers(1, 9000), min_size=1, max_size=3)))


@given(worlds(), st.data())
def test_a_way_that_is_entered_is_open_until_it_is_left(
    world: tuple[tuple[Slice, ...], tuple[int, ...]], data: st.DataObject
) -> None:
    slices, ways = world
    # Which ways are open in which slice; the quickest open in all slices touched is taken.
    open_ = [[data.draw(st.booleans()) for _ in ways] for _ in slices]

    def time(first: int, last: int) -> timedelta | None:
        found = [
            seconds
            for number, seconds in enumerate(ways)
            if all(open_[part][number] for part in range(first, last + 1))
        ]
        return timedelta(seconds=min(found)) if found else None

    hours = hours_of(slices, time)
    assert hours[0].after == timedelta(0)
    assert [one.after for one in hours] == sorted({one.after for one in hours})
    leg = Leg("road", "a", "b", sure(timedelta(hours=3)), hours={"bus": hours})
    for _ in range(5):
        enters = timedelta(seconds=data.draw(st.integers(0, 20_999)))
        now = [one for one in hours if one.after <= enters][-1]
        if now.time is None:
            continue
        leaves = enters + now.time
        touched = [
            number
            for number, part in enumerate(slices)
            if part.starts < leaves and (part.ends > enters)
        ]
        assert any(
            timedelta(seconds=seconds) == now.time and all(open_[number][way] for number in touched)
            for way, seconds in enumerate(ways)
        )
        assert leg.leaves("bus", enters) <= leaves


def test_a_short_road_that_closes_gives_way_to_the_long_one_before_it_closes() -> None:
    # By hand: 20 min over the bridge, 50 min round it; the bridge closes at 60 min.
    slices = (
        Slice(timedelta(0), timedelta(minutes=60), night=False),
        Slice(timedelta(minutes=60), timedelta(minutes=300), night=False),
    )
    hours = hours_of(
        slices, lambda first, last: timedelta(minutes=20 if (first, last) == (0, 0) else 50)
    )
    assert [(one.after, one.time) for one in hours] == [
        (timedelta(0), timedelta(minutes=20)),
        (timedelta(minutes=40, seconds=1), timedelta(minutes=50)),
    ]
