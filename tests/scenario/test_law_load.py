"""Laws of the door: what is valid gets through, and nothing gets past it but a ScenarioError."""

import copy
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.scenario.check import warnings
from safepassage.scenario.duration import format_duration, parse_duration
from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.figures import count_by_standing, every_figure
from safepassage.scenario.load import parse, read_document
from safepassage.scenario.summary import summarise
from safepassage.scenario.toml_text import toml_text
from tests.scenario.given import FEW, SMALL, documents, scenario_of


@FEW
@given(documents())
def test_every_valid_document_becomes_a_scenario_that_can_be_checked(document):
    scenario = read_document(document, "0" * 64)
    assert [one.id for one in scenario.groups] == [one["id"] for one in document["group"]]
    assert [one.id for one in scenario.vehicles] == [one["id"] for one in document["vehicle"]]
    for warning in warnings(scenario):
        assert warning.text.strip()
    counted = count_by_standing(scenario)
    assert sum(counted.values()) == len(list(every_figure(scenario)))
    assert summarise(scenario).places == len(document["place"])


@FEW
@given(documents())
def test_a_document_written_as_text_is_read_back_as_it_was(document):
    text = toml_text(document, "A heading\nof two lines")
    assert tomllib.loads(text) == document
    assert scenario_of(text) == read_document(document, "0" * 64)


@FEW
@given(documents())
def test_every_figure_knows_its_path_in_the_file(document):
    for figure in every_figure(read_document(document, "0" * 64)):
        assert _at(document, figure.path) is not None or figure.path.endswith(".time")


def _at(document, path):
    value = document
    for part in path.replace("[", ".[").split("."):
        value = value[int(part[1:-1])] if part.startswith("[") else value.get(part)
        if value is None:
            return None
    return value


def _paths(value, path=()):
    """Yield the path of every value inside a document."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield (*path, key)
            yield from _paths(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield (*path, index)
            yield from _paths(one, (*path, index))


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"unknown": "why"}),
    st.just({"value": 3, "low": 2}),
    st.just({"low": 3, "high": 2}),
    st.just("99999999999 days"),
    st.just("-5 min"),
    st.just(10**400),
    st.sampled_from(["school", "bus", "walking", "all", "convoy", "hall", "out", "road"]),
)


@given(st.data())
def test_no_change_of_a_valid_document_raises_anything_but_a_scenario_error(data):
    document = copy.deepcopy(data.draw(st.one_of(st.just(tomllib.loads(SMALL)), documents())))
    for _ in range(data.draw(st.integers(1, 4))):
        *way, last = data.draw(st.sampled_from(sorted(_paths(document), key=repr)))
        inner = document
        for key in way:
            inner = inner[key]
        odd = copy.deepcopy(data.draw(ODD))
        if odd is None and isinstance(inner, (dict, list)):
            del inner[last]
        elif data.draw(st.booleans()) and isinstance(inner, dict):
            inner[data.draw(st.text(max_size=6))] = odd
        else:
            inner[last] = odd
    scenario, faults = _read(document)
    assert all(one.path and one.found and one.wanted for one in faults)
    if scenario is None:
        assert faults
    else:
        warnings(scenario)
        summarise(scenario)


def _read(document):
    """Return the scenario or None, and the faults; any other error goes through."""
    try:
        return read_document(document, "0" * 64), ()
    except ScenarioError as error:
        return None, error.faults


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_scenario_error(content):
    with pytest.raises(ScenarioError):
        read_document(parse(content, "scenario.toml"), "")


@given(st.integers(0, len(SMALL) - 1), st.integers(0, 30), st.text(max_size=5))
def test_no_change_of_the_text_raises_anything_but_a_scenario_error(at, cut, put):
    text = SMALL[:at] + put + SMALL[at + cut :]
    try:
        scenario_of(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    except ScenarioError as error:
        faults = error.faults
    else:
        faults = None
    assert faults is None or len(faults) > 0


@given(st.timedeltas(min_value=parse_duration("0 min"), max_value=parse_duration("60 days")))
def test_a_duration_written_out_is_read_back_to_the_microsecond(duration):
    assert parse_duration(format_duration(duration)) == duration


@FEW
@given(documents(), st.data())
def test_the_order_of_tables_and_keys_changes_nothing(document, data):
    mixed = {key: document[key] for key in data.draw(st.permutations(list(document)))}
    assert read_document(mixed, "0" * 64) == read_document(document, "0" * 64)
