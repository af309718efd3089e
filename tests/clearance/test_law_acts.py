"""The shortest set of acts: doing them gives a go, and no shorter set does."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.clearance.actions import Act
from safepassage.clearance.asking import answer
from safepassage.clearance.case import Case, HoldFacts
from safepassage.clearance.rules import is_go
from safepassage.clearance.standing import standings
from safepassage.ledger.decided import GATE_LINES
from tests.clearance.universe import (
    AT,
    CLEAR,
    LEAVES,
    NEEDS,
    TICK,
    approval,
    check,
    good,
    promise,
    signature,
)
from tests.ledger.writing import clock

Do = Callable[[Case], Case]


def single_acts(case: Case) -> Iterator[tuple[str, Do]]:
    """Yield everything one person can do in one act, whether it helps or not."""
    for party in sorted({need.party for need in case.needs}):
        yield f"promise {party}", _promise(party)
        for person in ("ann", "ben"):
            yield f"confirm {party} {person}", _confirm(party, person)
    for person, role in (("ann", "head"), ("ben", "movement")):
        yield f"approve {person}", _approve(person, role)
        for line in GATE_LINES[:2]:
            yield f"gate {line} {person}", _sign(line, person, role)
        for hold in case.holds:
            yield f"lift {hold.id} {person}", _lift(hold.id, person)
    for one in case.checks:
        yield f"check {one.what}", _check(one.what)


def _bears(case: Case) -> Case:
    return replace(case, last_relevant=case.last_relevant + 1)


def _promise(party: str) -> Do:
    def do(case: Case) -> Case:
        fresh = tuple(
            promise(need, id=f"new-{party}", people=frozenset({"ann"}))
            for need in case.needs
            if need.party == party
        )
        return _bears(replace(case, promises=(*case.promises, *fresh)))

    return do


def _confirm(party: str, person: str) -> Do:
    """Confirm the last promise of a party."""

    def do(case: Case) -> Case:
        ids = [one.id for one in case.promises if one.party == party]
        if not ids:
            return _bears(case)
        promises = tuple(
            replace(one, people=one.people | {person}, last_heard=AT) if one.id == ids[-1] else one
            for one in case.promises
        )
        return _bears(replace(case, promises=promises))

    return do


def _approve(person: str, role: str) -> Do:
    def do(case: Case) -> Case:
        given = approval(person, role, seen=case.last_relevant, acknowledges=case.doubts, at=AT)
        return replace(case, approvals=(*case.approvals, given))

    return do


def _sign(line: str, person: str, role: str) -> Do:
    def do(case: Case) -> Case:
        left = tuple(one for one in case.gate.get(line, ()) if one.person != person)
        return _bears(replace(case, gate={**case.gate, line: (*left, signature(person, role))}))

    return do


def _lift(hold: str, person: str) -> Do:
    def do(case: Case) -> Case:
        holds = tuple(
            replace(one, lifted_by=one.lifted_by | {person}) if one.id == hold else one
            for one in case.holds
        )
        return _bears(replace(case, holds=holds))

    return do


def _check(what: str) -> Do:
    def do(case: Case) -> Case:
        checks = tuple(check(what, at=AT) if one.what == what else one for one in case.checks)
        return _bears(replace(case, checks=checks))

    return do


def shortest(case: Case, *, most: int = 5) -> int | None:
    """Return the length of the shortest sequence of single acts to a go, by trying all."""
    acts = list(single_acts(case))
    for length in range(most + 1):
        for some in itertools.permutations(acts, length):
            # Acts that bear on it come before approvals in any sequence that can work.
            changed = case
            for _, do in some:
                changed = do(changed)
            if is_go(standings(changed, AT)):
                return length
    return None


ONE = frozenset({"ann"})
SHORT: dict[str, dict[str, object]] = {
    "nothing is missing": {},
    "one approval": {"approvals": (approval("ann", "head"),)},
    "both approvals": {"approvals": ()},
    "two of the same role": {"approvals": (approval("cid", "head"), approval("dan", "head"))},
    "approvals before the last fact": {"last_relevant": 51},
    "a hold lifted by one": {"holds": (HoldFacts("h", "x", ONE),)},
    "a hold": {"holds": (HoldFacts("h", "x", frozenset()),)},
    "a check": {"checks": (check("fuel", ready=False), check("crews"))},
    "two checks": {"checks": (check("fuel", ready=None), check("crews", at=clock(12)))},
    "a check that lapses": {"checks": (check("fuel", at=LEAVES - timedelta(hours=2) - TICK),)},
    "one promise to confirm": {
        "promises": (promise(NEEDS[0], people=ONE), promise(NEEDS[1])),
    },
    "one promise to renew": {
        "promises": (promise(NEEDS[0], void="incident"), promise(NEEDS[1])),
    },
    "a promise that ends too early": {
        "promises": (promise(NEEDS[0], until=CLEAR - TICK), promise(NEEDS[1])),
    },
    "a promise to reconfirm": {
        "promises": (promise(NEEDS[0], until=None, last_heard=clock(13)), promise(NEEDS[1])),
    },
    "an approval that lapses": {
        "approvals": (
            approval("ann", "head", at=LEAVES - timedelta(minutes=30) - TICK),
            approval("ben", "movement"),
        )
    },
    "a gate line with one signature": {
        "gate": {
            **good().gate,
            GATE_LINES[0]: (signature("ann", "head"),),
        }
    },
}


@pytest.mark.parametrize("name", sorted(SHORT))
def test_no_shorter_set_of_acts_gives_a_go(name: str) -> None:
    case = replace(good(), **SHORT[name])  # type: ignore[arg-type]
    given = answer(case, at=AT)
    assert len(given.acts) == shortest(case)


def test_a_missing_promise_of_one_party_over_two_stretches_is_one_act() -> None:
    needs = (*NEEDS, replace(NEEDS[0], stretch="K"))
    case = replace(good(), needs=needs, promises=(promise(NEEDS[1]),))
    acts = answer(case, at=AT).acts
    assert _words(acts) == [
        "obtain a guarantee: gov on R, K",
        "confirm the guarantee by a second person: gov on R, K",
        "approve: person 1 of 2",
        "approve: person 2 of 2",
    ]
    assert [act.ours for act in acts] == [False, True, True, True]


def test_whom_to_call_stands_beside_the_act() -> None:
    case = replace(good(), promises=(), contacts={"gov": "desk 12"})
    assert "obtain a guarantee: gov on R (call desk 12)" in _words(answer(case, at=AT).acts)


def test_what_does_not_bear_on_the_convoy_leaves_the_approvals() -> None:
    case = replace(good(), node=replace(good().node, skew=None))
    assert _words(answer(case, at=AT).acts) == [
        "measure this room's clock: against a receiver or time signal"
    ]


def test_a_go_has_no_acts_and_every_no_has_some() -> None:
    from tests.clearance.universe import one_at_a_time  # noqa: PLC0415

    for case in one_at_a_time():
        given = answer(case, at=AT)
        assert bool(given.acts) == (not given.clearance.go), given.clearance.reasons


def _words(acts: Sequence[Act]) -> list[str]:
    return [act.in_words() for act in acts]
