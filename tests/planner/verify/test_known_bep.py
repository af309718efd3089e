"""The printed 3x3x3 instance of the Bus Evacuation Problem (Goerigk, Gruen, Hessler 2013)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.plan import BoundProof, Plan, Trip
from safepassage.planner.verify import PlanRefused, verify, violations
from safepassage.scenario.figure import sure
from safepassage.scenario.people import Group
from safepassage.scenario.places import Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from tests.planner.verify.worlds import bus, leg, plan, scenario, trip

DEMAND = (1, 3, 3)
ROOM = (4, 4, 1)
FROM_YARD = (7, 4, 9)
TIMES = ((6, 7, 8), (10, 9, 2), (6, 3, 7))
PRINTED = (((1, 1), (3, 2)), ((2, 1), (3, 2)), ((2, 3), (2, 2), (3, 2)))


def bep_scenario() -> Scenario:
    places = [Place("Y", "depot")]
    places += [Place(f"P{one + 1}", "pickup") for one in range(3)]
    places += [
        Place(f"S{one + 1}", "shelter", arrived=True, capacity=sure(ROOM[one])) for one in range(3)
    ]
    legs = [leg("Y", f"P{one + 1}", FROM_YARD[one]) for one in range(3)]
    legs += [
        leg(f"P{one + 1}", f"S{two + 1}", TIMES[one][two]) for one in range(3) for two in range(3)
    ]
    return scenario(
        places=tuple(places),
        legs=tuple(legs),
        groups=tuple(
            Group(f"g{one + 1}", f"P{one + 1}", "walking", sure(DEMAND[one])) for one in range(3)
        ),
        vehicles=(
            bus(
                "Y",
                3,
                slots={"seat": sure(1)},
                load=sure(timedelta(0)),
                unload=sure(timedelta(0)),
            ),
        ),
        rules=Rules(objective="last_out"),
    )


def tours(world: Scenario, chosen: tuple[tuple[tuple[int, int], ...], ...]) -> Plan:
    trips: list[Trip] = []
    last = 0.0
    for number, tour in enumerate(chosen, 1):
        now, at = 0.0, "Y"
        for pickup, shelter in tour:
            here, there = f"P{pickup}", f"S{shelter}"
            time = FROM_YARD[pickup - 1] if at == "Y" else TIMES[pickup - 1][int(at[1]) - 1]
            legs = (f"Y-{here}",) if at == "Y" else (f"{here}-{at}",)
            trips.append(trip(f"bus-{number:02d}", at, here, now, now + time, legs=legs))
            now += time
            ride = TIMES[pickup - 1][shelter - 1]
            trips.append(
                trip(
                    f"bus-{number:02d}",
                    here,
                    there,
                    now,
                    now + ride,
                    load={"walking": 1},
                    groups={f"g{pickup}": 1},
                )
            )
            now, at = now + ride, there
        last = max(last, now)
    return plan(world, *trips, value=last)


def test_the_printed_plan_is_accepted_with_23_minutes() -> None:
    world = bep_scenario()
    verified = verify(world, tours(world, PRINTED))
    assert verified.value == 23
    assert verified.people_out == verified.people_total == 7
    assert verified.left_behind == {}


def test_a_plan_that_says_22_minutes_is_refused() -> None:
    world = bep_scenario()
    assert [one.rule for one in violations(world, replace(tours(world, PRINTED), value=22.0))] == [
        "value"
    ]


def test_one_load_left_at_the_last_pickup_is_refused_by_name() -> None:
    world = bep_scenario()
    shorter = (PRINTED[0][:1], *PRINTED[1:])
    found = violations(world, tours(world, shorter))
    assert [(one.rule, one.where) for one in found] == [("everyone", "group g3")]


def test_a_shelter_with_one_place_less_is_full() -> None:
    world = bep_scenario()
    places = tuple(
        replace(one, capacity=sure(2)) if one.id == "S2" else one for one in world.places
    )
    with pytest.raises(PlanRefused) as refused:
        verify(replace(world, places=places), tours(world, PRINTED))
    assert {one.rule for one in refused.value.violations} == {"capacity"}


def proved(world: Scenario, data: dict[str, object], bound: float) -> Plan:
    return replace(tours(world, PRINTED), bound=bound, proof=BoundProof("certificate", (), data))


def test_reach_alone_proves_16_minutes_by_a_trip_price() -> None:
    # Pickup 2: 4 minutes from the yard, 2 to the nearest shelter; with three buses its three
    # loads need one trip each; bus by bus 9 + 3 = 12 to serve pickup 3 once.
    world = bep_scenario()
    data: dict[str, object] = {
        "family": "tours",
        "refuted": 11 * 60,
        "prices": {"people": {"P3": 1}},
    }
    verified = verify(world, proved(world, data, 12.0))
    assert verified.bound_checked
    assert verified.gap == pytest.approx((23 - 12) / 23)


def test_a_certificate_for_a_later_time_than_it_proves_is_refused() -> None:
    world = bep_scenario()
    data: dict[str, object] = {
        "family": "tours",
        "refuted": 12 * 60,
        "prices": {"people": {"P3": 1}},
    }
    # In 12 minutes each of three buses can serve pickup 3 once: nothing is refuted.
    assert [one.rule for one in violations(world, proved(world, data, 13.0))] == ["bound"]
