"""Laws of the workbook: what goes out comes back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.scenario.load import parse, read_document
from safepassage.scenario.workbook.cells import figure_from_cell, figure_to_cell
from safepassage.scenario.workbook.read import scenario_from_workbook
from safepassage.scenario.workbook.write import filled_workbook
from tests.scenario.given import documents, figures, words


@settings(max_examples=15)
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
