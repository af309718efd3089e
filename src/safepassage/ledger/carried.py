"""Kinds of entries for people by slip: households, who boarded and got off, hand-overs, the sweep.

Numbers and slips, no names. What a slip did is of the class of persons: erased within days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from safepassage.ledger.classes import CONTACTS, PERSONS
from safepassage.ledger.fields import (
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


@dataclass(frozen=True, slots=True)
class Household:
    """Who travels together under one slip, as numbers. The last entry for a slip counts.

    Children without any grown-up who is responsible for them are `unaccompanied`; `separated` ones
    are with relatives who are not their parents. Both are within `people`, never added to it.
    """

    token: str = needed(name, "the slip or wristband", of=PERSONS)
    group: str = needed(name, "id of the group")
    people: int = needed(whole(1, 200), "how many people")
    classes: Mapping[str, int] | None = maybe(tally, "the same people by class", of=PERSONS)
    together: tuple[str, ...] = several("slips that travel in the same vehicle", of=PERSONS)
    unaccompanied: int | None = maybe(whole(0, 200), "unaccompanied children among them")
    separated: int | None = maybe(whole(0, 200), "separated children among them")
    carer: str | None = maybe(words(200), "the organisation that cares for the children")


@dataclass(frozen=True, slots=True)
class Passage:
    """One slip boarded, or got off, at a place."""

    token: str = needed(name, "the slip or wristband", of=PERSONS)
    what: str = needed(one_of("boarded", "got off"), "what it did")
    place: str = needed(name, "id of the place")
    at: datetime | None = maybe(when, "when; else when it was heard")
    people: int | None = maybe(whole(0, 200), "how many of them, if counted")
    convoy: str | None = maybe(name, "id of the convoy")
    vehicle: str | None = maybe(name, "the vehicle: bus-01")


@dataclass(frozen=True, slots=True)
class HandOver:
    """One end's signature under how many people changed hands. It takes one entry an end.

    Two ends that sign two numbers are shown side by side; nobody's is corrected by the other's.
    """

    handover: str = needed(name, "id of the hand-over, the same at both ends")
    end: str = needed(one_of("gives", "receives"), "which end signs")
    of: str = needed(one_of("people", "patients", "children"), "who is handed over")
    people: int = needed(whole(), "how many, as this end counted them")
    person: str = needed(name, "call sign of the person who signs")
    organisation: str = needed(words(200), "for whom they sign")
    place: str | None = maybe(name, "id of the place")
    convoy: str | None = maybe(name, "id of the convoy")
    tokens: tuple[str, ...] = several("the slips, where they go by slip", of=PERSONS)
    contact: str | None = maybe(words(200), "how to reach who signs", of=CONTACTS)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Someone went through a place after the last departure and looked for who is still there."""

    place: str = needed(name, "id of the place")
    found: int = needed(whole(), "how many people were still there")
    person: str = needed(name, "call sign of the person who looked")
    at: datetime | None = maybe(when, "when; else when it was heard")
    patients: int | None = maybe(whole(), "how many of them cannot walk")
    note: str | None = maybe(words(400), "where they looked, and what was not reached")


@dataclass(frozen=True, slots=True)
class Referral:
    """Slips that left and were not seen to arrive were handed to a family-links service."""

    tokens: tuple[str, ...] = needed(names, "the slips", of=PERSONS)
    people: int = needed(whole(1), "how many people")
    to: str = needed(words(200), "the service that looks for them")
    person: str = needed(name, "call sign of the person who referred them")
    convoy: str | None = maybe(name, "id of the convoy that they left with")
    why: str | None = maybe(words(400), "what is known")
