"""Certificates of the family "lengths": what they prove, and that none can be bent."""

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from safepassage.planner.checking.certificate import CertificateError
from safepassage.planner.checking.lengths_certificate import proved_by_lengths
from safepassage.planner.plan import BoundProof, Plan
from safepassage.planner.tours.solve import solve_last_out
from safepassage.planner.verify import verify, violations
from safepassage.scenario.figure import sure
from safepassage.scenario.scenario import Scenario
from tests.planner.tours.scenarios import bus_scenario
from tests.planner.verify.test_law_certificate import cheapest_plan, prices_of, small_world


def two_ends() -> tuple[Scenario, Plan]:
    """One bus; each pickup has its own shelter a minute away, the two ends lie 50 minutes apart."""
    world = bus_scenario([1, 1], [1, 1], [1], [[1, 100]], [[1, 100], [50, 1]])
    return world, solve_last_out(world, limit=timedelta(seconds=10), seed=1)


MINUTE = 60
BY_HAND: dict[str, Any] = {
    "family": "lengths",
    "unit": 1,
    "prices": {"people": {"p1": 1 * MINUTE}},
    "tolls": [{"places": ["p1", "s1"], "price": 50 * MINUTE}],
}
"""Owed 1, toll 50; the bus needs 2 to s0, or 2 + 50 + 1 less both on to s1: 2 again. In all 53."""


def stated(one: Plan, data: dict[str, Any], bound: float = 53.0) -> Plan:
    return replace(one, bound=bound, proof=BoundProof("certificate", (), data))


def test_a_toll_proves_the_way_between_two_ends_that_a_flow_forgets() -> None:
    world, one = two_ends()
    # By hand: 1 to p0, 1 to s0, 50 to p1, 1 to s1.
    assert one.value == 53
    verified = verify(world, stated(one, BY_HAND))
    assert verified.bound_checked
    assert verified.gap == 0


def test_what_the_solver_stores_for_one_vehicle_is_checked() -> None:
    world, one = two_ends()
    assert one.proof.kind == "certificate"
    assert one.proof.data["family"] == "lengths"
    assert verify(world, one).bound_checked


def _tolls(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    return lambda data: change(data["tolls"][0])


BENT: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("which the certificate proves", lambda data: data.update(tolls=[])),
    ("which the certificate proves", lambda data: data.update(unit=2)),
    ("which the certificate proves", _tolls(lambda one: one.update(price=49 * MINUTE))),
    ("a round trip pays more", lambda data: data["prices"]["people"].update(p1=500 * MINUTE)),
    ("a round trip pays more", _tolls(lambda one: one.update(price=500 * MINUTE))),
    ("a round trip pays more", _tolls(lambda one: one.update(places=["p1"]))),
    ("nobody leaves any", _tolls(lambda one: one.update(places=["s1"]))),
    ("unknown id 'p9'", _tolls(lambda one: one.update(places=["p1", "p9"]))),
    ("places: want a list", _tolls(lambda one: one.update(places="p1"))),
    ("price: found -1", _tolls(lambda one: one.update(price=-1))),
    ("price: found 0.5", _tolls(lambda one: one.update(price=0.5))),
    ("want places and a price", _tolls(lambda one: one.update(more=1))),
    ("tolls: want a list", lambda data: data.update(tolls={"p1": 1})),
    ("unit: found 0", lambda data: data.update(unit=0)),
    ("unit: found True", lambda data: data.update(unit=True)),
    ("unit: found None", lambda data: data.pop("unit")),
    ("unknown keys refuted", lambda data: data.update(refuted=1)),
    ("unknown id 'p9'", lambda data: data["prices"]["people"].update(p9=1)),
    # Without any price the first trip alone is proved: 2 minutes, far below 53.
    ("which the certificate proves", lambda data: data.update(prices={}, tolls=[])),
]


@pytest.mark.parametrize(("words", "bend"), BENT)
def test_a_certificate_that_was_bent_is_refused(
    words: str, bend: Callable[[dict[str, Any]], None]
) -> None:
    world, one = two_ends()
    data = deepcopy(BY_HAND)
    bend(data)
    (found,) = violations(world, stated(one, data))
    assert found.rule == "bound"
    assert words in f"{found.found} {found.allowed}"


def test_a_bound_above_what_is_proved_is_refused_and_below_it_is_not() -> None:
    world, one = two_ends()
    assert verify(world, stated(one, BY_HAND, 52.0)).bound_checked
    assert {two.rule for two in violations(world, stated(one, BY_HAND, 53.02))} == {"bound"}


def test_another_bus_spoils_the_proof() -> None:
    world, one = two_ends()
    more = replace(world, vehicles=(replace(world.vehicles[0], count=sure(2)),))
    assert {two.rule for two in violations(more, stated(one, BY_HAND))} == {"bound"}


def hold(name: str, count: int, tries: int) -> int:
    """Hold bounds of random prices and tolls against random plans; return how many bounds."""
    compared = 0
    for number in range(count):
        rng = random.Random(f"{name}/{number}")  # noqa: S311 - a seeded test
        world = small_world(rng)
        one = cheapest_plan(world, rng, tries)
        if one is None:
            continue
        value = verify(world, one).value
        pickups = [two.at for two in world.groups]
        ids = [two.id for two in world.places]
        for _ in range(6):
            data: dict[str, Any] = {
                "family": "lengths",
                "unit": rng.choice([1, 1, 3]),
                "prices": prices_of(world, rng),
                "tolls": [
                    {
                        "places": sorted(
                            {rng.choice(pickups), *rng.sample(ids, rng.randint(0, 3))}
                        ),
                        "price": rng.randint(0, 60),
                    }
                    for _ in range(rng.randint(0, 3))
                ],
            }
            try:
                proved = proved_by_lengths(world, one, data)
            except CertificateError:
                continue
            assert proved <= value + 1e-9, f"{name}/{number}: {proved} proved, {value} planned"
            compared += 1
    return compared


def test_no_random_prices_and_tolls_prove_more_than_a_plan_does() -> None:
    assert hold("lengths", 40, 30) > 40


@pytest.mark.proof
def test_no_random_prices_and_tolls_prove_more_than_a_plan_does_in_thousands() -> None:
    assert hold("lengths-long", 1000, 100) > 2000
