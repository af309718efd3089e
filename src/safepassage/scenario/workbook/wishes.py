"""What is wanted, said as a cell of the workbook writes it and not as scenario.toml does."""

import re
from collections.abc import Mapping

from safepassage.scenario.workbook.sheets import SHEETS

_PATH = re.compile(r"[a-z]+\[\d+\]")
_NAMED = re.compile(r"\{ (\w+ = [^{}]+?) \}")
_PAIR = re.compile(r'\["([^"\[\]]+)", ([^"\[\]]+)\]')
_WORDS = re.compile(r'\[("[^"\[\]]+"(?:, "[^"\[\]]+")*)\]')


def in_cells(wanted: str, cells: Mapping[str, str]) -> str:
    """Return a wish about scenario.toml as a wish about cells.

    `cells` maps each path of the scenario that was read to the cell or row that it stands in.
    """
    said = wanted.replace(" in quotes", "").replace(", without quotes", "")
    said = said.replace(" without quotes", "").replace("true or false", "yes or no")
    said = said.replace('{ unknown = "why" }', "unknown (why)")
    said = said.replace('medical = "…" or vulnerability = "…"', "a medical need or vulnerability")
    said = _NAMED.sub(r"\1", said)
    if _PAIR.search(said):
        said = said.replace("a list,", "times with numbers,").replace("[[", "[").replace("]]", "]")
        said = _PAIR.sub(r"\1 = \2", said).replace("], [", "; ")
        said = re.sub(r"( = [^,;\]]+), (?=[^,;]+ = )", r"\1; ", said)
    said = _WORDS.sub(lambda one: one[1].replace('"', ""), said)
    said = said.replace("[[group]] of people", "row with people on the sheet groups")
    for sheet in SHEETS:
        said = said.replace(f"at least one [[{sheet.table}]]", f"a row on the sheet {sheet.name}")
        said = said.replace(f"[[{sheet.table}]]", f"row of the sheet {sheet.name}")
    return _PATH.sub(lambda one: cells.get(one[0], one[0]), said)
