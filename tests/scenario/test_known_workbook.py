"""The workbook: blank, filled by a coordinator, damaged; faults named by sheet and cell."""

import io
from datetime import datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from safepassage.scenario.example import example_text
from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.load import parse, read_document
from safepassage.scenario.workbook.cells import figure_from_cell, figures_from_cell
from safepassage.scenario.workbook.read import scenario_from_workbook
from safepassage.scenario.workbook.sheets import MISSION, SHEETS
from safepassage.scenario.workbook.write import blank_workbook, filled_workbook

FILLED = {
    "mission": {"name": "Village", "start": "2026-06-01T06:00:00+03:00", "horizon": "10 h"},
    "places": [
        {"id": "school", "kind": "pickup", "bays": "bus = 2", "name": "School"},
        {"id": "gym", "kind": "shelter", "capacity": 300, "name": "Gym"},
    ],
    "legs": [{"id": "road", "from": "school", "to": "gym", "time": "30 min", "one_way": "no"}],
    "groups": [
        {
            "id": "families",
            "at": "school",
            "class": "walking",
            "leave": "80 to 150, likely 120 (assumed: counted from the roof)",
            "unknown": "unknown (two streets not asked)",
            "consent": "Asked by the teacher.",
        }
    ],
    "vehicles": [
        {
            "id": "buses",
            "kind": "bus",
            "count": 2,
            "at": "school",
            "slots": "seat = 50",
            "load": "15 min",
            "unload": "10 min",
        }
    ],
}


BLANK = blank_workbook()


def fill(folder: Path, *changes: tuple[str, int, str, object]) -> Path:
    """Return the blank workbook filled in as a person would, with single cells changed.

    A change is (sheet, row, column title, value).
    """
    book = openpyxl.load_workbook(io.BytesIO(BLANK))
    for row in range(3, book[MISSION].max_row + 1):
        key = book[MISSION].cell(row=row, column=1).value
        if key in FILLED["mission"]:
            book[MISSION].cell(row=row, column=2).value = FILLED["mission"][key]
    for sheet, rows in FILLED.items():
        if sheet == "mission":
            continue
        for number, row in enumerate(rows, start=3):
            for title, value in row.items():
                book[sheet].cell(row=number, column=place(book[sheet], title)).value = value
    for sheet, row, title, value in changes:
        column = place(book[sheet], title) if title else 2
        book[sheet].cell(row=row, column=column).value = value
    file = folder / "filled.xlsx"
    book.save(file)
    return file


def place(page, title: str) -> int:
    """Return the column, from 1, of a title."""
    return [cell.value for cell in page[1]].index(title) + 1


def read(text: str):
    return read_document(parse(text.encode(), "scenario.toml"), "0" * 64)


