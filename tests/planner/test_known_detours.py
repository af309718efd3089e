"""Where the quickest way is closed, full or one-way, vehicles go around."""

from datetime import timedelta

import pytest

from safepassage.planner.solve import solve
from safepassage.planner.verify import verify
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario

RING = """
format = "safepassage/scenario/1"
name = "Ring"
start = 2016-12-15T08:00:00+02:00
horizon = "6 h"
[[place]]
id = "town"
kind = "pickup"
[[place]]
id = "shelter"
kind = "shelter"
[[place]]
id = "hill"
kind = "depot"
[[place]]
id = "post"
kind = "checkpoint"
[[leg]]
id = "bridge"
from = "town"
to = "shelter"
time = "20 min"
through = [{ checkpoint = "post", after = "10 min" }]
[[leg]]
id = "up"
from = "town"
to = "hill"
time = "25 min"
[[leg]]
id = "down"
from = "hill"
to = "shelter"
time = "25 min"
[[group]]
id = "people"
at = "town"
class = "walking"
leave = 100
[[vehicle]]
id = "buses"
kind = "bus"
count = 1
at = "town"
slots = { seat = 50 }
load = "10 min"
unload = "10 min"
[ending]
law = "exponential"
mean = "4 h"
"""


def ring(folder, *changes: tuple[str, str], added: str = "") -> Scenario:
    text = RING
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "scenario.toml").write_text(text + added)
    return load_scenario(folder)


def legs_of(scenario: Scenario) -> list[tuple[tuple[str, ...], int]]:
    made = solve(scenario, limit=timedelta(seconds=5), iterations=20)
    verify(scenario, made.plan)
    assert made.people_out == 100
    return [(one.legs, one.arrive // 60) for one in made.plan.trips]


def test_with_nothing_in_the_way_the_bridge_is_taken(tmp_path):
    assert [legs for legs, _ in legs_of(ring(tmp_path))] == [("bridge",)] * 3


@pytest.mark.parametrize(
    "closed",
    [
        '[[window]]\nid = "w"\nwhere = "bridge"\nopens = "5 h"\n',
        '[[window]]\nid = "w"\nwhere = "post"\nopens = "5 h"\n',
    ],
)
def test_while_the_bridge_is_closed_the_hill_is_taken_both_ways(tmp_path, closed):
    # 10 to load, 50 over the hill: 60; unload 10, back 50, load 10, out 50: 180.
    found = legs_of(ring(tmp_path, added=closed))
    assert found == [(("up", "down"), 60), (("down", "up"), 120), (("up", "down"), 180)]


def test_once_the_bridge_opens_it_is_taken_again(tmp_path):
    closed = '[[window]]\nid = "w"\nwhere = "bridge"\nopens = "100 min"\n'
    found = legs_of(ring(tmp_path, added=closed))
    # Over the hill by 60; back over the bridge from its opening, 100 to 120, which is no later.
    assert found[0] == (("up", "down"), 60)
    assert found[-1] == (("bridge",), 150)


def test_what_the_post_does_not_let_through_goes_around(tmp_path):
    limited = ('kind = "checkpoint"', 'kind = "checkpoint"\nrate = { vehicles = 1, per = "5 h" }')
    found = legs_of(ring(tmp_path, limited))
    assert found[0] == (("bridge",), 30)
    assert sorted(one for legs, _ in found[1:] for one in legs) == ["down", "down", "up", "up"]


def test_a_bridge_that_is_one_way_is_not_driven_back(tmp_path):
    found = legs_of(ring(tmp_path, ('time = "20 min"', 'time = "20 min"\none_way = true')))
    assert [legs for legs, _ in found] == [("bridge",), ("down", "up"), ("bridge",)]
