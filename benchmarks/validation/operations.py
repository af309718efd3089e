"""The operations of the public record, as the record states them (hindsight and shared figures).

What is chosen here and not on the record says so. Nothing is chosen to land in a band but what
the page names as "set from this row".
"""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from benchmarks.validation.shuttle import Operation, fixed
from safepassage.scenario.rehearsal import CarsWindow, RehearsalWanted, ScriptedHalt, Weather
from safepassage.scenario.uncertain import Uncertain

DAMASCUS = timezone(timedelta(hours=2))
KYIV = timezone(timedelta(hours=2))
GAZA = timezone(timedelta(hours=2))
QUIET = RehearsalWanted(drawn_truce=False)
"""The halts of the operation are given by the record: none is drawn."""

ALEPPO = {"held_km": 6.0, "other_km": 15.0}
"""21 km, of which 6 held by the government (Gerasimov, TASS)."""

FAMILY_CARS = Uncertain(
    "triangular", (2.0, 3.5, 5.0), source="two to five people: a family car has five seats"
)
VANS_AND_PICKUPS = Uncertain(
    "triangular", (5.0, 10.0, 15.0), source="private cars, vans and pick-ups, 10-15 by calculation"
)


def hours(number: float) -> timedelta:
    """Return so many hours."""
    return timedelta(hours=number)


FIRST_PHASE = Operation(
    "aleppo-first-phase",
    datetime(2016, 12, 15, 14, 15, tzinfo=DAMASCUS),
    20.25,  # 14:30 to between 09:00 and 12:00 the next day: the middle
    columns=((20, 0.0),),
    ambulances=13,
    lying=200,
    # Up to 50 people a bus of 50 seats: nobody stood (ICRC to AP, 15 December).
    wanted=RehearsalWanted(drawn_truce=False, standing=False),
    **ALEPPO,
)

SECOND_PHASE = Operation(
    "aleppo-second-phase",
    datetime(2016, 12, 18, 23, 0, tzinfo=DAMASCUS),
    150.0,
    # Ten buses at a time (OCHA, 20 December); 60 to 75 buses were there.
    columns=tuple((10, 0.5 * number) for number in range(6)),
    reciprocal=True,
    # 700: 200 sick among the 10,000 of the first day, the same share of the 35,000.
    lying=500,
    wanted=RehearsalWanted(
        drawn_truce=False,
        # Stopped on 20 December, over 24 h before it resumed on the 21st at 16:00.
        halts=(ScriptedHalt(hours(39), hours(65)),),
        # Snow and towing in the last 28 h; seven tenths of the speed, a judgement of the notes.
        weather=(Weather(hours(65), hours(200), 0.7),),
        # Private vehicles moved overnight in the last phase: released in its first half.
        cars_window=CarsWindow(hours(65), hours(79)),
    ),
    stated={
        "cars.number": fixed(1231),
        "cars.people": VANS_AND_PICKUPS,
        # The record gives the halts, those of the other side's steps among them.
        "counterpart.blocked": fixed(0.0),
    },
    **ALEPPO,
)

OPERATIONS: Mapping[str, Operation] = {
    one.id: one
    for one in (
        FIRST_PHASE,
        SECOND_PHASE,
        Operation(
            "sumy-8-march",
            datetime(2022, 3, 8, 9, 0, tzinfo=KYIV),
            12.0,
            8.0,
            170.0,  # 148 km in a straight line and a fifth; no source gives the road
            # No report gives the hour at which either column was there: both at 09:00.
            columns=((22, 0.0), (39, 0.0)),
            closes=12.0,
            wanted=QUIET,
        ),
        Operation(
            "sumy-10-march",
            datetime(2022, 3, 10, 9, 0, tzinfo=KYIV),
            12.0,
            8.0,
            170.0,
            columns=((27, 0.0), (27, 0.5)),
            closes=12.0,
            wanted=RehearsalWanted(drawn_truce=False, cars_window=CarsWindow(hours(0), hours(12))),
            stated={
                "cars.number": fixed(2664),
                "cars.people": FAMILY_CARS,
                # 2,664 cars passed inside the window: all of them came in it.
                "cars.late": fixed(0.0),
            },
        ),
        Operation(
            "azovstal-1",
            datetime(2022, 4, 29, 6, 0, tzinfo=KYIV),
            240.0,
            230.0,  # all of it past the other side's checks
            1.0,
            columns=((5, 0.0),),
            shuttles=False,
            wanted=QUIET,
            stated={
                "checkpoint.screening_chance": fixed(1.0),
                "start.chance": fixed(1.0),
            },
        ),
        Operation(
            "foua-kefraya-2018",
            datetime(2018, 7, 18, 21, 0, tzinfo=DAMASCUS),
            12.0,
            6.0,
            42.0,  # 48 km in all (Los Angeles Times)
            columns=((120, 0.0),),
            ambulances=10,
            lying=20,
            shuttles=False,
            wanted=QUIET,
        ),
        Operation(
            "al-shifa",
            datetime(2023, 11, 22, 8, 0, tzinfo=GAZA),
            60.0,
            15.0,
            15.0,  # Gaza City to the south of the strip: about 30 km, half of it held
            columns=((2, 0.0),),
            ambulances=14,
            people=95,
            lying=28,  # 73 patients and 78 others; 28 lie where 14 ambulances carry two each
            shuttles=False,
            wanted=QUIET,
            stated={"checkpoint.screening_chance": fixed(1.0)},
        ),
    )
}
