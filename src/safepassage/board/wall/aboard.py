"""Those on board between two places: since when, who they are, how long their water lasts.

What nobody has told stays None. Water that was told in litres lasts as long as people drink by an
assumed rate; the page says so. Figures of a convoy and of its vehicles are never added.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.board.picture import Picture
from safepassage.board.wall.figures import wounded_classes
from safepassage.board.wall.going import place_name
from safepassage.ledger.situation import AboardNow, VehicleNow
from safepassage.scenario.scenario import Scenario

LONG = timedelta(hours=4)
"""Assumed where the scenario states no longest time on board."""
LOW = timedelta(hours=2)
"""Assumed: water that ends within this time is a warning."""
DRINK = 3
"""Assumed: litres that one person drinks in a day, the upper end of what Sphere counts with."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a whole convoy, or of one vehicle of it, and when its water ends.

    `by_litres` says that the end is reckoned from litres. None: nobody told, or not enough.
    """

    vehicle: str | None
    said: AboardNow
    water_ends: datetime | None
    by_litres: bool

    def low(self, at: datetime) -> bool:
        """Tell whether the water has ended or ends soon."""
        return self.water_ends is not None and self.water_ends - at <= LOW


@dataclass(frozen=True, slots=True)
class Aboard:
    """One convoy on the road, with the last that was told of those on board.

    `since` is when the first boarded as far as that was told, else when it departed; `told` holds
    the convoy's own word first, then that of single vehicles.
    """

    convoy: str
    state: str
    place: str
    since: datetime | None
    on_board: timedelta | None
    too_long: bool
    people: int
    patients: int
    vehicles: tuple[str, ...]
    told: tuple[Told, ...]
    next_call: datetime | None

    def dry(self, at: datetime) -> Told | None:
        """Return whose water ends first of those where it is low; None where it is not."""
        low = [one for one in self.told if one.low(at)]
        return min(low, key=lambda one: one.water_ends or at, default=None)


def aboard(scenario: Scenario, picture: Picture, language: str) -> tuple[Aboard, ...]:
    """Return the convoys with people on the road, the longest on board first."""
    now = picture.situation
    hurt = wounded_classes(scenario)
    limit = scenario.rules.longest_on_board or LONG
    found = []
    for one in now.convoys.values():
        rolling = [now.vehicles[c] for c in one.vehicles if c in now.vehicles]
        rolling = [car for car in rolling if car.on_the_road and any(car.aboard.values())]
        if not rolling:
            continue
        told = tuple(
            _told(said, rolling)
            for said in now.aboard
            if said.convoy == one.convoy and said.vehicle in {None, *(c.vehicle for c in rolling)}
        )
        boarded = [this.said.aboard_since for this in told if this.said.aboard_since is not None]
        left = [car.departed_at for car in rolling if car.departed_at is not None]
        since = min([*boarded, *left], default=None)
        on_board = None if since is None else picture.at - since
        calls = [this.said.next_call for this in told if this.said.next_call is not None]
        found.append(
            Aboard(
                convoy=one.convoy,
                state=one.state,
                place=place_name(scenario, one.place, language),
                since=since,
                on_board=on_board,
                too_long=on_board is not None and on_board > limit,
                people=sum(sum(car.aboard.values()) for car in rolling),
                patients=sum(n for car in rolling for key, n in car.aboard.items() if key in hurt),
                vehicles=tuple(car.vehicle for car in rolling),
                told=told,
                next_call=min(calls, default=None),
            )
        )
    return tuple(sorted(found, key=lambda one: one.on_board or timedelta(0), reverse=True))


def _told(said: AboardNow, rolling: list[VehicleNow]) -> Told:
    mine = [car for car in rolling if said.vehicle in {None, car.vehicle}]
    people = sum(sum(car.aboard.values()) for car in mine)
    ends: list[tuple[datetime, datetime, bool]] = []
    if said.water_hours is not None:
        told_at = said.as_of["water_hours"]
        ends.append((told_at, told_at + timedelta(hours=said.water_hours), False))
    if said.water_litres is not None and people:
        told_at = said.as_of["water_litres"]
        lasts = timedelta(days=said.water_litres / (people * DRINK))
        ends.append((told_at, told_at + lasts, True))
    if not ends:
        return Told(said.vehicle, said, None, by_litres=False)
    # What was told last counts; told at once, what ends first.
    _, end, by_litres = min(ends, key=lambda one: (-one[0].timestamp(), one[1]))
    return Told(said.vehicle, said, end, by_litres)
