"""A go is a lease with an end: signed, checked offline, and never an order to a moving convoy."""

import contextlib
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.clearance.lease import (
    TIGHT,
    USUAL,
    detection_delay,
    facts_after,
    grant,
    may_pass,
    read_token,
    token,
)
from safepassage.clearance.readiness import anchored_at, readiness
from safepassage.clearance.recording import record_answer
from safepassage.clearance.waiting import time_in_no
from safepassage.ledger.decided import Hold, Readiness, Verdict
from safepassage.ledger.faults import LedgerError
from safepassage.ledger.verify import verify_whole
from safepassage.planner.verify import verify
from tests.clearance.world import asked, cleared, two_convoys, world
from tests.ledger.writing import clock, enter

AT = clock(14, 25)


def test_the_latest_stop_after_a_break_is_known_is_660_seconds() -> None:
    assert USUAL.latest_stop == timedelta(seconds=660)
    assert TIGHT.latest_stop == timedelta(seconds=180)
    assert detection_delay() == timedelta(seconds=660)
    assert "660 s" in USUAL.in_words()


def test_only_a_go_becomes_a_lease() -> None:
    ledger, signer, verified = cleared()
    enter(ledger, Hold(person="x", why="y"), at=clock(14, 21))
    refused = asked(ledger, signer, verified).clearance
    with pytest.raises(ValueError, match="without a go"):
        grant(refused, head="0" * 64, commit_points=(), signer=signer)
    # A clearance that calls itself a go but has no end is none either.
    with pytest.raises(ValueError, match="without a go"):
        grant(replace(refused, go=True), head="0" * 64, commit_points=(), signer=signer)


def test_a_lease_lets_its_own_convoy_pass_its_own_points_until_its_end() -> None:
    ledger, signer, verified = cleared()
    lease = grant(
        asked(ledger, signer, verified).clearance,
        head="0" * 64,
        commit_points=("A", "R", "K"),
        signer=signer,
    )
    given = read_token(token(lease), signer.key)
    assert given == lease
    assert given.words == lease.words
    assert len(lease.words.split()) == 4
    plan = verified.plan_hash

    def passes(**more: object) -> bool:
        asked_for = {"convoy": "c1", "plan_hash": plan, "point": "R", "at": clock(14, 30)}
        return may_pass(given, **{**asked_for, **more})  # type: ignore[arg-type]

    assert passes()
    assert passes(at=clock(14, 34, 15) + timedelta(seconds=30))
    assert not passes(at=clock(14, 34) + timedelta(seconds=31))
    assert passes(at=AT - timedelta(seconds=30))
    assert not passes(at=AT - timedelta(seconds=31))
    assert not passes(convoy="c2")
    assert not passes(plan_hash="0" * 64)
    assert not passes(point="D")


def test_no_changed_token_is_a_lease() -> None:
    ledger, signer, verified = cleared()
    clearance = asked(ledger, signer, verified).clearance
    text = token(grant(clearance, head="0" * 64, commit_points=("R",), signer=signer))
    rng = random.Random(3)  # noqa: S311 - a test must replay
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=."
    accepted = 0
    for _ in range(3000):
        at = rng.randrange(len(text))
        changed = text[:at] + rng.choice(letters) + text[at + 1 :]
        if changed == text:
            continue
        with contextlib.suppress(LedgerError):
            # Base64 has spare bits at its end: a lease may be spelt in two ways, and is the same.
            accepted += read_token(changed, signer.key) != read_token(text, signer.key)
    assert accepted == 0
    with pytest.raises(LedgerError):
        read_token(text, "0" * 64)


@pytest.mark.parametrize("text", ["", "SPL1", "SPL1..", "SPL2.a.b", "SPL1.!.!", "x" * 100_000])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(LedgerError):
        read_token(text, "0" * 64)


