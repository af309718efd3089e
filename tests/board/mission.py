"""The Aleppo day at the board: a ledger as of the afternoon of 15 December 2016, people, a room."""

import atexit
import json
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher

from safepassage.board.people import People
from safepassage.board.room import Mode, Room, beside
from safepassage.ledger.decided import GATE_LINES, Approval, Check, GateLine, PlanAdopted, Proof
from safepassage.ledger.entry import read_message
from safepassage.ledger.kept import Clock, Role
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.place import Place, make_ledger, open_ledger, place_of
from safepassage.ledger.said import Confirmation, Guarantee
from safepassage.ledger.seen import Condition, Count, Movement
from safepassage.ledger.source import Source
from safepassage.planner.plan_file import plan_from_text, plan_to_json
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario
from tests.ledger.writing import clock, said

CASE = Path(__file__).parents[2] / "cases" / "aleppo-2016"
DAYS = CASE / "hindsight" / "days.json"
NOW = clock(15, 12)
EVE = clock(12, day=13)
TOLD_UNTIL = clock(14, 5)
PASSWORD = "a long word for tests"  # noqa: S105 - nobody's
PEOPLE = {
    "Head-1": ("head",),
    "Move-1": ("movement",),
    "Radio-1": ("radio",),
    "Med-1": ("medical",),
    "Report-1": ("reporting",),
    "Watch-1": ("observer",),
}
WAY = ("amiriyah-ramouseh", "ramouseh-rashidin4")
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def aleppo_folder() -> Path:
    """Return a folder with the case as of the hour when the road opened: 14:30."""
    folder = Path(tempfile.mkdtemp(prefix="aleppo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    written = (CASE / "scenario.toml").read_text(encoding="utf-8")
    said = 'time = { low = "0 min", likely = "2 h", high = "8 h"'
    assert written.count(said) == 1
    written = written.replace(said, said.replace('likely = "2 h"', 'likely = "390 min"'))
    (folder / "scenario.toml").write_text(written, encoding="utf-8")
    return folder


@cache
def aleppo() -> Scenario:
    """Return the case as of that hour."""
    return load_scenario(aleppo_folder())


@cache
def plan_of_the_day() -> VerifiedPlan:
    """Return a plan of it, the first that the planner finds."""
    return solve(aleppo(), limit=timedelta(seconds=30), seed=1, iterations=0)


def convoys() -> list[str]:
    """Return the convoys with people, in order of departure."""
    first: dict[str, int] = {}
    for trip in plan_of_the_day().plan.trips:
        if trip.convoy is not None and trip.load:
            first[trip.convoy] = min(trip.depart, first.get(trip.convoy, trip.depart))
    return sorted(first, key=lambda one: (first[one], one))


def new_place(folder: Path, *, at: datetime = EVE) -> Place:
    """Make a ledger with the people of the room."""
    place = place_of(str(folder / "ledger.db"))
    ledger, _ = make_ledger(place)
    ledger.found(at=at)
    roles = [Role(person=who, role=role) for who, all_ in PEOPLE.items() for role in all_]
    write(ledger, *roles, at=at)
    ledger.close()
    people = People(beside(place, "people"), hasher=QUICK)
    for who in PEOPLE:
        people.set_password(who, PASSWORD)
    return place


def write(
    ledger: Ledger,
    *bodies: Body,
    at: datetime,
    source: Source | None = None,
    ids: Iterable[str] = (),
) -> list[str]:
    """Enter bodies at a time; return their ids."""
    names = list(ids)
    messages = []
    for number, body in enumerate(bodies):
        default = f"{type(body).__name__.lower()}-{ledger.tail()[0] + 1 + number}"
        id_ = names[number] if number < len(names) else default
        from_ = source or Source(channel="radio", person="Radio-1")
        messages.append(said(id_, body, at=at, source=from_))
    for receipt in ledger.append(messages, at=at):
        assert receipt.state == "stored", receipt
    return [one.id for one in messages]


def afternoon(place: Place, *, until: datetime = TOLD_UNTIL) -> None:
    """Enter the day as it was told, and the plan in force."""
    ledger = open_ledger(place)
    for one in json.loads(DAYS.read_text(encoding="utf-8"))["entries"]:
        heard = datetime.fromisoformat(one["at"])
        if heard > until:
            break
        # The attempt of the 14th had no plan: a plan from now could not follow its vehicles.
        if heard < clock(13, day=13) or one["kind"] == "movement":
            continue
        raw = {key: one[key] for key in ("id", "kind", "body", "source")}
        message = read_message({**raw, "heard_at": one["at"]}, at=heard)
        assert ledger.append([message], at=heard)[0].state == "stored"
    adopt(ledger, plan_of_the_day(), at=clock(14, 10))
    first, second = convoys()[:2]
    army = Source(channel="press", outlet="Syrian army")
    write(ledger, Movement(what="departed", convoy=first), at=clock(14, 30))
    write(
        ledger,
        Condition(place="amiriyah", what="water", state="none", as_of=clock(14)),
        Condition(place="amiriyah", what="medical care", state="sporadic", as_of=clock(14)),
        Movement(what="through", convoy=first, place="ramouseh"),
        at=clock(14, 50),
    )
    write(ledger, Movement(what="departed", convoy=second), at=clock(14, 52))
    write(
        ledger,
        Movement(what="arrived", convoy=first, place="rashidin4"),
        Count(counter="Syrian army", what="arrived", people=951, as_of=clock(15, 5), convoy=first),
        at=clock(15, 6),
        source=army,
    )
    ledger.close()


def adopt(ledger: Ledger, verified: VerifiedPlan, *, at: datetime) -> None:
    """Adopt a plan."""
    text = plan_text(verified)
    body = PlanAdopted(plan_hash=verified.plan_hash, plan=text, person="Move-1")
    write(ledger, body, at=at, source=Source(channel="room", device="room"))


def plan_text(verified: VerifiedPlan) -> str:
    """Return the text of its plan.json."""
    return json.dumps(plan_to_json(verified.plan), ensure_ascii=False)


def all_but_approvals(place: Place, convoy: str, *, at: datetime) -> None:
    """Enter all that a go for a convoy needs, except that two people say so."""
    ledger = open_ledger(place)
    scenario = aleppo()
    given = write(
        ledger,
        *(
            Guarantee(
                party=party.id,
                covers=("all",),
                heard_by="Radio-1",
                until=at + timedelta(hours=5),
                contact=f"line of {party.id}",
            )
            for party in scenario.parties
        ),
        at=at,
    )
    write(
        ledger,
        *(Confirmation(about=one, person="Head-1", known_contact=True) for one in given),
        Proof(covers=WAY, team="road team", at=at, how="driven"),
        *(
            Check(what=what, ready=True, person="Move-1", convoy=convoy)
            for what in ("vehicles", "crews", "fuel", "radios")
        ),
        *(
            Check(what="comms", ready=True, person="Radio-1", place=post)
            for post in ("ramouseh", "second-post")
        ),
        Check(what="receiving side", ready=True, person="Med-1", place="rashidin4"),
        *(
            GateLine(line=line, met=True, person=person, role=role)
            for line in GATE_LINES
            for person, role in (("Head-1", "head"), ("Move-1", "movement"))
        ),
        Clock(device="room", milliseconds=0, against="time signal"),
        at=at,
    )
    ledger.close()


def approve(place: Place, convoy: str, person: str, role: str, *, at: datetime) -> None:
    """Enter one approval."""
    ledger = open_ledger(place)
    body = Approval(
        person=person,
        role=role,
        plan_hash=plan_of_the_day().plan_hash,
        convoy=convoy,
        seen=ledger.tail()[0],
    )
    write(ledger, body, at=at)
    ledger.close()


def room_of(
    place: Place, *, at: datetime = NOW, mode: Mode = "DRILL", scenario: Scenario | None = None
) -> Room:
    """Return a room whose clock stands still unless `room.clock` is changed."""
    people = People(beside(place, "people"), hasher=QUICK)
    return Room(
        place,
        scenario or aleppo(),
        clock=lambda: at,
        mode=mode,
        people=people,
        scenario_path=aleppo_folder(),
    )


def again(text: str) -> VerifiedPlan:
    """Return a plan as read from its text and verified."""
    return verify(aleppo(), plan_from_text(text))
