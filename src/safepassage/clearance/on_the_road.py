"""Where all people are as of a situation: arrived, on the road, not yet departed; side by side.

Who stands before a stretch that is not said to be open is not counted as arriving, unless it is
said when it opens: then no sooner. What nobody knows is told as not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from safepassage.clearance.from_now_times import comes, expected, passages
from safepassage.clearance.in_words import clock, convoys, persons, vehicles
from safepassage.ledger.situation import Situation, StretchState, VehicleNow
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class OnTheRoad:
    """Vehicles of one convoy (or one vehicle) that go to one place.

    `people` are persons aboard; None where nobody has reported who is aboard. `last` is the place,
    post or leg of the last report, at `reported_at`. `expected` is when the last of them is at
    `to`, None where nobody knows. `shut` is what is not said to be open of their way, `before` the
    last place ahead of it: there somebody has to decide.
    """

    name: str
    people: int | None
    vehicles: int
    last: str | None
    reported_at: datetime
    to: str | None
    arrives: bool
    expected: datetime | None
    shut: tuple[StretchState, ...]
    before: str | None


@dataclass(frozen=True, slots=True)
class PeopleNow:
    """Persons by where they are, per our own reports, companions counted.

    `unaccounted` left in a vehicle that left again, and nobody reported their arrival.
    """

    at: datetime
    arrived: int
    unaccounted: int
    on_the_road: tuple[OnTheRoad, ...]

    @property
    def aboard(self) -> int:
        """Persons on the road, as far as reports tell."""
        return sum(one.people or 0 for one in self.on_the_road)

    @property
    def coming(self) -> int:
        """Of those on the road whose way is open, or is said to open: they arrive if it holds."""
        return sum(
            one.people or 0 for one in self.on_the_road if one.arrives and one.expected is not None
        )

    @property
    def unknown(self) -> int:
        """Of those on the road, of whom nobody knows whether or when they arrive."""
        return sum(one.people or 0 for one in self.on_the_road if one.expected is None)

    def everybody(self, waiting: int) -> int:
        """Return all persons, with those who wait to depart, or to go on from a place on the way.

        Who is on the road to such a place waits there for the plan already.
        """
        return self.arrived + self.unaccounted + self.coming + self.unknown + waiting


def people_now(scenario: Scenario, now: Situation) -> PeopleNow:
    """Return where all people are, who has departed."""
    together: dict[tuple[str, str | None], list[VehicleNow]] = {}
    for one in now.vehicles.values():
        if one.on_the_road:
            together.setdefault((one.convoy or one.vehicle, one.to), []).append(one)
    found = [_together(scenario, now, *key, cars) for key, cars in together.items()]
    return PeopleNow(
        at=now.at,
        arrived=sum(now.arrived(scenario).values()),
        unaccounted=sum(now.unaccounted.values()),
        on_the_road=tuple(sorted(found, key=lambda one: (one.people == 0, one.name))),
    )


def _together(
    scenario: Scenario, now: Situation, name: str, to: str | None, cars: Sequence[VehicleNow]
) -> OnTheRoad:
    latest = max(cars, key=lambda one: one.seq)
    known = [expected(scenario, now, one) for one in cars if comes(scenario, now, one)]
    stops = {
        state.seq: (state, leg.start)
        for one in cars
        for leg in passages(scenario, now, one)
        for state in leg.shut
    }
    place = scenario.place.get(to or "")
    # A report of one vehicle that names nobody is silent; a convoy's loads stand in its plan.
    told = all(one.aboard or one.as_planned for one in cars)
    last = latest.leg or latest.place
    if latest.metres is not None and latest.leg is not None:
        last = f"{latest.leg}, km {latest.metres / 1000:g}"
    return OnTheRoad(
        name=name,
        people=sum(sum(one.aboard.values()) for one in cars) if told else None,
        vehicles=len(cars),
        last=last,
        reported_at=latest.reported_at,
        to=to,
        arrives=place is None or place.arrived,
        expected=max(known) if len(known) == len(cars) else None,
        shut=tuple(state for state, _ in stops.values()),
        before=next((start for _, start in stops.values()), None),
    )


def people_json(people: PeopleNow, planned: int, total: int) -> dict[str, object]:
    """Return where all are as the JSON object of `plan --from`.

    `planned` are the persons whom the plan brings to arrival, of `total` who have not departed.
    """
    return {
        "at": people.at.isoformat(),
        "arrived": people.arrived,
        "on_the_road": people.aboard,
        "coming": people.coming,
        "arrival_unknown": people.unknown,
        "unaccounted": people.unaccounted,
        "not_departed": total,
        "planned": planned,
        "in_all": people.arrived + people.coming + planned,
        "in_all_of": people.everybody(total),
        "convoys": [
            {
                "convoy": one.name,
                "people": one.people,
                "vehicles": one.vehicles,
                "last": one.last,
                "last_at": one.reported_at.isoformat(),
                "to": one.to,
                "expected": None if one.expected is None else one.expected.isoformat(),
                "not_open": [state.stretch for state in one.shut],
                "decides_at": one.before,
            }
            for one in people.on_the_road
        ],
    }


def people_lines(people: PeopleNow, planned: int, total: int) -> list[str]:
    """Return where all are as lines for people."""
    road = people.on_the_road
    untold = sum(one.people is None for one in road)
    lines = [
        f"people, as of {people.at:%H:%M}:",
        f"  arrived             {persons(people.arrived)}, by our own reports",
        f"  on the road         {persons(people.aboard)} in {convoys(len(road))}"
        + (f"; of {convoys(untold)} nobody reported who is aboard" if untold else ""),
    ]
    for one in road:
        lines += [f"    {line}" for line in road_lines(one, people.at)]
    if people.unaccounted:
        lines.append(
            f"  not known           {persons(people.unaccounted)}: they departed, and nobody "
            "reported their arrival"
        )
    lines.append(f"  leave by this plan  {planned:,} of {persons(total)} who have not departed")
    in_all = people.arrived + people.coming + planned
    less = f"; of {people.unknown:,} on the road nobody knows" if people.unknown else ""
    of = persons(people.everybody(total))
    return [*lines, f"  arrive if it holds  {in_all:,} of {of}{less}"]


def road_lines(one: OnTheRoad, day: datetime) -> list[str]:
    """Return where a convoy on the road is, and what has to be decided, as lines for people."""
    who = "nobody reported who is aboard" if one.people is None else persons(one.people)
    who = "empty" if one.people == 0 else who
    last = "from a place not known" if one.last is None else f"from {one.last}"
    when = "arrival not known"
    if one.expected is not None:
        when = f"expected {clock(one.expected, day)}"
    where = one.to or "a place not known"
    lines = [
        f"{one.name}: {who}, {vehicles(one.vehicles)}, to {where}, {when}",
        f"  last report {last}, {clock(one.reported_at, day)}",
    ]
    if one.shut:
        shut = ", ".join(dict.fromkeys(told(state, day) for state in one.shut))
        lines.append(f"  before it {shut}")
        if one.expected is None:
            lines.append("  not counted: nobody has said when it opens, or that they get through")
        elif one.people != 0:
            lines.append("  counted as arriving, if it opens then")
        lines.append(
            f"  decide before {one.before}: wait, turn back, or another way"
            if one.before != one.last
            else f"  decide now, at {one.before}: wait, turn back, or another way"
        )
    return lines


def told(state: StretchState, day: datetime) -> str:
    """Return what was said of a stretch that is not open."""
    since = f" from {clock(state.since, day)}" if state.since > day else ""
    until = "" if state.until is None else f" until {clock(state.until, day)}"
    word = "not known to be open" if state.state == "unknown" else state.state
    return f"{state.stretch} is {word}{since}{until} (entry {state.seq})"
