"""Places of a destination are not taken by those who could go elsewhere from those who cannot."""

from safepassage.planner.solve import solve
from safepassage.scenario.load import load_scenario
from tests.planner.test_known_detours import RING

HOSPITAL = """
[[place]]
id = "hospital"
kind = "hospital"
capacity = 50
[[leg]]
id = "short"
from = "town"
to = "hospital"
time = "10 min"
[[group]]
id = "wounded"
at = "town"
class = "seated"
leave = 50
wants = ["hospital"]
"""


def test_who_can_go_elsewhere_leaves_the_hospital_to_who_cannot(tmp_path):
    text = RING.replace("leave = 100", "leave = 50").replace("count = 1", "count = 2")
    (tmp_path / "scenario.toml").write_text(text + HOSPITAL)
    made = solve(load_scenario(tmp_path), iterations=10)
    arrived = {(one.end, group) for one in made.plan.trips for group in one.groups}
    assert arrived == {("hospital", "wounded"), ("shelter", "people")}
    assert made.people_out == 100
    assert made.left_behind == {}
