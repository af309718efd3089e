"""The hazard of each guarantor as of today: what the ledger holds, added to what was believed.

An event counts once, however many report it, and on those who hold the stretch where it happened,
in equal parts; who is accused by whom is not read. Every number is a range: two beliefs beforehand,
with and without what is disputed, and the number of spells behind it. Beyond the longest spell on
record the answer is "not known" (None).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from safepassage.ledger.disputes import events
from safepassage.ledger.entry import Entry
from safepassage.ledger.folding import holders_of
from safepassage.ledger.promises import effective, promises
from safepassage.ledger.said import EVERYWHERE, Withdrawal
from safepassage.ledger.seen import Attempt, Closure, Incident, Movement
from safepassage.ledger.stretches import spelt_out
from safepassage.rehearsal.hazard import (
    LONGEST_SPELL,
    MINOR_INCIDENT,
    OUTSIDE_THE_DEAL,
    PRIORS,
    PUBLIC_SPELLS,
    Hazard,
    chance_all_open,
    shared_out,
)
from safepassage.scenario.scenario import Scenario

KINDS = (
    "guarantee",
    "confirmation",
    "withdrawal",
    "dispute",
    "statement",
    "incident",
    "correction",
    "closure",
    "movement",
    "attempt",
    "attribution",
)
"""Kinds of entries that the live update reads."""

SOON_AFTER = timedelta(hours=2)
"""A closure, a turning back or a failed attempt so soon after an incident counts as its effect."""


@dataclass(frozen=True, slots=True)
class Between:
    """A range of one number over what is believed and what is disputed."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as the update counts it: once, on the holders of the stretch, whoever is accused.

    `weight` is 1 for what stopped movement and less for what did not. `rests_on` are the ids of the
    ledger's entries; `at` is the first report of it and `last` the last. `chance_without` is the
    chance for all together as if it had not been.
    """

    id: str
    at: datetime
    last: datetime
    what: str
    parties: tuple[str, ...]
    weight: float
    disputed: bool
    rests_on: tuple[str, ...]
    chance_without: Between | None = None


@dataclass(frozen=True, slots=True)
class GuarantorToday:
    """One guarantor: hours at risk, spells, stops with and without what is disputed.

    `stops_in_100_hours` is the expected number; `chance` that nothing of it stops for the asked
    hours (None: not known). `since` is since when a word of it stands that stands now (None: none
    does), `stopped` when movement was last stopped where it holds the way.
    """

    party: str
    hours: float
    spells: int
    stops: float
    stops_undisputed: float
    stops_in_100_hours: Between
    chance: Between | None
    since: datetime | None = None
    stopped: datetime | None = None


@dataclass(frozen=True, slots=True)
class HazardToday:
    """All guarantors as of a time, for so many hours ahead.

    `spells` is how many stand behind it, those of other places first.
    """

    at: datetime
    ahead: timedelta
    guarantors: tuple[GuarantorToday, ...]
    together: Between | None
    together_undisputed: Between | None
    happenings: tuple[Happening, ...]
    spells: tuple[int, int]
    longest_spell: timedelta = LONGEST_SPELL


def guarantor_weights(scenario: Scenario) -> dict[str, float]:
    """Return who can stop a movement, by weight: every party that holds a part of the way.

    Without any, all that promise are taken as one, under the name "the truce".
    """
    held = {party for parties in holders_of(scenario).values() for party in parties}
    signed = {party for one in scenario.agreements for party in one.parties}
    weights = {
        one.id: 1.0 if one.id in signed or not signed else OUTSIDE_THE_DEAL
        for one in scenario.parties
        if one.id in held
    }
    return weights or {"the truce": 1.0}


def hazard_today(
    scenario: Scenario, entries: Iterable[Entry], *, at: datetime, ahead: timedelta
) -> HazardToday:
    """Return the hazard of each guarantor, updated by what was entered up to a time.

    Parameters
    ----------
    scenario
        Whose parties hold the way.
    entries
        Of one ledger, in order; later ones than `at` do not count.
    at
        As of when (with a zone).
    ahead
        For how long it is to hold.

    Raises
    ------
    ValueError
        If `ahead` is not above zero.
    """
    if ahead <= timedelta(0):
        raise ValueError(f"ahead: got {ahead}, want more than 0")
    known = [one for one in entries if one.entered_at <= at and one.body is not None]
    weights = guarantor_weights(scenario)
    happened = _happenings(known, scenario, tuple(weights), at)
    risk = {party: _at_risk(party, known, scenario, happened, at) for party in weights}
    hours = {party: sum(_hours(one) for one in spans) for party, spans in risk.items()}
    wanted = ahead.total_seconds() / 3600

    def beliefs(counted: Sequence[Happening]) -> list[dict[str, Hazard]]:
        seen = _stops(counted, weights)
        return [
            {
                party: hazard.seen(seen[party], hours[party])
                for party, hazard in shared_out(prior, weights).items()
            }
            for prior in PRIORS.values()
        ]

    def together(counted: Sequence[Happening]) -> Between | None:
        if ahead > LONGEST_SPELL:
            return None
        return _between(chance_all_open(one.values(), wanted) for one in beliefs(counted))

    sure = [one for one in happened if not one.disputed]
    all_of_them = [*beliefs(happened), *beliefs(sure)]
    stops, stops_sure = _stops(happened, weights), _stops(sure, weights)
    guarantors = tuple(
        GuarantorToday(
            party=party,
            hours=hours[party],
            spells=len(risk[party]),
            stops=stops[party],
            stops_undisputed=stops_sure[party],
            stops_in_100_hours=_between(100 * one[party].per_hour for one in all_of_them),
            chance=None
            if ahead > LONGEST_SPELL
            else _between(one[party].chance_open(wanted) for one in all_of_them),
            since=risk[party][-1][0] if risk[party] and risk[party][-1][1] >= at else None,
            stopped=max(
                (one.at for one in happened if party in one.parties and one.weight >= 1),
                default=None,
            ),
        )
        for party in weights
    )
    return HazardToday(
        at=at,
        ahead=ahead,
        guarantors=guarantors,
        together=together(happened),
        together_undisputed=together(sure),
        happenings=tuple(
            replace(
                one, chance_without=together([other for other in happened if other.id != one.id])
            )
            for one in happened
        ),
        spells=(PUBLIC_SPELLS, max(len(one) for one in risk.values())),
    )


def _between(numbers: Iterable[float]) -> Between:
    found = list(numbers)
    return Between(min(found), max(found))


def _stops(happened: Sequence[Happening], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the stops of each party: an event is shared by those who hold the stretch."""
    stops = dict.fromkeys(weights, 0.0)
    for one in happened:
        for party in one.parties:
            stops[party] += one.weight / len(one.parties)
    return stops


