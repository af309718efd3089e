"""Laws of the workbook: what goes out comes back."""

import copy
import io
import tomllib
from pathlib import Path
from unittest import mock

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from safepassage.scenario.example import example_text
from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.load import parse, read_document
from safepassage.scenario.workbook.cells import figure_from_cell, figure_to_cell
from safepassage.scenario.workbook.read import scenario_from_workbook
from safepassage.scenario.workbook.write import filled_workbook
from tests.scenario.given import FEW, documents, figures, words


@FEW
@given(documents())
def test_a_scenario_written_to_a_workbook_comes_back_the_same(tmp_path_factory, document):
    file = tmp_path_factory.mktemp("book") / "out.xlsx"
    file.write_bytes(filled_workbook(document))
    text = scenario_from_workbook(file, document)
    back = read_document(parse(text.encode(), "back"), "0" * 64)
    assert back == read_document(document, "0" * 64)


@given(figures(st.integers(0, 10**6), ["town-hall"], unknown=True))
def test_a_figure_in_a_cell_comes_back_the_same(figure):
    assert figure_from_cell(figure_to_cell(figure)) == _stripped(figure)


@given(words())
def test_any_reason_in_brackets_comes_back_the_same(reason):
    cell = figure_to_cell({"value": 1, "assumed": reason})
    assert figure_from_cell(cell) == {"value": 1, "assumed": reason.strip()}


def _stripped(figure):
    if not isinstance(figure, dict):
        return figure
    if set(figure) == {"value"}:
        return figure["value"]
    return {key: one.strip() if isinstance(one, str) else one for key, one in figure.items()}


CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=12),
    st.datetimes(),
    st.times(),
    st.sampled_from(
        ["1 to 2 (source: x)", "seat = 50; ; =", "((", "unknown (", "a = b = c", "1e999"]
    ),
    st.sampled_from(
        ["school", "yes", "id", "name (ar)", "30 min", "0 min = 1; 1 h = 2", "9" * 500]
    ),
)


@given(st.data())
def test_no_cell_raises_anything_but_a_scenario_error(data):
    grids = copy.deepcopy(GRIDS)
    for _ in range(data.draw(st.integers(1, 5))):
        grid = grids[data.draw(st.sampled_from(sorted(grids)))]
        row = grid[data.draw(st.integers(0, len(grid) - 1))]
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELLS)
    with mock.patch("safepassage.scenario.workbook.read.grids_of", return_value=grids):
        try:
            text = scenario_from_workbook(Path("fuzzed.xlsx"))
        except ScenarioError as error:
            faults = error.faults
        else:
            faults = ()
            assert read_document(parse(text.encode(), "text"), "").name
    assert all(one.path and one.found and one.wanted for one in faults)


def _grids_of(document):
    """Return the cells of a filled workbook by sheet."""
    book = openpyxl.load_workbook(io.BytesIO(filled_workbook(document)))
    return {
        page.title: [list(row) for row in page.iter_rows(values_only=True)]
        for page in book.worksheets
    }


GRIDS = _grids_of(tomllib.loads(example_text("town")))
