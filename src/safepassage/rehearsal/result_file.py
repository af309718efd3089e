"""Read back what `rehearse --json` wrote, for the report; every fault names its place."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from safepassage.rehearsal.result import (
    FORMAT,
    Belief,
    Caught,
    Difference,
    Driver,
    Estimate,
    Exceeded,
    Hour,
    Out,
    Quantiles,
    Rehearsal,
    Since,
    Wait,
    WaitOnBoard,
    Worth,
)


class NoRehearsalError(ValueError):
    """A file that holds no rehearsal of this format; the message names the place in it."""


def read_rehearsal(path: Path) -> Rehearsal:
    """Return the rehearsal of a file.

    Raises
    ------
    NoRehearsalError
        If it is none: where, what was found, what is wanted.
    OSError
        If it cannot be read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NoRehearsalError(f"{path}: not JSON: {error}") from None
    try:
        return rehearsal_from_json(document)
    except NoRehearsalError as error:
        raise NoRehearsalError(f"{path}: {error}") from None


def rehearsal_from_json(document: object) -> Rehearsal:
    """Return the rehearsal of a JSON object; the means by hour are not in it, and stay unknown.

    Raises
    ------
    NoRehearsalError
        As `read_rehearsal`.
    """
    top = _Object(document, "")
    found = top.take("format", str)
    if found != FORMAT:
        raise NoRehearsalError(f"format: got {found!r}, want {FORMAT!r}")
    out, caught, wait = top.inside("out"), top.inside("caught"), top.inside("wait_on_board")
    p_any, over = caught.pair("p_any_ci95"), wait.pair("p_over_limit_ci95")
    return Rehearsal(
        scenario=top.take("scenario", str),
        scenario_name=top.take("scenario_name", str),
        plan=top.take("plan", str),
        inputs=top.take("inputs", str),
        version=top.take("version", str),
        level=top.take("level", str),
        seed=top.take("seed", int),
        runs=top.take("runs", int),
        asked=top.take("asked", int),
        block=top.take("block", int),
        blocks=top.take("blocks", int),
        stopped=top.take("stopped", str),
        seconds=top.number("seconds"),
        horizon_hours=top.number("horizon_hours"),
        out=Out(out.estimate(), _quantiles(out.numbers("quantiles", 5))),
        hours=_hours(top),
        caught=Caught(
            estimate=caught.estimate(),
            any=Estimate(caught.number("p_any"), *p_any),
            if_any=caught.maybe("mean_if_any"),
            exceedance=tuple(
                Exceeded(int(row[0]), Estimate(*row[1:])) for row in caught.rows("exceedance", 4)
            ),
        ),
        wait_on_board=WaitOnBoard(
            mean=wait.number("mean_hours"),
            worst=_quantiles(wait.numbers("worst_hours", 5)),
            limit=wait.number("limit_hours"),
            over=Estimate(wait.number("p_over_limit"), *over),
        ),
        averages={name: one.estimate() for name, one in top.inside("averages").objects().items()},
        worst_runs=tuple(int(one) for one in top.numbers("worst_runs")),
        beliefs=tuple(
            Belief(
                one.take("key", str),
                one.take("words", str),
                one.take("origin", str),
                one.take("stated", bool),
            )
            for one in top.several("beliefs")
        ),
        drivers=tuple(
            Driver(
                one.take("key", str), one.take("words", str), one.take("kind", str), _change(one)
            )
            for one in top.several("drivers")
        ),
        waits=tuple(_wait(one) for one in top.several("go_or_wait")),
        worths=tuple(Worth(one.take("what", str), _change(one)) for one in top.several("one_more")),
        since=None if top.value.get("since") is None else _since(top.inside("since")),
    )


def _since(one: "_Object") -> Since:
    try:
        at = datetime.fromisoformat(one.take("at", str))
    except ValueError:
        raise NoRehearsalError(f"{one.at('at')}: want a time with its zone (ISO 8601)") from None
    return Since(
        at=at,
        hour=one.number("hour"),
        upto=one.take("upto", int),
        arrived=one.take("arrived", int),
        aboard=one.take("aboard", int),
        on_the_road=tuple(str(name) for name in one.take("on_the_road", list)),
        hours_at_risk=one.number("hours_at_risk"),
        stops=one.number("stops"),
        broken=one.take("broken", bool),
        warnings=tuple(str(words) for words in one.take("warnings", list)),
    )


