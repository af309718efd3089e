"""How each thing stands that a go needs: one `Standing` a line, each with its state in one word.

Pure: the same facts at the same time give the same standings on every computer. Times are compared
on the pessimistic clock: whatever the clock's offset could hide counts against a go.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Literal

from safepassage.clearance.case import (
    ApprovalFacts,
    Case,
    CheckFacts,
    Need,
    PromiseFacts,
    RoadFacts,
    Signature,
    TermFacts,
)
from safepassage.clearance.limits import (
    APPROVAL_LIFE,
    APPROVING_ROLES,
    CHECK_LIFE,
    CONTACT,
    LARGEST_SKEW,
    LEASE,
    RECONFIRM,
)
from safepassage.clearance.saying import Saying
from safepassage.ledger.call_signs import same_person
from safepassage.ledger.decided import GATE_LINES

Line = Literal[
    "parties",
    "holder",
    "promise",
    "plan",
    "approvals",
    "hold",
    "gate",
    "road",
    "check",
    "term",
    "counterpart",
    "clock",
    "chain",
    "contact",
    "departure",
]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one thing stands.

    `state` is a word of the decision table. `about` says which party, stretch, person or place: an
    id or a word, or a sentence of ids for whoever shows it with names. `until` is when this
    standing lapses (None: it does not by itself). `rests_on` are the ids of the entries behind it.
    `count` is how many acts are missing where that is a number.
    """

    line: Line
    about: Saying | str
    state: str
    until: datetime | None = None
    rests_on: tuple[str, ...] = ()
    count: int = 0
    note: str = ""

    @property
    def subject(self) -> str:
        """What it is about, by ids."""
        return str(self.about)


def promised(party: str, stretch: str) -> Saying:
    """Return which party on which stretch or post."""
    return Saying("%(party)s on %(stretch)s", {"party": party, "stretch": stretch})


def checked(what: str, subject: str) -> Saying:
    """Return what is checked, of which convoy or at which place."""
    if what in OF_PLACES:
        return Saying("%(check)s, %(place)s", {"check": what, "place": subject})
    return Saying("%(check)s, %(convoy)s", {"check": what, "convoy": subject})


OF_PLACES = frozenset({"comms", "receiving side"})
"""Checks that are made at a place, not of a convoy."""


def standings(case: Case, at: datetime) -> tuple[Standing, ...]:
    """Return how everything stands that this go needs, in the order of the decision table."""
    skew = abs(case.node.skew) if case.node.skew is not None else timedelta(0)
    leaves = max(at, case.departs)
    clear = leaves + case.travel + case.margin + skew
    found = [_parties(case)]
    found += [Standing("holder", _by("stretch", one), "unknown") for one in case.without_holder]
    found += [_promise(case, need, leaves, clear) for need in case.needs]
    found.append(_plan(case))
    found.append(_approvals(case, at))
    found += [_hold(one.id, one.person, one.lifted_by) for one in case.holds]
    found += [_gate(line, case.gate.get(line, ())) for line in GATE_LINES]
    if case.kind == "convoy":
        # The team that clears the road is the one that proves it.
        found += [_road(one) for one in case.road]
    found += [_check(one, at) for one in case.checks]
    found += [
        Standing("term", _by("term", one.term), term_state(one), note=one.linked_to or "")
        for one in case.terms
    ]
    found += _counterparts(case)
    found.append(_clock(case))
    found.append(
        Standing("chain", Saying("the ledger"), "whole" if case.node.chain_whole else "broken")
    )
    found.append(_contact(case, at))
    lapses = min((one.until for one in found if one.until is not None), default=None)
    found.append(_departure(case, at, leaves, lapses))
    return tuple(found)


def _by(kind: str, id_: str) -> Saying:
    """Return one thing by its id, with what kind of thing it is."""
    return Saying(f"%({kind})s", {kind: id_})


def term_state(one: TermFacts) -> str:
    """Return the state of a term: what is called agreed and told differently is not agreed."""
    return "versions differ" if one.differ and one.state == "agreed" else one.state


def _parties(case: Case) -> Standing:
    # Nobody who holds the way is on record: that is not the same as nobody being there.
    return Standing("parties", _by("convoy", case.convoy), "named" if case.needs else "none")


def _promise(case: Case, need: Need, leaves: datetime, clear: datetime) -> Standing:
    """Return how the promise of one party on one stretch stands: the best of those it gave."""
    given = [
        _one_promise(one, leaves, clear)
        for one in case.promises
        if one.party == need.party and one.stretch == need.stretch
    ]
    subject = promised(need.party, need.stretch)
    if not given:
        return Standing("promise", subject, "none")
    standing = [(one.until, one) for one in given if one.until is not None]
    return max(standing, key=lambda pair: pair[0])[1] if standing else given[-1]


def _one_promise(one: PromiseFacts, leaves: datetime, clear: datetime) -> Standing:
    subject = promised(one.party, one.stretch)
    rests_on = (one.id,) if one.void_by is None else (one.id, one.void_by)
    if one.void is not None:
        return Standing("promise", subject, one.void, rests_on=rests_on)
    if one.until is not None and one.until <= leaves:
        # Over before the departure, whoever heard it: a new promise is needed, no second ear.
        return Standing("promise", subject, "ends too early", rests_on=rests_on)
    missing = one.people_needed - len(one.people)
    if missing > 0:
        return Standing("promise", subject, "not confirmed", rests_on=rests_on, count=missing)
    if one.since > leaves:
        return Standing("promise", subject, "not yet", rests_on=rests_on)
    if one.until is not None:
        # It must outlast the arrival: the last moment to leave under it is its end less all that.
        if one.until < clear:
            return Standing("promise", subject, "ends too early", rests_on=rests_on)
        return Standing("promise", subject, "stands", one.until - (clear - leaves), rests_on)
    due = one.last_heard + RECONFIRM
    if due < leaves:
        return Standing("promise", subject, "to be reconfirmed", rests_on=rests_on)
    return Standing("promise", subject, "stands", due, rests_on)


