"""Kinds of entries for what people decide and check: plans, approvals, holds, proofs, leases."""

from dataclasses import dataclass
from datetime import datetime

from safepassage.ledger.fields import (
    digest,
    document,
    flag,
    maybe,
    name,
    names,
    needed,
    one_of,
    several,
    when,
    whole,
    words,
)

ROLES = ("head", "movement", "radio", "medical", "reporting", "observer", "field")
GATE_LINES = (
    "alternatives tried",
    "voluntary",
    "informed",
    "stay and return",
    "families together",
    "no unagreed screening",
)
CHECKS = ("vehicles", "crews", "fuel", "radios", "comms", "receiving side")
LONGEST_PLAN = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PlanAdopted:
    """The plan in force from now on, embedded letter for letter."""

    plan_hash: str = needed(digest, "hash of the plan")
    plan: str = needed(document(LONGEST_PLAN), "the text of plan.json")
    person: str = needed(name, "call sign of the person who adopts it")
    scenario: str | None = maybe(digest, "hash of the scenario")


@dataclass(frozen=True, slots=True)
class Approval:
    """One person says go for one convoy of one plan, having seen the ledger up to an entry."""

    person: str = needed(name, "call sign")
    role: str = needed(one_of(*ROLES), "the role in which they approve")
    plan_hash: str = needed(digest, "hash of the plan")
    convoy: str = needed(name, "id of the convoy")
    seen: int = needed(whole(1), "number of the last entry that they have seen")
    acknowledges: tuple[str, ...] = several("ids of the doubts that they have read")


@dataclass(frozen=True, slots=True)
class Hold:
    """One person says stop: nobody gets a go until two lift it."""

    person: str = needed(name, "call sign")
    why: str = needed(words(400), "why")
    convoy: str | None = maybe(name, "id of the convoy; else all")


@dataclass(frozen=True, slots=True)
class Lift:
    """One of the two people who lift a hold."""

    hold: str = needed(name, "id of the hold")
    person: str = needed(name, "call sign")
    role: str = needed(one_of(*ROLES), "the role in which they lift it")
    why: str | None = maybe(words(400), "why")


@dataclass(frozen=True, slots=True)
class GateLine:
    """One person signs one line of the gate of participation, met or not."""

    line: str = needed(one_of(*GATE_LINES), "which line")
    met: bool = needed(flag, "met?")
    person: str = needed(name, "call sign")
    role: str = needed(one_of(*ROLES), "the role in which they sign")
    note: str | None = maybe(words(400), "how they know")


@dataclass(frozen=True, slots=True)
class Proof:
    """Stretches were driven and found passable, by whom, when and how."""

    covers: tuple[str, ...] = needed(names, "ids of the legs")
    team: str = needed(words(200), "who drove it")
    at: datetime = needed(when, "when they came through")
    how: str = needed(words(400), "how it was proved")


@dataclass(frozen=True, slots=True)
class Check:
    """A check before departure: roll call, comms at a post, the receiving side."""

    what: str = needed(one_of(*CHECKS), "what was checked")
    ready: bool = needed(flag, "ready?")
    person: str = needed(name, "call sign of the person who checked")
    convoy: str | None = maybe(name, "id of the convoy (vehicles, crews, fuel, radios)")
    place: str | None = maybe(name, "id of the post or destination (comms, receiving side)")
    note: str | None = maybe(words(400), "what is missing")


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands ready for the next opening: how much of it, and what is missing."""

    what: str = needed(one_of("vehicles", "staff", "fuel", "place"), "of what")
    kind: str = needed(name, "vehicle kind, staff kind, or id of the place")
    ready: int = needed(whole(), "how many (litres for fuel, people for a place)")
    as_of: datetime = needed(when, "as of when")
    missing: str | None = maybe(words(400), "what is missing")
    call: str | None = maybe(words(200), "whom to call", of="contacts")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision and its reasons, with the alternatives that were weighed."""

    what: str = needed(words(), "what was decided")
    by: tuple[str, ...] = needed(names, "call signs of those who decided")
    why: str | None = maybe(words(), "why")
    alternatives: str | None = maybe(words(), "what else was weighed")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the clearance rule said at a moment; kept so that time spent in no is known."""

    convoy: str = needed(name, "id of the convoy")
    plan_hash: str = needed(digest, "hash of the plan")
    go: bool = needed(flag, "go?")
    at: datetime = needed(when, "at")
    upto: int = needed(whole(), "number of the last entry that it read")
    reasons: tuple[str, ...] = several("codes of the reasons for no")


@dataclass(frozen=True, slots=True)
class LeaseGiven:
    """A go was given as a signed lease with an end."""

    convoy: str = needed(name, "id of the convoy")
    plan_hash: str = needed(digest, "hash of the plan")
    begins: datetime = needed(when, "from")
    ends: datetime = needed(when, "until")
    token: str = needed(document(4000), "the signed lease")


@dataclass(frozen=True, slots=True)
class Uncleared:
    """Two named people moved a convoy without clearance. It stays red; it is no go."""

    convoy: str = needed(name, "id of the convoy")
    first: str = needed(name, "call sign of the first person")
    second: str = needed(name, "call sign of the second person")
    why: str = needed(words(), "why")


@dataclass(frozen=True, slots=True)
class Correction:
    """An earlier entry was wrong; the right one is a new entry, both stay."""

    about: str = needed(name, "id of the entry that was wrong")
    why: str = needed(words(), "what was wrong")
    instead: str | None = maybe(name, "id of the entry that stands instead")
