"""Serves the Aleppo day's board in a process of its own, so that a test may kill it.

`python -m tests.board.serve_phone FOLDER PORT BEGIN`: the drill's clock reads BEGIN (ISO) plus the
time since the computer's clock read the number in FOLDER/begun.
"""

import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn

from safepassage.board.app import LOOPBACK, make_app
from safepassage.board.people import People
from safepassage.board.room import Room, beside
from safepassage.ledger.place import place_of
from tests.board.mission import CASE, QUICK, aleppo


def main() -> None:
    """Serve until killed."""
    folder, port, begin = Path(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    begun = float((folder / "begun").read_text())
    place = place_of(str(folder / "ledger.db"))
    room = Room(
        place,
        aleppo(),
        clock=lambda: begin + timedelta(seconds=time.time() - begun),
        mode="DRILL",
        people=People(beside(place, "people"), hasher=QUICK),
        scenario_path=CASE,
    )
    app = make_app(room, hosts=(*LOOPBACK, "board.test"))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
