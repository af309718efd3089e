"""Staff whom a trip needs and who stand elsewhere are sent for."""

from safepassage.planner.solve import solve
from safepassage.scenario.load import load_scenario

TWO_PICKUPS = """
format = "safepassage/scenario/1"
name = "Two pickups"
start = 2016-12-15T08:00:00+02:00
horizon = "4 h"
[[place]]
id = "north"
kind = "pickup"
[[place]]
id = "south"
kind = "pickup"
[[place]]
id = "shelter"
kind = "shelter"
[[leg]]
id = "between"
from = "north"
to = "south"
time = "20 min"
[[leg]]
id = "from-north"
from = "north"
to = "shelter"
time = "40 min"
[[leg]]
id = "from-south"
from = "south"
to = "shelter"
time = "40 min"
[[group]]
id = "families"
at = "north"
class = "walking"
leave = 50
[[group]]
id = "wounded"
at = "south"
class = "stretcher"
leave = 2
[[vehicle]]
id = "buses"
kind = "bus"
count = 1
at = "north"
slots = { seat = 50 }
load = "10 min"
unload = "10 min"
[[vehicle]]
id = "ambulances"
kind = "ambulance"
count = 1
at = "south"
slots = { stretcher = 2 }
load = "10 min"
unload = "10 min"
[[staff]]
id = "nurses"
kind = "nurse"
count = 1
at = "north"
needed_by = ["class:stretcher"]
[ending]
law = "exponential"
mean = "4 h"
"""


def test_a_nurse_at_the_other_pickup_comes_to_the_wounded(tmp_path):
    (tmp_path / "scenario.toml").write_text(TWO_PICKUPS)
    made = solve(load_scenario(tmp_path), iterations=5)
    assert made.left_behind == {}
    alone = [one for one in made.plan.trips if one.vehicle is None]
    assert [(one.start, one.end, dict(one.staff)) for one in alone] == [
        ("north", "south", {"nurse": 1})
    ]
    # She is there after 20 min; loading takes 10, but is over by then: off at 20, there at 60.
    (ride,) = [one for one in made.plan.trips if one.groups.get("wounded")]
    assert (ride.depart, ride.arrive) == (20 * 60, 60 * 60)


def test_nobody_is_sent_for_who_would_come_too_late(tmp_path):
    text = TWO_PICKUPS.replace('time = "20 min"', 'time = "3 h 50 min"')
    text = text.replace('id = "from-south"', 'id = "from-south"\none_way = true')
    (tmp_path / "scenario.toml").write_text(text)
    made = solve(load_scenario(tmp_path), iterations=5)
    assert made.left_behind == {"wounded": 2}
    assert all(one.vehicle is not None for one in made.plan.trips)
