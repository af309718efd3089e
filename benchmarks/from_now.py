"""Plans from now: five changes of the Aleppo day at 14:00, against a fresh full solve.

`python -m benchmarks.from_now --seconds 30 --change closed-leg` prints one JSON line: time to the
first verified plan, the plan from now and a fresh solve of the same scenario in the same time.
`--change chain` makes three in a row, each on top of those before and each after the plan in force
that the one before it made, under its names; one line each, a fresh solve at the end.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from safepassage.clearance.changes import named
from safepassage.clearance.from_now import FromNow, from_ledger
from safepassage.ledger.decided import PlanAdopted
from safepassage.ledger.entry import Message
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.seen import Movement
from safepassage.ledger.signer import new_signer
from safepassage.ledger.source import Source
from safepassage.ledger.sqlite import open_sqlite
from safepassage.planner.budget import Progress
from safepassage.planner.following import still_ahead
from safepassage.planner.plan import Plan
from safepassage.planner.plan_file import plan_to_json
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.figure import sure
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window

CASE = Path(__file__).parents[1] / "cases" / "aleppo-2016"
CUT = 6 * 3600
"""Seconds from the start, 08:00, to the moment of the cut: 14:00."""


def cut(scenario: Scenario, first: VerifiedPlan, folder: Path) -> FromNow:
    """Return what is left at 14:00 of a day on which every convoy went as planned."""
    entropy = random.Random(7).randbytes
    path = folder / "ledger.sqlite"
    signer = new_signer("room", entropy=entropy)
    keyring = Keyring(folder / "data-keys", entropy=entropy)
    ledger = Ledger(open_sqlite(path), keyring, signer, entropy=entropy)
    start = scenario.start
    now = start + timedelta(seconds=CUT)
    ledger.found(at=start)
    text = json.dumps(plan_to_json(first.plan))
    bodies: list[tuple[datetime, Body]] = [
        (start, PlanAdopted(plan_hash=first.plan_hash, plan=text, person="head-1"))
    ]
    for convoy in first.plan.convoys:
        mine = [one for one in first.plan.trips if one.convoy == convoy.id]
        begin = start + timedelta(seconds=min([convoy.depart, *(one.depart for one in mine)]))
        end = start + timedelta(seconds=max([convoy.arrive, *(one.arrive for one in mine)]))
        bodies.append((begin, Movement(what="departed", convoy=convoy.id, at=begin)))
        arrived = Movement(what="arrived", convoy=convoy.id, place=convoy.end, at=end)
        bodies.append((end, arrived))
    source = Source(channel="radio", person="radio-1")
    for number, (at, body) in enumerate(sorted(bodies, key=lambda one: one[0])):
        if at <= now:
            ledger.append([Message(f"entry-{number}", body, source, at)], at=at)
    return from_ledger(scenario, ledger, at=now)


def people_aboard(left: Scenario) -> Scenario:
    """Return it as it is: who is on the road arrives, the rest is planned."""
    return left


def place_empty(left: Scenario) -> Scenario:
    """Return it with a tenth of the people that were thought to wait still there."""
    groups = tuple(
        replace(one, leave=sure(one.leave.pick() // 10), ready=(), households=None)
        for one in left.groups
    )
    return replace(left, groups=groups)


def closed_leg(left: Scenario) -> Scenario:
    """Return it with the road closed from 14:00 to 17:00."""
    road, until = left.corridors[0].id, timedelta(hours=9)
    # Windows of one stretch are alternatives: each is narrowed.
    windows = [
        replace(one, opens=max(one.opens or until, until)) if one.where == road else one
        for one in left.windows
    ]
    if all(one.where != road for one in windows):
        windows.append(Window("from-17", road, until))
    return replace(left, windows=tuple(windows))


def escort_lost(left: Scenario) -> Scenario:
    """Return it with one lead car less."""
    lost = next(k for k, one in enumerate(left.staff) if "convoy" in one.needed_by)
    staff = list(left.staff)
    staff[lost] = replace(staff[lost], count=sure(staff[lost].count.pick() - 1), ready=())
    return replace(left, staff=tuple(one for one in staff if one.count.pick() > 0))


def new_people(left: Scenario) -> Scenario:
    """Return it with 2,000 people more who wish to leave."""
    most = max(left.groups, key=lambda one: one.leave.pick())
    groups = tuple(
        replace(one, leave=sure(one.leave.pick() + 2000)) if one is most else one
        for one in left.groups
    )
    return replace(left, groups=groups)


CHANGES: dict[str, Callable[[Scenario], Scenario]] = {
    "people-aboard": people_aboard,
    "place-empty": place_empty,
    "closed-leg": closed_leg,
    "escort-lost": escort_lost,
    "new-people": new_people,
}

CHAIN = ("closed-leg", "escort-lost", "new-people")


def timed(
    scenario: Scenario, seconds: float, in_force: Plan | None
) -> tuple[VerifiedPlan, float, float]:
    """Return a plan, the seconds to the first verified one, and all seconds."""
    began = time.monotonic()
    first: list[float] = []

    def watch(now: Progress) -> None:
        if now.value > 0 and not first:
            first.append(time.monotonic() - began)

    made = solve(
        scenario,
        limit=timedelta(seconds=seconds),
        seed=1,
        progress=watch,
        in_force=in_force,
    )
    return made, first[0] if first else float("nan"), time.monotonic() - began


def unchanged(made: VerifiedPlan, in_force: Plan) -> int:
    """Return how many convoys still ahead leave at their time, in their direction."""
    before = {(one.corridor, one.start, one.depart) for one in in_force.convoys}
    return len(before & {(one.corridor, one.start, one.depart) for one in made.plan.convoys})


def main() -> None:
    """Run one change."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--change", choices=[*CHANGES, "chain"], required=True)
    asked = parser.parse_args()
    scenario = load_scenario(CASE)
    first = solve(scenario, seed=1, limit=timedelta(seconds=8))
    with tempfile.TemporaryDirectory() as folder:
        left = cut(scenario, first, Path(folder))
    steps = CHAIN if asked.change == "chain" else (asked.change,)
    in_force, changed = first.plan, left.scenario
    for step in steps:
        changed = CHANGES[step](changed)
        line, made = measured(step, changed, in_force, left, asked.seconds, fresh=step == steps[-1])
        print(json.dumps(line))
        now = replace(left, used=left.used | {one.id for one in in_force.convoys})
        in_force = named(made, in_force, now).plan
        left = replace(now, used=now.used | {one.id for one in in_force.convoys})


def measured(
    change: str,
    changed: Scenario,
    in_force: Plan,
    left: FromNow,
    seconds: float,
    *,
    fresh: bool,
) -> tuple[dict[str, object], VerifiedPlan]:
    """Return the row of one change and the plan made after it."""
    ahead = still_ahead(in_force, tuple(left.situation.convoys), CUT)
    made, soon, took = timed(changed, seconds, ahead)
    line: dict[str, object] = {
        "change": change,
        "first_plan_s": round(soon, 2),
        "seconds": round(took, 1),
        "value": round(made.value, 1),
        "bound": made.bound,
        "convoys_ahead": len(ahead.convoys),
        "unchanged": unchanged(made, ahead),
    }
    if fresh:
        other, _, fresh_took = timed(changed, seconds, None)
        line["fresh_value"] = round(other.value, 1)
        line["fresh_seconds"] = round(fresh_took, 1)
        line["of_fresh"] = round(made.value / other.value, 4)
    return line, made


if __name__ == "__main__":
    main()
