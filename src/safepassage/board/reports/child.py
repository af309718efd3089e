"""`python -m safepassage.board.reports.child NAME [DAY]`: reads a report in a process of its own.

The English model takes memory that the room's server must not lose. The bytes come on standard
input; what was read goes into the file `reading` of the working folder.
"""

import pickle
import sys
from datetime import date
from pathlib import Path

from safepassage.reader.opening import UnreadableError, open_bytes
from safepassage.reader.reading import LanguageError, read

OUT = "reading"


def main(arguments: list[str]) -> int:
    """Read and write; return 3 with the reason on stderr where the report cannot be read."""
    name = arguments[0]
    day = date.fromisoformat(arguments[1]) if len(arguments) > 1 else None
    try:
        reading = read(open_bytes(name, sys.stdin.buffer.read()), day)
    except (UnreadableError, LanguageError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    Path(OUT).write_bytes(pickle.dumps(reading))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
