"""`safepassage new`: from nothing, and from a workbook, to a scenario that passes `check`."""

import io
import json
from pathlib import Path

import openpyxl
import pytest

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.new import new
from safepassage.scenario.check import warnings
from safepassage.scenario.load import load_scenario, read_tables
from safepassage.scenario.newfile import write_new
from safepassage.scenario.workbook.write import filled_workbook

CASES = Path(__file__).parents[2] / "cases"


def test_a_new_scenario_is_valid_and_nothing_in_it_is_odd_but_its_bare_figures(tmp_path):
    new("town", tmp_path)
    scenario = load_scenario(tmp_path / "town")
    assert scenario.name == "town"
    assert [one.rule for one in warnings(scenario)] == ["unsourced"]


def test_json_says_what_was_written_and_talk_stays_off_stdout(tmp_path, capsys):
    new("town", tmp_path, as_json=True)
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "format": "safepassage/new/1",
        "written": str(tmp_path / "town" / "scenario.toml"),
    }
    assert "safepassage check" in said.err


def test_every_line_of_a_new_scenario_is_explained(tmp_path):
    new("town", tmp_path)
    text = (tmp_path / "town" / "scenario.toml").read_text("utf-8")
    assert text.startswith("# town: what is given before a plan is made.")
    assert text.count("#") > 40


def test_a_scenario_that_is_there_is_not_written_over(tmp_path):
    new("town", tmp_path)
    file = tmp_path / "town" / "scenario.toml"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError, match="already there") as caught:
        new("town", tmp_path)
    assert caught.value.code == Exit.INVALID
    assert file.read_text("utf-8") == "mine"
    assert [one.name for one in file.parent.iterdir()] == ["scenario.toml"]


@pytest.mark.parametrize("name", ["", "../town", "a/b", "a b", ".hidden", "x" * 65])
def test_a_name_that_is_no_folder_name_is_refused(tmp_path, name):
    with pytest.raises(CommandError, match="NAME: got") as caught:
        new(name, tmp_path)
    assert caught.value.code == Exit.USAGE
    assert list(tmp_path.iterdir()) == []


def test_from_a_blank_workbook_over_a_filled_one_to_a_scenario(tmp_path):
    new("town", tmp_path, workbook=True)
    file = tmp_path / "town.xlsx"
    book = openpyxl.load_workbook(file)
    for key, value in {"name": "Town", "start": "2026-06-01T06:00:00Z", "horizon": "8 h"}.items():
        row = next(row for row in book["mission"].iter_rows() if row[0].value == key)
        row[1].value = value
    rows = {
        "places": {"id": ["school", "gym"], "kind": ["pickup", "shelter"]},
        "legs": {"id": ["road"], "from": ["school"], "to": ["gym"], "time": ["20 min"]},
        "groups": {"id": ["all-of-us"], "at": ["school"], "class": ["walking"], "leave": [90]},
        "vehicles": {
            "id": ["buses"],
            "kind": ["bus"],
            "count": [1],
            "at": ["school"],
            "slots": ["seat = 45"],
            "load": ["10 min"],
            "unload": ["10 min"],
        },
    }
    for sheet, columns in rows.items():
        titles = [cell.value for cell in book[sheet][1]]
        for title, values in columns.items():
            for number, value in enumerate(values, start=3):
                book[sheet].cell(row=number, column=titles.index(title) + 1).value = value
    book.save(file)
    new("town", tmp_path, from_workbook=file)
    scenario = load_scenario(tmp_path / "town")
    assert scenario.name == "Town"
    assert scenario.groups[0].leave.pick() == 90


def test_a_faulty_workbook_names_its_cells_and_writes_nothing(tmp_path):
    new("town", tmp_path, workbook=True)
    with pytest.raises(CommandError, match="sheet mission, cell B5") as caught:
        new("town", tmp_path, from_workbook=tmp_path / "town.xlsx")
    assert caught.value.code == Exit.INVALID
    assert not (tmp_path / "town").exists()


def test_aleppo_comes_back_from_its_workbook_with_what_no_sheet_holds(tmp_path):
    case = CASES / "aleppo-2016"
    file = tmp_path / "aleppo.xlsx"
    file.write_bytes(filled_workbook(read_tables(case)))
    new("aleppo", tmp_path, from_workbook=file, keep=case)
    there, here = load_scenario(case), load_scenario(tmp_path / "aleppo")
    for table in ("sources", "parties", "agreements", "places", "legs", "corridors", "classes"):
        assert getattr(here, table) == getattr(there, table)
    for table in ("groups", "vehicles", "staff", "opening", "ending", "rules", "linked", "names"):
        assert getattr(here, table) == getattr(there, table)


def test_a_workbook_can_make_its_scenario_again_but_not_one_written_by_hand(tmp_path):
    new("town", tmp_path)
    case = tmp_path / "town"
    file = tmp_path / "town.xlsx"
    file.write_bytes(filled_workbook(read_tables(case)))
    with pytest.raises(CommandError, match="was not made from a workbook"):
        new("town", tmp_path, from_workbook=file, replace=True)
    new("other", tmp_path, from_workbook=file)
    book = openpyxl.load_workbook(file)
    book["places"]["G5"] = 900
    book.save(file)
    new("other", tmp_path, from_workbook=file, replace=True)
    capacity = load_scenario(tmp_path / "other").place["sports-hall"].capacity
    assert capacity is not None
    assert capacity.pick() == 900


def test_a_file_that_appears_meanwhile_is_not_written_over(tmp_path, monkeypatch):
    file = tmp_path / "scenario.toml"

    def appears(path):
        del path
        file.write_text("another's", encoding="utf-8")
        return False

    monkeypatch.setattr("safepassage.scenario.newfile.os.path.lexists", appears)
    with pytest.raises(FileExistsError):
        write_new(file, b"mine")
    assert file.read_text("utf-8") == "another's"
    assert [one.name for one in tmp_path.iterdir()] == ["scenario.toml"]


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(handle):
        del handle
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safepassage.scenario.newfile.os.fsync", full)
    with pytest.raises(CommandError, match="cannot be written: No space left on device"):
        new("town", tmp_path)
    assert list((tmp_path / "town").iterdir()) == []


def test_a_workbook_written_twice_is_refused(tmp_path):
    new("town", tmp_path, workbook=True)
    whole = (tmp_path / "town.xlsx").read_bytes()
    with pytest.raises(CommandError, match="already there"):
        new("town", tmp_path, workbook=True)
    assert (tmp_path / "town.xlsx").read_bytes() == whole
    assert openpyxl.load_workbook(io.BytesIO(whole)).sheetnames[0] == "read me"
