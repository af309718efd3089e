"""Gathers the facts of a case from the approved plan and the ledger, up to one entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from safepassage.clearance.case import (
    ApprovalFacts,
    Case,
    CheckFacts,
    HoldFacts,
    Kind,
    LinkedFacts,
    Node,
    PromiseFacts,
    RoadFacts,
    Signature,
    TermFacts,
)
from safepassage.clearance.limits import APPROVING_ROLES, CLOCK_LIFE
from safepassage.clearance.way import Way, loaded_before, way_of
from safepassage.ledger.call_signs import people_of, same_person
from safepassage.ledger.decided import (
    Approval,
    Check,
    GateLine,
    Hold,
    Lift,
    PlanAdopted,
    Proof,
)
from safepassage.ledger.entry import Entry
from safepassage.ledger.folding import holders_of
from safepassage.ledger.kept import Alarm, Clock
from safepassage.ledger.log import Ledger
from safepassage.ledger.promises import Promise, effective, promises
from safepassage.ledger.roles_held import RolesHeld
from safepassage.ledger.said import EVERYWHERE, Guarantee, Notification, Statement, Term
from safepassage.ledger.seen import Closure, Incident, Release
from safepassage.ledger.stretches import spelt_out
from safepassage.ledger.versions import versions_differ
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.scenario import Scenario

KINDS = (
    "guarantee",
    "confirmation",
    "withdrawal",
    "dispute",
    "statement",
    "incident",
    "correction",
    "closure",
    "term",
    "release",
    "plan",
    "approval",
    "hold",
    "lift",
    "gate",
    "proof",
    "check",
    "role",
    "revoke",
    "clock",
    "alarm",
    "notification",
)
"""Kinds of entries that a clearance reads."""
DO_NOT_BEAR = frozenset({"approval", "clock", "notification", "alarm"})
"""Of those, the ones that an approver need not have seen."""
OF_THE_CONVOY = ("vehicles", "crews", "fuel", "radios")
OF_THE_ROAD_TEAM = ("crews", "radios")


def relevant_entries(ledger: Ledger, upto: int) -> list[Entry]:
    """Return the entries that a clearance reads, up to one entry."""
    return list(ledger.entries(0, upto, KINDS))


def node_of(
    entries: Iterable[Entry], device: str, *, at: datetime, contact_at: datetime, chain_whole: bool
) -> Node:
    """Return the state of the computer that decides, its clock's offset as last measured here."""
    skew: timedelta | None = None
    for entry in entries:
        body = entry.body
        if isinstance(body, Clock) and body.device in {device, "room"}:
            fresh = entry.entered_at <= at <= entry.entered_at + CLOCK_LIFE
            skew = timedelta(milliseconds=body.milliseconds) if fresh else None
        elif isinstance(body, Alarm) and body.what == "clock jumped":
            skew = None
    return Node(skew, contact_at, chain_whole)


def case_of(
    verified: VerifiedPlan,
    entries: Sequence[Entry],
    convoy: str,
    *,
    at: datetime,
    node: Node,
    upto: int,
    kind: Kind = "convoy",
) -> Case:
    """Return the facts of a case: one convoy of a verified plan, entries up to `upto`.

    A road team clears the way of a convoy before it: a leg of its own with its own clearance, asked
    for (and approved, checked, held) under the id "road-team:CONVOY".

    Raises
    ------
    KeyError
        If the plan has no such convoy.
    """
    way = way_of(verified, convoy)
    scenario = verified.scenario
    subject = convoy if kind == "convoy" else f"road-team:{convoy}"
    known = spelt_out(entries, scenario)
    kept, _ = effective(known)
    given = promises(known, holders_of(scenario))
    people = RolesHeld(kept, at)
    facts, doubts = _promises(way, given, subject)
    plan = [one.body for one in kept if isinstance(one.body, PlanAdopted)]
    return Case(
        kind=kind,
        convoy=subject,
        plan_hash=verified.plan_hash,
        plan_in_force=plan[-1].plan_hash if plan else None,
        departs=way.departs if kind == "convoy" else at,
        travel=way.travel,
        margin=scenario.rules.arrival_margin,
        latest_departure=way.latest,
        needs=way.needs,
        without_holder=way.without_holder,
        promises=facts,
        doubts=doubts,
        approvals=_approvals(kept, people),
        last_relevant=max((one.seq for one in kept if _bears_on(one, subject)), default=0),
        holds=_holds(kept, {convoy, subject}, people),
        gate=_gate(kept, people),
        road=_road(kept, way, at),
        checks=_checks(kept, way, subject, kind),
        terms=_terms(kept, scenario),
        linked=_linked(kept, verified, convoy),
        node=node,
        upto=upto,
        contacts=_contacts(kept),
    )


def _bears_on(entry: Entry, convoy: str) -> bool:
    """Tell whether both approvers of a convoy must have seen an entry."""
    if entry.kind in DO_NOT_BEAR:
        return False
    body = entry.body
    if isinstance(body, Statement):
        return bool(body.doubts)
    if isinstance(body, Hold | Check):
        return body.convoy in {None, convoy}
    if isinstance(body, Guarantee):
        return not body.convoys or convoy in body.convoys
    return True