def _plan(case: Case) -> Standing:
    if case.plan_in_force is None:
        return Standing("plan", _by("convoy", case.convoy), "none")
    same = case.plan_in_force == case.plan_hash
    return Standing("plan", _by("convoy", case.convoy), "in force" if same else "another")


def _approvals(case: Case, at: datetime) -> Standing:
    """Return whether two people of two roles have approved, having seen all that bears on it."""
    valid = [one for one in case.approvals if approval_counts(case, one, at)]
    pairs = [
        (first, second)
        for first, second in combinations(valid, 2)
        if same_person(first.person) != same_person(second.person) and first.role != second.role
    ]
    if not pairs:
        rests_on = tuple(one.id for one in valid)
        return Standing(
            "approvals",
            _by("convoy", case.convoy),
            "missing",
            rests_on=rests_on,
            count=2 - bool(valid),
        )
    lapse = max(min(first.at, second.at) for first, second in pairs) + APPROVAL_LIFE
    rests_on = tuple(one.id for one in valid)
    return Standing("approvals", _by("convoy", case.convoy), "two people", lapse, rests_on)


def approval_counts(case: Case, one: ApprovalFacts, at: datetime) -> bool:
    """Tell whether one approval counts now."""
    return (
        one.role_held
        and one.role in APPROVING_ROLES
        and one.plan_hash == case.plan_hash
        and one.convoy == case.convoy
        and one.seen >= case.last_relevant
        and case.doubts <= one.acknowledges
        and one.at <= at <= one.at + APPROVAL_LIFE
    )


def _hold(id_: str, person: str, lifted_by: frozenset[str]) -> Standing:
    missing = 2 - len(lifted_by)
    state = "lifted" if missing <= 0 else "open"
    return Standing(
        "hold", _by("hold", id_), state, rests_on=(id_,), count=max(0, missing), note=person
    )


def _gate(line: str, signed: tuple[Signature, ...]) -> Standing:
    valid = [one for one in signed if one.role_held and one.role in APPROVING_ROLES]
    unmet = sum(not one.met for one in signed)
    rests_on = tuple(one.id for one in signed)
    missing = 2 - bool(valid)
    for first, second in combinations(valid, 2):
        if same_person(first.person) != same_person(second.person) and first.role != second.role:
            missing = 0
    if unmet:
        return Standing(
            "gate", _by("gate", line), "unmet", rests_on=rests_on, count=unmet + missing
        )
    if missing:
        return Standing("gate", _by("gate", line), "not signed", rests_on=rests_on, count=missing)
    return Standing("gate", _by("gate", line), "signed", rests_on=rests_on)


def _road(one: RoadFacts) -> Standing:
    if one.closed_by is not None:
        return Standing("road", _by("stretch", one.leg), "closed", rests_on=(one.closed_by,))
    if one.proved is None:
        return Standing("road", _by("stretch", one.leg), "not proved")
    if one.incident is not None and one.incident > one.proved:
        return Standing("road", _by("stretch", one.leg), "incident since")
    return Standing("road", _by("stretch", one.leg), "proved", note=one.proved_by or "")


def _check(one: CheckFacts, at: datetime) -> Standing:
    subject = checked(one.what, one.subject)
    rests_on = () if one.id is None else (one.id,)
    if one.ready is None or one.at is None:
        return Standing("check", subject, "not checked")
    if not one.ready:
        return Standing("check", subject, "not ready", rests_on=rests_on)
    if not one.at <= at <= one.at + CHECK_LIFE:
        return Standing("check", subject, "too old", rests_on=rests_on)
    return Standing("check", subject, "ready", one.at + CHECK_LIFE, rests_on)


def _counterparts(case: Case) -> list[Standing]:
    found = []
    for one in case.linked:
        short = (one.people_moved or 0) < one.people_needed
        if one.blocked_by is not None:
            found.append(
                Standing(
                    "counterpart", _by("linked", one.linked), "blocked", rests_on=(one.blocked_by,)
                )
            )
        elif one.batches_moved < one.batches_needed or short:
            found.append(Standing("counterpart", _by("linked", one.linked), "waiting"))
        else:
            found.append(Standing("counterpart", _by("linked", one.linked), "moved"))
    return found


def _clock(case: Case) -> Standing:
    if case.node.skew is None:
        return Standing("clock", Saying("this room"), "unknown")
    far = abs(case.node.skew) > LARGEST_SKEW
    return Standing("clock", Saying("this room"), "too far off" if far else "known")


def _contact(case: Case, at: datetime) -> Standing:
    seen = case.node.contact_at
    fresh = seen is not None and abs(at - seen) <= CONTACT
    return Standing("contact", Saying("the ledger"), "fresh" if fresh else "stale")


def _departure(case: Case, at: datetime, leaves: datetime, lapses: datetime | None) -> Standing:
    if case.latest_departure is not None and leaves > case.latest_departure:
        return Standing("departure", _by("convoy", case.convoy), "too late", case.latest_departure)
    if case.departs > at + LEASE:
        return Standing("departure", _by("convoy", case.convoy), "too early")
    if lapses is not None and lapses < leaves:
        return Standing("departure", _by("convoy", case.convoy), "lapses before")
    return Standing("departure", _by("convoy", case.convoy), "now", case.latest_departure)
