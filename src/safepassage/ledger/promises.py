"""Which promises stand, as of an entry: what each covers, until when, who confirms, what voids it.

Records and relates; whether a convoy may move on them is for `clearance.rules` alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from safepassage.ledger.call_signs import people_of, same_person
from safepassage.ledger.decided import Correction
from safepassage.ledger.entry import Entry
from safepassage.ledger.said import (
    EVERYWHERE,
    Confirmation,
    Dispute,
    Guarantee,
    Statement,
    Withdrawal,
)
from safepassage.ledger.seen import Incident
from safepassage.ledger.source import UNCONFIRMED_CHANNELS

PROMISE_KINDS = (
    "guarantee",
    "confirmation",
    "withdrawal",
    "dispute",
    "statement",
    "incident",
    "correction",
)
Void = Literal["withdrawn", "disputed", "incident", "corrected"]
Holders = Mapping[str, frozenset[str]]
"""Stretch (leg, post or place) -> the parties that hold it."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One guarantee as it stands.

    `heard_at` is when it was heard, `confirmed_at` when it was last confirmed (None: never, by a
    person other than the one who heard it). `people` are the call signs that stand behind it.
    `void` maps a stretch to what voids the promise there and the entry that does;
    `doubts` are entries of others that contradict it and change nothing by themselves.
    """

    id: str
    seq: int
    party: str
    covers: tuple[str, ...]
    heard_at: datetime
    since: datetime
    until: datetime | None
    convoys: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    people_needed: int = 2
    confirmed_at: datetime | None = None
    confirmed_seq: int | None = None
    entered_by: str = ""
    terms: str | None = None
    void: Mapping[str, tuple[Void, str]] | None = None
    doubts: tuple[str, ...] = ()

    @property
    def confirmed(self) -> bool:
        """Whether enough people stand behind it."""
        return len(self.people) >= self.people_needed

    def covers_stretch(self, stretch: str) -> bool:
        """Tell whether it is about a stretch at all."""
        return stretch in self.covers or EVERYWHERE in self.covers

    def voided_at(self, stretch: str) -> tuple[Void, str] | None:
        """Return what voids it on a stretch, and by which entry; None where nothing does."""
        void = self.void or {}
        return void.get(stretch) or void.get(EVERYWHERE)


AGAINST_A_GO = frozenset(
    {"withdrawal", "dispute", "incident", "closure", "term", "gate", "check", "release", "revoke"}
)
"""Kinds whose correction takes a no away: it counts once a second person has confirmed it."""


class Corrections:
    """Which entries were corrected, and by whom confirmed.

    A hold is never corrected away: two people lift it. What speaks against a go falls only when a
    second person has confirmed its correction.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_target: dict[str, list[Entry]] = {}
        self._confirmations: dict[str, list[Entry]] = {}
        for entry in entries:
            if isinstance(entry.body, Correction):
                self._by_target.setdefault(entry.body.about, []).append(entry)
            elif isinstance(entry.body, Confirmation):
                self._confirmations.setdefault(entry.body.about, []).append(entry)

    def take_away(self, id_: str, kind: str) -> bool:
        """Tell whether an entry of a kind no longer counts."""
        corrections = self._by_target.get(id_, ())
        if kind == "hold" or not corrections:
            return False
        return kind not in AGAINST_A_GO or any(self._seconded(one) for one in corrections)

    def _seconded(self, correction: Entry) -> bool:
        """Tell whether somebody else than who made a correction has confirmed it."""
        source = correction.source
        own = None if source is None or source.person is None else same_person(source.person)
        return any(same_person(one) != own for one in self.people(correction.id))

    def confirmations(self, id_: str) -> tuple[Entry, ...]:
        """Return the confirmations of an entry that were not corrected themselves."""
        found = self._confirmations.get(id_, ())
        return tuple(one for one in found if not self.take_away(one.id, "confirmation"))

    def people(self, id_: str) -> frozenset[str]:
        """Return who has confirmed an entry over a contact known before."""
        bodies = (one.body for one in self.confirmations(id_))
        return people_of(
            one.person for one in bodies if isinstance(one, Confirmation) and one.known_contact
        )

    def counts(self, id_: str, kind: str, channel: str | None) -> bool:
        """Tell whether an entry changes anything: see `effective`."""
        if self.take_away(id_, kind):
            return False
        return channel not in UNCONFIRMED_CHANNELS or len(self.people(id_)) >= 2


