"""Which entry somebody means who confirms, corrects or disputes one: by its number or its id."""

from safepassage.ledger.call_signs import same_person
from safepassage.ledger.decided import Correction
from safepassage.ledger.entry import Entry
from safepassage.ledger.faults import EntryError, Fault, shown
from safepassage.ledger.log import Ledger
from safepassage.ledger.said import Guarantee
from safepassage.ledger.source import UNCONFIRMED_CHANNELS

MEANS_ONE: frozenset[str] = frozenset({"confirmation", "correction", "dispute"})
"""Kinds that are about exactly one earlier entry."""
WANTED = "the number or the id of an entry of the log"
WHERE = "body.about"


def meant(kind: str, typed: str, ledger: Ledger, *, who: str) -> str:
    """Return the id of the entry that `typed` names: a plain number is the one in wall and log.

    Raises
    ------
    EntryError
        If there is no such entry, or if `who` confirms what he has heard himself: one person is
        counted once.
    """
    found = _found(typed, ledger)
    if found is None:
        raise EntryError((Fault(WHERE, shown(typed), WANTED),))
    first = _counted(found) if kind == "confirmation" else None
    if first is not None and same_person(first) == same_person(who):
        raise EntryError(
            (
                Fault(
                    WHERE,
                    f"{found.seq} {found.kind}, which {first} is counted for already",
                    "another person: who heard an entry does not count a second time",
                ),
            )
        )
    return found.id


def _found(typed: str, ledger: Ledger) -> Entry | None:
    if not (typed.isascii() and typed.isdecimal()):
        return ledger.find(typed)
    number = int(typed) if len(typed) < 10 else 0
    if not 0 < number <= ledger.tail()[0]:
        return None
    return next(iter(ledger.entries(number - 1, number)), None)


def _counted(entry: Entry) -> str | None:
    """Return who stands behind an entry by having entered it, as `ledger.promises` counts people.

    Of what came from the public page or the reader nobody does: two people confirm it.
    """
    source = entry.source
    if source is not None and source.channel in UNCONFIRMED_CHANNELS:
        return None
    if isinstance(entry.body, Guarantee):
        return entry.body.heard_by
    if isinstance(entry.body, Correction):
        return None if source is None else source.person
    return None