def _hours(top: "_Object") -> tuple[Hour, ...]:
    arrived, planned, all_out = (
        top.rows("out_by_hour", 6),
        top.rows("plan_by_hour", 2),
        top.rows("p_all_out", 4),
    )
    if not len(arrived) == len(planned) == len(all_out):
        raise NoRehearsalError(
            f"out_by_hour, plan_by_hour, p_all_out: got {len(arrived)}, {len(planned)} and "
            f"{len(all_out)} hours, want as many of each"
        )
    return tuple(
        Hour(int(one[0]), _quantiles(one[1:]), math.nan, int(plan[1]), Estimate(*chance[1:]))
        for one, plan, chance in zip(arrived, planned, all_out, strict=True)
    )


def _quantiles(row: Sequence[float]) -> Quantiles:
    return Quantiles(*row)


def _change(one: "_Object") -> Difference:
    return Difference(one.inside("arrived").estimate(), one.inside("caught").estimate())


def _wait(one: "_Object") -> Wait:
    ends = one.take("break_even_cut_ci95", list)
    low, high = (*ends, None, None)[:2]
    return Wait(one.number("hours"), _change(one), one.maybe("break_even_cut"), low, high)


class _Object:
    """An object of the file and where it stands."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            raise NoRehearsalError(f"{where or 'the file'}: got {_shown(value)}, want an object")
        self.value: Mapping[str, Any] = value
        self.where = where

    def at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def take(self, key: str, kind: type[Any]) -> Any:
        """Return a value of a kind."""
        found = self.value.get(key)
        whole = isinstance(found, kind) and (kind is bool or not isinstance(found, bool))
        if not whole:
            raise NoRehearsalError(f"{self.at(key)}: got {_shown(found)}, want {_WANTED[kind]}")
        return found

    def number(self, key: str) -> float:
        return _number(self.value.get(key), self.at(key))

    def maybe(self, key: str) -> float | None:
        """Return a number, or None where it is not known."""
        return None if self.value.get(key) is None else self.number(key)

    def numbers(self, key: str, length: int | None = None) -> tuple[float, ...]:
        """Return a list of numbers, of a length where one is named."""
        found = self.take(key, list)
        if length is not None and len(found) != length:
            raise NoRehearsalError(f"{self.at(key)}: got {len(found)} numbers, want {length}")
        return tuple(_number(one, self.at(key)) for one in found)

    def pair(self, key: str) -> tuple[float, float]:
        low, high = self.numbers(key, 2)
        return low, high

    def rows(self, key: str, length: int) -> list[tuple[float, ...]]:
        """Return a table of numbers."""
        found = []
        for index, row in enumerate(self.take(key, list)):
            where = f"{self.at(key)}[{index}]"
            if not isinstance(row, list) or len(row) != length:
                raise NoRehearsalError(f"{where}: got {_shown(row)}, want {length} numbers")
            found.append(tuple(_number(one, where) for one in row))
        return found

    def inside(self, key: str) -> "_Object":
        return _Object(self.value.get(key), self.at(key))

    def objects(self) -> dict[str, "_Object"]:
        return {key: _Object(one, self.at(key)) for key, one in self.value.items()}

    def several(self, key: str) -> list["_Object"]:
        return [
            _Object(one, f"{self.at(key)}[{index}]")
            for index, one in enumerate(self.take(key, list))
        ]

    def estimate(self) -> Estimate:
        """Return a mean with its interval; of one block no width is known (null in the file)."""
        low, high = self._ends("ci95")
        return Estimate(
            self.number("mean"),
            -math.inf if low is None else low,
            math.inf if high is None else high,
        )

    def _ends(self, key: str) -> tuple[float | None, float | None]:
        found = self.take(key, list)
        if len(found) != 2:
            raise NoRehearsalError(f"{self.at(key)}: got {len(found)} numbers, want 2")
        low, high = (None if one is None else _number(one, self.at(key)) for one in found)
        return low, high


_WANTED: Mapping[type[Any], str] = {
    str: "text",
    int: "a whole number",
    list: "a list",
    bool: "true or false",
}


def _number(found: object, where: str) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise NoRehearsalError(f"{where}: got {_shown(found)}, want a number")
    return float(found)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    words = repr(value)
    return words if len(words) <= 40 else f"{words[:37]}..."
