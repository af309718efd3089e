"""The line that a fault lies in: worked out by counting lines."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given

from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.load import load_scenario
from safepassage.scenario.reading.lines import line_of, lines_of
from safepassage.scenario.toml_text import toml_text
from tests.scenario.given import FEW, documents, small

TEXT = '''# a note with [[place]] in it
name = "x" # [[place]]
summary = """
[[place]]
id = "not this"
"""

[[place]]
id = "one"
bays = { bus = 3 }
ready = [
  ["0 min", 3],  # ]
  ["1 h", 4],
]

  [[place]]
id = 'two"'
"key with.dot" = 1
position.lat = 3

[[agreement]]
id = "a"
[[agreement.clauses]]
id = "1"
[agreement.clauses.versions]
x = "y"
[[agreement.clauses]]
id = "2"

[rules.night]
begins = "18:00"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("name", 2),
        ("summary", 3),
        ("place[0]", 8),
        ("place[0].id", 9),
        ("place[0].bays.bus", 10),
        ("place[0].ready[1][0]", 11),
        ("place[1]", 16),
        ("place[1].id", 17),
        ('place[1]."key with.dot"', 18),
        ("place[1].position.lat", 19),
        ("place[1].kind", 16),
        ("agreement[0].clauses[0].versions.x", 26),
        ("agreement[0].clauses[1].id", 28),
        ("rules.night.begins", 31),
        ("place[2].id", None),
        ("start", None),
    ],
)
def test_a_path_is_found_in_its_line(path, line):
    tomllib.loads(TEXT)
    assert line_of(lines_of(TEXT), path) == line


def test_a_fault_of_a_file_says_its_line(tmp_path: Path):
    text = small(("slots = { seat = 50 }", 'slots = { seat = "many" }'))
    (tmp_path / "scenario.toml").write_text(text, encoding="utf-8")
    line = text.splitlines().index('slots = { seat = "many" }') + 1
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path)
    assert str(caught.value) == (
        f"vehicle[0].slots.seat (vehicle \"buses\", line {line}): got 'many', "
        "want a whole number, e.g. 50"
    )


@FEW
@given(documents())
def test_every_key_of_every_row_is_found_in_a_line_that_states_it(document):
    text = toml_text(document, "heading")
    lines, rows = lines_of(text), text.splitlines()
    for table, value in document.items():
        for index, row in enumerate(value if isinstance(value, list) else []):
            for key in row:
                assert rows[lines[f"{table}[{index}].{key}"] - 1].startswith(f"{key} = ")
