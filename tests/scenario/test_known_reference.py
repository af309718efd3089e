"""The reference page and the loader know the same keys and the same warnings."""

import re
import tomllib
from pathlib import Path

import pytest

from safepassage.scenario import checks
from safepassage.scenario.reading.keys import ARRAYS, KEYS

PAGE = (Path(__file__).parents[2] / "docs/reference/scenario.md").read_text("utf-8")


def heading(shape: str) -> str:
    """Return the heading of the section on a table."""
    if shape in {"", "figure"}:
        return {"": "## Top of the file", "figure": "## A figure"}[shape]
    if "." in shape:
        return f"### `{shape}`"
    return f"## `[[{shape}]]`" if shape in ARRAYS else f"## `[{shape}]`"


def keys_on_page(shape: str) -> list[str]:
    """Return the keys of the table in the section on a table of the file."""
    assert PAGE.count(f"\n{heading(shape)}\n") == 1, heading(shape)
    section = PAGE.split(f"\n{heading(shape)}\n")[1].split("\n## ")[0].split("\n### ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [key for row in rows for key in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("shape", KEYS)
def test_every_key_that_the_loader_knows_is_on_the_page_and_no_other(shape):
    assert sorted(keys_on_page(shape)) == sorted(KEYS[shape])


def test_every_example_on_the_page_is_toml():
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) >= 2
    for block in blocks:
        assert tomllib.loads(block)


def test_every_rule_of_a_warning_is_on_the_page():
    folder = Path(checks.__file__).parent
    code = "".join(one.read_text("utf-8") for one in sorted(folder.glob("*.py")))
    rules = set(re.findall(r'ScenarioWarning\(\s*"([a-z-]+)"', code))
    section = PAGE.split("\n| rule |")[1]
    assert rules == set(re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE))