def faults(file: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        scenario_from_workbook(file)
    return [str(one) for one in caught.value.faults]


def test_a_blank_workbook_filled_in_by_hand_becomes_a_scenario(tmp_path):
    scenario = read(scenario_from_workbook(fill(tmp_path), heading="From filled.xlsx"))
    assert scenario.name == "Village"
    families = scenario.group["families"]
    assert (families.leave.low, families.leave.likely, families.leave.high) == (80, 120, 150)
    assert families.leave.assumed == "counted from the roof"
    assert families.unknown is not None
    assert families.unknown.unknown == "two streets not asked"
    assert scenario.place["school"].bays["bus"].pick() == 2
    assert scenario.place["gym"].names == {"en": "Gym"}
    assert scenario.vehicles[0].slots["seat"].pick() == 50


def test_numbers_typed_as_text_are_numbers(tmp_path):
    file = fill(tmp_path, ("vehicles", 3, "count", " 2 "), ("places", 4, "capacity", "300"))
    scenario = read(scenario_from_workbook(file))
    assert scenario.vehicles[0].count.pick() == 2
    assert scenario.place["gym"].capacity.pick() == 300


def test_a_date_and_a_time_that_the_spreadsheet_made_are_read(tmp_path):
    file = fill(
        tmp_path,
        (MISSION, 5, "", datetime(2026, 6, 1, 6, 0)),  # noqa: DTZ001 - cells know no zone
        (MISSION, 6, "", "Asia/Damascus"),
        ("windows", 3, "id", "day"),
        ("windows", 3, "where", "all"),
        ("windows", 3, "opens", time(6, 0)),
        ("windows", 3, "closes", time(20, 0)),
        ("windows", 3, "daily", "yes"),
    )
    scenario = read(scenario_from_workbook(file))
    assert scenario.start.isoformat() == "2026-06-01T06:00:00+03:00"
    assert scenario.windows[0].opens is not None
    assert scenario.windows[0].opens.total_seconds() == 6 * 3600


def test_a_cell_of_elapsed_time_is_a_duration(tmp_path):
    # A cell formatted as [h]:mm comes out of the spreadsheet as a length of time.
    file = fill(
        tmp_path,
        (MISSION, 7, "", timedelta(hours=12)),
        ("legs", 3, "time", timedelta(minutes=45)),
        ("groups", 3, "ready", timedelta(hours=1, minutes=30)),
    )
    scenario = read(scenario_from_workbook(file))
    assert scenario.horizon == timedelta(hours=12)
    assert scenario.leg["road"].time.pick() == timedelta(minutes=45)
    assert scenario.group["families"].ready[0].after == timedelta(minutes=90)


def test_elapsed_time_where_no_duration_belongs_is_a_fault_and_not_a_crash(tmp_path):
    file = fill(
        tmp_path,
        ("places", 4, "capacity", timedelta(hours=2)),
        ("places", 3, "bays", timedelta(hours=2)),
        ("legs", 3, "one_way", timedelta(hours=2)),
        ("legs", 3, "time", timedelta(minutes=-45)),
    )
    found = faults(file)
    assert len(found) == 4
    assert sum("got '2 h'" in one for one in found) == 3
    assert any("got '-45 min'" in one and "not negative" in one for one in found)


def test_each_fault_is_named_by_its_sheet_and_cell(tmp_path):
    file = fill(
        tmp_path,
        ("vehicles", 3, "slots", "seats = 50"),
        ("vehicles", 3, "load", 15),
        ("groups", 3, "at", "scool"),
        ("places", 4, "capacity", "many"),
        ("legs", 3, "one_way", "perhaps"),
    )
    assert faults(file) == [
        "sheet legs, cell J3: got 'perhaps', want yes or no",
        "sheet places, cell G4 (place \"gym\"): got 'many', want a whole number, e.g. 500",
        (
            "sheet groups, cell C3 (group \"families\"): got 'scool', want the id of a row of the "
            'sheet places; did you mean "school"?'
        ),
        (
            "sheet vehicles, cell F3 (vehicle \"buses\"): got the slot 'seats', which no class uses, "  # noqa: E501
            'want one of seat, stretcher, wheelchair, oxygen; did you mean "seat"?'
        ),
        (
            'sheet vehicles, cell G3 (vehicle "buses"): got 15, '
            'want a duration with its unit, e.g. "15 min"'
        ),
    ]


def test_words_of_a_fixed_list_may_be_written_with_capitals(tmp_path):
    file = fill(
        tmp_path,
        ("places", 3, "kind", "Pickup"),
        ("places", 4, "kind", "SHELTER "),
        ("groups", 3, "class", "Walking"),
        (MISSION, 10, "", "Exponential"),
        (MISSION, 11, "", "8 h"),
        (MISSION, 16, "", "Expected"),
    )
    scenario = read(scenario_from_workbook(file))
    assert [one.kind for one in scenario.places] == ["pickup", "shelter"]
    assert scenario.groups[0].class_id == "walking"
    assert (scenario.ending.kind, scenario.rules.objective) == ("exponential", "expected")


def test_kinds_that_other_cells_name_are_found_whatever_their_capitals(tmp_path):
    file = fill(
        tmp_path,
        ("places", 3, "bays", "Bus = 2"),
        ("legs", 3, "times", "BUS = 25 min"),
        ("vehicles", 3, "serves", "Shelter, School"),
        ("staff", 3, "id", "escorts"),
        ("staff", 3, "kind", "escort"),
        ("staff", 3, "count", 1),
        ("staff", 3, "at", "school"),
        ("staff", 3, "needed_by", "Vehicle:Bus, Class:Walking"),
    )
    scenario = read(scenario_from_workbook(file))
    assert list(scenario.place["school"].bays) == ["bus"]
    assert list(scenario.leg["road"].times) == ["bus"]
    assert scenario.vehicles[0].serves == ("shelter", "school")
    assert scenario.staff[0].needed_by == ("vehicle:bus", "class:walking")


def test_a_kind_that_stands_twice_with_other_capitals_is_left_for_a_person_to_settle(tmp_path):
    said = "\n".join(faults(fill(tmp_path, ("places", 3, "bays", "bus = 2; Bus = 3"))))
    assert "sheet places, cell F3" in said
    assert "Bus" in said


def test_a_class_of_ones_own_is_found_whatever_its_capitals(tmp_path):
    own = (("classes", 3, "id", "Under-Two"), ("classes", 3, "uses", "seat = 1"))
    file = fill(tmp_path, *own, ("groups", 3, "class", "under-two"))
    assert read(scenario_from_workbook(file)).groups[0].class_id == "Under-Two"


def test_a_list_with_the_wrong_mark_between_its_parts_is_told_the_right_one(tmp_path):
    file = fill(
        tmp_path,
        ("groups", 3, "wants", "gym; clinic"),
        ("groups", 3, "ready", "0 min = 70, 2 h = 50"),
        ("vehicles", 3, "slots", "seat = 50, stretcher = 2"),
    )
    assert faults(file) == [
        (
            "sheet groups, cell H3: got '0 min = 70, 2 h = 50', want semicolons between them, "
            'e.g. "0 min = 100; 60 min = 50"'
        ),
        "sheet groups, cell I3: got 'gym; clinic', want commas between them, e.g. 'gym, clinic'",
        (
            "sheet vehicles, cell F3: got 'seat = 50, stretcher = 2', want semicolons between "
            'them, e.g. "seat = 50; stretcher = 2"'
        ),
    ]


def test_an_equals_sign_in_the_origin_of_a_figure_is_no_second_figure():
    assert figures_from_cell("bus = 10 (assumed: a = b, c)") == {
        "bus": {"value": 10, "assumed": "a = b, c"}
    }


def test_a_fault_of_the_workbook_asks_for_what_a_cell_can_hold(tmp_path):
    file = fill(
        tmp_path,
        ("groups", 3, "leave", None),
        ("vehicles", 3, "slots", None),
        ("places", 4, "id", "school"),
        ("places", 4, "filled", 40),
    )
    said = "\n".join(faults(file))
    assert "where nobody knows, unknown (why)" in said
    assert "want the slots of one vehicle, e.g. seat = 50\n" in said + "\n"
    assert "(sheet places, row 3 has it)" in said
    assert "times with numbers, e.g. 0 min = 40; 6 h = 90" in said
    assert not any(one in said for one in ("{", "[", "quotes"))


def test_an_empty_sheet_that_is_needed_is_asked_for_in_plain_words(tmp_path):
    file = tmp_path / "blank.xlsx"
    file.write_bytes(BLANK)
    said = faults(file)
    assert (
        "sheet groups: got no group, want at least one row with people on the sheet groups" in said
    )
    assert "sheet vehicles: got no vehicle, want a row on the sheet vehicles" in said


def test_an_empty_cell_that_is_needed_is_named(tmp_path):
    found = faults(fill(tmp_path, ("vehicles", 3, "load", None)))
    assert len(found) == 1
    assert found[0].startswith('sheet vehicles, cell G3 (vehicle "buses"): got nothing')


def test_a_blank_workbook_says_what_is_needed_first(tmp_path):
    file = tmp_path / "blank.xlsx"
    file.write_bytes(blank_workbook())
    places = {one.split(":")[0] for one in faults(file)}
    assert places == {
        "sheet mission, cell B3",
        "sheet mission, cell B5",
        "sheet mission, cell B7",
        "sheet places",
        "sheet groups",
        "sheet vehicles",
    }


def test_a_column_or_sheet_or_line_that_is_not_known_is_a_fault(tmp_path):
    file = fill(tmp_path, ("vehicles", 1, "unload", "unlaod"), (MISSION, 3, "", "Village"))
    book = openpyxl.load_workbook(file)
    book.create_sheet("vehicels").cell(row=1, column=1).value = "id"
    book[MISSION].cell(row=40, column=1).value = "horizn"
    book.save(file)
    found = faults(file)
    assert any(
        one.startswith("sheet vehicles, cell H1: got the column 'unlaod'") and '"unload"' in one
        for one in found
    )
    assert any(one.startswith("sheet vehicels: got an unknown sheet") for one in found)
    assert any(one.startswith("sheet mission, cell A40: got 'horizn'") for one in found)


def test_rows_that_begin_with_a_hash_are_notes(tmp_path):
    file = fill(tmp_path, ("vehicles", 4, "id", "# to be asked: two more"))
    assert len(read(scenario_from_workbook(file)).vehicles) == 1


def test_a_formula_is_read_by_its_result_and_never_taken_for_an_empty_cell(tmp_path):
    # This library stores formulas without results, as some programs do.
    found = faults(fill(tmp_path, ("places", 4, "capacity", "=100+200")))
    assert found == [
        (
            "sheet places, cell G4: got a formula without its result, want a value; or open the "
            "workbook in a spreadsheet and save it again"
        )
    ]


def test_an_error_of_the_spreadsheet_is_a_fault_and_not_a_note(tmp_path):
    found = faults(fill(tmp_path, ("vehicles", 3, "id", "#REF!")))
    assert found == ["sheet vehicles, cell A3: got '#REF!', want a value, not an error"]


def test_text_that_looks_like_an_error_or_a_formula_stays_text(tmp_path):
    file = tmp_path / "back.xlsx"
    text = example_text("town")
    text = text.replace("List of the town hall, 31 May", "#N/A").replace("two streets were", "=x")
    file.write_bytes(filled_workbook(parse(text.encode(), "scenario.toml")))
    scenario = read(scenario_from_workbook(file))
    assert scenario.sources[0].title == "#N/A"
    assert scenario.groups[0].unknown is not None
    assert scenario.groups[0].unknown.unknown == "=x not asked"


def test_a_value_under_no_title_is_a_fault_and_a_column_of_notes_is_not(tmp_path):
    file = fill(tmp_path)
    book = openpyxl.load_workbook(file)
    book["vehicles"]["P3"] = 12
    book["places"]["Y1"] = "# remarks"
    book["places"]["Y4"] = "ask again"
    book.create_sheet("# my sums").cell(row=1, column=1).value = 3
    book.save(file)
    assert faults(file) == [
        "sheet vehicles, cell P3: got 12 under no title, want a title above it, or # and a note"
    ]


def test_a_line_of_the_mission_that_stands_twice_is_a_fault(tmp_path):
    file = fill(tmp_path, (MISSION, 40, "", "9 h"))
    book = openpyxl.load_workbook(file)
    book[MISSION].cell(row=40, column=1).value = "horizon"
    book.save(file)
    assert faults(file) == [
        "sheet mission, cell A40: got 'horizon' again, want each line only once"
    ]


def test_a_sheet_longer_than_is_read_is_a_fault_and_not_cut(tmp_path):
    file = fill(tmp_path)
    book = openpyxl.load_workbook(file)
    book["groups"].cell(row=20_500, column=1).value = "far-away"
    book.save(file)
    assert faults(file) == [
        "sheet groups: got a sheet without end, want at most 20,000 rows and 200 columns"
    ]


def test_names_in_another_language_are_a_column_of_their_own(tmp_path):
    file = fill(tmp_path)
    book = openpyxl.load_workbook(file)
    page = book["places"]
    last = page.max_column + 1
    page.cell(row=1, column=last).value = "name (ar)"
    page.cell(row=4, column=last).value = "قاعة"
    book.save(file)
    assert read(scenario_from_workbook(file)).place["gym"].names == {"en": "Gym", "ar": "قاعة"}


def test_text_that_a_spreadsheet_would_take_for_a_formula_stays_text():
    hostile = '=HYPERLINK("http://example.org","x")'
    text = example_text("town").replace("List of the town hall, 31 May", "@SUM(1)")
    document = parse(text.encode(), "scenario.toml")
    document["summary"] = hostile
    book = openpyxl.load_workbook(io.BytesIO(filled_workbook(document)))
    cell = book[MISSION]["B4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (hostile, "s", True)
    for page in book.worksheets:
        assert all(one.data_type != "f" for row in page.iter_rows() for one in row)


def test_what_no_sheet_holds_is_kept_from_another_scenario(tmp_path):
    keep = {
        "agreement": [{"id": "a", "parties": ["guard"]}],
        "linked": [{"id": "other", "name": "Other"}],
        "place": [{"id": "not-this-one", "kind": "depot"}],
    }
    file = fill(tmp_path, ("parties", 3, "id", "guard"))
    scenario = read(scenario_from_workbook(file, keep))
    assert [one.id for one in scenario.agreements] == ["a"]
    assert [one.id for one in scenario.linked] == ["other"]
    assert list(scenario.place) == ["school", "gym"]


def test_the_tables_that_a_workbook_leaves_out_are_named_on_its_first_sheet():
    text = (Path(__file__).parents[2] / "cases/aleppo-2016/scenario.toml").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(filled_workbook(parse(text, "aleppo"))))
    words = "\n".join(str(row[0].value) for row in book["read me"].iter_rows())
    assert "agreement, linked" in words


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"not a workbook", b"PK\x03\x04" + b"\0" * 60, b"\xff" * 500]
)
def test_a_file_that_is_no_workbook_is_a_fault_and_not_a_crash(tmp_path, content):
    file = tmp_path / "broken.xlsx"
    file.write_bytes(content)
    assert "want a workbook" in faults(file)[0]


