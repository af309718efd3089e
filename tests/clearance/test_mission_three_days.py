"""14 to 16 December 2016 as known at each half hour, with everything done that a cell can do.

The cell of this test is diligent: before each question it confirms what was heard with a second
person, proves the road, checks and signs everything and approves. It cannot make a party promise.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from safepassage.clearance.asking import Answer, ask
from safepassage.ledger.decided import GATE_LINES, Approval, Check, GateLine, PlanAdopted, Proof
from safepassage.ledger.entry import read_message
from safepassage.ledger.folding import situation
from safepassage.ledger.kept import Clock, Role
from safepassage.ledger.log import Ledger
from safepassage.ledger.said import Confirmation
from safepassage.ledger.signer import Signer
from safepassage.planner.plan import BoundProof, Convoy, Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.figure import sure
from safepassage.scenario.load import load_scenario
from safepassage.scenario.window import Law
from tests.ledger.writing import clock, enter, new_ledger

CASE = Path(__file__).parents[2] / "cases" / "aleppo-2016"
DAYS = CASE / "hindsight" / "days.json"
HALF = timedelta(minutes=30)
PEOPLE = (("head-1", "head"), ("move-1", "movement"))
WAY = ("amiriyah-ramouseh", "ramouseh-rashidin4")


def entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DAYS.read_text(encoding="utf-8"))["entries"]
    return found


@cache
def plan_of(day: int) -> VerifiedPlan:
    """Return a verified plan with a convoy each half hour of a day, on the roads of the case."""
    case = load_scenario(CASE)
    walking = next(one for one in case.groups if one.class_id == "walking")
    bus = next(one for one in case.vehicles if one.kind == "bus")
    start = clock(0, day=day)
    scenario = replace(
        case,
        start=start,
        horizon=timedelta(hours=26),
        opening=None,
        ending=Law(),
        groups=(replace(walking, leave=sure(2000)),),
        vehicles=(replace(bus, count=sure(47)),),
        staff=(),
    )
    trips, convoys = [], []
    for number in range(1, 48):
        depart = number * 1800
        name = f"c{number:02d}"
        end = depart + 66 * 60
        convoys.append(Convoy(name, "ramouseh-road", "amiriyah", "rashidin4", depart, end))
        trips.append(
            Trip(
                f"bus-{number:02d}",
                "bus",
                "amiriyah",
                "rashidin4",
                WAY,
                depart,
                end,
                name,
                {"walking": 10},
                {walking.id: 10},
            )
        )
    plan = Plan(
        scenario.sha256,
        dict(scenario.inputs),
        start,
        scenario.rules.objective,
        "likely",
        tuple(convoys),
        tuple(trips),
        470.0,
        None,
        BoundProof("none"),
        1,
    )
    return verify(scenario, plan)


def known_at(at: datetime) -> tuple[Ledger, Signer]:
    """Return a ledger with all that had been reported by a time, heard things confirmed."""
    ledger, signer = new_ledger(at=clock(12, day=13))
    enter(
        ledger, *(Role(person=person, role=role) for person, role in PEOPLE), at=clock(12, day=13)
    )
    for one in entries():
        heard = datetime.fromisoformat(one["at"])
        if heard > at:
            break
        raw = {key: one[key] for key in ("id", "kind", "body", "source")}
        message = read_message({**raw, "heard_at": one["at"]}, at=heard)
        assert ledger.append([message], at=heard)[0].state == "stored"
        if one["kind"] == "guarantee":
            body = Confirmation(about=one["id"], person="head-1", known_contact=True)
            enter(ledger, body, at=heard)
    return ledger, signer


def diligent(ledger: Ledger, verified: VerifiedPlan, convoy: str, at: datetime) -> None:
    """Do everything that the cell can do by itself."""
    source_time = max(at - timedelta(minutes=5), clock(12, day=13))
    enter(
        ledger,
        PlanAdopted(plan_hash=verified.plan_hash, plan="{}", person="move-1"),
        Proof(covers=WAY, team="road team", at=source_time, how="driven"),
        *(
            Check(what=what, ready=True, person="move-1", convoy=convoy)
            for what in ("vehicles", "crews", "fuel", "radios")
        ),
        *(
            Check(what="comms", ready=True, person="radio-1", place=post)
            for post in ("ramouseh", "second-post")
        ),
        Check(what="receiving side", ready=True, person="med-1", place="rashidin4"),
        *(
            GateLine(line=line, met=True, person=person, role=role)
            for line in GATE_LINES
            for person, role in PEOPLE
        ),
        Clock(device="room", milliseconds=0, against="time signal"),
        at=source_time,
    )
    seen = ledger.tail()[0]
    for person, role in PEOPLE:
        body = Approval(
            person=person, role=role, plan_hash=verified.plan_hash, convoy=convoy, seen=seen
        )
        enter(ledger, body, at=source_time)


def asked_at(at: datetime) -> Answer:
    """Return the answer for the convoy that would leave at a half hour, as known then."""
    verified = plan_of(at.day)
    number = int((at - clock(0, day=at.day)) / HALF)
    convoy = f"c{number:02d}"
    ledger, signer = known_at(at - timedelta(minutes=5))
    diligent(ledger, verified, convoy, at)
    return ask(verified, ledger, convoy, at=at, contact_at=at, keys={"room": signer.key})


def half_hours(day: int) -> list[datetime]:
    return [clock(0, day=day) + number * HALF for number in range(1, 48)]


@pytest.mark.parametrize("day", [14, 16])
def test_no_convoy_gets_a_go_on_the_14th_and_the_16th_at_any_half_hour(day: int) -> None:
    for at in half_hours(day)[::3]:
        answer = asked_at(at)
        assert not answer.clearance.go, at
        # Nothing that the cell did is missing: it is the parties who have not promised.
        assert {one.line for one in answer.clearance.reasons} <= {"promise", "term"}, at


@pytest.mark.proof
@pytest.mark.parametrize("day", [14, 16])
def test_no_convoy_gets_a_go_on_the_14th_and_the_16th_at_every_half_hour(day: int) -> None:
    assert not [at for at in half_hours(day) if asked_at(at).clearance.go]


def test_a_go_is_reached_at_half_past_two_on_the_15th_and_not_before() -> None:
    goes = [at for at in half_hours(15) if at <= clock(14, 30) and asked_at(at).clearance.go]
    assert goes == [clock(14, 30)]
    assert asked_at(clock(14, 30)).clearance.ends == clock(14, 40)


def test_at_two_on_the_15th_the_reasons_name_who_had_promised_nothing() -> None:
    answer = asked_at(clock(13, 30))
    promises = {one.subject: one.state for one in answer.clearance.reasons if one.line == "promise"}
    assert promises["militias on second-post"] == "none"
    assert promises["militias on ramouseh-rashidin4"] == "none"
    assert promises["russia on ramouseh-rashidin4"] == "incident"
    party_acts = [act for act in answer.acts if act.what == "obtain a guarantee"]
    assert {act.about.split()[0] for act in party_acts} == {
        "militias",
        "russia",
        "government",
        "opposition",
    }


def test_on_the_16th_the_second_post_is_the_reason() -> None:
    answer = asked_at(clock(12))
    assert not answer.clearance.go
    sixteenth = asked_at(clock(12, day=16))
    states = {one.subject: one.state for one in sixteenth.clearance.reasons}
    assert states["militias on second-post"] == "incident"
    assert states["russia on ramouseh"] == "withdrawn"
    later = {one.subject: one.state for one in asked_at(clock(13, day=16)).clearance.reasons}
    assert later["foua-kefraya"] == "open"


def test_the_rival_reports_stand_side_by_side_and_no_count_is_merged() -> None:
    from safepassage.ledger.counts import totals  # noqa: PLC0415
    from safepassage.ledger.disputes import events  # noqa: PLC0415

    ledger, _ = known_at(clock(23, day=16))
    by_event = {one.id: one for one in events(ledger.entries())}
    assert [len(by_event[one].claims) for one in ("truce-broken-14", "road-team-15")] == [2, 3]
    assert by_event["second-post-16"].rival
    now = situation(ledger, at=clock(23, day=16))
    stated = {one.counter: one.people for one in totals(now, "departed")}
    assert stated == {"Russian reconciliation centre": 9500, "Syrian army": 951}


def test_every_entry_of_the_days_has_a_record_or_says_what_is_assumed() -> None:
    record = (CASE / "hindsight" / "record.csv").read_text(encoding="utf-8")
    for one in entries():
        assert one.get("record") or one.get("assumed"), one["id"]
        if "record" in one:
            assert one["record"] in record, one["id"]
    times = [one["at"] for one in entries()]
    assert times == sorted(times)
