"""Two towns that evacuate step by step: the files of both scenarios, for the tests."""

from pathlib import Path

from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario

SIDE = """
format = "safepassage/scenario/1"
name = "{name}"
start = 2016-12-15T08:00:00+02:00
horizon = "{horizon}"
[[place]]
id = "town"
kind = "pickup"
[[place]]
id = "shelter"
kind = "shelter"
[[leg]]
id = "road"
from = "town"
to = "shelter"
time = "{minutes} min"
[[corridor]]
id = "corridor"
legs = ["road"]
convoy = {{ largest = {largest}, headway = "30 min" }}
[[group]]
id = "families"
at = "town"
class = "walking"
leave = {people}
[[vehicle]]
id = "buses"
kind = "bus"
count = {buses}
at = "town"
slots = {{ seat = 50 }}
load = "20 min"
unload = "10 min"
[[staff]]
id = "escorts"
kind = "escort"
count = {escorts}
at = "town"
needed_by = ["convoy"]
[ending]
law = "exponential"
mean = "12 h"
"""

LINK = """
[[linked]]
id = "foua"
name = "Foua"
scenario = "../theirs"
{more}
"""


def two_towns(
    folder: Path,
    more: str = "",
    *,
    ours: int = 600,
    theirs: int = 300,
    horizon: str = "12 h",
    largest: int = 10,
    escorts: int = 1,
) -> Scenario:
    """Return our scenario with theirs joined: 4 buses and 66 min here, 2 buses and 90 min there."""
    here, there = folder / "ours", folder / "theirs"
    here.mkdir()
    there.mkdir()
    shared = {"horizon": horizon, "largest": largest, "escorts": escorts}
    (there / "scenario.toml").write_text(
        SIDE.format(name="Foua", minutes=90, people=theirs, buses=2, **shared)
    )
    text = SIDE.format(name="Ours", minutes=66, people=ours, buses=4, **shared)
    (here / "scenario.toml").write_text(text + LINK.format(more=more))
    return load_scenario(here)
