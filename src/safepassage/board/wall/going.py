"""May we go: promises by party and post, what is missing, what lapses next, the next best move."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.board.picture import Picture
from safepassage.clearance.asking import Answer
from safepassage.clearance.form import PromiseLine, promise_lines
from safepassage.clearance.saying import Saying
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.scenario import Scenario

SOON = timedelta(minutes=30)
"""A promise that ends within this time is marked: its renewal is due."""


Named = Callable[[Scenario, str | None, str], str]
"""How a place is named: whole or brief."""


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One party on one stretch or post, as it stands, in words for people."""

    party: str
    stretch: str
    line: PromiseLine
    due: bool


@dataclass(frozen=True, slots=True)
class Lapse:
    """Something that ends by itself: what, about what, and when."""

    line: str
    about: Saying | str
    until: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """The next convoy of the plan in force, and what it would bring.

    `people` ride in it to places that count; `gain` is how many of them are expected to arrive
    though the window may close, given that it holds now. None where the law cannot say.
    """

    convoy: str
    departs: datetime
    arrives: datetime
    people: int
    gain: float | None


@dataclass(frozen=True, slots=True)
class Going:
    """All that the go tile shows of one answer."""

    answer: Answer
    rows: tuple[PromiseRow, ...]
    parties: tuple[tuple[str, str, str | None], ...]
    """Id, name and contact of each party, in the order in which the way meets them."""
    stretches: tuple[tuple[str, str], ...]
    """Id and name of each stretch and post, in the same order."""
    others: tuple[tuple[str, int], ...]
    """Each other line that speaks against a go, and how many things of it do."""
    lapses: tuple[Lapse, ...]

    def at(self, party: str, stretch: str) -> PromiseRow | None:
        """Return how one party stands on one stretch; None where it holds nothing there."""
        for one in self.rows:
            if one.line.party == party and one.line.stretch == stretch:
                return one
        return None


def going(scenario: Scenario, answer: Answer, language: str = "en") -> Going:
    """Return what the tile shows."""
    at = answer.clearance.at
    rows = tuple(
        PromiseRow(
            party=party_name(scenario, one.party, language),
            stretch=stretch_name(scenario, one.stretch, language, named=brief_name),
            line=one,
            due=one.allows and one.until is not None and one.until - at <= SOON,
        )
        for one in promise_lines(answer)
    )
    besides = Counter(one.line for one in answer.clearance.reasons if one.line != "promise")
    lapses = sorted(
        (
            Lapse(one.line, one.about, one.until)
            for one in answer.clearance.standings
            if one.until is not None and one.until >= at
        ),
        key=lambda one: one.until,
    )
    parties = {one.line.party: (one.line.party, one.party, one.line.contact) for one in rows}
    stretches = {one.line.stretch: (one.line.stretch, one.stretch) for one in rows}
    return Going(
        answer,
        rows,
        tuple(parties.values()),
        tuple(stretches.values()),
        tuple(besides.items()),
        tuple(lapses),
    )


def next_move(scenario: Scenario, picture: Picture) -> Move | None:
    """Return the next convoy with people and what it would bring."""
    if picture.plan is None:
        return None
    loaded = {one.convoy for one in picture.plan.plan.trips if one.load}
    convoy = next((one for one in picture.left if one in loaded), None)
    return None if convoy is None else move_of(scenario, picture.plan, convoy, at=picture.at)


def move_of(scenario: Scenario, plan: VerifiedPlan, convoy: str, *, at: datetime) -> Move:
    """Return what one convoy of a plan brings if it leaves as planned, or now if that is past."""
    trips = [one for one in plan.plan.trips if one.convoy == convoy]
    start = plan.plan.start
    departs = start + timedelta(seconds=min(one.depart for one in trips))
    late = max(timedelta(0), at - departs)
    people = 0
    gain: float | None = 0.0
    for trip in trips:
        place = scenario.place.get(trip.end)
        if place is None or not place.arrived:
            continue
        riders = sum(trip.load.values())
        people += riders
        arrives = start + timedelta(seconds=trip.arrive) + late
        chance = _chance(scenario, at, arrives)
        gain = None if gain is None or chance is None else gain + riders * chance
    arrives = start + timedelta(seconds=max(one.arrive for one in trips)) + late
    return Move(convoy, departs + late, arrives, people, gain)


def _chance(scenario: Scenario, at: datetime, until: datetime) -> float | None:
    """Return the chance that the window holds until a time, given that it holds at another."""
    opening = scenario.opening
    opens = scenario.start
    if opening is not None:
        if not opening.time.known:
            return None
        opens += opening.time.pick()
    try:
        now = scenario.ending.holds((at - opens).total_seconds())
        then = scenario.ending.holds((until - opens).total_seconds())
    except ValueError:
        return None
    return then / now if now > 0 else 0.0


def party_name(scenario: Scenario, party: str, language: str = "en") -> str:
    """Return the name of a party, else its id."""
    found = scenario.party.get(party)
    return party if found is None else found.name(language)


def stretch_name(
    scenario: Scenario, stretch: str, language: str = "en", *, named: Named | None = None
) -> str:
    """Return the name of a place, or both ends of a leg, else the id; `named` names a place."""
    named = named or place_name
    if stretch in scenario.place:
        return named(scenario, stretch, language)
    leg = scenario.leg.get(stretch)
    if leg is not None:
        start, end = (named(scenario, one, language) for one in (leg.start, leg.end))
        return f"{start} – {end}"
    return stretch


def brief_name(scenario: Scenario, place: str | None, language: str = "en") -> str:
    """Return the name of a place up to its first comma, where no other place is called so.

    From four metres there is room for "Rashidin-4", not for what is done there.
    """
    whole = place_name(scenario, place, language)
    cut = re.split(r"[,،(]", whole)[0].strip()
    others = (one.name(language) for one in scenario.places if one.id != place)
    return whole if not cut or any(one.startswith(cut) for one in others) else cut


def place_name(scenario: Scenario, place: str | None, language: str = "en") -> str:
    """Return the name of a place, else its id; nothing for none."""
    if place is None:
        return ""
    found = scenario.place.get(place)
    return place if found is None else found.name(language)
