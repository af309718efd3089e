"""Rival claims on one event, side by side; none is called true, none is dropped."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from safepassage.ledger.decided import Correction
from safepassage.ledger.entry import Entry
from safepassage.ledger.said import Attribution, Confirmation, Dispute, Statement
from safepassage.ledger.seen import Incident


@dataclass(frozen=True, slots=True)
class Event:
    """What was said of one event: reports, contradictions, statements, corrections, in order.

    `id` is the event's id where a report names one, else the id of the entry that was disputed.
    """

    id: str
    claims: tuple[Entry, ...]
    disputes: tuple[Entry, ...]
    statements: tuple[Entry, ...]
    corrections: tuple[Entry, ...]
    attributions: tuple[Entry, ...] = ()

    @property
    def disputed(self) -> bool:
        """Whether anyone contradicts any of it."""
        return bool(self.disputes)

    @property
    def rival(self) -> bool:
        """Whether there are two reports at least, or a contradiction."""
        return len(self.claims) > 1 or self.disputed


@dataclass(slots=True)
class _Gathered:
    claims: list[Entry] = field(default_factory=list)
    disputes: list[Entry] = field(default_factory=list)
    statements: list[Entry] = field(default_factory=list)
    corrections: list[Entry] = field(default_factory=list)
    attributions: list[Entry] = field(default_factory=list)


def events(entries: Iterable[Entry]) -> tuple[Event, ...]:
    """Return every event with all that was said of it, in the order of first mention.

    Reports belong together when they name the same event; a dispute, statement or correction
    belongs to what it is about, and so does what is said about that.
    """
    listed = list(entries)
    where = {one.id: one.body.event for one in listed if isinstance(one.body, Incident)}
    by_id = {one.id: one for one in listed}
    gathered: dict[str, _Gathered] = {}

    def of(about: str) -> str:
        """Return the event that an entry's id leads to."""
        seen = set()
        while about not in where and about in by_id and about not in seen:
            seen.add(about)
            body = by_id[about].body
            if isinstance(body, Dispute):
                about = body.event or body.about
            elif isinstance(body, Statement) and (body.event or body.about):
                about = body.event or body.about[0]
            elif isinstance(body, Correction | Confirmation):
                about = body.about
            else:
                break
        return where.get(about, about)

    def at(event: str) -> _Gathered:
        return gathered.setdefault(event, _Gathered())

    for entry in listed:
        body = entry.body
        if isinstance(body, Incident):
            at(body.event).claims.append(entry)
        elif isinstance(body, Dispute):
            event = body.event or of(body.about)
            place = at(event)
            disputed = by_id.get(body.about)
            if disputed is not None and event == body.about and disputed not in place.claims:
                place.claims.append(disputed)
            place.disputes.append(entry)
        elif isinstance(body, Statement) and (body.event or body.about):
            at(body.event or of(body.about[0])).statements.append(entry)
        elif isinstance(body, Correction):
            at(of(body.about)).corrections.append(entry)
        elif isinstance(body, Attribution):
            at(of(body.about)).attributions.append(entry)
    return tuple(
        Event(
            key,
            tuple(one.claims),
            tuple(one.disputes),
            tuple(one.statements),
            tuple(one.corrections),
            tuple(one.attributions),
        )
        for key, one in gathered.items()
    )
