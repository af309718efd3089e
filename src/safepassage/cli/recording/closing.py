"""Enters the closure of a stretch of road in the ledger: the legs it speaks of, its ways by id.

No coordinate goes in: an outline or a point on the map is entered by the ids of its ways and the
names of its roads.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safepassage.cli.faults import CommandError
from safepassage.cli.recording.options import place_named

if TYPE_CHECKING:
    from safepassage.ledger.log import Receipt

LONGEST_LIST = 40
"""Ways or roads that one entry names; of more it says how many there are."""


@dataclass(frozen=True)
class ClosureSaid:
    """What somebody said of a stretch: which legs drive over it, from when until when."""

    stretch: str
    state: str
    legs: tuple[str, ...]
    ways: tuple[int, ...]
    roads: tuple[str, ...]
    since: datetime | None
    until: datetime | None


def enter_closure(
    said: ClosureSaid, ledger: str, keys: Path | None, *, person: str, channel: str, at: datetime
) -> "Receipt":
    """Write one entry of kind closure and return its receipt.

    Raises
    ------
    CommandError
        If the ledger cannot be opened, or the entry is refused; nothing is then written.
    """
    from safepassage.ledger.entry import read_message
    from safepassage.ledger.faults import EntryError, LedgerError
    from safepassage.ledger.place import open_ledger

    place = place_named(ledger, keys)
    body: dict[str, Any] = {
        "covers": list(said.legs), "state": said.state, "why": why_of(said),
        "since": said.since and said.since.isoformat(),
        "until": said.until and said.until.isoformat(),
    }  # fmt: skip
    try:
        message = read_message(
            {
                "id": uuid.uuid4().hex,
                "kind": "closure",
                "heard_at": at.isoformat(),
                "source": {"channel": channel, "person": person},
                "body": {key: value for key, value in body.items() if value is not None},
            },
            at=at,
        )
        opened = open_ledger(place)
        receipt = opened.append([message], at=at)[0]
        opened.close()
    except EntryError as error:
        lines = "\n".join(f"  {one}" for one in error.faults)
        raise CommandError(f"nothing was entered in the ledger:\n{lines}") from None
    except LedgerError as error:
        raise CommandError(str(error)) from None
    if receipt.state == "refused":
        raise CommandError(f"the ledger refused the closure: {receipt.why}")
    return receipt


def why_of(said: ClosureSaid) -> str:
    """Return the stretch in words: its id, the names of its roads and the ids of its ways."""
    ways = _listed([str(one) for one in said.ways])
    return f"stretch {said.stretch} {said.state}: {_listed(said.roads)}; OpenStreetMap ways {ways}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - LONGEST_LIST
    return ", ".join(names[:LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")
