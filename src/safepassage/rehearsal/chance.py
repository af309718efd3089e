"""What a rehearsal believes of everything that nobody knows, and why: every default, with origin.

Each default has a public source or is marked as a judgement; a scenario's `[rehearsal]` table
states any of them anew. Nothing else is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from safepassage.rehearsal.result import Belief
from safepassage.scenario.duration import format_duration
from safepassage.scenario.figure import Choice
from safepassage.scenario.rehearsal import UNCERTAIN, RehearsalWanted
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.uncertain import Uncertain

MINUTE = 60.0
ENDS: tuple[Choice, ...] = ("low", "likely", "high")
HOUR = 3600.0

SPELLS = (
    "13 public spells of evacuation truces (Aleppo 5, Sumy 3, Homs 3, Foua and Kefraya 1, Azovstal "
    "1; 8 broke in 270 h), ends partly inferred"
)


def _fixed(value: float, *, source: str | None = None, judgement: str | None = None) -> Uncertain:
    return Uncertain("fixed", (value,), source=source, judgement=judgement)


def _between(
    low: float,
    likely: float,
    high: float,
    *,
    source: str | None = None,
    judgement: str | None = None,
) -> Uncertain:
    return Uncertain("triangular", (low, likely, high), source=source, judgement=judgement)


def _about(
    median: float,
    spread: float,
    *,
    at_most: float | None = None,
    source: str | None = None,
    judgement: str | None = None,
) -> Uncertain:
    return Uncertain(
        "lognormal", (median, spread), at_most=at_most, source=source, judgement=judgement
    )


DEFAULTS: Mapping[str, Uncertain] = {
    "truce.mean": _about(
        35 * HOUR, 0.344, source=f"90 % interval 20-62 h of the mean over {SPELLS}"
    ),
    "truce.shape": _fixed(1.0, source=f"not identified (0.8-3.1) by {SPELLS}: no ageing assumed"),
    "truce.frailty": _fixed(
        0.7, judgement="guarantors fail together; as log-sd of a factor of median 1 on every rate"
    ),
    "truce.ends_for_good": _fixed(
        0.17, source=f"7 of 8 breaks resumed in {SPELLS}; Jeffreys mean of 1 in 8"
    ),
    "truce.halt": _about(
        26 * HOUR, 0.8, source="halts of 5, 24, 28, 30, 36, 40 and 60 h on the public record"
    ),
    "truce.learn": _about(
        10 * MINUTE, 0.7, judgement="from a break to the room hearing of it, before the lease"
    ),
    "truce.outside": _fixed(
        0.0, judgement="0: no power outside the parties breaks it more often than the record shows"
    ),
    "caught.sent_back": _between(
        0.3, 0.6, 0.9, source="Aleppo 2016: sent back 14 and 16 December, held 18 and 20 December"
    ),
    "caught.goes_on": _fixed(
        0.1, judgement="of those not sent back, who drive on; the rest is held"
    ),
    "caught.way_back": _between(
        1.0, 1.5, 3.0, judgement="time back as a multiple of the time driven so far"
    ),
    "start.chance": _fixed(
        0.5, source="late starts: Aleppo 14 and 15 December 2016, Azovstal 2022; on time: Sumy 2022"
    ),
    "start.slip": _about(
        8 * HOUR, 0.6, source="6 h to a day at Aleppo 2016, 5-12 h at Azovstal 2022"
    ),
    "travel.shared": _about(1.0, 0.10, judgement="the road of that day, the same for all"),
    "travel.each": _about(1.0, 0.15, judgement="one convoy against another on the same day"),
    "travel.night": _fixed(
        1.0, judgement="speed at night against day: no public figure was found, so 1"
    ),
    "travel.detour_chance": _fixed(0.03, judgement="a convoy sent by a longer way"),
    "travel.detour": _between(1.2, 1.5, 2.5, judgement="how much longer that way takes"),
    "travel.detour_leaves": _fixed(
        0.02, judgement="of those who wait, who leave the list when the way changes"
    ),
    "loading.load": _about(1.0, 0.3, judgement="loading against its stated time"),
    "loading.unload": _about(1.0, 0.3, judgement="unloading against its stated time"),
    "checkpoint.rate": _about(
        225.0, 0.3, source="vehicles an hour and lane: Sumy, 10 March 2022, 2,664 cars in 12 h"
    ),
    "checkpoint.screening_chance": _fixed(0.1, judgement="a check that was not agreed, a convoy"),
    "checkpoint.screening": _about(
        6 * HOUR, 0.6, source="6 h at Gaza, 22 November 2023 (WHO); 5 h at Aleppo, 16 December 2016"
    ),
    "crowding.calm": _between(0.90, 0.95, 1.00, source="45-50 people on 50 seats, Aleppo convoy 1"),
    "crowding.pressed": _between(
        1.08, 1.20, 1.34, source="54-67 people a bus, Aleppo 19 December 2016 (SOHR, ICRC, AFP)"
    ),
    "crowding.crush": _between(
        1.40, 1.45, 1.64, source="70-82 people a bus, Aleppo 18 December 2016 (AP)"
    ),
    "crowding.pressed_chance": _fixed(
        0.5, judgement="where more wait than there are seats; else vehicles leave calm"
    ),
    "crowding.crush_chance": _fixed(0.15, judgement="as above"),
    "crowding.luggage": _fixed(
        1.0, judgement="no public figure; state less than 1 where luggage takes seats, with why"
    ),
    "crowding.families": _fixed(
        1.0, judgement="seats left free to keep families together lie within the range of calm"
    ),
    "crowding.lying_in_buses": _between(
        0.0,
        0.04,
        0.08,
        judgement="share of bus seats in which lying patients ride where no ambulance is left",
    ),
    "crowding.lying_seats": _fixed(2.0, judgement="seats that one who lies takes in a bus"),
    "demand.factor": _about(
        1.0,
        0.4,
        judgement="people who come against a plain figure; announced figures erred -86 to +100 %",
    ),
    "demand.growth": _between(
        0.0, 0.5, 2.0, judgement="who come forward for each who has arrived, while there are any"
    ),
    "demand.leaves_list": _between(
        0.0, 0.02, 0.10, judgement="of those who wait, who leave the list in a day of halt"
    ),
    "fleet.sent": _between(
        0.8,
        1.0,
        1.0,
        judgement="of those promised; Aleppo got its 20 buses, Katrina 200 of 1,094 by day 1",
    ),
    "receiving.refusal": _fixed(0.03, judgement="a convoy not let in at the receiving side"),
    "receiving.wait": _about(
        8 * HOUR, 0.8, source="8-16 h and up to 48 h on loaded buses at crossings, Aleppo 2016"
    ),
    "receiving.turned_back": _fixed(0.25, judgement="of those refused, who drive back"),
    "cars.number": _fixed(0.0, judgement="none unless the scenario states them"),
    "cars.people": _between(
        2.9, 4.0, 15.0, source="2.9-3.7 at Sumy 2022; 10-15 by calculation at Aleppo 2016"
    ),
    "cars.rate": _fixed(225.0, source="cars an hour: Sumy, 10 March 2022, 2,664 cars in 12 h"),
    "cars.late": _between(0.1, 0.25, 0.5, judgement="share of cars that join after their hours"),
    "counterpart.chance": _fixed(
        0.5, judgement="that a linked evacuation is released step by step with this one"
    ),
    "counterpart.release": _about(
        1.75 * HOUR, 0.6, source="4-6 buses an hour over 37 h, Aleppo 18-20 December 2016 (UN)"
    ),
    "counterpart.blocked": _fixed(
        0.05, judgement="that a step of theirs is held for as long as a halt (buses burned, 2016)"
    ),
    "dispatch.patience": _fixed(
        30 * MINUTE, judgement="how long a convoy waits for vehicles that are late"
    ),
}

WORDS: Mapping[str, str] = {
    "truce.mean": "mean time until something stops movement",
    "truce.shape": "ageing of the truce",
    "truce.frailty": "how far all guarantors fail together",
    "truce.ends_for_good": "a break that is the end",
    "truce.halt": "how long a halt lasts",
    "truce.learn": "time to learn of a break",
    "truce.outside": "mean time to a break by a power outside",
    "caught.sent_back": "caught convoys that are sent back",
    "caught.goes_on": "of the others, those that drive on",
    "caught.way_back": "the way back of a caught convoy",
    "start.chance": "a late start",
    "start.slip": "how late a late start is",
    "travel.shared": "driving time, the same for all",
    "travel.each": "driving time of each convoy",
    "travel.night": "speed at night",
    "travel.detour_chance": "a convoy sent by a longer way",
    "travel.detour": "the longer way",
    "travel.detour_leaves": "who leave the list at a detour",
    "loading.load": "loading time",
    "loading.unload": "unloading time",
    "checkpoint.rate": "vehicles an hour past a checkpoint",
    "checkpoint.screening_chance": "a check that was not agreed",
    "checkpoint.screening": "how long such a check lasts",
    "crowding.calm": "people a seat, calm",
    "crowding.pressed": "people a seat, pressed",
    "crowding.crush": "people a seat, crush",
    "crowding.pressed_chance": "loading under pressure",
    "crowding.crush_chance": "loading in a crush",
    "crowding.luggage": "seats left by luggage",
    "crowding.families": "seats left by families kept together",
    "crowding.lying_in_buses": "bus seats taken by lying patients",
    "crowding.lying_seats": "seats of one who lies",
    "demand.factor": "people who come against the figure",
    "demand.growth": "who come forward for each who has arrived",
    "demand.leaves_list": "who leave the list in a day of halt",
    "fleet.sent": "vehicles that are sent of those promised",
    "receiving.refusal": "a convoy not let in",
    "receiving.wait": "the wait of a convoy not let in",
    "receiving.turned_back": "of those not let in, who drive back",
    "cars.number": "private cars",
    "cars.people": "people a private car",
    "cars.rate": "private cars an hour past the post",
    "cars.late": "private cars that come late",
    "counterpart.chance": "release step by step with the other side",
    "counterpart.release": "wait for each release",
    "counterpart.blocked": "a step of the other side that is held",
    "dispatch.patience": "wait for late vehicles",
}
"""The quantities in words, for reports."""

PROMISED_NOTHING = 2.0
"""A holder of the way without a promise on record breaks so often against one with (judgement)."""


@dataclass(frozen=True)
class Beliefs:
    """Every uncertain quantity by its key, those stated by the scenario among them."""

    uncertain: Mapping[str, Uncertain]
    stated: frozenset[str]

    def __getitem__(self, key: str) -> Uncertain:
        return self.uncertain[key]

    def with_law(self, key: str, law: Uncertain) -> "Beliefs":
        """Return the same beliefs with another law for one quantity."""
        return Beliefs({**self.uncertain, key: law}, self.stated)

    def listed(self) -> tuple[Belief, ...]:
        """Return them in words with their origin, in the order of the reference."""
        return tuple(
            Belief(
                key,
                f"{WORDS[key]}: {in_words(key, law)}",
                origin_of(law),
                stated=key in self.stated,
            )
            for key, law in self.uncertain.items()
        )


def beliefs_of(scenario: Scenario) -> Beliefs:
    """Return what a rehearsal of a scenario believes: the defaults, and what it states itself.

    The law of the ending gives the mean (and the shape) of the truce where parties hold the way;
    an opening stated as a range holds its own slip.
    """
    wanted = scenario.rehearsal or RehearsalWanted()
    found = dict(DEFAULTS)
    stated = set(wanted.uncertain)
    ending = scenario.ending
    if ending.kind in ("exponential", "weibull") and ending.mean is not None:
        mean = ending.mean
        low, likely, high = (mean.pick(end).total_seconds() for end in ENDS)
        found["truce.mean"] = Uncertain(
            "triangular" if mean.is_range else "fixed",
            (low, likely, high) if mean.is_range else (likely,),
            source=_from_scenario("[ending]", mean.source),
            path="ending.mean",
        )
        stated.add("truce.mean")
        if ending.kind == "weibull":
            found["truce.shape"] = _fixed(ending.shape, source=_from_scenario("[ending]", None))
            stated.add("truce.shape")
    if scenario.opening is not None and scenario.opening.time.is_range:
        found["start.chance"] = _fixed(0.0, source="[opening] states a range, which is the slip")
        stated.add("start.chance")
    if not scenario.linked:
        found["counterpart.chance"] = _fixed(0.0, judgement="no linked evacuation is stated")
    elif any(one.groups for one in scenario.linked):
        found["counterpart.chance"] = _fixed(
            0.0, source="the counterpart's people are in the plan, batch by batch"
        )
    if not _held(scenario):
        nobody = "nobody holds any of the way"
        for key in ("start.chance", "checkpoint.screening_chance", "receiving.refusal"):
            found[key] = _fixed(0.0, judgement=nobody)
    found.update(wanted.uncertain)
    return Beliefs({key: found[key] for key in UNCERTAIN}, frozenset(stated))


def _held(scenario: Scenario) -> bool:
    return any(one.held_by for one in scenario.legs) or any(one.holder for one in scenario.places)


def _from_scenario(where: str, source: str | None) -> str:
    return f"{where} of the scenario" + ("" if source is None else f", source {source}")


def origin_of(law: Uncertain) -> str:
    """Return where a law comes from, in words."""
    if law.source is not None:
        return law.source
    if law.judgement is not None:
        return f"judgement: {law.judgement}"
    return "stated by the scenario without a source"


def in_words(key: str, law: Uncertain) -> str:
    """Return a law in words, in the unit of its quantity."""
    shown = [_number(key, one) for one in law.numbers]
    text = shown[0]
    match law.law:
        case "fixed":
            pass
        case "triangular":
            text = f"{shown[0]} to {shown[2]}, most likely {shown[1]}"
        case "lognormal":
            text = f"about {shown[0]}, log-spread {law.numbers[1]:g}"
        case "exponential":
            text = f"exponential, mean {shown[0]}"
        case "weibull":
            text = f"Weibull, mean {shown[0]}, shape {law.numbers[1]:g}"
        case "pareto":
            text = f"at least {shown[0]}, tail {law.numbers[1]:g}"
    if law.at_least is not None:
        text += f", not below {_number(key, law.at_least)}"
    if law.at_most is not None:
        text += f", not above {_number(key, law.at_most)}"
    return text


def _number(key: str, value: float) -> str:

    if UNCERTAIN[key] == "duration":
        return format_duration(timedelta(seconds=round(value)))
    return f"{value:g}"


def better(law: Uncertain, factor: float) -> Uncertain:
    """Return a law of values that are so many times as large."""
    if law.law == "triangular":
        numbers: tuple[float, ...] = tuple(one * factor for one in law.numbers)
    else:
        numbers = (law.numbers[0] * factor, *law.numbers[1:])
    return replace(law, numbers=numbers)
