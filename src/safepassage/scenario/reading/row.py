"""A table of the file, read key by key; what is wrong is noted at the door and reading goes on.

A faulty value is stood in for by a harmless one (None, an empty text, an unknown figure) so that
all faults are found in one pass. Nothing that was read leaves the door while faults are noted.
"""

import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar, cast

from safepassage.scenario.faults import Fault
from safepassage.scenario.figure import Figure
from safepassage.scenario.near import did_you_mean, listed
from safepassage.scenario.reading import atoms
from safepassage.scenario.reading.atoms import Atom, NotReadableError, WrongError, shown
from safepassage.scenario.reading.keys import KEYS

T = TypeVar("T")

_BARE = re.compile(r"[A-Za-z0-9_-]+")

NOT_READ = "could not be read"


@dataclass
class Door:
    """What is known while a file is read: the faults so far, the ids of each table, the start.

    `sides` holds the ids and names of the parties, `slots` the kinds of slot that may be used.
    `ids` maps a table to the ids in it; `kinds` maps "vehicle" and "staff" to the kinds stated.
    `start` is None while it is not known or faulty.
    """

    faults: list[Fault] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, list[str]] = field(default_factory=dict)
    slots: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    start: datetime | None = None
    has_roads: bool = False

    def fault(self, path: str, found: str, wanted: str, of: str = "") -> None:
        """Note one fault."""
        self.faults.append(Fault(path, found, wanted, of))

    def faulty(self, path: str) -> bool:
        """Whether a fault is noted at a path or inside it."""
        return any(
            one.path == path or one.path.startswith((path + ".", path + "[")) for one in self.faults
        )

    def moment(self, value: object) -> timedelta:
        """Return a point in time as the duration since the start of the scenario."""
        if isinstance(value, datetime) or (isinstance(value, str) and _looks_like_date(value)):
            at = atoms.instant(value)
            if self.start is None:
                raise NotReadableError
            since = at - self.start
            if since < timedelta(0):
                raise WrongError("a time that is not before the start")
            if since > atoms.LONGEST:
                raise WrongError(f"a time at most {atoms.LONGEST.days} days after the start")
            return since
        try:
            return atoms.duration(value)
        except WrongError as error:
            wanted = error.wanted.replace("a duration", "a duration since the start", 1)
            raise WrongError(
                f"{wanted}, or a time with its zone, e.g. 2016-12-15T14:30:00+02:00"
            ) from None


def joined(path: str, key: str) -> str:
    """Return the path of a key inside a table, as TOML writes it."""
    name = key if _BARE.fullmatch(key) else shown_key(key)
    return f"{path}.{name}" if path else name


def shown_key(key: str) -> str:
    """Return a key in quotes, cut where it is very long."""
    cut = key if len(key) <= 60 else key[:57] + "…"
    return json.dumps(cut, ensure_ascii=False)


def _looks_like_date(value: str) -> bool:
    head = value.strip()[:5]
    return len(head) == 5 and head[:4].isdigit() and head[4] == "-"


