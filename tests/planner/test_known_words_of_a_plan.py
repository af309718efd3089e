"""What `plan` and `explain` say to people: clock times, names, and what each number is."""

import math
import re

import pytest
from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.cli.plan import _Talk
from safepassage.planner.budget import Progress
from tests.planner.linked_town import SIDE

RUN = CliRunner()


@pytest.fixture
def folder(tmp_path):
    """Return a town of 900 people with four buses, 8 h; three rounds of a bus bring 600."""
    text = SIDE.format(
        name="Town", minutes=66, people=900, buses=4, horizon="8 h", largest=10, escorts=2
    )
    (tmp_path / "scenario.toml").write_text(text)
    return tmp_path


def change(folder, *pairs: tuple[str, str], added: str = "") -> None:
    file = folder / "scenario.toml"
    text = file.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text + added)


def planned(folder, *more: str):
    made = ["plan", str(folder), "--iterations", "3", "-o", str(folder / "plan.json"), *more]
    done = RUN.invoke(app, made)
    assert done.exit_code == 0, done.output
    return done


def explained(folder) -> str:
    done = RUN.invoke(app, ["explain", str(folder), str(folder / "plan.json"), "--limit", "1s"])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_people_expected_are_less_than_arrive_where_the_caught_count_and_that_is_said(folder):
    assert "caught on the road" not in planned(folder).stdout
    change(folder, added="[rules]\nrho = 0.5\n")
    assert "less 0.5 for each who is expected to be caught on the road" in planned(folder).stdout


def test_a_gap_of_weighted_people_says_so(folder):
    assert "of weighted people" not in planned(folder).stdout
    weighted = '[[class]]\nid = "frail"\nuses = { seat = 1 }\nvulnerability = "old"\n'
    change(
        folder,
        ('class = "walking"', 'class = "frail"'),
        added=f"{weighted}[weights]\nfrail = 2\n",
    )
    (gap,) = (one for one in planned(folder).stdout.splitlines() if one.startswith("  gap"))
    assert "of weighted people" in gap


def test_the_last_out_has_a_clock_time(folder):
    change(folder, ("leave = 900", "leave = 400"))
    said = planned(folder, "--objective", "last_out").stdout.splitlines()[0]
    # Two rounds: 20 load, 66 drive, 10 unload, 66 back, 20 load, 66 drive: 248 min after 08:00.
    assert said.startswith("the last person arrives at 12:08, 248 min after the start")


def test_the_last_to_leave_is_a_convoy_as_people_call_it_and_places_have_names(folder):
    change(folder, ('id = "town"', 'id = "town"\nname = "Old town"'))
    planned(folder)
    said = explained(folder)
    assert re.search(r"Last to leave: convoy c\d{3} out, 13:44,", said)
    assert "walking at Old town: " in said


def test_times_of_another_day_have_its_date_in_every_line(folder):
    change(folder, ("T08:00:00", "T22:00:00"))
    planned(folder)
    said = explained(folder)
    assert "(day 2)" not in said
    last = re.search(r"Last to leave: convoy c\d{3} out, (\d+ \w+) \d\d:\d\d", said)
    assert last
    (why,) = (one for one in said.splitlines() if "is back before" in one)
    assert f"is back before {last[1]} 0" in why


def test_progress_without_a_plan_shows_no_number(capsys):
    talk = _Talk(None, "expected")
    talk(Progress(0.1, -math.inf, 10.0))
    assert "no plan yet  bound 10.0" in capsys.readouterr().err
    talk(Progress(0.2, 5.0, 10.0))
    assert "best 5.0 " in capsys.readouterr().err
