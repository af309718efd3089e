"""The medical page: beds by hospital, patients by need, ambulances at the hand-over."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.naming import Names
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.picture import Picture
from safepassage.board.wall.figures import wounded_classes
from safepassage.board.wall.going import place_name
from safepassage.board.wording import later, words
from safepassage.clearance.readiness import READY_LIFE
from safepassage.ledger.decided import Readiness
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Beds:
    """A place that receives patients: its capacity per the scenario, and free as last reported."""

    place: str
    name: str
    capacity: int | None
    free: int | None
    as_of: datetime | None
    stale: bool
    received: int


@dataclass(frozen=True, slots=True)
class Need:
    """One class of patients: who wishes to leave, is aboard, has arrived. None: not known."""

    name: str
    wish: int | None
    inside: int | None
    aboard: int
    arrived: int


@dataclass(frozen=True, slots=True)
class Cars:
    """Vehicles that carry patients, by where they stand."""

    kind: str
    place: str
    number: int


async def medical(request: Request) -> Response:
    """Show beds, patients and ambulances."""
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture(age=2.0)
    language = who.session.language
    return render(
        request,
        "working/medical.html.j2",
        beds=beds(room.scenario, picture, language),
        needs=needs(room.scenario, picture, language),
        cars=ambulances(room.scenario, picture, language),
    )


def beds(scenario: Scenario, picture: Picture, language: str) -> tuple[Beds, ...]:
    """Return the places that receive people, hospitals first."""
    told = {
        one.body.kind: one.body
        for one in picture.said
        if isinstance(one.body, Readiness) and one.body.what == "place"
    }
    hurt = wounded_classes(scenario)
    found = []
    for place in scenario.places:
        if not place.arrived and place.kind != "hospital":
            continue
        said = told.get(place.id)
        brought = picture.situation.brought.get(place.id, {})
        capacity = place.capacity
        found.append(
            Beds(
                place=place.id,
                name=place.name(language),
                capacity=capacity.pick() if capacity is not None and capacity.known else None,
                free=None if said is None else said.ready,
                as_of=None if said is None else said.as_of,
                stale=said is not None and picture.at - said.as_of > READY_LIFE,
                received=sum(number for key, number in brought.items() if key in hurt),
            )
        )
    return tuple(sorted(found, key=lambda one: scenario.place[one.place].kind != "hospital"))


def needs(scenario: Scenario, picture: Picture, language: str) -> tuple[Need, ...]:
    """Return the groups of patients, each with where its people are."""
    now = picture.situation
    called = Names(scenario, words(language))
    hurt = wounded_classes(scenario)
    left = now.still_at(scenario)
    arrived = now.arrived_groups(scenario)
    found = []
    for group in scenario.groups:
        if group.class_id in hurt:
            aboard = sum(one.groups.get(group.id, 0) for one in now.on_the_road.values())
            found.append(
                Need(
                    name=called.group(group.id),
                    wish=group.leave.pick() if group.leave.known else None,
                    inside=left.get(group.id),
                    aboard=aboard,
                    arrived=arrived.get(group.id, 0),
                )
            )
    return tuple(found)


def ambulances(scenario: Scenario, picture: Picture, language: str) -> tuple[Cars, ...]:
    """Return where the vehicles with stretchers stand, as last reported or as the scenario says."""
    now = picture.situation
    counted: dict[tuple[str, str], int] = {}
    for entry in scenario.vehicles:
        if "stretcher" not in entry.slots or not entry.count.known:
            continue
        for vehicle in _numbers(entry, scenario):
            seen = now.vehicles.get(vehicle)
            if seen is not None and seen.on_the_road:
                place = "→ " + place_name(scenario, seen.to, language)
            else:
                where = entry.at if seen is None or seen.place is None else seen.place
                place = place_name(scenario, where, language)
            key = (entry.kind, place)
            counted[key] = counted.get(key, 0) + 1
    return tuple(Cars(kind, place, number) for (kind, place), number in counted.items())


def _numbers(entry: Vehicles, scenario: Scenario) -> list[str]:
    """Return the names of the vehicles of one entry: numbered over all entries of their kind."""
    before = whole = 0
    for one in scenario.vehicles:
        if one.kind == entry.kind and one.count.known:
            before = whole if one is entry else before
            whole += one.count.pick()
    width = max(2, len(str(whole)))
    first = before + 1
    return [f"{entry.kind}-{n:0{width}d}" for n in range(first, first + entry.count.pick())]


WAYS.append(Way("/medical", later("Medical"), "see medical", "x"))
ROUTES: list[Route] = [page("/medical", medical, "see medical")]