def effective(entries: Iterable[Entry]) -> tuple[list[Entry], Corrections]:
    """Return the entries that change a standing, in order, and who confirmed what.

    Left out: what was corrected, and what came from the public page or the reader and has not been
    confirmed by two people over a known contact.
    """
    listed = list(entries)
    corrections = Corrections(listed)
    kept = [
        one
        for one in listed
        if corrections.counts(one.id, one.kind, None if one.source is None else one.source.channel)
    ]
    return kept, corrections


def promises(entries: Iterable[Entry], holders: Holders) -> tuple[Promise, ...]:
    """Return every promise in order, with what confirms, voids and doubts it.

    A later entry voids an earlier promise; a promise that is given again is a new entry. Of the
    voids of a stretch the first is kept. `entries` are those of one ledger, in order.
    """
    kept, corrections = effective(entries)
    made: dict[str, Promise] = {}
    for entry in kept:
        body = entry.body
        if isinstance(body, Guarantee):
            made[entry.id] = _promise(entry, body, corrections.confirmations(entry.id))
        elif isinstance(body, Withdrawal):
            # A withdrawal that names a promise we do not know takes back all of that party's.
            named = body.guarantee if body.guarantee in made else None
            for one in list(made.values()):
                if one.party == body.party and named in {None, one.id}:
                    made[one.id] = _voided(one, body.covers, "withdrawn", entry.id)
        elif isinstance(body, Incident):
            for one in list(made.values()):
                made[one.id] = _voided(one, body.covers, "incident", entry.id)
        elif isinstance(body, Dispute):
            disputed = made.get(body.about)
            if disputed is not None:
                made[disputed.id] = _disputed(disputed, body, entry.id, holders)
        elif isinstance(body, Statement) and body.doubts:
            for about in body.about:
                if about in made:
                    one = made[about]
                    made[about] = replace(one, doubts=(*one.doubts, entry.id))
    return tuple(made.values())


def _promise(entry: Entry, body: Guarantee, confirmations: tuple[Entry, ...]) -> Promise:
    source = entry.source
    unconfirmed = source is not None and source.channel in UNCONFIRMED_CHANNELS
    # What comes from the public page or the reader is nobody's hearing: two people confirm it.
    people = [] if unconfirmed else [body.heard_by]
    last: Entry | None = None
    for one in confirmations:
        confirmation = one.body
        if not isinstance(confirmation, Confirmation) or one.seq < entry.seq:
            continue
        if confirmation.known_contact:
            people.append(confirmation.person)
            last = one
    return Promise(
        id=entry.id,
        seq=entry.seq,
        party=body.party,
        covers=body.covers,
        heard_at=entry.heard_at,
        since=body.since or entry.heard_at,
        until=body.until,
        convoys=body.convoys,
        people=people_of(people),
        confirmed_at=None if last is None else last.heard_at,
        confirmed_seq=None if last is None else last.seq,
        entered_by=entry.device,
        terms=body.terms,
    )


def _voided(one: Promise, covers: Iterable[str], how: Void, by: str) -> Promise:
    """Return a promise with the stretches of an event voided, as far as it covers them."""
    void = dict(one.void or {})
    for stretch in covers:
        if stretch == EVERYWHERE or one.covers_stretch(stretch):
            void.setdefault(stretch, (how, by))
    return replace(one, void=void) if void != (one.void or {}) else one


def _disputed(one: Promise, body: Dispute, by: str, holders: Holders) -> Promise:
    """Return a promise voided where the disputing party holds; a doubt anywhere else."""
    if body.party is not None and body.party == one.party:
        return _voided(one, one.covers, "disputed", by)
    held = [
        stretch
        for stretch, parties in holders.items()
        if body.party in parties and one.covers_stretch(stretch)
    ]
    if held:
        return _voided(one, held, "disputed", by)
    return replace(one, doubts=(*one.doubts, by))
