"""What can be wrong with what is handed to the ledger, in words for the person at the door."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where it stands, what was found there, what is wanted."""

    where: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.where}: got {self.found}, want {self.wanted}"


class LedgerError(Exception):
    """Something is wrong with a ledger, its keys or its store."""


class EntryError(LedgerError):
    """An entry was refused at the door; `faults` holds every reason at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(one) for one in faults))
        self.faults = faults


class TakenError(LedgerError):
    """The number or the id of a row is taken: someone else has written meanwhile."""


class DamagedError(LedgerError):
    """What is stored cannot be what was written."""


def shown(value: object, longest: int = 60) -> str:
    """Return a found value in a form short enough for a message, without what it must not echo."""
    if value is None:
        return "nothing"
    if isinstance(value, bytes | bytearray):
        return f"{len(value)} bytes of binary data"
    text = repr(value)
    return text if len(text) <= longest else f"{text[: longest - 1]}… ({len(text)} characters)"
