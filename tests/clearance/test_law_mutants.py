"""The checker is checked: every wrong change to the rule is caught by the reduced universe.

A mutant that no universe can tell from the rule is equivalent; each is listed with its reason.
"""

import ast
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from safepassage.clearance import rules, standing
from safepassage.clearance.case import Case, HoldFacts, LinkedFacts, RoadFacts
from safepassage.clearance.standing import Standing
from safepassage.ledger.decided import GATE_LINES
from tests.clearance.mutants import module_of, mutants
from tests.clearance.second_statement import judged, us
from tests.clearance.universe import (
    AT,
    CLEAR,
    LEAVES,
    NEEDS,
    OTHER,
    TICK,
    approval,
    check,
    good,
    one_at_a_time,
    promise,
    reduced,
    signature,
)
from tests.ledger.writing import clock

EQUIVALENT: dict[str, str] = {}
"""Part of a mutant's description -> why it is the same rule."""

Answer = tuple[frozenset[str], int | None]
Judge = Callable[[Case], Answer]

# Changes to the good case -> line, state and number of missing acts that the rule must name.
NAMED: tuple[tuple[dict[str, object], str, str, int], ...] = (
    ({"plan_in_force": None}, "plan", "none", 0),
    ({"plan_in_force": OTHER}, "plan", "another", 0),
    ({"promises": ()}, "promise", "none", 0),
    ({"promises": (promise(NEEDS[0], people=frozenset()),)}, "promise", "not confirmed", 2),
    ({"promises": (promise(NEEDS[0], people=frozenset("a")),)}, "promise", "not confirmed", 1),
    ({"promises": (promise(NEEDS[0], since=LEAVES + TICK),)}, "promise", "not yet", 0),
    ({"promises": (promise(NEEDS[0], until=CLEAR - TICK),)}, "promise", "ends too early", 0),
    (
        {"promises": (promise(NEEDS[0], until=None, last_heard=clock(13)),)},
        "promise",
        "to be reconfirmed",
        0,
    ),
    ({"promises": (promise(NEEDS[0], void="disputed"),)}, "promise", "disputed", 0),
    (
        {"promises": (promise(NEEDS[0], people=frozenset("a"), until=LEAVES),)},
        "promise",
        "ends too early",
        0,
    ),
    (
        {"promises": (promise(NEEDS[0], people=frozenset("a"), until=LEAVES + TICK),)},
        "promise",
        "not confirmed",
        1,
    ),
    (
        {"promises": (promise(NEEDS[0], people=frozenset("a"), until=None),)},
        "promise",
        "not confirmed",
        1,
    ),
    ({"approvals": ()}, "approvals", "missing", 2),
    ({"approvals": (approval("ann", "head"),)}, "approvals", "missing", 1),
    (
        {"approvals": (approval("ann", "head"), approval("ben", "head"))},
        "approvals",
        "missing",
        1,
    ),
    ({"holds": (HoldFacts("h", "x", frozenset()),)}, "hold", "open", 2),
    ({"holds": (HoldFacts("h", "x", frozenset("a")),)}, "hold", "open", 1),
    ({"holds": (HoldFacts("h", "x", frozenset("abc")),)}, "hold", "lifted", 0),
    ({"gate": {}}, "gate", "not signed", 2),
    ({"gate": dict.fromkeys(GATE_LINES, (signature("a", "head"),))}, "gate", "not signed", 1),
    (
        {"gate": dict.fromkeys(GATE_LINES, (signature("a", "head", met=False),))},
        "gate",
        "unmet",
        2,
    ),
    (
        {
            "gate": dict.fromkeys(
                GATE_LINES,
                (signature("a", "head", met=False), signature("b", "radio", met=False)),
            )
        },
        "gate",
        "unmet",
        2,
    ),
    ({"road": (RoadFacts("R-D", None, None, 3, None),)}, "road", "not proved", 0),
    ({"road": (RoadFacts("R-D", 3, "t", 4, None),)}, "road", "incident since", 0),
    ({"road": (RoadFacts("R-D", 3, "t", None, "x"),)}, "road", "closed", 0),
    ({"checks": (check("fuel", ready=None),)}, "check", "not checked", 0),
    ({"checks": (check("fuel", at=None),)}, "check", "not checked", 0),
    ({"checks": (check("fuel", ready=False),)}, "check", "not ready", 0),
    ({"checks": (check("fuel", at=clock(12)),)}, "check", "too old", 0),
    ({"departs": clock(15)}, "departure", "too early", 0),
    ({"latest_departure": clock(14)}, "departure", "too late", 0),
    ({"checks": (check("fuel", at=clock(12, 29)),)}, "departure", "lapses before", 0),
    ({"linked": (LinkedFacts("l", 1, 0, 0, 0, None),)}, "counterpart", "waiting", 0),
    ({"linked": (LinkedFacts("l", 1, 0, 0, 0, "x"),)}, "counterpart", "blocked", 0),
)


