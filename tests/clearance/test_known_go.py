"""One mission worked by hand: what gives a go, and each single thing that takes it away."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from safepassage.clearance.asking import Answer, ask
from safepassage.clearance.form import clearance_json, clearance_lines, promise_lines
from safepassage.clearance.rules import DECISION_TABLE, Clearance
from safepassage.clearance.way import way_of
from safepassage.ledger.decided import (
    Approval,
    Check,
    Correction,
    GateLine,
    Hold,
    Lift,
    PlanAdopted,
    Proof,
)
from safepassage.ledger.folding import entries_known_at
from safepassage.ledger.kept import Clock, Revoke, Role
from safepassage.ledger.kinds import Body
from safepassage.ledger.said import Confirmation, Dispute, Statement, Term, Withdrawal
from safepassage.ledger.seen import Closure, Incident, Movement, Release
from safepassage.ledger.source import Source
from safepassage.planner.plan import Convoy, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.figure import sure
from safepassage.scenario.linked import Linked
from safepassage.scenario.parties import Party
from safepassage.scenario.people import Group
from safepassage.scenario.places import Place
from tests.clearance.world import (
    LEAVES,
    approvals,
    asked,
    checks,
    cleared,
    guarantee,
    promised,
    roles,
    verified_plan,
    world,
)
from tests.ledger.writing import clock, enter, new_ledger, said
from tests.planner.verify.worlds import bus, leg, plan, s

PUBLIC = Source(channel="public page", person="a caller")


def codes(answer: Answer) -> set[str]:
    return {reason.code for reason in answer.clearance.reasons}


def test_a_go_when_everything_stands_and_it_lapses_by_itself() -> None:
    answer = asked(*cleared())
    assert answer.clearance.go, answer.clearance.reasons
    assert answer.clearance.reasons == ()
    assert answer.acts == ()
    # The lease lasts ten minutes; the promises hold until 18:00, long enough.
    assert answer.clearance.ends == clock(14, 35)


def test_an_empty_ledger_is_a_no_with_every_reason() -> None:
    ledger, signer = new_ledger(at=clock(12))
    answer = asked(ledger, signer, verified_plan())
    assert not answer.clearance.go
    # gov on A-R, R-D and R; militia on R-D and K; six gate lines; seven checks; two legs.
    lines = [reason.line for reason in answer.clearance.reasons]
    assert {line: lines.count(line) for line in set(lines)} == {
        "promise": 5,
        "plan": 1,
        "approvals": 1,
        "gate": 6,
        "road": 2,
        "check": 7,
        "clock": 1,
    }


def _after(*bodies: Body, source: Source | None = None, approve: bool = True) -> Answer:
    """Return the answer after more entries, which both approvers have seen."""
    ledger, signer, verified = cleared()
    for body in bodies:
        enter(ledger, body, at=clock(14, 21), **({"source": source} if source else {}))
    if approve:
        enter(ledger, *approvals(ledger, verified), at=clock(14, 22))
    return asked(ledger, signer, verified)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (Withdrawal(party="militia", covers=("all",)), "promise: withdrawn"),
        (Withdrawal(party="gov", covers=("A-R",)), "promise: withdrawn"),
        (Withdrawal(party="gov", covers=("A-R",), guarantee="no-such"), "promise: withdrawn"),
        (Incident(event="e", what="shots", covers=("R-D",)), "promise: incident"),
        (Incident(event="e", what="shots", covers=("K",)), "promise: incident"),
        (Incident(event="e", what="shots", covers=("all",)), "road: incident since"),
        (Closure(covers=("R-D",), state="closed"), "road: closed"),
        (Closure(covers=("R-D",), state="unknown"), "road: closed"),
        (Hold(person="anyone", why="shots heard"), "hold: open"),
        (Hold(person="anyone", why="shots heard", convoy="c1"), "hold: open"),
        (Check(what="fuel", ready=False, person="x", convoy="c1"), "check: not ready"),
        (
            GateLine(line="voluntary", met=False, person="x", role="observer"),
            "gate: unmet",
        ),
        (
            Term(term="t", agreement="a", text="prisoners", state="open", linked_to="prisoners"),
            "term: open",
        ),
        (Term(term="t", agreement="a", text="light arms", state="broken"), "term: broken"),
        (
            Term(
                term="t",
                agreement="a",
                text="searches",
                state="agreed",
                versions={"gov": "At the loading place.", "militia": "At each post."},
            ),
            "term: versions differ",
        ),
        (PlanAdopted(plan_hash="0" * 64, plan="{}", person="x"), "plan: another"),
        (Clock(device="room", milliseconds=121_000, against="time signal"), "clock: too far off"),
        (Revoke(person="head-1"), "approvals: missing"),
        (guarantee("militia", ("all",), clock(18)), "promise: not confirmed"),
        # Over before the departure: a second ear would not help, a new promise is needed.
        (guarantee("militia", ("all",), clock(14, 25)), "promise: ends too early"),
    ],
)
def test_one_contrary_fact_is_a_no(body: Body, code: str) -> None:
    answer = _after(body)
    assert not answer.clearance.go
    assert code in codes(answer)


@pytest.mark.parametrize(
    "body",
    [
        Hold(person="anyone", why="for the other convoy", convoy="c2"),
        Check(what="fuel", ready=False, person="x", convoy="c2"),
        Term(term="t", agreement="a", text="how many", state="open"),
        Term(
            term="t",
            agreement="a",
            text="how many",
            state="agreed",
            versions={"gov": "Five  hundred a convoy.", "militia": "five hundred a convoy"},
        ),
        Term(term="t", agreement="a", text="how many", state="agreed", versions={"gov": "500"}),
        Closure(covers=("R-D",), state="open"),
        Clock(device="room", milliseconds=120_000, against="time signal"),
        Movement(what="through", place="R", vehicle="bus-09"),
        Incident(event="e", what="shots elsewhere", covers=("elsewhere",)),
    ],
)
def test_what_does_not_bear_on_it_leaves_the_go(body: Body) -> None:
    answer = _after(body)
    assert answer.clearance.go, answer.clearance.reasons


@pytest.mark.parametrize(
    "body",
    [
        Incident(event="e", what="shots", covers=("way",)),
        Incident(event="e", what="shots", covers=("R-d",)),
        Incident(event="e", what="shots, nobody says where"),
        Withdrawal(party="militia", covers=("way",)),
        Withdrawal(party="militia", covers=("secnd-post",)),
        Closure(covers=("way",), state="closed"),
        Closure(covers=("R_D",), state="unknown"),
    ],
)
def test_what_speaks_against_a_go_counts_over_a_corridor_and_everywhere_if_misspelt(
    body: Body,
) -> None:
    assert not _after(body).clearance.go


def test_a_promise_over_a_corridor_covers_its_legs_and_not_its_posts() -> None:
    verified = verified_plan()
    ledger, signer = new_ledger(at=clock(12))
    enter(ledger, *roles(), at=clock(12))
    for party in ("gov", "militia"):
        (id_,) = enter(ledger, guarantee(party, ("way", "nowhere"), clock(18)), at=clock(14))
        enter(ledger, Confirmation(about=id_, person="head-1", known_contact=True), at=clock(14))
    answer = asked(ledger, signer, verified)
    promises = {one.subject for one in answer.clearance.reasons if one.line == "promise"}
    assert promises == {"gov on R", "militia on K"}


def test_a_fact_that_approvers_have_not_seen_voids_their_approvals() -> None:
    answer = _after(Incident(event="e", what="shots", covers=("elsewhere",)), approve=False)
    assert codes(answer) == {"approvals: missing"}


def test_a_dispute_of_a_holder_voids_and_anyone_elses_is_a_doubt_to_be_read() -> None:
    ledger, signer, verified = cleared()
    promise = next(one.id for one in ledger.entries(kinds=("guarantee",)))
    (doubt,) = enter(
        ledger, Dispute(about=promise, says="not ours", party="iran"), at=clock(14, 21)
    )
    enter(ledger, *approvals(ledger, verified), at=clock(14, 22))
    answer = asked(ledger, signer, verified)
    assert codes(answer) == {"approvals: missing"}
    assert answer.clearance.doubts == (doubt,)
    enter(ledger, *approvals(ledger, verified, acknowledges=(doubt,)), at=clock(14, 23))
    assert asked(ledger, signer, verified).clearance.go
    # The militia holds R-D, over which the government has promised: its word voids.
    enter(ledger, Dispute(about=promise, says="not ours", party="militia"), at=clock(14, 23))
    enter(ledger, *approvals(ledger, verified, acknowledges=(doubt,)), at=clock(14, 24))
    assert codes(asked(ledger, signer, verified)) == {"promise: disputed"}


def test_a_doubt_in_a_statement_has_to_be_acknowledged_by_both() -> None:
    ledger, signer, verified = cleared()
    promise = next(one.id for one in ledger.entries(kinds=("guarantee",)))
    body = Statement(speaker="an ally", quote="it will not work", about=(promise,), doubts=True)
    (doubt,) = enter(ledger, body, at=clock(14, 21))
    one, _ = approvals(ledger, verified, acknowledges=(doubt,))
    _, two = approvals(ledger, verified)
    enter(ledger, one, two, at=clock(14, 22))
    assert codes(asked(ledger, signer, verified)) == {"approvals: missing"}


@pytest.mark.parametrize(
    "body",
    [
        Withdrawal(party="militia", covers=("all",)),
        Incident(event="e", what="shots", covers=("R-D",)),
        Closure(covers=("R-D",), state="closed"),
    ],
)
def test_the_public_page_changes_nothing_before_two_people_confirm(body: Body) -> None:
    ledger, signer, verified = cleared()
    (id_,) = enter(ledger, body, at=clock(14, 21), source=PUBLIC)
    assert asked(ledger, signer, verified).clearance.go
    enter(ledger, Confirmation(about=id_, person="head-1", known_contact=True), at=clock(14, 21))
    enter(ledger, Confirmation(about=id_, person="head-1", known_contact=True), at=clock(14, 21))
    enter(ledger, Confirmation(about=id_, person="move-1", known_contact=False), at=clock(14, 21))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 22))
    assert asked(ledger, signer, verified).clearance.go
    enter(ledger, Confirmation(about=id_, person="move-1", known_contact=True), at=clock(14, 23))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 24))
    assert not asked(ledger, signer, verified).clearance.go


def test_a_promise_from_the_reader_needs_two_people_of_its_own() -> None:
    ledger, signer, verified = cleared()
    body = guarantee("militia", ("all",), clock(20))
    reader = Source(channel="reader", outlet="a newspaper")
    (id_,) = enter(ledger, body, at=clock(14, 21), source=reader)
    enter(ledger, *approvals(ledger, verified), at=clock(14, 22))
    # Unconfirmed it does not even take the place of the promise that stands.
    assert asked(ledger, signer, verified).clearance.go
    for person in ("head-1", "move-1"):
        enter(ledger, Confirmation(about=id_, person=person, known_contact=True), at=clock(14, 22))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 23))
    answer = asked(ledger, signer, verified)
    assert answer.clearance.go
    assert id_ in answer.clearance.rests_on


def test_a_hold_is_lifted_by_two_people_with_roles_and_never_corrected_away() -> None:
    ledger, signer, verified = cleared()
    (hold,) = enter(ledger, Hold(person="counter-7", why="shots"), at=clock(14, 21))

    def verdict(*bodies: Body) -> Clearance:
        enter(ledger, *bodies, at=clock(14, 23))
        enter(ledger, *approvals(ledger, verified), at=clock(14, 23))
        return asked(ledger, signer, verified).clearance

    assert not verdict(Correction(about=hold, why="a mistake")).go
    assert not verdict(Lift(hold=hold, person="head-1", role="head")).go
    assert not verdict(Lift(hold=hold, person="head-1", role="head")).go
    assert not verdict(Lift(hold=hold, person="nobody", role="movement")).go
    assert verdict(Lift(hold=hold, person="move-1", role="movement")).go


def test_the_correction_of_a_withdrawal_needs_a_second_person() -> None:
    ledger, signer, verified = cleared()
    (id_,) = enter(ledger, Withdrawal(party="militia", covers=("all",)), at=clock(14, 21))
    (fix,) = enter(ledger, Correction(about=id_, why="another convoy was meant"), at=clock(14, 21))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 22))
    assert not asked(ledger, signer, verified).clearance.go
    enter(ledger, Confirmation(about=fix, person="head-1", known_contact=True), at=clock(14, 22))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 23))
    assert asked(ledger, signer, verified).clearance.go


def test_a_promise_must_outlast_arrival_and_margin_to_the_second() -> None:
    # 14:30 + 66 min + 30 min margin + 0.4 s of the clock's offset.
    needed = LEAVES + timedelta(minutes=96, milliseconds=400)
    short = cleared(until=needed - timedelta(microseconds=1))
    assert codes(asked(*short)) == {"promise: ends too early"}
    just = asked(*cleared(until=needed))
    assert just.clearance.go
    # Whoever has not left at 14:30 does not leave under it.
    assert just.clearance.ends == LEAVES


def test_a_late_departure_needs_longer_promises() -> None:
    ledger, signer, verified = cleared(until=clock(16, 8))
    assert asked(ledger, signer, verified).clearance.go
    late = asked(ledger, signer, verified, at=clock(14, 33))
    assert "promise: ends too early" in codes(late)


def test_a_promise_without_an_end_is_reconfirmed_and_no_end_is_made_up() -> None:
    verified = verified_plan()
    ledger, signer = new_ledger(at=clock(12))
    enter(ledger, *roles(), at=clock(12))
    promised(ledger, "gov", "militia", at=clock(13, 29))
    enter(ledger, *checks(verified), at=clock(14, 10))
    enter(ledger, Clock(device="room", milliseconds=0, against="time signal"), at=clock(14, 10))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 20))
    answer = asked(ledger, signer, verified)
    assert codes(answer) == {"promise: to be reconfirmed"}
    assert [act.what for act in answer.acts] == [
        "confirm the guarantee by a second person",
        "confirm the guarantee by a second person",
        "approve",
        "approve",
    ]
    for one in list(ledger.entries(kinds=("guarantee",))):
        enter(ledger, Confirmation(about=one.id, person="x", known_contact=True), at=clock(14, 21))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 22))
    again = asked(ledger, signer, verified)
    assert again.clearance.go
    assert all(line.until is None for line in promise_lines(again))


def test_a_later_word_of_a_party_takes_the_place_of_its_earlier_one() -> None:
    ledger, signer, verified = cleared()
    promised(ledger, "militia", at=clock(14, 21), until=clock(15))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 22))
    assert codes(asked(ledger, signer, verified)) == {"promise: ends too early"}


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (clock(14, 19, 15), "departure: too early"),
        (clock(14, 51), "approvals: missing"),
        (clock(16, 11), "check: too old"),
    ],
)
def test_the_time_of_asking_counts(at: datetime, code: str) -> None:
    assert code in codes(asked(*cleared(), at=at))


def test_a_stale_ledger_and_an_unmeasured_clock_are_a_no() -> None:
    stale = asked(*cleared(), contact_at=clock(14, 22))
    assert codes(stale) == {"contact: stale"}
    assert stale.acts[0].what == "read the ledger again"
    assert len(stale.acts) == 1


def test_a_clock_that_jumped_is_unknown_until_it_is_measured_again() -> None:
    ledger, signer, verified = cleared()
    # Back by 15 minutes: the ledger raises the alarm itself.
    ledger.append([said("late", Movement(what="held", vehicle="b", place="R"))], at=clock(14, 5))
    assert [one.kind for one in ledger.entries(kinds=("alarm",))] == ["alarm"]
    assert codes(asked(ledger, signer, verified)) == {"clock: unknown"}


def test_a_question_asked_while_the_clock_stands_in_the_past_leaves_an_alarm() -> None:
    ledger, signer, verified = cleared()
    assert asked(ledger, signer, verified).clearance.go
    behind = asked(ledger, signer, verified, at=clock(14, 19, 15) + timedelta(seconds=20))
    assert "clock: unknown" in codes(behind)
    # The clock has passed its own past again: without the alarm nobody would know.
    assert codes(asked(ledger, signer, verified)) == {"clock: unknown"}


def test_a_broken_chain_is_a_no() -> None:
    ledger, signer, verified = cleared()
    connection = ledger.store._connection  # type: ignore[attr-defined]
    connection.execute("DROP TRIGGER entry_never_changes")
    connection.execute("UPDATE entry SET device = 'other' WHERE seq = 3")
    assert codes(asked(ledger, signer, verified)) == {"chain: broken"}


def test_a_stretch_without_a_known_holder_is_a_no_and_so_is_a_way_without_any() -> None:
    base = world()
    places = tuple(replace(one, holder=()) if one.id == "K" else one for one in base.places)
    verified = verified_plan(replace(base, places=places))
    ledger, signer, _ = cleared(verified=verified)
    assert codes(asked(ledger, signer, verified)) == {"holder: unknown"}
    bare = replace(
        base,
        places=tuple(replace(one, holder=()) for one in base.places),
        legs=tuple(replace(one, held_by=()) for one in base.legs),
    )
    verified = verified_plan(bare)
    ledger, signer, _ = cleared(verified=verified)
    assert codes(asked(ledger, signer, verified)) == {"holder: unknown", "parties: none"}


def test_the_parties_come_from_the_plan_and_not_from_who_answered() -> None:
    base = world()
    third = replace(base, parties=(*base.parties, Party("opposition")))
    places = tuple(
        replace(one, holder=("opposition",)) if one.id == "D" else one for one in third.places
    )
    verified = verified_plan(replace(third, places=places))
    ledger, signer, _ = cleared(verified=verified)
    assert [one.subject for one in asked(ledger, signer, verified).clearance.reasons] == [
        "opposition on D"
    ]


def test_a_pickup_that_nobody_holds_is_no_fault() -> None:
    assert Place("A", "pickup") in world().places
    assert asked(*cleared()).clearance.go


def test_the_counterparts_first_batch_moves_before_our_second_convoy() -> None:
    verified = verified_plan(replace(world(), linked=(Linked("foua", "Foua", steps=(100, 100)),)))
    ledger, signer, _ = cleared(verified=verified)
    assert asked(ledger, signer, verified).clearance.go
    ledger, signer, _ = cleared(verified=verified, convoy="c2", until=clock(20))

    def second(*bodies: Body) -> Answer:
        enter(ledger, *bodies, at=clock(15, 46))
        enter(ledger, *approvals(ledger, verified, "c2"), at=clock(15, 46))
        return asked(ledger, signer, verified, "c2", at=clock(15, 55))

    assert codes(second()) == {"counterpart: waiting"}
    assert codes(second(Release(linked="foua", batch=2, state="departed", people=500))) == {
        "counterpart: waiting"
    }
    few = second(Release(linked="foua", batch=1, state="departed", people=90))
    assert codes(few) == set()  # 90 + 500 people have moved; 100 were asked for
    assert few.clearance.go
    held = second(Release(linked="foua", batch=2, state="blocked"))
    assert codes(held) == {"counterpart: blocked"}


def test_a_ratio_counts_people_and_an_uncounted_batch_is_not_enough() -> None:
    verified = verified_plan(replace(world(), linked=(Linked("foua", "Foua", ratio=0.5),)))
    ledger, signer, _ = cleared(verified=verified, convoy="c2", until=clock(20))

    def second(*bodies: Body) -> set[str]:
        enter(ledger, *bodies, at=clock(15, 46))
        enter(ledger, *approvals(ledger, verified, "c2"), at=clock(15, 46))
        return codes(asked(ledger, signer, verified, "c2", at=clock(15, 55)))

    # 100 people of ours before: 50 of theirs.
    assert second() == {"counterpart: waiting"}
    assert second(Release(linked="foua", batch=1, state="departed")) == {"counterpart: waiting"}
    uncounted = second(Release(linked="foua", batch=1, state="departed", people=49))
    assert uncounted == {"counterpart: waiting"}
    assert second(Release(linked="foua", batch=1, state="departed", people=50)) == set()


def test_a_road_team_has_its_own_clearance_without_a_proved_road() -> None:
    from safepassage.clearance.asking import ask  # noqa: PLC0415

    verified = verified_plan()
    ledger, signer = new_ledger(at=clock(12))
    enter(ledger, *roles(), at=clock(12))
    promised(ledger, "gov", "militia", at=clock(12, 5), until=clock(18))
    enter(ledger, *checks(verified, "road-team:c1", but=("Proof",)), at=clock(12, 10))
    enter(ledger, Clock(device="room", milliseconds=0, against="time signal"), at=clock(12, 10))
    enter(ledger, *approvals(ledger, verified, "road-team:c1"), at=clock(12, 12))

    def team() -> Answer:
        return ask(
            verified,
            ledger,
            "c1",
            at=clock(12, 15),
            contact_at=clock(12, 15),
            keys={"room": signer.key},
            kind="road team",
        )

    assert team().clearance.go, team().clearance.reasons
    enter(ledger, Hold(person="x", why="shots", convoy="c1"), at=clock(12, 13))
    assert "hold: open" in codes(team())


def test_the_form_and_the_json_hold_every_promise_and_every_reason() -> None:
    ledger, signer, verified = cleared()
    enter(ledger, Withdrawal(party="militia", covers=("K",)), at=clock(14, 21))
    answer = asked(ledger, signer, verified)
    document = clearance_json(answer)
    assert document["go"] is False
    assert {one["line"] for one in document["reasons"]} == {"promise", "approvals"}
    lines = promise_lines(answer)
    assert [(one.party, one.stretch, one.allows) for one in lines] == [
        ("gov", "A-R", True),
        ("gov", "R-D", True),
        ("militia", "R-D", True),
        ("gov", "R", True),
        ("militia", "K", False),
    ]
    assert lines[0].confirmed_by == ("head-1", "radio-1")
    text = "\n".join(clearance_lines(answer))
    assert text.startswith("NO-GO")
    assert "safe" not in text.lower().replace("safepassage", "")


def test_every_state_of_the_table_is_known_and_unknown_states_are_a_no() -> None:
    assert DECISION_TABLE["holder"] == {"unknown": False}
    allowing = {(line, state) for line, states in DECISION_TABLE.items() for state in states}
    assert len(allowing) == sum(len(states) for states in DECISION_TABLE.values())
    for line, states in DECISION_TABLE.items():
        if line != "term":
            assert sum(states.values()) == (0 if line == "holder" else 1), line


def test_one_person_with_two_roles_is_one_person() -> None:
    ledger, signer, verified = cleared()
    from safepassage.ledger.kept import Role  # noqa: PLC0415

    enter(ledger, Role(person="head-1", role="movement"), at=clock(14, 21))
    seen = ledger.tail()[0]
    for role in ("head", "movement"):
        enter(ledger, _approval(verified, "head-1", role, seen), at=clock(14, 22))
    assert codes(asked(ledger, signer, verified)) == {"approvals: missing"}


def _approval(verified: VerifiedPlan, person: str, role: str, seen: int) -> Approval:
    return Approval(person=person, role=role, plan_hash=verified.plan_hash, convoy="c1", seen=seen)


def test_an_approval_cannot_have_seen_what_came_after_it() -> None:
    ledger, signer, verified = cleared()
    for person, role in (("head-1", "head"), ("move-1", "movement")):
        enter(ledger, _approval(verified, person, role, 10_000), at=clock(14, 21))
    enter(ledger, Incident(event="e", what="shots", covers=("elsewhere",)), at=clock(14, 22))
    assert codes(asked(ledger, signer, verified)) == {"approvals: missing"}


def test_a_closure_that_lapses_does_not_open_what_another_one_closed() -> None:
    ledger, signer, verified = cleared()
    (closed,) = enter(ledger, Closure(("R-D",), "closed"), at=clock(14, 21))
    enter(ledger, Closure(("R-D",), "closed", until=clock(14, 23)), at=clock(14, 21))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 22))
    (reason,) = asked(ledger, signer, verified).clearance.reasons
    assert (reason.code, reason.rests_on) == ("road: closed", (closed,))
    enter(ledger, Closure(("R-D",), "open"), at=clock(14, 23))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 24))
    assert asked(ledger, signer, verified).clearance.go


def test_a_proof_told_late_but_driven_before_the_incident_proves_nothing() -> None:
    ledger, signer, verified = cleared()
    shots = Incident("e", "shots", ("A-R",), at=clock(14, 15))
    enter(ledger, shots, at=clock(14, 21))
    promised(ledger, "gov", "militia", at=clock(14, 22), until=clock(18))
    before = Proof(("A-R", "R-D"), "road team", clock(14, 14), "driven both ways")
    enter(ledger, before, at=clock(14, 23))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 23))
    assert "road: incident since" in codes(asked(ledger, signer, verified))
    after = Proof(("A-R", "R-D"), "road team", clock(14, 22), "driven both ways")
    enter(ledger, after, at=clock(14, 24))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 24))
    assert asked(ledger, signer, verified).clearance.go


def test_one_person_under_two_spellings_is_one_person() -> None:
    ledger, signer, verified = cleared()
    # A promise heard and confirmed by the same one.
    (given,) = enter(ledger, guarantee("gov", ("all",), clock(18)), at=clock(14, 21))
    enter(ledger, Confirmation(given, "Radio-1", known_contact=True), at=clock(14, 21))
    # A hold lifted by one person twice, in two roles of his.
    enter(ledger, Role("Head-1", "radio"), at=clock(14, 21))
    (held,) = enter(ledger, Hold("counter-7", "shots"), at=clock(14, 21))
    enter(ledger, Lift(held, "head-1", "head"), Lift(held, "HEAD-1", "radio"), at=clock(14, 22))
    # An approval given twice by him.
    seen = ledger.tail()[0]
    for person, role in (("head-1", "head"), ("Head-1", "radio")):
        body = Approval(person, role, verified.plan_hash, "c1", seen)
        enter(ledger, body, at=clock(14, 23))
    found = codes(asked(ledger, signer, verified))
    assert found == {"promise: not confirmed", "hold: open", "approvals: missing"}


def test_who_corrects_what_speaks_against_a_go_does_not_confirm_it_himself() -> None:
    ledger, signer, verified = cleared()
    (shots,) = enter(ledger, Incident("e", "shots", ("A-R",)), at=clock(14, 21))
    (slip,) = enter(ledger, Correction(shots, "it was thunder"), at=clock(14, 21))
    enter(ledger, Confirmation(slip, "RADIO-1", known_contact=True), at=clock(14, 22))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 23))
    assert "road: incident since" in codes(asked(ledger, signer, verified))
    enter(ledger, Confirmation(slip, "head-1", known_contact=True), at=clock(14, 23))
    enter(ledger, *approvals(ledger, verified), at=clock(14, 24))
    assert asked(ledger, signer, verified).clearance.go


def test_a_lease_names_the_entry_of_the_corridor_where_a_trip_begins_before_it() -> None:
    of = world()
    far = world(
        places=(*of.places, Place("P", "pickup")),
        legs=(*of.legs, leg("P", "A", 10, held_by=("gov",))),
        groups=(Group("people", "P", "walking", sure(50)),),
        vehicles=(bus("P"),),
    )
    trip = Trip(
        "bus-01",
        "bus",
        "P",
        "D",
        ("P-A", "A-R", "R-D"),
        s(380),
        s(456),
        "c1",
        {"walking": 50},
        {"people": 50},
    )
    made = plan(far, trip, convoys=(Convoy("c1", "way", "A", "D", s(390), s(456)),), value=50.0)
    assert set(way_of(verify(far, made), "c1").commit_points) == {"P", "A", "R", "K"}


def test_a_clock_that_stands_before_the_last_entry_is_unknown_whatever_was_measured() -> None:
    ledger, signer, verified = cleared()
    given = {"contact_at": clock(14, 15), "keys": {"room": signer.key}}
    answer = ask(verified, ledger, "c1", at=clock(14, 15), upto=ledger.tail()[0], **given)  # type: ignore[arg-type]
    assert "clock: unknown" in codes(answer)
    # Asked about what was known then, the measured clock counts.
    known = entries_known_at(ledger, clock(14, 15))
    answer = ask(verified, ledger, "c1", at=clock(14, 15), upto=known, **given)  # type: ignore[arg-type]
    assert "clock: unknown" not in codes(answer)


def test_the_lines_name_the_doubts_that_both_approvers_have_to_read() -> None:
    ledger, signer, verified = cleared()
    doubt = Statement("an ally", "it will not hold", about=("guarantee-4",), doubts=True)
    (id_,) = enter(ledger, doubt, at=clock(14, 21))
    answer = asked(ledger, signer, verified)
    assert answer.clearance.doubts == (id_,)
    assert f"doubts of others, to be read by both approvers: {id_}" in clearance_lines(answer)
