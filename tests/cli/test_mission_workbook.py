"""A coordinator who has never seen TOML: from a blank workbook to a verified plan."""

import json

import openpyxl
import pytest
from typer.testing import CliRunner

from safepassage.cli import app

TABLES = {
    "places": [
        {"id": "school", "kind": "pickup", "name": "School", "bays": "bus = 2"},
        {"id": "gym", "kind": "shelter", "name": "Gym", "capacity": "200 (source: hall)"},
    ],
    "legs": [{"id": "road", "from": "school", "to": "gym", "time": "30 min", "held_by": "guard"}],
    "sources": [{"id": "hall", "title": "List of the town hall"}],
    "parties": [{"id": "guard", "name": "Guard", "promised": "Passage until noon."}],
    "groups": [
        {
            "id": "families",
            "at": "school",
            "class": "walking",
            "leave": "100 to 140, likely 120 (source: hall)",
            "consent": "Asked door by door.",
        }
    ],
    "vehicles": [
        {
            "id": "buses",
            "kind": "bus",
            "count": 1,
            "at": "school",
            "slots": "seat = 50",
            "load": "15 min",
            "unload": "10 min",
        }
    ],
}
MISSION = {
    "name": "Village",
    "start": "2026-06-01T06:00:00+03:00",
    "horizon": "6 h",
    "ending.law": "exponential",
    "ending.mean": "4 h (assumed: the guard changes at noon)",
}


def test_from_a_blank_workbook_to_a_verified_plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(app, ["new", "village", "--workbook"]).exit_code == 0
    book = openpyxl.load_workbook("village.xlsx")
    for row in book["mission"].iter_rows(min_row=3):
        if row[0].value in MISSION:
            row[1].value = MISSION[row[0].value]
    for sheet, rows in TABLES.items():
        titles = [cell.value for cell in book[sheet][1]]
        for number, row in enumerate(rows, start=3):
            for title, value in row.items():
                book[sheet].cell(row=number, column=titles.index(title) + 1).value = value
    book.save("village.xlsx")
    assert run(app, ["new", "village", "--from-workbook", "village.xlsx"]).exit_code == 0
    checked = run(app, ["check", "village", "--json"])
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["summary"]["leave"] == {
        "low": 100,
        "likely": 120,
        "high": 140,
        "groups_unknown": 0,
    }
    made = run(app, ["plan", "village", "--limit", "2s", "--seed", "1", "-o", "plan.json"])
    assert made.exit_code == 0
    plan = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    # Three rides of one bus bring 120 people out: at 45, 130 and 215 minutes with the window's
    # odds exp(-t / 240): 50 x 0.829 + 50 x 0.582 + 20 x 0.408 = 78.7.
    assert plan["people_out"] == 120
    assert plan["value"] == pytest.approx(78.7, abs=0.05)
    assert run(app, ["verify", "village", "plan.json"]).exit_code == 0