def _promises(
    way: Way, given: Sequence[Promise], convoy: str
) -> tuple[tuple[PromiseFacts, ...], frozenset[str]]:
    """Return each promise on each stretch of the way, and the doubts about those that stand."""
    facts = []
    doubts: set[str] = set()
    for need in way.needs:
        here = [
            one
            for one in given
            if one.party == need.party
            and one.covers_stretch(need.stretch)
            and (not one.convoys or convoy in one.convoys)
        ]
        for number, one in enumerate(here):
            void = one.voided_at(need.stretch)
            how = None if void is None else void[0]
            by = None if void is None else void[1]
            fact = PromiseFacts(
                id=one.id,
                party=need.party,
                stretch=need.stretch,
                since=one.since,
                until=one.until,
                last_heard=one.confirmed_at or one.heard_at,
                people=one.people,
                people_needed=one.people_needed,
                void=how,
                void_by=by,
            )
            if void is None and number + 1 < len(here):
                # A party's last word on a stretch takes the place of what it said before.
                fact = _replaced(fact, here[-1].id)
            elif void is None:
                doubts |= set(one.doubts)
            facts.append(fact)
    return tuple(facts), frozenset(doubts)


def _replaced(fact: PromiseFacts, by: str) -> PromiseFacts:
    return PromiseFacts(
        fact.id,
        fact.party,
        fact.stretch,
        fact.since,
        fact.until,
        fact.last_heard,
        fact.people,
        fact.people_needed,
        "replaced",
        by,
    )


def _approvals(entries: Iterable[Entry], people: RolesHeld) -> tuple[ApprovalFacts, ...]:
    return tuple(
        ApprovalFacts(
            id=one.id,
            person=one.body.person,
            role=one.body.role,
            role_held=people.hold(one.body.person, one.body.role),
            plan_hash=one.body.plan_hash,
            convoy=one.body.convoy,
            # Nobody has seen what was entered after their own word.
            seen=min(one.body.seen, one.seq - 1),
            acknowledges=frozenset(one.body.acknowledges),
            at=one.entered_at,
        )
        for one in entries
        if isinstance(one.body, Approval)
    )


def _holds(entries: Iterable[Entry], convoys: set[str], people: RolesHeld) -> tuple[HoldFacts, ...]:
    holds: dict[str, HoldFacts] = {}
    for one in entries:
        body = one.body
        if isinstance(body, Hold) and (body.convoy is None or body.convoy in convoys):
            holds[one.id] = HoldFacts(one.id, body.person, frozenset())
        elif isinstance(body, Lift) and body.hold in holds:
            held = holds[body.hold]
            if body.role in APPROVING_ROLES and people.hold(body.person, body.role):
                lifted = people_of((*sorted(held.lifted_by), body.person))
                holds[body.hold] = HoldFacts(held.id, held.person, lifted)
    return tuple(holds.values())


def _gate(entries: Iterable[Entry], people: RolesHeld) -> Mapping[str, tuple[Signature, ...]]:
    """Return each person's last word on each line."""
    last: dict[str, dict[str, Signature]] = {}
    for one in entries:
        body = one.body
        if isinstance(body, GateLine):
            held = people.hold(body.person, body.role)
            signature = Signature(one.id, body.person, body.role, held, body.met)
            last.setdefault(body.line, {})[same_person(body.person)] = signature
    return {line: tuple(by.values()) for line, by in last.items()}


def _road(entries: Iterable[Entry], way: Way, at: datetime) -> tuple[RoadFacts, ...]:
    found = {leg: RoadFacts(leg, None, None, None, None) for leg in way.legs}
    closures: dict[str, list[Entry]] = {leg: [] for leg in way.legs}
    happened: dict[str, datetime] = {}
    for one in entries:
        body = one.body
        if isinstance(body, Proof):
            for leg in found.keys() & set(body.covers):
                # Told late, but driven before the last incident: it proves nothing of what is now.
                if leg not in happened or body.at > happened[leg]:
                    by = f"{body.team}, {body.at.isoformat(timespec='minutes')}"
                    found[leg] = replace(found[leg], proved=one.seq, proved_by=by)
        elif isinstance(body, Incident):
            for leg, old in found.items():
                if _touches(body.covers, leg, way):
                    found[leg] = replace(old, incident=one.seq)
                    when = body.at or one.heard_at
                    happened[leg] = max(when, happened.get(leg, when))
        elif isinstance(body, Closure):
            for leg, said in closures.items():
                if _touches(body.covers, leg, way):
                    # Only the word that it is open ends a closure; another closure does not.
                    closures[leg] = [] if body.state == "open" else [*said, one]
    for leg, said in closures.items():
        closed_by = next((one.id for one in said if _closes(one, at)), None)
        found[leg] = replace(found[leg], closed_by=closed_by)
    return tuple(found.values())


def _touches(covers: Sequence[str], leg: str, way: Way) -> bool:
    """Tell whether an event bears on a leg: it lies there, everywhere, or at a post of the way."""
    return EVERYWHERE in covers or leg in covers or bool(set(covers) & {*way.posts, *way.ends})