def test_a_workbook_cut_anywhere_is_a_fault_and_not_a_crash(tmp_path):
    whole = blank_workbook()
    file = tmp_path / "cut.xlsx"
    for share in (0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        file.write_bytes(whole[: int(len(whole) * share)])
        assert "want a workbook" in faults(file)[0]


def test_a_missing_workbook_is_a_fault(tmp_path):
    assert "no such file" in faults(tmp_path / "nothing.xlsx")[0]


def test_every_sheet_has_instructions_in_its_second_row():
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook()))
    assert book.sheetnames[:2] == ["read me", MISSION]
    for sheet in SHEETS:
        assert str(book[sheet.name]["A2"].value).startswith("# ")
        assert [cell.value for cell in book[sheet.name][1]] == [one.key for one in sheet.columns]


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        (20, 20),
        ("20", 20),
        ("20 (source: town-hall)", {"value": 20, "source": "town-hall"}),
        ("4 (assumed: why (so))", {"value": 4, "assumed": "why (so)"}),
        ("80 to 150", {"low": 80, "high": 150}),
        ("4 h to 24 h, likely 8 h", {"low": "4 h", "likely": "8 h", "high": "24 h"}),
        ("unknown (not asked)", {"unknown": "not asked"}),
        ("unknown: not asked", {"unknown": "not asked"}),
        ("66 min", "66 min"),
        (0.5, 0.5),
    ],
)
def test_a_cell_says_a_figure_as_a_person_writes_it(cell, figure):
    assert figure_from_cell(cell) == figure


def test_several_figures_in_one_cell_keep_their_origin():
    cell = "bus = 10 (assumed: half; the rest waits); ambulance = 2"
    assert figures_from_cell(cell) == {
        "bus": {"value": 10, "assumed": "half; the rest waits"},
        "ambulance": 2,
    }