def judge_of(standings: ModuleType, rule: ModuleType) -> Judge:
    """Return the rule of two modules as one function: the lines that forbid, and the go's end."""

    def judge(case: Case) -> Answer:
        found: Sequence[Standing] = standings.standings(case, AT)
        for one in found:
            # A state that its own table does not know would be a no without its right reason.
            assert one.state in rule.DECISION_TABLE[one.line]
        given = rule.decide(found, convoy="c1", plan_hash="x", at=AT, upto=1)
        assert given.go == rule.is_go(found)
        assert given.go == (not given.reasons)
        end = None if given.ends is None else us(given.ends)
        return frozenset(one.line for one in given.reasons), end

    return judge


def expected(case: Case) -> Answer:
    faults, limits = judged(case, AT)
    return faults, None if faults else min(limits)


def is_caught(judge: Judge, cases: Sequence[Case], right: Sequence[Answer]) -> bool:
    """Tell whether any case shows that a mutant is not the rule; a crash shows it too."""
    for case, wanted in zip(cases, right, strict=True):
        try:
            if judge(case) != wanted:
                return True
        except Exception:  # noqa: BLE001 - a mutant may fail in any way
            return True
    return False


def names_wrongly(standings: ModuleType) -> bool:
    """Tell whether a mutant names a wrong state or number of missing acts."""
    for changes, line, state, count in NAMED:
        found = standings.standings(replace(good(), **changes), AT)  # type: ignore[arg-type]
        if (state, count) not in {(one.state, one.count) for one in found if one.line == line}:
            return True
    return False


def leaves_a_gap(rule: ModuleType) -> bool:
    """Tell whether a mutant lets a line pass that is missing or unknown, or wants more."""
    found = standing.standings(good(), AT)
    given = {"convoy": "c1", "plan_hash": "x", "at": AT, "upto": 1}
    for line in sorted(rules.ALWAYS_ASKED):
        left = [one for one in found if one.line != line]
        answer = rule.decide(left, **given)
        named = {(one.line, one.state) for one in answer.reasons}
        if rule.is_go(left) or answer.go or named != {(line, "not asked")}:
            return True
    odd = [*found, Standing("plan", "c1", "a new word")]
    unknown = [*found, Standing("weather", "c1", "now")]  # type: ignore[arg-type]
    least = [one for one in found if one.line in rules.ALWAYS_ASKED]
    return bool(rule.is_go(odd) or rule.is_go(unknown) or not rule.is_go(least))


def survivors(module: ModuleType, cases: Sequence[Case]) -> tuple[int, list[str]]:
    """Return how many mutants of a module there are, and those that nothing catches."""
    path = Path(str(module.__file__))
    right = [expected(case) for case in cases]
    number, left = 0, []
    for what, tree in mutants(path.read_text(encoding="utf-8")):
        number += 1
        if not _shows(tree, path, module, cases, right):
            left.append(what)
    return number, left


def _shows(
    tree: ast.Module,
    path: Path,
    module: ModuleType,
    cases: Sequence[Case],
    right: Sequence[Answer],
) -> bool:
    """Tell whether a mutant of one of the two modules shows itself anywhere."""
    try:
        mutant = module_of(tree, "mutant", path)
        first = names_wrongly(mutant) if module is standing else leaves_a_gap(mutant)
    except Exception:  # noqa: BLE001 - it does not even run: it shows
        return True
    parts = (mutant, rules) if module is standing else (standing, mutant)
    return first or is_caught(judge_of(*parts), cases, right)


def not_equivalent(left: Sequence[str]) -> list[str]:
    return [one for one in left if not any(known in one for known in EQUIVALENT)]


@pytest.mark.parametrize("module", [standing, rules], ids=["standing", "rules"])
def test_every_wrong_change_to_the_rule_is_caught(module: ModuleType) -> None:
    cases = sorted_by_use(list(reduced(pairs=300)))
    number, left = survivors(module, cases)
    assert number > 50
    assert not_equivalent(left) == []


@pytest.mark.proof
@pytest.mark.parametrize("module", [standing, rules], ids=["standing", "rules"])
def test_every_wrong_change_is_caught_and_the_equivalent_ones_survive_the_larger_universe(
    module: ModuleType,
) -> None:
    number, left = survivors(module, list(reduced(seed=8, pairs=20_000)))
    sys.stdout.write(f"{module.__name__}: {number} mutants, {len(left)} equivalent\n")
    assert not_equivalent(left) == []


def sorted_by_use(cases: list[Case]) -> list[Case]:
    """Return cases with the telling ones first: those that the rule lets go."""
    return sorted(cases, key=lambda one: bool(judged(one, AT)[0]))


def test_the_equivalent_mutants_are_mutants_of_the_rule_as_it_is() -> None:
    made = [
        what
        for module in (standing, rules)
        for what, _ in mutants(Path(str(module.__file__)).read_text(encoding="utf-8"))
    ]
    for known in EQUIVALENT:
        assert any(known in what for what in made), known


def test_the_mutator_makes_mutants_that_differ() -> None:
    source = "def f(a, b):\n    return a < b and not a == 3\n"
    made = [ast.unparse(tree) for _, tree in mutants(source)]
    assert len(made) == len(set(made)) == 8
    assert ast.unparse(ast.parse(source)) not in made


def test_the_reduced_universe_is_reached_one_at_a_time() -> None:
    assert len(list(one_at_a_time())) > 700