def test_after_its_end_facts_are_shown_and_no_order_is_given() -> None:
    ledger, signer, verified = cleared()
    lease = grant(
        asked(ledger, signer, verified).clearance,
        head="0" * 64,
        commit_points=("R",),
        signer=signer,
    )
    assert facts_after(lease, at=lease.ends, nearest_halt="R") == ()
    shown = " ".join(facts_after(lease, at=lease.ends + timedelta(seconds=1), nearest_halt=None))
    assert "The convoy leader decides." in shown
    assert "not known" in shown
    assert not {"stop", "halt!", "must", "return"} & set(shown.lower().split())


def test_a_recorded_go_is_in_the_ledger_as_verdict_and_lease() -> None:
    ledger, signer, verified = cleared()
    answer = asked(ledger, signer, verified)
    given = record_answer(answer, ledger, signer, verified=verified, at=AT)
    assert given is not None
    assert read_token(given["token"], signer.key).commit_points == ("A", "R", "K")
    assert [one.kind for one in ledger.entries(answer.clearance.upto)] == ["verdict", "lease"]
    assert record_answer(answer, ledger, signer, verified=verified, at=AT) == given
    assert len(list(ledger.entries(answer.clearance.upto))) == 2
    assert verify_whole(ledger.store, {"room": signer.key}, ledger._keyring).whole
    # What was recorded bears on nothing: the go stands.
    assert asked(ledger, signer, verified).clearance.go


def test_the_time_in_no_is_kept_by_reason() -> None:
    ledger, signer, verified = cleared()
    enter(ledger, Hold(person="x", why="y"), at=clock(14, 21))
    for at in (clock(14, 22), clock(14, 25)):
        answer = asked(ledger, signer, verified, at=at)
        assert record_answer(answer, ledger, signer, verified=verified, at=at) is None
    bodies = [
        Verdict(convoy="c1", plan_hash="a" * 64, go=True, at=clock(14, 30), upto=9),
        Verdict(
            convoy="c1",
            plan_hash="a" * 64,
            go=False,
            at=clock(14, 40),
            upto=9,
            reasons=("hold:-open",),
        ),
    ]
    enter(ledger, *bodies, at=clock(14, 40))
    (found,) = time_in_no(ledger.entries(), until=clock(14, 45))
    assert found.convoy == "c1"
    assert found.in_no == timedelta(minutes=8 + 5)
    assert found.by_reason == {
        "hold:-open": timedelta(minutes=13),
        "approvals:-missing": timedelta(minutes=8),
    }


def test_the_readiness_list_names_what_is_missing_and_whom_to_call() -> None:
    ledger, signer, verified = cleared()
    enter(
        ledger,
        Readiness(what="vehicles", kind="bus", ready=1, as_of=clock(14), missing="a tyre"),
        Readiness(what="place", kind="D", ready=100, as_of=clock(8)),
        Readiness(what="fuel", kind="depot", ready=900, as_of=clock(14), call="depot"),
        at=clock(14, 22),
    )
    answer = asked(ledger, signer, verified)
    found = readiness(verified, list(ledger.entries()), answer, at=AT)
    lines = {(one.what, one.kind): one for one in found.lines}
    assert (lines["vehicles", "bus"].needed, lines["vehicles", "bus"].ready) == (2, 1)
    assert lines["place", "D"].needed == 100
    assert lines["place", "D"].stale
    assert lines["fuel", "depot"].call == "depot"
    assert [(one.what, one.kind) for one in found.missing] == [("vehicles", "bus"), ("place", "D")]


def test_a_standing_plan_is_anchored_to_the_minute_the_gate_opens_and_verified_again() -> None:
    mission = world()
    plan = two_convoys(mission)
    moved = anchored_at(plan, clock(18, 7))
    again = verify(mission, moved)
    assert mission.start + timedelta(seconds=again.plan.trips[0].depart) == clock(18, 7)
    gaps = [one.depart for one in plan.convoys], [one.depart for one in again.plan.convoys]
    assert gaps[0][1] - gaps[0][0] == gaps[1][1] - gaps[1][0]
    with pytest.raises(ValueError, match="before the scenario starts"):
        anchored_at(plan, clock(7, 59))
    with pytest.raises(ValueError, match="no trip"):
        anchored_at(replace(plan, trips=()), clock(18))
