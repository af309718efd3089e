"""The verifier and a naive reading of the model agree on thousands of random tiny plans."""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from safepassage.planner.plan import Plan
from safepassage.scenario.scenario import Scenario
from tests.planner.verify import tiny
from tests.planner.verify.naive import naive_rules
from tests.planner.verify.worlds import rules_broken

Maker = tuple[Callable[[random.Random], Scenario], Callable[[Scenario, random.Random], Plan]]
OPEN: Maker = (tiny.open_world, tiny.open_plan)
CORRIDOR: Maker = (tiny.corridor_world, tiny.corridor_plan)


def agree(maker: Maker, name: str, count: int) -> Counter[str]:
    """Compare `count` seeded plans; return how often each rule was broken, "" for none."""
    world_of, plan_of = maker
    seen: Counter[str] = Counter()
    for number in range(count):
        rng = random.Random(f"{name}/{number}")  # noqa: S311 - a seeded test
        world = world_of(rng)
        one = plan_of(world, rng)
        found, wanted = rules_broken(world, one), naive_rules(world, one)
        if {"change", "households"} & found & wanted:
            # Who boards before he was brought, or a part of a household, has no well-defined wait.
            found, wanted = found - {"staging"}, wanted - {"staging"}
        assert found == wanted, f"{name}/{number}"
        seen.update(found or {""})
    return seen


def test_they_agree_on_the_open_road() -> None:
    seen = agree(OPEN, "open", 900)
    assert seen[""] > 50
    for rule in [
        "bays",
        "intake",
        "rate",
        "capacity",
        "staff",
        "duty",
        "households",
        "ready",
        "change",
        "staging",
        "open",
        "times",
        "fuel",
        "window",
        "opening",
        "longest_on_board",
        "slots",
        "wishes",
        "arrived",
    ]:
        assert seen[rule] >= 2, rule


def test_they_agree_in_convoys() -> None:
    seen = agree(CORRIDOR, "corridor", 600)
    assert seen[""] > 50
    for rule in [
        "bays",
        "intake",
        "rate",
        "capacity",
        "staff",
        "duty",
        "households",
        "ready",
        "open",
        "times",
        "fuel",
        "window",
        "headway",
        "opposing",
        "size",
        "convoy",
        "slots",
        "wishes",
    ]:
        assert seen[rule] >= 2, rule


@pytest.mark.proof
@pytest.mark.parametrize("part", range(10))
def test_they_agree_on_thirty_thousand_plans(part: int) -> None:
    agree(OPEN, f"open-{part}", 2000)
    agree(CORRIDOR, f"corridor-{part}", 1000)
