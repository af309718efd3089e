"""Words of a fixed list that a person has written with other capitals: Pickup, Walking."""

from collections.abc import Iterable, Mapping

from safepassage.scenario.people import BUILT_IN_CLASSES
from safepassage.scenario.places import PLACE_KINDS
from safepassage.scenario.workbook.sheets import MISSION_LINES


def settle_capitals(document: dict[str, object]) -> None:
    """Write kinds, classes, laws and objectives in a document as the program does.

    A word that stands in the list as it is written is left; so is one that is near to none.
    """
    own = {name for row in _rows(document, "class") if isinstance(name := row.get("id"), str)}
    classes = [*(one.id for one in BUILT_IN_CLASSES if one.id not in own), *sorted(own)]
    for row in _rows(document, "place"):
        _settle(row, "kind", PLACE_KINDS)
    for row in _rows(document, "group"):
        _settle(row, "class", classes)
    kinds = {name for row in _rows(document, "vehicle") if isinstance(name := row.get("kind"), str)}
    for table, key in (("place", "bays"), ("leg", "times")):
        for row in _rows(document, table):
            named = row.get(key)
            if isinstance(named, dict):
                row[key] = _settled_names(named, kinds)
    ids = {name for row in _rows(document, "place") if isinstance(name := row.get("id"), str)}
    needs = [*(f"class:{one}" for one in classes), *(f"vehicle:{one}" for one in sorted(kinds))]
    _settle_each(document, "vehicle", "serves", [*PLACE_KINDS, *sorted(ids - {*PLACE_KINDS})])
    _settle_each(document, "staff", "needed_by", ["convoy", *needs])
    for column in MISSION_LINES:
        outer, _, key = column.key.partition(".")
        inner = document.get(outer)
        if column.choices and isinstance(inner, dict):
            _settle(inner, key, column.choices)
    weights = document.get("weights")
    if isinstance(weights, Mapping):
        document["weights"] = _settled_names(weights, classes)


def _rows(document: Mapping[str, object], table: str) -> list[dict[str, object]]:
    rows = document.get(table)
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _settle(row: dict[str, object], key: str, known: Iterable[str]) -> None:
    value = row.get(key)
    if isinstance(value, str):
        row[key] = _settled(value, known)


def _settle_each(
    document: Mapping[str, object], table: str, key: str, known: Iterable[str]
) -> None:
    """Write each word of a list as the program does."""
    every = list(known)
    for row in _rows(document, table):
        words = row.get(key)
        if isinstance(words, list):
            row[key] = [_settled(one, every) if isinstance(one, str) else one for one in words]


def _settled_names(named: Mapping[str, object], known: Iterable[str]) -> dict[str, object]:
    """Return a table with its names settled; as it is where two would become one."""
    every = list(known)
    settled = {_settled(name, every): one for name, one in named.items()}
    return settled if len(settled) == len(named) else dict(named)


def _settled(word: str, known: Iterable[str]) -> str:
    """Return the one known word that differs in capitals only, else the word itself."""
    every = list(known)
    same = [one for one in every if one.casefold() == word.casefold()]
    return same[0] if word not in every and len(same) == 1 else word
