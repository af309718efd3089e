"""From the log of one rehearsed run to what the room hears, when, and from whom.

The players see only what a room sees: promises over the phone, reports by radio, counts at the
hand-over. Who broke a truce is not in it: a room seldom knows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.clearance.way import convoy_ids
from safepassage.ledger.kinds import Body
from safepassage.ledger.said import Guarantee, Withdrawal
from safepassage.ledger.seen import Count, Incident, Movement
from safepassage.ledger.source import Source
from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.event import Event, Replay

PROMISED = timedelta(hours=8)
"""How long a party says that its promise holds, each time it gives one."""
RADIO = Source(channel="radio", person="convoy leader")
PHONE = Source(channel="phone", person="liaison desk")
COUNTER = Source(channel="radio", person="counter at the hand-over")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the room hears at `at`; `told` is the facilitator's line for it."""

    id: str
    at: datetime
    body: Body
    source: Source
    told: str


def script_of(replay: Replay, verified: VerifiedPlan) -> tuple[Line, ...]:
    """Return what the room hears of one run, in order of time."""
    return tuple(sorted(_Writing(replay, verified).lines(), key=lambda one: one.at))


class _Writing:
    """Turns events into lines, each with an id that a second playing repeats."""

    def __init__(self, replay: Replay, verified: VerifiedPlan) -> None:
        self._events = replay.events
        self._run = replay.row.run
        self._verified = verified
        self._scenario = verified.scenario
        self._convoys = frozenset(convoy_ids(verified))
        self._ends = {trip.convoy: trip.end for trip in verified.plan.trips if trip.convoy}
        self._planned = {
            trip.convoy: timedelta(seconds=trip.arrive - trip.depart)
            for trip in verified.plan.trips
            if trip.convoy
        }
        self._ended = {
            event.movement
            for event in replay.events
            if event.kind in {"arrives", "caught", "sent back", "turned back", "refused"}
        }
        self._posts = frozenset(place.id for place in self._scenario.places)
        self._way = tuple(leg.id for leg in self._scenario.legs)
        self._number = 0

    def lines(self) -> Iterator[Line]:
        breaks = 0
        last = self._last_arrivals()
        for number, event in enumerate(self._events):
            at = self._scenario.start + timedelta(seconds=event.at)
            convoy = event.movement if event.movement in self._convoys else None
            if event.kind in {"opens", "halt ends"}:
                yield from self._promises(at)
            elif event.kind == "break":
                breaks += 1
                what = "Firing is reported on the road. Nobody says who."
                body = Incident(event=f"firing-{breaks}", what=what, covers=self._way)
                yield self._line(at, body, RADIO, what)
            elif event.kind == "ends for good":
                yield from self._withdrawals(at)
            elif convoy is not None:
                yield from self._of_convoy(event, convoy, at, closing=last.get(convoy) == number)

    def _of_convoy(
        self, event: Event, convoy: str, at: datetime, *, closing: bool
    ) -> Iterator[Line]:
        place = event.note if event.note in self._posts else None
        if event.kind == "departs":
            body = Movement(what="departed", convoy=convoy)
            yield self._line(at, body, RADIO, f"{convoy} reports that its wheels roll.")
            if convoy not in self._ended:
                # The log of a run says nothing of an empty convoy's end: it drives as planned.
                there = at + self._planned[convoy]
                end = self._ends[convoy]
                arrived = Movement(what="arrived", convoy=convoy, place=end)
                yield self._line(there, arrived, RADIO, f"{convoy} is back at {end}, empty.")
        elif event.kind == "passes" and place is not None:
            body = Movement(what="through", convoy=convoy, place=place)
            yield self._line(at, body, RADIO, f"{convoy} is through {place}.")
        elif event.kind in {"caught", "held", "screened", "refused"}:
            words = {
                "caught": "stands: firing ahead and behind",
                "held": "is held",
                "screened": "is held for a search that nobody had agreed to",
                "refused": "is not let in at the far side",
            }[event.kind]
            body = Movement(what="held", convoy=convoy, place=place, note=words)
            yield self._line(at, body, RADIO, f"{convoy} {words}.")
        elif event.kind in {"sent back", "turned back"}:
            body = Movement(what="turned back", convoy=convoy, place=place)
            yield self._line(at, body, RADIO, f"{convoy} has been sent back.")
        elif event.kind == "arrives" and closing:
            end = place or self._ends[convoy]
            body = Movement(what="arrived", convoy=convoy, place=end)
            yield self._line(at, body, RADIO, f"{convoy} is at {end}.")
            people = self._counted(convoy)
            if people:
                count = Count(
                    counter="hand-over",
                    what="arrived",
                    people=people,
                    as_of=at,
                    place=end,
                    convoy=convoy,
                )
                told = f"The counter at {end} says: {people:,} people of {convoy}."
                yield self._line(at + timedelta(minutes=4), count, COUNTER, told)

    def _promises(self, at: datetime) -> Iterator[Line]:
        for party in self._scenario.parties:
            body = Guarantee(
                party=party.id,
                covers=("all",),
                heard_by="liaison",
                until=at + PROMISED,
                given_by="its duty officer",
                contact="the number known before",
            )
            told = (
                f"The desk of {party.id} promises to let pass until {at + PROMISED:%H:%M}. "
                "A second person has to call back."
            )
            yield self._line(at, body, PHONE, told)

    def _withdrawals(self, at: datetime) -> Iterator[Line]:
        for party in self._scenario.parties[:1]:
            body = Withdrawal(party=party.id, covers=("all",))
            yield self._line(at, body, PHONE, f"The desk of {party.id} takes its promise back.")

    def _line(self, at: datetime, body: Body, source: Source, told: str) -> Line:
        self._number += 1
        return Line(f"drill-{self._run}-{self._number:04d}", at, body, source, told)

    def _last_arrivals(self) -> dict[str, int]:
        """Return the number of the last arrival event of each convoy: it arrives as a whole."""
        return {
            event.movement: number
            for number, event in enumerate(self._events)
            if event.kind == "arrives" and event.movement is not None
        }

    def _counted(self, convoy: str) -> int:
        return sum(
            event.people or 0
            for event in self._events
            if event.kind == "arrives" and event.movement == convoy
        )


def facilitator(lines: Sequence[Line], verified: VerifiedPlan, *, speed: float) -> str:
    """Return the facilitator's paper: what comes when, to be kept from the players."""
    scenario = verified.scenario
    begins = lines[0].at if lines else scenario.start
    shown = [
        f"# Facilitator's script: {scenario.name}",
        "",
        "**EXERCISE, NOT REAL. For the facilitator alone: the players do not see this paper.**",
        "",
        f"One rehearsed run of plan {verified.plan_hash[:8]}, {speed:g} times as fast as time.",
        "What is below is entered by itself; read it aloud where a phone or a radio would.",
        "",
        "| drill time | minutes at the table | what the room hears |",
        "|---|---|---|",
    ]
    for one in lines:
        local = one.at.astimezone(scenario.start.tzinfo)
        at_table = (one.at - begins).total_seconds() / 60 / speed
        shown.append(f"| {local:%d.%m. %H:%M} | {at_table:.0f} | {one.told} |")
    return "\n".join(shown) + "\n"