def _happenings(
    entries: Sequence[Entry], scenario: Scenario, parties: tuple[str, ...], at: datetime
) -> tuple[Happening, ...]:
    """Return every event up to a time, once, with whether it stopped movement."""
    kept, _ = effective(spelt_out(entries, scenario))
    standing = {one.id for one in kept}
    holders = holders_of(scenario)
    found = []
    for event in events(entries):
        reports = [
            one for one in event.claims if isinstance(one.body, Incident) and one.id in standing
        ]
        if not reports:
            continue
        when = min(_when(one) for one in reports)
        if when > at:
            continue
        spelt = [one.body for one in spelt_out(reports, scenario)]
        covers = {
            stretch for body in spelt if isinstance(body, Incident) for stretch in body.covers
        }
        convoys = {one.body.convoy for one in reports if isinstance(one.body, Incident)} - {None}
        last = max(_when(one) for one in reports) + SOON_AFTER
        stopped = _stopped(kept, (when, min(last, at)), covers, {str(one) for one in convoys})
        first = reports[0].body
        found.append(
            Happening(
                id=event.id,
                at=when,
                last=max(_when(one) for one in reports),
                what=first.what if isinstance(first, Incident) else "",
                parties=_concerned(covers, holders, parties),
                weight=1.0 if stopped else MINOR_INCIDENT,
                disputed=event.disputed,
                rests_on=tuple(one.id for one in (*reports, *event.disputes)),
            )
        )
    found += [
        Happening(
            id=one.id,
            at=one.heard_at,
            last=one.heard_at,
            what="promise withdrawn",
            parties=(one.body.party,),
            weight=1.0,
            disputed=False,
            rests_on=(one.id,),
        )
        for one in kept
        if isinstance(one.body, Withdrawal)
        and one.body.party in parties
        and one.heard_at <= at
        and not _follows(one, found)
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))


