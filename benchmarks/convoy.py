"""Variants of a convoy corridor: how close plan and bound come in a given time.

`python -m benchmarks.convoy --seconds 60 --first 1 --last 20` prints one JSON line a variant. With
--out rows are added to results.csv, and best.csv keeps what is better than before.
"""

import argparse
import json
import random
import time
from datetime import UTC, datetime, timedelta
from datetime import time as of_day

from benchmarks import best, rows
from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.solve import solve
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Staff, Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass
from safepassage.scenario.places import Corridor, Intake, Leg, Place
from safepassage.scenario.rules import Night, Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law, Opening, Window


def variant(seed: int, *, hours: int = 24, people: int = 10_000) -> Scenario:
    """Return a variant of the Aleppo corridor: fleet, staff, headway, window, places vary."""
    r = random.Random(f"convoy/{seed}")
    pickups = [f"pickup-{n}" for n in range(r.randint(1, 4))]
    ends = [f"end-{n}" for n in range(r.randint(1, 5))]
    places = [Place("gate", "checkpoint"), Place("line", "checkpoint")]
    legs = [Leg("road", "gate", "line", sure(timedelta(minutes=r.choice((48, 60, 66)))))]
    for name in pickups:
        bays = (
            {"bus": sure(r.choice((6, 10, 20))), "ambulance": sure(5)} if r.random() < 0.5 else {}
        )
        places.append(Place(name, "pickup", bays=bays))
        legs.append(
            Leg(f"{name}-gate", name, "gate", sure(timedelta(minutes=r.choice((4, 8, 15)))))
        )
    for name in ends:
        places.append(
            Place(
                name,
                "hospital" if name == "end-0" else "shelter",
                arrived=True,
                capacity=sure(r.choice((1500, 3000, 6000))) if r.random() < 0.3 else None,
                intake=Intake(sure(r.choice((400, 800, 1200))), timedelta(minutes=30))
                if r.random() < 0.4
                else None,
            )
        )
        legs.append(
            Leg(f"line-{name}", "line", name, sure(timedelta(minutes=r.choice((5, 10, 20)))))
        )
    corridor = Corridor(
        "road",
        ("road",),
        largest=sure(r.choice((20, 30, 35))),
        headway=sure(timedelta(minutes=r.choice((20, 30, 40, 60)))),
        one_way=r.random() < 0.5,
    )
    shares = [r.random() + 0.3 for _ in pickups]
    groups = []
    for name, share in zip(pickups, shares, strict=True):
        number = int(people * share / sum(shares))
        wounded = max(2, number // 50)
        groups.append(Group(f"{name}-lying", name, "lying", sure(wounded)))
        groups.append(Group(f"{name}-others", name, "walking", sure(number - 2 * wounded)))
    window = []
    if r.random() < 0.3:
        window.append(Window("first", "road", timedelta(0), timedelta(hours=9)))
        window.append(Window("second", "road", timedelta(hours=12), None))
    night = Night(of_day(22), of_day(5), allowed=False) if r.random() < 0.2 else None
    law = r.choice(
        (
            Law("exponential", sure(timedelta(hours=r.choice((8, 12, 24))))),
            Law("weibull", sure(timedelta(hours=14)), shape=r.choice((0.8, 1.6))),
            Law("table", steps=((timedelta(hours=6), 0.8), (timedelta(hours=24), 0.1))),
        )
    )
    return Scenario(
        name=f"variant {seed}",
        start=datetime(2016, 12, 15, 8, tzinfo=UTC),
        horizon=timedelta(hours=hours),
        sha256=f"{seed:064x}",
        places=tuple(places),
        legs=tuple(legs),
        corridors=(corridor,),
        classes=(*BUILT_IN_CLASSES, PersonClass("lying", {"stretcher": 1}, 1, 2.0, "wounded")),
        groups=tuple(groups),
        vehicles=(
            Vehicles(
                "buses",
                "bus",
                sure(r.choice((16, 20, 24))),
                pickups[0],
                {"seat": sure(50)},
                sure(timedelta(minutes=r.choice((10, 20)))),
                sure(timedelta(minutes=10)),
                serves=tuple(ends[1:]) if len(ends) > 1 else (),
            ),
            Vehicles(
                "ambulances",
                "ambulance",
                sure(r.choice((6, 10))),
                pickups[0],
                {"stretcher": sure(2), "seat": sure(2)},
                sure(timedelta(minutes=15)),
                sure(timedelta(minutes=r.choice((10, 15)))),
                serves=("end-0",),
            ),
        ),
        staff=(
            Staff("escorts", "escort", sure(r.randint(1, 4)), "gate", ("convoy",)),
            Staff("delegates", "delegate", sure(r.choice((6, 12))), "gate", ("class:lying",)),
        ),
        windows=tuple(window),
        opening=Opening(sure(timedelta(hours=r.choice((0, 1))))),
        ending=law,
        rules=Rules(
            night=night, rho=sure(r.choice((0.0, 0.5))), arrival_margin=timedelta(minutes=10)
        ),
    )


def case_name(seed: int, hours: int = 24, people: int = 10_000) -> str:
    """Return the name under which a variant is kept."""
    return f"convoy variant {seed}, {hours} h, {people} people"


def main() -> None:
    """Run the variants and print a JSON line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--last", type=int, default=20)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--out", action="store_true")
    asked = parser.parse_args()
    for seed in range(asked.first, asked.last + 1):
        scenario = variant(seed, hours=asked.hours, people=asked.people)
        first: list[float] = []
        began = time.monotonic()

        def note(now: object, first: list[float] = first, began: float = began) -> None:
            del now
            if not first:
                first.append(time.monotonic() - began)

        made = solve(scenario, limit=timedelta(seconds=asked.seconds), progress=note)
        seconds = time.monotonic() - began
        baseline = fill_and_send(scenario).value
        if asked.out:
            name = case_name(seed, asked.hours, asked.people)
            best.keep(best.found(name, made))
            rows.add_plan(
                "convoy", name, made, limit=asked.seconds, seconds=seconds, baseline=baseline,
                first_plan=first[0] if first else None,
            )  # fmt: skip
        print(
            json.dumps(
                {
                    "variant": seed,
                    "value": made.value,
                    "bound": made.bound,
                    "gap": made.gap,
                    "relaxes": list(made.plan.proof.relaxes),
                    "first_plan_s": round(first[0], 2) if first else None,
                    "fill_and_send": baseline,
                    "seconds": round(seconds, 1),
                    "plan_hash": made.plan_hash,
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
