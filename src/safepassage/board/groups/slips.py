"""What is known of each slip, folded from the record: who travels together, their wish, their way.

Nothing is filled in: a slip that nobody saw get off has not arrived, whatever its convoy did.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from safepassage.ledger.carried import Household, Passage, Referral
from safepassage.ledger.entry import Entry
from safepassage.ledger.promises import Corrections
from safepassage.ledger.seen import Consent

KINDS = ("household", "consent", "passage", "handover", "sweep", "referral")


@dataclass(frozen=True, slots=True)
class Seen:
    """One slip at one place: boarded there, or got off."""

    place: str
    at: datetime
    convoy: str | None
    vehicle: str | None
    people: int | None


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip as the last entries have it. `people` is None until somebody said how many.

    `wish` is None where nobody has asked: that is no yes.
    """

    token: str
    people: int | None = None
    group: str | None = None
    classes: Mapping[str, int] = field(default_factory=dict)
    together: tuple[str, ...] = ()
    unaccompanied: int | None = None
    separated: int | None = None
    carer: str | None = None
    wish: str | None = None
    wants: str | None = None
    language: str | None = None
    asked_at: datetime | None = None
    boarded: Seen | None = None
    got_off: Seen | None = None
    referred_to: str | None = None

    @property
    def children(self) -> int:
        """How many unaccompanied and separated children it has, as far as it was said."""
        return (self.unaccompanied or 0) + (self.separated or 0)

    @property
    def on_the_way(self) -> bool:
        """Whether it boarded and nobody has seen it get off."""
        return self.boarded is not None and self.got_off is None


def slips_of(entries: Iterable[Entry], corrections: Corrections) -> dict[str, Slip]:
    """Return every slip by its number, from entries in the order of the log."""
    slips: dict[str, Slip] = {}
    for entry in counted(entries, corrections):
        body = entry.body
        if isinstance(body, Household):
            now = slips.get(body.token, Slip(body.token))
            slips[body.token] = replace(
                now,
                people=body.people,
                group=body.group,
                classes=body.classes or {},
                together=body.together,
                unaccompanied=body.unaccompanied,
                separated=body.separated,
                carer=body.carer,
            )
        elif isinstance(body, Consent) and body.token is not None:
            now = slips.get(body.token, Slip(body.token))
            slips[body.token] = replace(
                now,
                people=body.people if now.people is None else now.people,
                group=now.group or body.group,
                wish=body.wish,
                wants=body.wants or now.wants,
                language=body.language or now.language,
                asked_at=entry.heard_at,
            )
        elif isinstance(body, Passage):
            now = slips.get(body.token, Slip(body.token))
            at = body.at or entry.heard_at
            seen = Seen(body.place, at, body.convoy, body.vehicle, body.people)
            slips[body.token] = _moved(now, body.what, seen)
        elif isinstance(body, Referral):
            for token in body.tokens:
                now = slips.get(token, Slip(token))
                slips[token] = replace(now, referred_to=body.to)
    return slips


def counted(entries: Iterable[Entry], corrections: Corrections) -> Iterable[Entry]:
    """Yield the entries that were not corrected and can still be read."""
    for entry in entries:
        channel = None if entry.source is None else entry.source.channel
        if entry.body is not None and corrections.counts(entry.id, entry.kind, channel):
            yield entry


def _moved(now: Slip, what: str, seen: Seen) -> Slip:
    """Take one sighting; reports may come late, so their own times decide, not their order."""
    if what == "boarded":
        if now.boarded is not None and now.boarded.at > seen.at:
            return now
        # It boards again (a change of vehicle): where it got off before is over.
        off = now.got_off if now.got_off is not None and now.got_off.at >= seen.at else None
        return replace(now, boarded=seen, got_off=off)
    if now.got_off is not None and now.got_off.at > seen.at:
        return now
    if now.boarded is not None and now.boarded.at > seen.at:
        return now
    return replace(now, got_off=seen)
