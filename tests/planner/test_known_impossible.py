"""Scenarios in which nobody can move: each is proved in words, never just not planned."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from safepassage.planner.greedy import dispatch
from safepassage.planner.impossible import NobodyMovesError
from safepassage.planner.never import Never
from safepassage.planner.problem import TooLargeError, make_problem
from safepassage.planner.solve import solve
from safepassage.planner.ways import Ways
from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario
from tests.planner.linked_town import SIDE
from tests.planner.strategies import scenarios
from tests.planner.test_law_plans import POLICIES

TOWN = SIDE.format(
    name="Town", minutes=100, people=900, buses=4, horizon="12 h", largest=10, escorts=2
)
ESCORTED = 'needed_by = ["convoy"]'
SHELTER = 'kind = "shelter"'
BUS = 'load = "20 min"'
WINDOW = '[[window]]\nid = "w{0}"\nwhere = "{0}"\n{1}\n'


def without_convoys(text: str) -> str:
    begin, end = text.index("[[corridor]]"), text.index("[[group]]")
    text = text[:begin] + text[end:]
    return text[: text.index("[[staff]]")] + text[text.index("[ending]") :]


OPEN = WINDOW.format("town", 'opens = "1 h"\ncloses = "2 h"')
FAR = WINDOW.format("shelter", 'opens = "5 h"\ncloses = "8 h"')
DELEGATE = '[[staff]]\nid = "d"\nkind = "delegate"\ncount = {}\nat = "{}"\n{}\n'

CASES: list[tuple[str, tuple[str, str], str, bool, str]] = [
    # what, (replace, by), added at the end, in convoy, what the proof names
    ("a tank too short", (BUS, f'range = "30 min"\n{BUS}'), "", True, "tank"),
    ("a tank too short, no convoy", (BUS, f'range = "30 min"\n{BUS}'), "", False, "tank"),
    ("a duty too short", (ESCORTED, f'{ESCORTED}\nduty = "1 h"\nrest = "6 h"'), "", True, "duty"),
    (
        "a duty of the wounded's delegate too short",
        (ESCORTED, 'needed_by = ["class:walking"]\nduty = "1 h"\nrest = "6 h"'),
        "",
        True,
        "duty",
    ),
    (
        "nobody for the buses",
        ("", ""),
        DELEGATE.format(0, "town", 'needed_by = ["vehicle:bus"]'),
        False,
        "there is none",
    ),
    (
        "a delegate who cannot come",
        (SHELTER, f'{SHELTER}\n[[place]]\nid = "far"\nkind = "depot"'),
        DELEGATE.format(1, "far", 'needed_by = ["vehicle:bus"]'),
        False,
        "has a way to town",
    ),
    ("no bay", ('kind = "pickup"', 'kind = "pickup"\nbays = { bus = 0 }'), "", True, "0 bays"),
    (
        "no bay, no convoy",
        ('kind = "pickup"', 'kind = "pickup"\nbays.bus = 0'),
        "",
        False,
        "0 bays",
    ),
    (
        "a window less its margin",
        ("", ""),
        WINDOW.format("all", 'opens = "1 h"\ncloses = "3 h"')
        + '[rules]\narrival_margin = "30 min"',
        True,
        "window",
    ),
    (
        "a window less its margin, no convoy",
        ("", ""),
        WINDOW.format("all", 'opens = "1 h"\ncloses = "3 h"')
        + '[rules]\narrival_margin = "30 min"',
        False,
        "open long enough",
    ),
    ("a window that never opens", ("", ""), WINDOW.format("all", 'opens = "20 h"'), True, "window"),
    ("opens here before it opens there", ("", ""), OPEN + FAR, False, "open long enough"),
    ("the same in convoy", ("", ""), OPEN + FAR, True, "open long enough"),
    (
        "alternatives that exclude each other",
        ("", ""),
        WINDOW.format("all", 'closes = "4 h"') + WINDOW.format("corridor", 'opens = "5 h"'),
        True,
        "window",
    ),
    (
        "a ride longer than allowed",
        ("", ""),
        '[rules]\nlongest_on_board = "90 min"',
        True,
        "on board",
    ),
    (
        "households larger than a bus",
        ("leave = 900", "leave = 900\nhouseholds = 9"),
        "",
        True,
        "split",
    ),
    ("no room at all", (SHELTER, f"{SHELTER}\ncapacity = 0"), "", True, "capacity"),
    ("opens after the end", (SHELTER, f'{SHELTER}\nopens = "13 h"'), "", False, "opening"),
    ("ready too late", ("leave = 900", 'leave = 900\nready = "11 h"'), "", True, "horizon"),
    ("nobody leaves", ("leave = 900", "leave = 0"), "", True, "wish to leave"),
    ("no seat", ("seat = 50", "seat = 0"), "", True, "no vehicle can carry"),
]


def written(folder: Path, text: str) -> Scenario:
    (folder / "scenario.toml").write_text(text)
    return load_scenario(folder)


@pytest.mark.parametrize("objective", ["expected", "last_out"])
@pytest.mark.parametrize(
    ("change", "added", "convoy", "said"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_it_is_proved_in_words(tmp_path, change, added, convoy, said, objective):
    text = TOWN if convoy else without_convoys(TOWN)
    scenario = written(tmp_path, text.replace(*change) + added if change[0] else text + added)
    with pytest.raises(NobodyMovesError) as proof:
        solve(scenario, objective=objective, limit=timedelta(seconds=5))
    assert said in str(proof.value) or objective == "last_out"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ((SHELTER, f'{SHELTER}\nintake = {{ people = 0, per = "30 min" }}'), "intake.people"),
        (("leave = 900", "leave = 99999999999999999999"), "leave"),
        (("count = 4", "count = 1000000"), "count"),
        (('horizon = "12 h"', 'horizon = "365 days"'), "horizon"),
        (('horizon = "12 h"', 'horizon = "99999999999999999999 h"'), "horizon"),
        (('time = "100 min"', 'time = "0 min"'), "time"),
    ],
)
def test_numbers_beyond_all_reason_are_faults_of_their_place(tmp_path, change, path):
    with pytest.raises(ScenarioError, match=path):
        written(tmp_path, TOWN.replace(*change))


def test_a_million_vehicles_in_many_rows_are_refused_before_any_work(tmp_path):
    row = TOWN[TOWN.index("[[vehicle]]") : TOWN.index("[[staff]]")].replace("= 4", "= 10000")
    rows = "".join(row.replace('id = "buses"', f'id = "b{one}"') for one in range(100))
    with pytest.raises(TooLargeError, match="at most"):
        solve(written(tmp_path, TOWN + rows))


def test_twenty_thousand_vehicles_still_give_a_plan(tmp_path):
    row = TOWN[TOWN.index("[[vehicle]]") : TOWN.index("[[staff]]")].replace("= 4", "= 9990")
    scenario = written(tmp_path, TOWN + row.replace('id = "buses"', 'id = "more"'))
    began = time.monotonic()
    made = solve(scenario, limit=timedelta(seconds=1))
    assert made.people_out > 0
    # Not a measure of speed: without a stop inside one try this took longer than any limit.
    assert time.monotonic() - began < 120


@given(scenarios())
@settings(max_examples=60)
def test_whoever_a_plan_brings_out_is_never_proved_impossible(scenario):
    problem = make_problem(scenario)
    ways = Ways(problem)
    never = Never(problem, ways)
    for policy in POLICIES:
        schedule = dispatch(problem, ways, policy)
        moved = {
            group
            for one in schedule.trips
            if problem.sites[one.end].arrived
            for group in one.groups
        }
        for crowd in problem.crowds:
            assert crowd.id not in moved or never.why(crowd) is None
