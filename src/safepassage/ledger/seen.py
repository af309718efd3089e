"""Kinds of entries for what is seen: movements, counts, incidents, conditions, attempts.

A movement names a post or a km mark, never coordinates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from safepassage.ledger.classes import PERSONS
from safepassage.ledger.fields import (
    flag,
    maybe,
    name,
    names,
    needed,
    one_of,
    several,
    tally,
    when,
    whole,
    words,
)

MAY_LEAVE = ("nobody", "patients", "women and children", "everybody")
"""Who may leave a bus that is held, as those say who hold it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Water, power or medical care of those who stay at a place, as of a time."""

    place: str = needed(name, "id of the place")
    what: str = needed(one_of("water", "power", "medical care"), "of what")
    state: str = needed(one_of("none", "sporadic", "working"), "its state")
    as_of: datetime = needed(when, "as of when")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to carry the evacuation out, as one observer tells it."""

    attempt: str = needed(name, "id of the attempt")
    state: str = needed(one_of("planned", "begun", "failed", "completed"), "what became of it")
    per: str = needed(words(200), "who says so")
    at: datetime | None = maybe(when, "when")
    people: int | None = maybe(whole(), "people planned (planned) or moved (else)")
    plan_hash: str | None = maybe(name, "hash of the plan that it carried out")
    why: str | None = maybe(words(), "the reason given")


@dataclass(frozen=True, slots=True)
class Count:
    """How many one counter counted of one thing; never summed with another counter's."""

    counter: str = needed(words(200), "who counted")
    what: str = needed(
        one_of(
            *("departed", "arrived", "aboard", "held", "present", "inside", "registered"),
            "turned back",
        ),
        "what was counted",
    )
    people: int = needed(whole(), "how many people")
    as_of: datetime = needed(when, "as of when")
    place: str | None = maybe(name, "id of the place")
    convoy: str | None = maybe(name, "id of the convoy")
    person_class: str | None = maybe(name, "class of people, else all")
    group: str | None = maybe(name, "id of the group, else all")
    low: int | None = maybe(whole(), "at least, if they gave a range")
    high: int | None = maybe(whole(), "at most, if they gave a range")
    cumulative: bool | None = maybe(flag, "whether it counts everyone since the start")
    vehicles: int | None = maybe(whole(), "how many vehicles, if counted")


@dataclass(frozen=True, slots=True)
class Consent:
    """The wish of a household or a group, by token or as a count."""

    group: str = needed(name, "id of the group")
    wish: str = needed(one_of("yes", "no", "withdrawn", "asked"), "the answer")
    people: int = needed(whole(1), "how many people")
    token: str | None = maybe(name, "the slip or wristband", of=PERSONS)
    wants: str | None = maybe(name, "id of the destination wanted", of=PERSONS)
    language: str | None = maybe(words(40), "the language in which they were told", of=PERSONS)
    told: str | None = maybe(words(400), "what they were told", of=PERSONS)


@dataclass(frozen=True, slots=True)
class Movement:
    """A convoy, a vehicle or staff were somewhere: a post, or so many metres along a leg.

    A departure says where to, and with whom; an arrival without `load` brings those who departed.
    The last seven fields are what those on board of a held convoy need; absent is not known.
    """

    what: str = needed(
        one_of("departed", "through", "held", "arrived", "turned back"), "what it did"
    )
    place: str | None = maybe(name, "id of the place or post")
    vehicle: str | None = maybe(name, "the vehicle: bus-01")
    convoy: str | None = maybe(name, "id of the convoy")
    at: datetime | None = maybe(when, "when it happened; else when it was heard")
    to: str | None = maybe(name, "id of the place that it goes to")
    legs: tuple[str, ...] = several("ids of the legs of its way")
    leg: str | None = maybe(name, "id of the leg that it is on")
    metres: int | None = maybe(whole(0, 10_000_000), "metres from the start of the leg")
    load: Mapping[str, int] | None = maybe(tally, "people by class, companions included")
    groups: Mapping[str, int] | None = maybe(tally, "the same people by group")
    staff: Mapping[str, int] | None = maybe(tally, "staff by kind")
    due: datetime | None = maybe(when, "when it is expected there")
    note: str | None = maybe(words(400), "why, in words")
    who: tuple[str, ...] = several("numbers of the staff: delegate-01")
    aboard_since: datetime | None = maybe(when, "since when the first of them have been on board")
    infants: int | None = maybe(whole(0, 10_000), "infants on board, as counted there")
    patients: int | None = maybe(whole(0, 10_000), "wounded or sick on board, as counted there")
    water_hours: int | None = maybe(whole(0, 240), "hours for which the water on board lasts")
    water_litres: int | None = maybe(whole(0, 1_000_000), "litres of water left on board")
    may_leave: str | None = maybe(one_of(*MAY_LEAVE), "who may leave the bus")
    next_call: datetime | None = maybe(when, "when they are called next")


@dataclass(frozen=True, slots=True)
class Incident:
    """Something happened on the way or at a place. Who is to blame is not part of it."""

    event: str = needed(name, "id of the event, the same for every report of it")
    what: str = needed(words(), "what happened, in the words of the source")
    covers: tuple[str, ...] = several('ids of the legs and places where it happened, or "all"')
    at: datetime | None = maybe(when, "when it happened")
    killed: int | None = maybe(whole(), "people killed, per this source")
    hurt: int | None = maybe(whole(), "people hurt, per this source")
    convoy: str | None = maybe(name, "id of the convoy that it befell")


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch or place is closed, open or unknown from one time to another."""

    covers: tuple[str, ...] = needed(names, "ids of the legs and places")
    state: str = needed(one_of("closed", "open", "unknown"), "its state")
    since: datetime | None = maybe(when, "from when; else from when it was heard")
    until: datetime | None = maybe(when, "until when, only if someone said so")
    why: str | None = maybe(words(), "why")


@dataclass(frozen=True, slots=True)
class Release:
    """A batch of the counterpart evacuation has moved, or is held back."""

    linked: str = needed(name, "id of the linked evacuation")
    batch: int = needed(whole(1, 100_000), "number of the batch")
    state: str = needed(one_of("departed", "arrived", "blocked"), "what became of it")
    people: int | None = maybe(whole(), "how many people, if counted")