class Row:
    """One table of the file at `path`, whose known keys are those of `shape` in KEYS.

    Without a shape the keys are free (the weights: a class each).
    """

    def __init__(
        self, values: Mapping[str, object], path: str, shape: str | None, door: Door, of: str = ""
    ) -> None:
        self.values = values
        self.path = path
        self.shape = shape
        self.door = door
        self.of = of
        if shape is None:
            return
        for key in values:
            if key not in KEYS[shape]:
                near = did_you_mean(key, KEYS[shape])
                wanted = (
                    f"a key of this table{near}" if near else f"one of {listed(KEYS[shape], 40)}"
                )
                self.fault(key, "an unknown key", wanted)

    def at(self, key: str) -> str:
        """Return the path of a key of this table."""
        return joined(self.path, key)

    def fault(self, key: str, found: str, wanted: str) -> None:
        """Note a fault at a key of this table."""
        self.door.fault(self.at(key), found, wanted, self.of)

    def has(self, key: str) -> bool:
        """Whether the file states the key."""
        if self.shape is not None and key not in KEYS[self.shape]:
            raise KeyError(f"{self.shape}.{key} is not in KEYS")
        return key in self.values

    def faulty(self, key: str) -> bool:
        """Whether a fault is noted at a key or inside it."""
        return self.door.faulty(self.at(key))

    def read(self, path: str, value: object, atom: Atom[T]) -> T | None:
        """Return a value at any path read by an atom, or None with a fault noted."""
        try:
            return atom(value)
        except WrongError as error:
            self.door.fault(path, error.found or shown(value), error.wanted, self.of)
        except NotReadableError:
            pass
        return None

    def take(self, key: str, atom: Atom[T]) -> T | None:
        """Return an optional value, None where the key is absent or faulty."""
        if not self.has(key):
            return None
        return self.read(self.at(key), self.values[key], atom)

    def need(self, key: str, atom: Atom[T], stand_in: T, wanted: str) -> T:
        """Return a value that the file must state."""
        if not self.has(key):
            self.fault(key, "nothing", wanted)
            return stand_in
        found = self.take(key, atom)
        return stand_in if found is None else found

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false, the default where the key is absent."""
        found = self.take(key, atoms.yes_or_no)
        return default if found is None else found

    def identifier(self) -> str:
        """Return the id of this row."""
        return self.need("id", atoms.identifier, "", 'an id, e.g. "north-1"')

    def names(self) -> Mapping[str, str]:
        """Return names by language from `name` (a text is English, or a table) and `names`."""
        found: dict[str, str] = {}
        for key in ("name", "names"):
            if not self.has(key):
                continue
            value = self.values[key]
            if key == "name" and isinstance(value, str):
                english = self.read(self.at(key), value, atoms.text)
                found |= {} if english is None else {"en": english}
                continue
            if not isinstance(value, dict):
                wish = 'names by language, e.g. { en = "Rashidin-4", ar = "الراشدين الرابعة" }'
                plain = "a text in quotes, or " if key == "name" else ""
                self.fault(key, shown(value), plain + wish)
                continue
            for code, name in value.items():
                path = joined(self.at(key), code)
                spoken = self.read(path, code, atoms.language)
                words = self.read(path, name, atoms.text)
                if spoken in found:
                    self.door.fault(path, "a second name in this language", "one", self.of)
                elif spoken is not None and words is not None:
                    found[spoken] = words
        return found

    def known(self, table: str) -> Atom[str]:
        """Return a reader of ids of another table."""

        def read(value: object) -> str:
            ids = self.door.ids.get(table, [])
            if not isinstance(value, str):
                raise WrongError(f"the id of a [[{table}]] in quotes")
            if value not in ids:
                raise WrongError(_reference_wish(f"[[{table}]]", value, ids))
            return value

        return read

    def known_kind(self, table: str) -> Atom[str]:
        """Return a reader of kinds of vehicles or staff."""

        def read(value: object) -> str:
            kinds = self.door.kinds.get(table, [])
            if not isinstance(value, str):
                raise WrongError(f"a kind of a [[{table}]] in quotes")
            if value not in kinds:
                raise WrongError(_reference_wish(f"kind of a [[{table}]]", value, kinds))
            return value

        return read

    def reference(self, key: str, table: str) -> str | None:
        """Return the id of a row of another table, None where absent or unknown."""
        return self.take(key, self.known(table))

    def need_reference(self, key: str, table: str) -> str:
        """Return the id of a row of another table that the file must state."""
        return self.need(key, self.known(table), "", f"the id of a [[{table}]]")

    def entries(self, key: str, example: str) -> list[tuple[str, object]]:
        """Return the entries of a list with their paths; none where absent or not a list."""
        if not self.has(key):
            return []
        value = self.values[key]
        if not isinstance(value, list):
            self.fault(key, shown(value), f"a list, e.g. {example}")
            return []
        return [(f"{self.at(key)}[{index}]", one) for index, one in enumerate(value)]

    def several(self, key: str, atom: Atom[str], example: str) -> tuple[str, ...]:
        """Return a list of words without repeats; a single word stands for a list of one."""
        if self.has(key) and isinstance(self.values[key], str):
            one = self.take(key, atom)
            return () if one is None else (one,)
        found: list[str] = []
        for path, value in self.entries(key, example):
            word = self.read(path, value, atom)
            if word is None:
                continue
            if word in found:
                self.door.fault(path, f"{word!r} again", "each only once", self.of)
            found.append(word)
        return tuple(found)

    def inner(self, key: str, shape: str, example: str) -> "Row | None":
        """Return a table inside this one, None where absent or not a table."""
        if not self.has(key):
            return None
        value = self.values[key]
        if not isinstance(value, dict):
            self.fault(key, shown(value), f"a table, e.g. {example}")
            return None
        return Row(value, self.at(key), shape, self.door, self.of)

    def mapping(self, key: str, example: str) -> list[tuple[str, str, object]]:
        """Return (path, key, value) of a table with free keys; none where absent."""
        if not self.has(key):
            return []
        value = self.values[key]
        if not isinstance(value, dict):
            self.fault(key, shown(value), f"a table, e.g. {example}")
            return []
        return [(joined(self.at(key), name), name, one) for name, one in value.items()]

    def figure(self, key: str, atom: Atom[T]) -> Figure[T] | None:
        """Return an optional figure, None where the key is absent."""
        if not self.has(key):
            return None
        return self.figure_at(self.at(key), self.values[key], atom)

    def need_figure(self, key: str, atom: Atom[T], wanted: str) -> Figure[T]:
        """Return a figure that the file must state."""
        if not self.has(key):
            self.fault(key, "nothing", f'{wanted}; where nobody knows, {{ unknown = "why" }}')
            return Figure(unknown=NOT_READ, path=self.at(key))
        return self.figure_at(self.at(key), self.values[key], atom)

    def figure_at(self, path: str, value: object, atom: Atom[T]) -> Figure[T]:
        """Return the figure that stands at a path: plain, sourced, assumed, a range or unknown."""
        not_read: Figure[T] = Figure(unknown=NOT_READ, path=path)
        if not isinstance(value, dict):
            plain = self.read(path, value, atom)
            return not_read if plain is None else Figure(value=plain, path=path)
        noted = len(self.door.faults)
        inner = Row(value, path, "figure", self.door, self.of)
        source = inner.reference("source", "source")
        assumed = inner.take("assumed", atoms.text)
        if inner.has("source") and inner.has("assumed"):
            inner.fault("assumed", "a source and an assumption", "one of the two")
        if inner.has("unknown"):
            reason = inner.take("unknown", atoms.text)
            others = [key for key in value if key != "unknown" and key in KEYS["figure"]]
            if others:
                inner.fault(
                    others[0], "a figure that is also unknown", "either a number or unknown"
                )
            faulty = len(self.door.faults) > noted
            return not_read if faulty else Figure(unknown=reason, path=path)
        numbers = {
            key: inner.read(inner.at(key), value[key], atom)
            for key in ("value", "low", "likely", "high")
            if inner.has(key)
        }
        self._check_figure(path, numbers)
        if len(self.door.faults) > noted or None in numbers.values():
            return not_read
        return Figure(
            value=numbers.get("value"),
            low=numbers.get("low"),
            likely=numbers.get("likely"),
            high=numbers.get("high"),
            source=source,
            assumed=assumed,
            path=path,
        )

    def _check_figure(self, path: str, numbers: Mapping[str, object]) -> None:
        """Note what is wrong with the numbers of a figure as a whole."""
        if "value" in numbers:
            if len(numbers) > 1:
                self.door.fault(
                    path, "a value and a range", "either value, or low and high", self.of
                )
            return
        if "low" not in numbers or "high" not in numbers:
            self.door.fault(
                path,
                f"only {listed(numbers)}" if numbers else "no number",
                "value, or low and high (and likely), or unknown",
                self.of,
            )
            return
        order = [numbers[key] for key in ("low", "likely", "high") if key in numbers]
        if None in order:
            return
        values = cast("Sequence[float]", order)
        if any(later < earlier for earlier, later in itertools.pairwise(values)):
            self.door.fault(path, "a range that falls", "low <= likely <= high", self.of)

    def moments(self, key: str, atom: Atom[T], example: str) -> list[tuple[timedelta, T]] | None:
        """Return a list of [time, value] with rising times; None where anything in it is faulty."""
        found: list[tuple[timedelta, T]] = []
        noted = len(self.door.faults)
        skipped = False
        for path, pair in self.entries(key, example):
            if not isinstance(pair, list) or len(pair) != 2:
                found_text = shown(pair)
                self.door.fault(path, found_text, f"a pair, e.g. {_first(example)}", self.of)
                continue
            after = self.read(f"{path}[0]", pair[0], self.door.moment)
            value = self.read(f"{path}[1]", pair[1], atom)
            if after is None or value is None:
                skipped = True
                continue
            if found and after <= found[-1][0]:
                self.door.fault(f"{path}[0]", shown(pair[0]), "times that rise", self.of)
            found.append((after, value))
        if skipped or len(self.door.faults) > noted:
            return None
        return found


def _first(example: str) -> str:
    """Return the first pair of an example such as '[["0 min", 1], ["1 h", 2]]'."""
    return example[1 : example.index("]") + 1]


def _reference_wish(table: str, value: str, known: Iterable[str]) -> str:
    """Return the wish for a reference: the near name, or what there is."""
    every = list(dict.fromkeys(one for one in known if one))
    near = did_you_mean(value, every)
    if near:
        return f"the id of a {table}{near}" if not table.startswith("kind") else f"a {table}{near}"
    there = f" ({listed(every)})" if every else " (there is none)"
    return f"the id of a {table}{there}" if not table.startswith("kind") else f"a {table}{there}"
