"""Over a whole ledger, plan after plan, no name stands for two convoys."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from safepassage.clearance.adopting import other_convoys
from safepassage.clearance.convoy_ids import (
    SAME,
    Going,
    given_twice,
    ids_for,
    ids_used,
    same_convoys,
)
from safepassage.clearance.from_now import adopted_plans
from safepassage.ledger.decided import PlanAdopted
from safepassage.ledger.folding import situation
from safepassage.ledger.log import Ledger
from safepassage.ledger.seen import Movement
from safepassage.planner.plan import Convoy
from tests.clearance.world import two_convoys, world
from tests.ledger.writing import clock, enter, new_ledger

ENDS = {"out": ("A", "D"), "back": ("D", "A")}
START = clock(8)


def convoy(way: tuple[str, str], quarter: int, id_: str = "") -> Convoy:
    """Return a convoy of one of two corridors, that leaves at a quarter of an hour."""
    corridor, direction = way
    start, end = ENDS[direction]
    depart = 900 * quarter
    return Convoy(id_, corridor, start, end, depart, depart + 3960, {}, {})


def alone(convoys: Sequence[Convoy]) -> list[Going]:
    """Return convoys of staff alone: no vehicle tells them apart."""
    return [Going(one) for one in convoys]


AS_OF = two_convoys(world())
WAYS = st.tuples(st.sampled_from(("east", "west")), st.sampled_from(("out", "back")))
TIMES = st.lists(st.tuples(WAYS, st.integers(0, 60)), max_size=8)


@st.composite
def days(draw: st.DrawFn) -> list[tuple[list[Convoy], int]]:
    """Return plans in a row as solvers name them, c001 on, and the share of each that departs."""
    found = []
    for _ in range(draw(st.integers(2, 5))):
        # A plan comes in the order in which its solver books, which need not be that of time.
        made = [
            convoy(way, quarter, f"c{number + 1:03d}")
            for number, (way, quarter) in enumerate(draw(TIMES))
        ]
        found.append((made, draw(st.integers(0, 4))))
    return found


def adopt(ledger: Ledger, convoys: Sequence[Convoy], minute: int) -> None:
    rows = [
        {
            "id": one.id,
            "corridor": one.corridor,
            "start": one.start,
            "end": one.end,
            "depart": one.depart / 60,
        }
        for one in convoys
    ]
    text = json.dumps({"convoys": rows, "trips": [], "minute": minute})
    enter(ledger, PlanAdopted("a" * 64, text, "head-1"), at=START + timedelta(minutes=minute))


@given(days())
def test_no_name_ever_stands_for_two_convoys(day: list[tuple[list[Convoy], int]]) -> None:
    ledger, _ = new_ledger(at=START)
    force: list[Convoy] = []
    plans: list[list[Convoy]] = []
    gone: set[str] = set()
    for number, (made, leave) in enumerate(day):
        at = START + timedelta(minutes=number)
        now = situation(ledger, at=at)
        still = [one for one in force if one.id not in now.convoys]
        used = ids_used(now, adopted_plans(ledger, now.upto))
        names = ids_for(alone(still), alone(made), used)
        force = [replace(one, id=names[one.id]) for one in made]
        plans.append(force)
        # Whoever puts it in force is told of no name that stands for two.
        whole = replace(AS_OF, convoys=tuple(force))
        assert not given_twice(whole, adopted_plans(ledger, now.upto), from_last=number > 0)
        adopt(ledger, force, number)
        for one in sorted(force, key=lambda two: two.depart)[:leave]:
            if one.id not in gone:
                enter(ledger, Movement(what="departed", convoy=one.id), at=at)
                gone.add(one.id)
        # Who has departed is in no later plan.
        assert not {one.id for one in force} & set(now.convoys)
    for force in plans:
        assert len({one.id for one in force}) == len(force)
    for name in {one.id for force in plans for one in force}:
        has = [(n, one) for n, force in enumerate(plans) for one in force if one.id == name]
        for (n, one), (later, other) in pairwise(has):
            # In every plan from its first to its last, and each time the same convoy, moved little.
            assert later == n + 1
            assert (one.corridor, one.start, one.end) == (other.corridor, other.start, other.end)
            assert abs(one.depart - other.depart) <= SAME


def by_time(convoys: Sequence[Convoy]) -> dict[tuple[str, str, int], list[str]]:
    found: dict[tuple[str, str, int], list[str]] = {}
    for one in convoys:
        found.setdefault((one.corridor, one.start, one.depart), []).append(one.id)
    return found


@given(TIMES, TIMES)
def test_who_leaves_in_the_same_minute_on_the_same_way_keeps_the_name(
    before: list[tuple[tuple[str, str], int]], after: list[tuple[tuple[str, str], int]]
) -> None:
    old = [convoy(*one, f"o{n}") for n, one in enumerate(before)]
    new = [convoy(*one, f"n{n}") for n, one in enumerate(after)]
    kept = {then: first for first, then in same_convoys(alone(old), alone(new))}
    were = by_time(old)
    for key, ids in by_time(new).items():
        named = [kept[one] for one in ids if kept.get(one) in were.get(key, ())]
        assert len(named) == min(len(ids), len(were.get(key, ())))
    # Nobody overtakes: of two that keep their names, who left first leaves first.
    time = {one.id: one.depart for one in (*old, *new)}
    way = {one.id: (one.corridor, one.start) for one in (*old, *new)}
    pairs = [(one, other) for other, one in kept.items()]
    for one, then in pairs:
        for other, later in pairs:
            if way[one] == way[other] and time[one] < time[other]:
                assert time[then] <= time[later]


def test_a_convoy_that_stays_keeps_its_name_though_another_moves_nearer() -> None:
    # By hand: 10:00 is dropped, 11:00 stays. It is 11:00 that keeps its name.
    way = ("east", "out")
    before = [convoy(way, 8, "c001"), convoy(way, 12, "c002")]
    after = [convoy(way, 12, "c001")]
    assert ids_for(alone(before), alone(after), {"c001", "c002"}) == {"c001": "c002"}


def test_a_convoy_of_other_vehicles_ten_minutes_later_is_another_one() -> None:
    way = ("east", "out")
    buses, others = frozenset({"bus-01", "bus-02"}), frozenset({"bus-01", "van-01"})
    vans = frozenset({"van-01", "van-02"})
    before = [Going(convoy(way, 12, "c001"), buses)]
    for vehicles, quarter, name in (
        (vans, 13, "c002"),
        (vans, 12, "c001"),
        (others, 13, "c001"),
        (others, 15, "c002"),
        (buses, 16, "c001"),
        (buses, 17, "c002"),
    ):
        after = [Going(convoy(way, quarter, "c001"), vehicles)]
        assert ids_for(before, after, {"c001"}) == {"c001": name}, (vehicles, quarter)


def test_the_number_of_a_new_convoy_is_above_all_that_were_ever_told() -> None:
    made = [convoy(("east", "out"), 9, "c001"), convoy(("east", "out"), 6, "c002")]
    assert ids_for([], alone(made), {"c012", "C007", "A", "new-4-1"}) == {
        "c002": "c013",
        "c001": "c014",
    }
    # Who spoke of a convoy that no plan holds may have meant anyone: that number is taken.
    ledger, _ = new_ledger(at=START)
    enter(ledger, Movement(what="held", convoy="road-team:c044"), at=START)
    assert ids_used(situation(ledger, at=START), ()) == {"c044"}


def test_of_two_plans_from_one_entry_the_second_is_not_put_in_force_under_its_names() -> None:
    ledger, _ = new_ledger(at=START)
    out, back = ("east", "out"), ("east", "back")
    first = [convoy(out, 8, "c001"), convoy(back, 16, "c002")]
    adopt(ledger, first, 0)
    mark = {f"ledger entry 2 at {START.isoformat()}": "head"}
    one = replace(AS_OF, convoys=(convoy(out, 24, "c003"),), inputs=mark, trips=())
    other = replace(one, convoys=(convoy(back, 24, "c003"), convoy(back, 30, "c002")))
    # Before either is in force both may be, though c002 moves by hours: it was planned so.
    assert other_convoys(one, ledger) == other_convoys(other, ledger) == ()
    adopt(ledger, one.convoys, 1)
    assert other_convoys(other, ledger) == ("c003", "c002")
    # The first plan again is the first plan: its names stand for what they stood for.
    again = replace(one, convoys=tuple(first), inputs={})
    assert other_convoys(again, ledger) == ()
    # One that was made without the ledger counts from one: its c001 is another.
    fresh = replace(again, convoys=(convoy(out, 9, "c001"), convoy(out, 16, "c002")))
    assert other_convoys(fresh, ledger) == ("c002",)
