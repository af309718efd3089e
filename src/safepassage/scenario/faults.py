"""What is wrong with a scenario file: where, what was found, and what is wanted. All at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a scenario file.

    `path` is the place in the file ("vehicle[3].slots.seat", counted from 0), `of` the table and
    id that a person knows it by ('vehicle "buses-north"'; empty where there is none), `line` the
    line of the file, from 1, where it is known.
    """

    path: str
    found: str
    wanted: str
    of: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """Return the sentence that a coordinator reads."""
        known = [self.of] if self.of else []
        known += [] if self.line is None else [f"line {self.line}"]
        where = f"{self.path} ({', '.join(known)})" if known else self.path
        return _printable(f"{where}: got {self.found}, want {self.wanted}")


def _printable(text: str) -> str:
    """Return a text in which no character of the file can move or colour what a terminal shows."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


class ScenarioError(ValueError):
    """A scenario cannot be used; `faults` holds every reason, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(one) for one in self.faults))
