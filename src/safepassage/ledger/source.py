"""The source of an entry: who or what says so, through which channel, in which words."""

from dataclasses import dataclass

from safepassage.ledger.classes import CONTACTS
from safepassage.ledger.fields import maybe, name, needed, one_of, words

UNCONFIRMED_CHANNELS = frozenset({"public page", "reader"})
"""What comes from these changes no standing before two people confirm it over a known contact."""

CHANNELS = (
    "radio",
    "phone",
    "in person",
    "message",
    "letter",
    "paper",
    "press",
    "device",
    "room",
    "reader",
    "public page",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry comes from. At least one of person, device and outlet is stated."""

    channel: str = needed(one_of(*CHANNELS), "how it reached us")
    person: str | None = maybe(words(200), "who says so: a role or call sign", of=CONTACTS)
    device: str | None = maybe(name, "the device that reports it")
    outlet: str | None = maybe(words(200), "the newspaper, agency or organisation")
    quote: str | None = maybe(words(4000), "the words, as they were said")
    url: str | None = maybe(words(1000), "where the words can be read")
    contact: str | None = maybe(words(200), "how to reach them again", of=CONTACTS)
