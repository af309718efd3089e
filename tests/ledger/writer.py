"""A process that writes entries and says which are acknowledged, until someone kills it.

python writer.py ADDRESS KEYS FIRST
"""

import sys
from datetime import datetime
from pathlib import Path

from safepassage.ledger.entry import Message
from safepassage.ledger.place import open_ledger, place_of
from safepassage.ledger.said import Statement
from safepassage.ledger.source import Source

SOURCE = Source(channel="radio", person="radio-1")


def main() -> None:
    """Write single entries; print an id once its entry is durable."""
    address, keys, first = sys.argv[1:4]
    ledger = open_ledger(place_of(address, Path(keys)))
    number = int(first)
    while True:
        at = datetime.now().astimezone()
        # The id before: sent. The id after: acknowledged.
        sys.stdout.write(f"sent m-{number}\n")
        sys.stdout.flush()
        message = Message(f"m-{number}", Statement(speaker="x", quote="y"), SOURCE, at)
        ledger.append([message], at=at)
        sys.stdout.write(f"done m-{number}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main()
