"""The facts that a clearance is asked about, gathered from the approved plan and the ledger.

Plain values with times in them; nothing here decides. Every field has to be stated: there is no
default that would let a convoy move.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from safepassage.ledger.promises import Void as PromiseVoid

Kind = Literal["convoy", "road team"]
Void = PromiseVoid | Literal["replaced"]


@dataclass(frozen=True, slots=True)
class Need:
    """One party on one stretch or post of the convoy's way, per the approved plan."""

    party: str
    stretch: str


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """What is known of one promise on one stretch.

    `people` stand behind it (call signs), of `people_needed`. `last_heard` is when it was heard or
    last confirmed. `void` says what voids it there, `void_by` through which entry.
    """

    id: str
    party: str
    stretch: str
    since: datetime
    until: datetime | None
    last_heard: datetime
    people: frozenset[str]
    people_needed: int = 2
    void: Void | None = None
    void_by: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """One approval as entered. `role_held` says whether the person has that role, unrevoked."""

    id: str
    person: str
    role: str
    role_held: bool
    plan_hash: str
    convoy: str
    seen: int
    acknowledges: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A hold on this convoy or on all, and the people who have lifted it."""

    id: str
    person: str
    lifted_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's last word on one line of the gate of participation."""

    id: str
    person: str
    role: str
    role_held: bool
    met: bool


@dataclass(frozen=True, slots=True)
class RoadFacts:
    """One leg: the entry that last proved it passable, and the last incident or closure on it.

    `proved_by` says who drove it and when.
    """

    leg: str
    proved: int | None
    proved_by: str | None
    incident: int | None
    closed_by: str | None


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check that the departure needs, and its last result (None: nobody has checked)."""

    what: str
    subject: str
    ready: bool | None
    at: datetime | None
    id: str | None


@dataclass(frozen=True, slots=True)
class TermFacts:
    """A condition that a party has tied the passage to, a broken term, or one told differently.

    `differ` says that the parties' versions of it, as they were heard, are not the same.
    """

    term: str
    state: str
    linked_to: str | None
    seq: int | None
    differ: bool = False


@dataclass(frozen=True, slots=True)
class LinkedFacts:
    """The counterpart: what of it must have moved before this convoy, and what has.

    `batches_needed` and `people_needed` are 0 where the scenario states no step. `people_moved`
    is None where a released batch was not counted. `blocked_by` is the entry that says it is held.
    """

    linked: str
    batches_needed: int
    batches_moved: int
    people_needed: int
    people_moved: int | None
    blocked_by: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """The computer that decides: how far its clock is off, when it last saw the ledger.

    `skew` is its clock minus a reference, None where nobody has measured it since the clock last
    jumped. `contact_at` is when it last read the ledger, `chain_whole` what verifying it said.
    """

    skew: timedelta | None
    contact_at: datetime | None
    chain_whole: bool


@dataclass(frozen=True, slots=True)
class Case:
    """All that the rule looks at, for one convoy at one place in the log.

    `departs` and `travel` are the plan's (travel to the last arrival of any of its vehicles),
    `margin` is the arrival margin. `latest_departure` is the last moment at which the windows of
    its way let it depart. `last_relevant` is the last entry that bears on this convoy; both
    approvers must have seen it. `doubts` are entries of others that contradict a promise; both
    approvers acknowledge them.
    """

    kind: Kind
    convoy: str
    plan_hash: str
    plan_in_force: str | None
    departs: datetime
    travel: timedelta
    margin: timedelta
    latest_departure: datetime | None
    needs: tuple[Need, ...]
    without_holder: tuple[str, ...]
    promises: tuple[PromiseFacts, ...]
    doubts: frozenset[str]
    approvals: tuple[ApprovalFacts, ...]
    last_relevant: int
    holds: tuple[HoldFacts, ...]
    gate: Mapping[str, tuple[Signature, ...]]
    road: tuple[RoadFacts, ...]
    checks: tuple[CheckFacts, ...]
    terms: tuple[TermFacts, ...]
    linked: tuple[LinkedFacts, ...]
    node: Node
    upto: int
    contacts: Mapping[str, str]
