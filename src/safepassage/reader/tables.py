"""The tables of the reader, kept as data: classes and kinds, frames of cues, units, furniture."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> Mapping[str, Any]:
    """Return one data file of the reader, by its name without the ending."""
    path = files("safepassage.reader") / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def words(name: str, *keys: str) -> frozenset[str]:
    """Return a list of words from a data file as a set; the keys lead to it."""
    found: Any = table(name)
    for key in keys:
        found = found[key]
    return frozenset(found)
