"""What stands in one cell, and what it is in scenario.toml; each pair undoes the other.

A figure: `20`, `20 (source: town-hall)`, `4 (assumed: four bays on photographs)`,
`2000 to 5000, likely 3500 (assumed: …)`, `unknown (nobody has counted)`. Several: `seat = 50;
stretcher = 2`. Times with numbers: `0 min = 100; 60 min = 50`. Lists: `a, b`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from safepassage.scenario.duration import format_duration
from safepassage.scenario.reading.atoms import WrongError, shown

Cell = str | int | float | bool | None

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?", re.IGNORECASE)
_RANGE = re.compile(r"(?P<low>.+?)\s+to\s+(?P<high>.+?)(?:\s*,\s*likely\s+(?P<likely>.+))?")
_PROVENANCE = re.compile(r"(?P<kind>source|assumed)\s*:\s*(?P<words>.*)", re.DOTALL)


@dataclass(frozen=True)
class Form:
    """How one kind of value is written in a cell and read from it."""

    to_cell: Callable[[object], Cell]
    from_cell: Callable[[object], object]


def plain_to_cell(value: object) -> Cell:
    """Return a text, number, date or time as it stands in a cell."""
    if isinstance(value, (datetime, date, time)):
        return _timeless(value)
    if isinstance(value, float) and float(f"{value:.15g}") != value:
        # A cell keeps 15 digits of a number; text keeps all of them.
        return repr(value)
    if isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"no plain value: {value!r}")


def _timeless(value: datetime | date | time) -> str:
    if isinstance(value, time):
        return value.strftime("%H:%M") if not (value.second or value.microsecond) else str(value)
    return value.isoformat()


def plain_from_cell(value: object) -> object:
    """Return what a cell holds as TOML would hold it; a date or time becomes its text.

    Elapsed time (a cell formatted as [h]:mm) becomes a duration in words.
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, timedelta):
        # A spreadsheet counts in fractions of a day: what is below a second is rounding.
        return format_duration(timedelta(seconds=round(value.total_seconds())))
    if isinstance(value, (datetime, date, time)):
        return _timeless(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def text_from_cell(value: object) -> object:
    """Return a text; a number in a text column is taken as it is written."""
    found = plain_from_cell(value)
    return str(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else found


def number_from_cell(value: object) -> object:
    """Return a number, also where the cell holds it as text."""
    found = plain_from_cell(value)
    return _scalar(found) if isinstance(found, str) else found


def yes_to_cell(value: object) -> Cell:
    """Return yes or no."""
    return "yes" if value else "no"


def yes_from_cell(value: object) -> object:
    """Return true or false from yes or no."""
    if isinstance(value, bool):
        return value
    words = {"yes": True, "no": False, "true": True, "false": False}
    found = words.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise WrongError("yes or no")
    return found


def words_to_cell(value: object) -> Cell:
    """Return a list of words, or one word."""
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def words_from_cell(value: object) -> object:
    """Return a list of words."""
    found = text_from_cell(value)
    if not isinstance(found, str):
        return found
    if ";" in found:
        right = ", ".join(_trimmed(found.replace(";", ",").split(",")))
        raise WrongError(f"commas between them, e.g. {shown(right)}")
    return _trimmed(found.split(","))


def _trimmed(parts: list[str]) -> list[str]:
    """Return the parts that say something, without the blanks around them."""
    return [one.strip() for one in parts if one.strip()]


def through_to_cell(value: object) -> Cell:
    """Return checkpoints on a leg: "post-1 after 20 min, post-2"."""
    if not isinstance(value, list):
        raise TypeError(f"no list: {value!r}")
    parts = []
    for one in value:
        if isinstance(one, Mapping):
            after = one.get("after")
            parts.append(f"{one['checkpoint']} after {after}" if after else str(one["checkpoint"]))
        else:
            parts.append(str(one))
    return ", ".join(parts)


def through_from_cell(value: object) -> object:
    """Return checkpoints on a leg with the time after which each is passed."""
    words = words_from_cell(value)
    if not isinstance(words, list):
        return words
    found: list[object] = []
    for one in words:
        name, after, when = one.partition(" after ")
        found.append({"checkpoint": name.strip(), "after": when.strip()} if after else one)
    return found


def figure_to_cell(value: object) -> Cell:
    """Return a figure with its range and origin."""
    if not isinstance(value, Mapping):
        return plain_to_cell(value)
    if "unknown" in value:
        return f"unknown ({_guarded(str(value['unknown']))})"
    if "value" in value:
        core = str(plain_to_cell(value["value"]))
    else:
        core = f"{plain_to_cell(value['low'])} to {plain_to_cell(value['high'])}"
        if "likely" in value:
            core += f", likely {plain_to_cell(value['likely'])}"
    for kind in ("source", "assumed"):
        if kind in value:
            core += f" ({kind}: {_guarded(str(value[kind]))})"
    return core


def figure_from_cell(value: object) -> object:
    """Return a figure as scenario.toml writes it."""
    found = plain_from_cell(value)
    if not isinstance(found, str):
        return found
    core, words = _parts(found)
    if core.lower() == "unknown":
        return {"unknown": words or ""}
    if words is None and core.lower().startswith("unknown:"):
        return {"unknown": core[len("unknown:") :].strip()}
    origin: dict[str, object] = {}
    if words is not None:
        stated = _PROVENANCE.fullmatch(words)
        if stated is None:
            raise WrongError('after the figure "(source: ID)" or "(assumed: why)"')
        origin = {stated["kind"]: stated["words"].strip()}
    ranged = _RANGE.fullmatch(core)
    if ranged is not None:
        numbers = {
            key: _scalar(ranged[key].strip()) for key in ("low", "likely", "high") if ranged[key]
        }
        return numbers | origin
    return {"value": _scalar(core)} | origin if origin else _scalar(core)


def _scalar(text: str) -> object:
    """Return a number where the text is one, else the text."""
    if not _NUMBER.fullmatch(text):
        return text
    return int(text[:400]) if text.lstrip("+-").isdecimal() else float(text)


def figures_to_cell(value: object) -> Cell:
    """Return figures by name: "seat = 50; stretcher = 2"."""
    if not isinstance(value, Mapping):
        raise TypeError(f"no table: {value!r}")
    if not value:
        return "none"
    return "; ".join(f"{name} = {figure_to_cell(one)}" for name, one in value.items())


def figures_from_cell(value: object) -> object:
    """Return figures by name."""
    found = plain_from_cell(value)
    if not isinstance(found, str):
        raise WrongError('names with figures, e.g. "seat = 50; stretcher = 2"')
    if found.lower() == "none":
        return {}
    named: dict[str, object] = {}
    for one in _entries(found):
        name, equals, figure = one.partition("=")
        if not equals:
            raise WrongError('names with figures, e.g. "seat = 50; stretcher = 2"', shown(one))
        if name.strip() in named:
            raise WrongError("each name only once", f"{name.strip()!r} again")
        if "=" in _outside(figure):
            raise WrongError('semicolons between them, e.g. "seat = 50; stretcher = 2"')
        named[name.strip()] = figure_from_cell(figure)
    return named


def steps_to_cell(value: object) -> Cell:
    """Return times with numbers: "0 min = 100; 60 min = 50"; or one time."""
    if not isinstance(value, list):
        return plain_to_cell(value)
    return "; ".join(f"{plain_to_cell(at)} = {plain_to_cell(number)}" for at, number in value)


def steps_from_cell(value: object) -> object:
    """Return times with numbers, or the one time that holds for all."""
    found = plain_from_cell(value)
    if not isinstance(found, str) or "=" not in found:
        return found
    steps: list[object] = []
    for one in _entries(found):
        at, equals, number = one.partition("=")
        if not equals:
            raise WrongError('times with numbers, e.g. "0 min = 100; 60 min = 50"', shown(one))
        if "=" in number:
            raise WrongError('semicolons between them, e.g. "0 min = 100; 60 min = 50"')
        steps.append([at.strip(), _scalar(number.strip())])
    return steps


def _guarded(words: str) -> str:
    """Return words that may stand in brackets: loose brackets are marked with a backslash."""
    if "\\" not in words and _balanced(words):
        return words
    return re.sub(r"([\\()])", r"\\\1", words)


def _balanced(words: str) -> bool:
    depth = 0
    for one in words:
        depth += {"(": 1, ")": -1}.get(one, 0)
        if depth < 0:
            return False
    return depth == 0


def _depths(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield (index, character, depth of brackets before it); a backslash hides what follows."""
    depth = 0
    hidden = False
    for index, one in enumerate(text):
        if hidden:
            hidden = False
            yield index, "\\", depth
            continue
        hidden = one == "\\" and text[index + 1 : index + 2] in {"\\", "(", ")"}
        yield index, "\\" if hidden else one, depth
        if not hidden:
            depth = max(0, depth + {"(": 1, ")": -1}.get(one, 0))


def _outside(text: str) -> str:
    """Return what stands outside of all brackets."""
    return "".join(one for _, one, depth in _depths(text) if depth == 0)


def _entries(text: str) -> list[str]:
    """Return the parts between semicolons outside of brackets."""
    cuts = [index for index, one, depth in _depths(text) if one == ";" and depth == 0]
    parts = [
        text[begin + 1 : end] for begin, end in zip([-1, *cuts], [*cuts, len(text)], strict=True)
    ]
    return [one.strip() for one in parts if one.strip()]


def _parts(text: str) -> tuple[str, str | None]:
    """Return what stands before the brackets, and what stands in them (None without)."""
    opens = [index for index, one, depth in _depths(text) if one == "(" and depth == 0]
    if not opens:
        return text.strip(), None
    closes = [index for index, one, depth in _depths(text) if one == ")" and depth == 1]
    if len(opens) != 1 or len(closes) != 1 or text[closes[0] + 1 :].strip():
        raise WrongError("one pair of brackets at the end, e.g. 20 (source: town-hall)")
    inside = text[opens[0] + 1 : closes[0]]
    return text[: opens[0]].strip(), re.sub(r"\\([\\()])", r"\1", inside).strip()


TEXT = Form(plain_to_cell, text_from_cell)
PLAIN = Form(plain_to_cell, plain_from_cell)
NUMBER = Form(plain_to_cell, number_from_cell)
YES = Form(yes_to_cell, yes_from_cell)
WORDS = Form(words_to_cell, words_from_cell)
THROUGH = Form(through_to_cell, through_from_cell)
FIGURE = Form(figure_to_cell, figure_from_cell)
FIGURES = Form(figures_to_cell, figures_from_cell)
STEPS = Form(steps_to_cell, steps_from_cell)
