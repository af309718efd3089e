"""The form of a plan.json: types, keys and ranges of its values, every fault by its path."""

import math
from collections.abc import Mapping, Sequence

from safepassage.scenario.near import did_you_mean

MISSING = object()
"""Stands for a key that is absent; if it is required, `Form.table` has noted that already."""
MOST_MINUTES = 10**9
MOST_COUNT = 10**9


class PlanError(ValueError):
    """A plan.json that cannot be read; `faults` has one line for each fault, by its path."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("plan.json: " + "\n".join(faults))
        self.faults = faults


class Form:
    """Reads values of expected types from parsed JSON and notes every fault on the way."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, path: str, found: object, wanted: str) -> None:
        """Note one fault."""
        shown = repr(found)
        if len(shown) > 80:
            shown = shown[:77] + "..."
        self.faults.append(f"{path or 'the file'}: found {shown}, want {wanted}")

    def table(
        self, value: object, path: str, keys: Sequence[str], required: Sequence[str]
    ) -> Mapping[str, object]:
        """Return an object with every known key; absent ones are MISSING."""
        if value is MISSING:
            return dict.fromkeys(keys, MISSING)
        if not isinstance(value, dict):
            self.fault(path, value, "an object")
            return dict.fromkeys(keys, MISSING)
        prefix = f"{path}." if path else ""
        for key in value:
            if key not in keys:
                self.faults.append(f"{prefix}{key}: unknown key{did_you_mean(key, keys)}")
        for key in required:
            if key not in value:
                self.faults.append(f"{prefix}{key}: missing")
        return {key: value.get(key, MISSING) for key in keys}

    def items(self, value: object, path: str) -> Sequence[object]:
        """Return a list; an absent one is empty."""
        if value is MISSING:
            return ()
        if not isinstance(value, list):
            self.fault(path, value, "a list")
            return ()
        return value

    def text(self, value: object, path: str) -> str:
        """Return a text; an absent one is empty."""
        if value is MISSING:
            return ""
        if not isinstance(value, str) or not value:
            self.fault(path, value, "a text")
            return ""
        return value

    def text_or_none(self, value: object, path: str) -> str | None:
        """Return a text or null; an absent one is None."""
        return None if value is None or value is MISSING else self.text(value, path)

    def texts(self, value: object, path: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(
            self.text(one, f"{path}[{number}]")
            for number, one in enumerate(self.items(value, path))
        )

    def mapping(self, value: object, path: str) -> Mapping[str, object]:
        """Return an object with any keys; an absent one is empty."""
        if value is MISSING:
            return {}
        if not isinstance(value, dict):
            self.fault(path, value, "an object")
            return {}
        return value

    def texts_by_key(self, value: object, path: str) -> dict[str, str]:
        """Return an object of texts."""
        return {
            key: self.text(one, f"{path}.{key}") for key, one in self.mapping(value, path).items()
        }

    def counts(self, value: object, path: str) -> dict[str, int]:
        """Return an object of whole numbers from 0."""
        return {
            key: self.count(one, f"{path}.{key}") for key, one in self.mapping(value, path).items()
        }

    def names(self, value: object, path: str) -> dict[str, tuple[str, ...]]:
        """Return an object of lists of texts."""
        return {
            key: self.texts(one, f"{path}.{key}") for key, one in self.mapping(value, path).items()
        }

    def one_of(self, value: object, path: str, allowed: Sequence[str]) -> str:
        """Return one of some words; the first of them where it is absent or none of them."""
        if value is MISSING:
            return allowed[0]
        if not isinstance(value, str) or value not in allowed:
            self.fault(path, value, f"one of {', '.join(allowed)}")
            return allowed[0]
        return value

    def count(self, value: object, path: str) -> int:
        """Return a whole number from 0 to a thousand million; an absent one is 0."""
        if value is MISSING:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_COUNT:
            self.fault(path, value, f"a whole number from 0 to {MOST_COUNT}")
            return 0
        return value

    def whole(self, value: object, path: str) -> int:
        """Return a whole number of at most 64 bits; an absent one is 0."""
        if value is MISSING:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**64:
            self.fault(path, value, "a whole number")
            return 0
        return value

    def number(self, value: object, path: str) -> float:
        """Return a finite number; an absent one is 0."""
        if value is MISSING:
            return 0.0
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fault(path, value, "a number")
            return 0.0
        if not abs(value) <= 1e300 or not math.isfinite(value):
            self.fault(path, value, "a number that is finite")
            return 0.0
        return value

    def number_or_none(self, value: object, path: str) -> float | None:
        """Return a finite number or null; an absent one is None."""
        return None if value is None or value is MISSING else self.number(value, path)

    def seconds(self, value: object, path: str) -> int:
        """Return minutes of the file as whole seconds; an absent one is 0."""
        minutes = self.number(value, path)
        if abs(minutes) > MOST_MINUTES:
            self.fault(path, value, f"minutes, at most {MOST_MINUTES}")
            return 0
        seconds = round(minutes * 60)
        if abs(seconds - minutes * 60) > 1e-4:
            self.fault(path, value, "minutes that are a whole number of seconds")
        return seconds
