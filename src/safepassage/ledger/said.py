"""Kinds of entries for what is said: agreements, statements, promises and what takes them back.

A notification is what we tell a party, an acknowledgement that they have it; neither is a promise.
Only a guarantee is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from safepassage.ledger.classes import ATTRIBUTION, CONTACTS
from safepassage.ledger.fields import (
    flag,
    maybe,
    name,
    names,
    needed,
    one_of,
    sayings,
    several,
    when,
    words,
)

EVERYWHERE = "all"
"""In `covers`: every stretch that the party holds. It has to be said, it is never assumed."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the parties have agreed to talk about or agreed; its clauses are terms."""

    agreement: str = needed(name, "id of the agreement")
    parties: tuple[str, ...] = needed(names, "ids of the parties")
    text: str = needed(words(20_000), "the agreement in words")


@dataclass(frozen=True, slots=True)
class Term:
    """One clause of an agreement, each party's version of it, and its state."""

    term: str = needed(name, "id of the clause")
    agreement: str = needed(name, "id of the agreement")
    text: str = needed(words(), "the clause in words")
    state: str = needed(one_of("agreed", "open", "met", "broken"), "its state")
    versions: Mapping[str, str] | None = maybe(sayings, "each party's version, by party")
    linked_to: str | None = maybe(
        words(200), "what it is tied to: prisoners, aid elsewhere, a counterpart"
    )
    shared: bool | None = maybe(flag, "may each party be shown the other's version?")


@dataclass(frozen=True, slots=True)
class Statement:
    """What someone said, in quotes; claims nothing itself."""

    speaker: str = needed(words(200), "who spoke")
    quote: str = needed(words(), "the words")
    about: tuple[str, ...] = several("ids of the entries that it speaks of")
    event: str | None = maybe(name, "id of the event that it speaks of")
    doubts: bool | None = maybe(flag, "whether it doubts what it speaks of")


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A promise of a party to let pass, over named stretches, from one time to another.

    Without `until` the promise has no end that anyone said; it must be reconfirmed.
    """

    party: str = needed(name, "id of the party that promises")
    covers: tuple[str, ...] = needed(names, 'ids of legs and posts, or "all"')
    heard_by: str = needed(name, "call sign of the person who heard it")
    since: datetime | None = maybe(when, "from when it holds; else from when it was heard")
    until: datetime | None = maybe(when, "its end, only if they said one")
    convoys: tuple[str, ...] = several("ids of the convoys that it is for; else any")
    terms: str | None = maybe(words(), "what it is tied to")
    given_by: str | None = maybe(words(200), "who gave it for the party", of=CONTACTS)
    contact: str | None = maybe(words(200), "how to reach them", of=CONTACTS)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A second person has checked an entry with its source, over a contact known before."""

    about: str = needed(name, "id of the entry that is confirmed")
    person: str = needed(name, "call sign of the person who confirms")
    known_contact: bool = needed(flag, "over a contact known before?")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A party takes its promise back."""

    party: str = needed(name, "id of the party")
    covers: tuple[str, ...] = needed(names, 'ids of legs and posts, or "all"')
    guarantee: str | None = maybe(name, "id of the guarantee, if they named one")


@dataclass(frozen=True, slots=True)
class Notification:
    """What was notified to a party, with the seven fields that a notice carries."""

    party: str = needed(name, "id of the party that was told")
    text: str = needed(words(), "what they were told")
    place: str | None = maybe(name, "id of the place")
    time: datetime | None = maybe(when, "the time of the movement")
    route: tuple[str, ...] = several("ids of the legs")
    identity: str | None = maybe(words(), "who and what moves, by counts")
    window_from: datetime | None = maybe(when, "begin of the window")
    window_until: datetime | None = maybe(when, "end of the window")
    expires: datetime | None = maybe(when, "when the notice ends")
    contact: str | None = maybe(words(200), "our contact", of=CONTACTS)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A party says that it has our notification. It is not a guarantee."""

    party: str = needed(name, "id of the party")
    notification: str = needed(name, "id of the notification")
    text: str | None = maybe(words(), "its words")


@dataclass(frozen=True, slots=True)
class Dispute:
    """Someone contradicts an entry, and says how."""

    about: str = needed(name, "id of the entry that is contradicted")
    says: str = needed(words(), "what they say instead")
    party: str | None = maybe(name, "id of the party that disputes, if one does")
    event: str | None = maybe(name, "id of the event")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is accused by whom of what. Off by default, a class of its own, erasable."""

    about: str = needed(name, "id of the entry or event", of=ATTRIBUTION)
    accused: str = needed(words(200), "who is accused", of=ATTRIBUTION)
    by: str = needed(words(200), "who accuses", of=ATTRIBUTION)
    grade: str = needed(
        one_of("claimed", "witnessed", "documented"), "the evidence that is stated", of=ATTRIBUTION
    )