def _closes(entry: Entry, at: datetime) -> bool:
    """Tell whether a closure holds now; what is unknown is not open."""
    until = getattr(entry.body, "until", None)
    return until is None or at < until


def _checks(entries: Iterable[Entry], way: Way, convoy: str, kind: Kind) -> tuple[CheckFacts, ...]:
    rolls = OF_THE_CONVOY if kind == "convoy" else OF_THE_ROAD_TEAM
    wanted = [(what, convoy) for what in rolls]
    wanted += [("comms", post) for post in way.posts]
    if kind == "convoy":
        wanted += [("receiving side", end) for end in way.ends]
    found = {key: CheckFacts(*key, None, None, None) for key in wanted}
    for one in entries:
        body = one.body
        if isinstance(body, Check):
            subject = body.convoy if body.what in OF_THE_CONVOY else body.place
            key = (body.what, subject or "")
            if key in found:
                found[key] = CheckFacts(*key, body.ready, one.heard_at, one.id)
    return tuple(found.values())


def _terms(entries: Iterable[Entry], scenario: Scenario) -> tuple[TermFacts, ...]:
    """Return the conditions that the passage is tied to, and whatever is broken or told twice.

    Told twice: it is called agreed, and the parties' versions of it are not the same.
    """
    clauses = [clause for agreement in scenario.agreements for clause in agreement.clauses]
    said = {clause.id: dict(clause.versions) for clause in clauses}
    found = {
        clause.id: TermFacts(
            clause.id, clause.state, clause.linked_to, None, versions_differ(clause.versions)
        )
        for clause in clauses
    }
    for one in entries:
        body = one.body
        if isinstance(body, Term):
            old = found.get(body.term)
            linked = body.linked_to or (old.linked_to if old is not None else None)
            versions = said.setdefault(body.term, {})
            versions |= body.versions or {}
            found[body.term] = TermFacts(
                body.term, body.state, linked, one.seq, versions_differ(versions)
            )
    return tuple(
        one
        for one in found.values()
        if one.linked_to is not None
        or one.state == "broken"
        or (one.state == "agreed" and one.differ)
    )


def _linked(
    entries: Sequence[Entry], verified: VerifiedPlan, convoy: str
) -> tuple[LinkedFacts, ...]:
    """Return, for each counterpart, what of it has to have moved before this convoy."""
    # People of a counterpart that is planned in the same plan are not ours.
    foreign = {group for one in verified.scenario.linked for group in one.groups}
    own = [one for one in verified.plan.trips if set(one.groups) - foreign]
    with_ours = {one.convoy for one in own}
    if foreign and convoy not in with_ours:
        return ()
    before = [one for one in loaded_before(verified, convoy) if not foreign or one in with_ours]
    ours = sum(sum(trip.load.values()) for trip in own if trip.convoy in set(before))
    facts = []
    for linked in verified.scenario.linked:
        last: dict[int, Entry] = {}
        for one in entries:
            if isinstance(one.body, Release) and one.body.linked == linked.id:
                last[one.body.batch] = one
        moved = [one for one in last.values() if _release(one).state != "blocked"]
        blocked = next((one.id for one in last.values() if _release(one).state == "blocked"), None)
        counted = [_release(one).people for one in moved]
        known = [one for one in counted if one is not None]
        steps = linked.steps
        stated = bool(steps or linked.groups) or linked.ratio is not None
        needed = len(before) if stated else 0
        if linked.groups:
            # A side that has moved everybody keeps nobody waiting: no more than the plan has.
            needed = min(needed, len(_convoys_of(verified, set(linked.groups))))
        people = round(ours * linked.ratio) if linked.ratio is not None else 0
        if steps:
            needed = min(needed, len(steps))
            people = max(people, sum(steps[:needed]))
        facts.append(
            LinkedFacts(
                linked=linked.id,
                batches_needed=needed,
                # Their first to n-th batch in a row: a gap is a batch that has not moved.
                batches_moved=_in_a_row({_release(one).batch for one in moved}),
                people_needed=people,
                people_moved=sum(known) if len(known) == len(counted) else None,
                blocked_by=blocked,
            )
        )
    return tuple(facts)


def _convoys_of(verified: VerifiedPlan, groups: set[str]) -> set[str]:
    """Return the convoys of a plan in which people of some groups ride."""
    return {
        one.convoy
        for one in verified.plan.trips
        if one.convoy is not None and groups & set(one.groups)
    }


def _release(entry: Entry) -> Release:
    assert isinstance(entry.body, Release)  # noqa: S101 - chosen by its type above
    return entry.body


def _in_a_row(batches: set[int]) -> int:
    number = 0
    while number + 1 in batches:
        number += 1
    return number


def _contacts(entries: Iterable[Entry]) -> Mapping[str, str]:
    """Return, by party, whom to call, as far as the ledger says."""
    found: dict[str, str] = {}
    for one in entries:
        body = one.body
        if isinstance(body, Guarantee | Notification) and body.contact:
            found[body.party] = body.contact
    return found