def _when(entry: Entry) -> datetime:
    body = entry.body
    return (body.at if isinstance(body, Incident) else None) or entry.heard_at


def _concerned(
    covers: set[str], holders: Mapping[str, frozenset[str]], parties: tuple[str, ...]
) -> tuple[str, ...]:
    """Return who holds where it happened; everybody where it may have been anywhere."""
    held = {party for stretch in covers for party in holders.get(stretch, ())}
    if EVERYWHERE in covers or not held & set(parties):
        return parties
    return tuple(one for one in parties if one in held)


def _follows(withdrawal: Entry, found: Sequence[Happening]) -> bool:
    """Tell whether a withdrawal is the effect of an event that is counted already."""
    body = withdrawal.body
    return isinstance(body, Withdrawal) and any(
        one.weight >= 1
        and body.party in one.parties
        and one.at <= withdrawal.heard_at <= one.last + SOON_AFTER
        for one in found
    )


def _stopped(
    entries: Sequence[Entry],
    between: tuple[datetime, datetime],
    covers: set[str],
    convoys: set[str],
) -> bool:
    """Tell whether movement is said to have stopped between two times, after an incident.

    Closed stretches, promises withdrawn, held or returned convoys and failed attempts count.
    """
    begins, ends = between
    for one in entries:
        body = one.body
        if isinstance(body, Closure) and body.state != "open":
            moment = body.since or one.heard_at
            touches = EVERYWHERE in {*covers, *body.covers} or bool(covers & set(body.covers))
        elif isinstance(body, Movement) and body.what in {"held", "turned back"}:
            moment = body.at or one.heard_at
            touches = not convoys or body.convoy in convoys
        elif isinstance(body, Attempt) and body.state == "failed":
            moment = body.at or one.heard_at
            touches = True
        elif isinstance(body, Withdrawal):
            moment = one.heard_at
            touches = True
        else:
            continue
        if touches and begins <= moment <= ends:
            return True
    return False


def _at_risk(
    party: str,
    entries: Sequence[Entry],
    scenario: Scenario,
    happened: Sequence[Happening],
    at: datetime,
) -> list[tuple[datetime, datetime]]:
    """Return the spells in which a word of the party stood: until its end, a stop, or now.

    A spell that a disputed event ended is ended: nothing was at risk after it, whoever did it.
    """
    spelt = spelt_out(entries, scenario)
    given = [one for one in promises(spelt, holders_of(scenario)) if _of(one.party, party)]
    ends = sorted(one.at for one in happened if party in one.parties and one.weight >= 1)
    spans: list[tuple[datetime, datetime]] = []
    for one in sorted(given, key=lambda promise: promise.since):
        last = min(one.until or at, at)
        stop = next((end for end in ends if end > one.since), None)
        last = last if stop is None else min(last, stop)
        if last <= one.since:
            continue
        if spans and one.since <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((one.since, last))
    return spans


def _of(promising: str, party: str) -> bool:
    return party in {promising, "the truce"}


def _hours(span: tuple[datetime, datetime]) -> float:
    return (span[1] - span[0]).total_seconds() / 3600
