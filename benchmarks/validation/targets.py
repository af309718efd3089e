"""The public targets T1 to T15: band, what was really seen, and what kind of row each is."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["people", "rate", "duration", "count", "share"]
Standing = Literal["predicted", "restated", "frozen", "not modelled"]

WIDEST: dict[Kind, float] = {
    "people": 2.0,
    "rate": 2.0,
    "count": 2.0,
    "duration": 3.0,
    "share": 2.0,
}
"""How wide an 80 % interval may be, as P90 / P10."""


@dataclass(frozen=True, slots=True)
class Target:
    """One row of the page.

    `low` to `high` is the band; `seen` the figure that is scored against (the middle of the band
    where the record gives a range). `announced` is what 47 a bus on the announced day says, None
    where it says nothing. `scale` is what a figure of other operations is multiplied with to
    speak for this one (buses for people a bus). `inputs` says in words what was given, and what of
    it restates the answer.
    """

    row: str
    operation: str
    what: str
    kind: Kind
    low: float
    high: float
    standing: Standing
    inputs: str
    announced: float | None = None
    scale: float | None = None

    @property
    def seen(self) -> float:
        """The figure that is scored against."""
        return (self.low + self.high) / 2

    @property
    def digits(self) -> int:
        """Decimals that are shown."""
        return 2 if self.kind in ("duration", "share") else 1 if self.kind == "rate" else 0


A, S, Z, F, K, G = (
    "Aleppo 2016",
    "Sumy 2022",
    "Azovstal 2022",
    "Foua and Kefraya 2018",
    "Katrina 2005",
    "al-Shifa 2023",
)

TARGETS: tuple[Target, ...] = (
    Target("T1 hours", A, "first convoy, hours on the way", "duration", 1.0, 1.3, "predicted",
           "21 km, 6 of them held; the two column speeds were chosen knowing this trip", 1.0),
    Target("T1 people", A, "first convoy, people", "people", 900, 1050, "predicted",
           "20 buses, 13 ambulances, nobody stands (ICRC)", 47 * 20, 20),
    Target("T2 convoys", A, "convoys of the first night", "count", 9, 10, "predicted",
           "20.25 h, nights allowed; loading and empty speed chosen knowing the record's 2 h "
           "between convoys"),
    Target("T2 people", A, "people of the first night", "people", 6500, 10_000, "predicted",
           "as above", 47 * 20, 200),
    Target("T2 people an hour", A, "people an hour", "rate", 350, 540, "predicted", "as above"),
    Target("T3 people a bus", A, "19 December, people a bus", "rate", 54, 69, "restated",
           "the law of loading under pressure is made of this figure"),
    Target("T3 people", A, "19 December, people in 70 buses", "people", 3500, 5000, "restated",
           "as above, times 70", 47 * 70, 70),
    Target("T4 buses an hour", A, "18-20 December, buses an hour", "rate", 4, 6, "predicted",
           "ten buses a step; the default wait for the other side's step was made from this "
           "record"),
    Target("T5 days", A, "days until 35,000 are out", "duration", 7.0, 7.5, "predicted",
           "both halts, snow and the number of private vehicles given", 1.0),
    Target("T5 people a day", A, "people a day, gross", "rate", 4500, 5200, "predicted",
           "as above"),
    Target("T5 share moving", A, "share of the time moving", "share", 0.45, 0.55, "predicted",
           "as above; the halts make most of it"),
    Target("T6 after 16.5 h", A, "patients in hospital after 16.5 h", "people", 150, 230,
           "predicted", "200 identified; by bus where no ambulance is left", 200),
    Target("T6 in all", A, "patients in all", "people", 734, 811, "predicted",
           "700 believed: 200 among the first 10,000, the same share of 35,000", 200),
    Target("T7 hours on board", A, "hours on loaded buses at the crossing", "duration", 10, 16,
           "restated", "the law of the wait at the receiving side is made of this figure"),
    Target("T8 calm", A, "people a bus, calm", "rate", 45, 50, "restated",
           "the law of calm loading is made of this figure"),
    Target("T8 pressed", A, "people a bus, under pressure", "rate", 54, 67, "restated",
           "likewise"),
    Target("T8 crush", A, "people a bus, crush", "rate", 70, 82, "restated", "likewise"),
    Target("T9 trips a bus", S, "8 March, loaded trips a bus", "count", 1.0, 1.0, "predicted",
           "22 and 39 buses at 09:00, a road until 21:00; its length is assumed", 1.0),
    Target("T9 people", S, "8 March, people by bus", "people", 3000, 5000, "predicted",
           "as above; more wait than can ride", 47 * 61, 61),
    Target("T10 people", S, "10 March, people", "people", 11_000, 13_000, "predicted",
           "54 buses and 2,664 family cars of two to five people; the default rate of cars at a "
           "post was made from this day", 47 * 54, 54),
    Target("T11 days", Z, "days", "duration", 4, 5, "frozen",
           "230 km past the other side's checks, one late start and one long check drawn", 1.0),
    Target("T11 people", Z, "people", "people", 127, 159, "frozen",
           "5 buses; nobody had counted who would come", 47 * 5, 5),
    Target("T12 people", F, "people in one night", "people", 6900, 7000, "frozen",
           "120 buses in one batch, wounded first; more wait than can ride", 47 * 120, 120),
    Target("T13 buses at 23 h", K, "buses on hand after 23 h", "people", 180, 220, "frozen",
           "1,094 ordered; band: the figure, 10 % either way", 1094),
    Target("T13 buses at 47 h", K, "after 47 h", "people", 591, 723, "frozen", "as above", 1094),
    Target("T13 buses at 71 h", K, "after 71 h", "people", 842, 1029, "frozen", "as above", 1094),
    Target("T13 buses at 95 h", K, "after 95 h", "people", 985, 1203, "frozen", "as above", 1094),
    Target("T14 hours in all", G, "hours in all", "duration", 18, 22, "frozen",
           "30 km assumed, one check that was not agreed; band: 20 h, 10 % either way"),
    Target("T14 hours at it", G, "hours at the check", "duration", 5.4, 6.6, "restated",
           "the default law of such a check is made of this figure"),
)  # fmt: skip

PEOPLE_A_BUS = {
    A: (46.5, 54.0, 57.5, 67.0, 70.0),
    S: (82.0,),
    Z: (28.6,),
    F: (57.9,),
}
"""People a bus on the record, by operation: what the second null pools, the own one left out."""

DAYS = {A: (7.25,), Z: (4.5,)}
"""Days of operations that were announced for one, by operation; the own one left out."""
