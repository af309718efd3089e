"""Laws of the one rule, over its whole universe of boundary states."""

import random
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.clearance.asking import answer
from safepassage.clearance.case import Case, HoldFacts, TermFacts
from safepassage.clearance.rules import (
    ALWAYS_ASKED,
    DECISION_TABLE,
    allows,
    decide,
    is_go,
    lease_end,
)
from safepassage.clearance.standing import Standing, standings
from tests.clearance.second_statement import judged, us
from tests.clearance.universe import AT, COMPONENTS, good, reduced, whole


def compare(cases: Iterable[Case]) -> tuple[int, int]:
    """Compare the rule with its second statement; return (states, goes)."""
    states = goes = 0
    for case in cases:
        found = standings(case, AT)
        go = is_go(found)
        faults, limits = judged(case, AT)
        assert go == (not faults), case
        assert {one.line for one in found if not allows(one)} == faults, case
        if go:
            goes += 1
            assert us(lease_end(found, AT)) == min(limits), case
        states += 1
    return states, goes


def test_the_rule_says_what_its_second_statement_says_on_the_reduced_universe() -> None:
    states, goes = compare(reduced())
    assert states > 4000
    assert goes > 100


@pytest.mark.proof
def test_the_rule_says_what_its_second_statement_says_on_the_whole_universe() -> None:
    states, goes = compare(whole())
    sys.stdout.write(f"whole universe: {states} states, {goes} go, 0 differ\n")
    assert states > 2_000_000
    assert goes > 5000


def test_the_table_is_the_function() -> None:
    for case in reduced(pairs=500):
        found = standings(case, AT)
        by_table = all(DECISION_TABLE[one.line][one.state] for one in found)
        by_function = decide(
            found, convoy=case.convoy, plan_hash=case.plan_hash, at=AT, upto=case.upto
        )
        assert by_function.go == by_table == (not by_function.reasons)
        assert (by_function.ends is not None) == by_function.go


def test_every_state_that_the_rule_knows_occurs_in_the_universe() -> None:
    seen = {(one.line, one.state) for case in reduced() for one in standings(case, AT)}
    known = {(line, state) for line, states in DECISION_TABLE.items() for state in states}
    assert seen == known


def test_what_the_table_does_not_know_and_what_nobody_looked_at_is_a_no() -> None:
    found = standings(good(), AT)
    assert is_go(found)
    assert not allows(Standing("plan", "c1", "a new word"))
    assert not allows(Standing("weather", "c1", "now"))  # type: ignore[arg-type]
    assert not is_go(())
    for line in ALWAYS_ASKED:
        left = [one for one in found if one.line != line]
        assert not is_go(left)
        given = decide(left, convoy="c1", plan_hash="x", at=AT, upto=1)
        assert not given.go
        assert f"{line}: not asked" in {one.code for one in given.reasons}


def test_taking_support_away_or_adding_a_hold_never_turns_a_no_into_a_go() -> None:
    rng = random.Random(11)  # noqa: S311 - a test must replay
    for case in reduced(pairs=600):
        if is_go(standings(case, AT)):
            continue
        for weaker in _weaker(case, rng):
            assert not is_go(standings(weaker, AT)), weaker


def _weaker(case: Case, rng: random.Random) -> list[Case]:
    """Return the case with less support, or with one more thing against it."""
    found = [
        replace(case, holds=(*case.holds, HoldFacts("new", "x", frozenset()))),
        replace(case, terms=(*case.terms, TermFacts("new", "open", "x", 9))),
        replace(case, last_relevant=case.last_relevant + 1),
        replace(case, doubts=case.doubts | {"new"}),
        replace(case, margin=case.margin + timedelta(minutes=1)),
        replace(case, travel=case.travel + timedelta(minutes=1)),
        replace(case, without_holder=(*case.without_holder, "new")),
    ]
    for name in ("promises", "approvals"):
        values = getattr(case, name)
        if values:
            left = list(values)
            left.pop(rng.randrange(len(left)))
            found.append(replace(case, **{name: tuple(left)}))  # type: ignore[arg-type]
    if case.gate:
        line = rng.choice(sorted(case.gate))
        found.append(
            replace(case, gate={key: one for key, one in case.gate.items() if key != line})
        )
    for number, one in enumerate(case.promises):
        listed = list(case.promises)
        listed[number] = replace(one, void="withdrawn", void_by="x")
        found.append(replace(case, promises=tuple(listed)))
    return found


def test_the_same_facts_at_the_same_time_give_the_same_answer() -> None:
    for case in reduced(pairs=200):
        assert answer(case, at=AT) == answer(replace(case), at=AT)


def test_no_go_without_two_people_in_the_whole_universe() -> None:
    for approvals in COMPONENTS["approvals"]:
        case = replace(good(), approvals=approvals)  # type: ignore[arg-type]
        if is_go(standings(case, AT)):
            people = {(one.person, one.role) for one in case.approvals}
            assert len({person for person, _ in people}) >= 2
            assert len({role for _, role in people}) >= 2
