"""Sets the stage of a drill: a ledger of its own, people with passwords, the plan adopted.

Never the ledger of a real operation: the folder has to be new.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from safepassage.board.people import People, new_password
from safepassage.board.room import beside
from safepassage.ledger.decided import GATE_LINES, GateLine, PlanAdopted
from safepassage.ledger.entry import Message
from safepassage.ledger.kept import Clock, Role
from safepassage.ledger.kinds import Body
from safepassage.ledger.place import Place, make_ledger, place_of
from safepassage.ledger.source import Source
from safepassage.planner.plan_file import plan_to_json
from safepassage.planner.verified import VerifiedPlan

LEDGER = "drill.db"
PLAYERS: Mapping[str, str] = {
    "Head-1": "head",
    "Move-1": "movement",
    "Radio-1": "radio",
    "Med-1": "medical",
    "Report-1": "reporting",
    "Watch-1": "observer",
}


class StageError(ValueError):
    """The stage cannot be set; the message says why."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A room ready for a drill: where its ledger is, and each player's password."""

    place: Place
    passwords: Mapping[str, str]


def set_stage(verified: VerifiedPlan, folder: Path, *, at: datetime) -> Stage:
    """Make the ledger of a drill in a new folder, as of the time `at`.

    The gate of participation is signed: an exercise begins after it. Everything else that a go
    needs is for the players to get.

    Raises
    ------
    StageError
        If a drill stands in the folder already, or it cannot be written.
    """
    place = place_of(str(folder / LEDGER))
    if place.file is not None and place.file.exists():
        raise StageError(f"{place.file} is there already: a drill begins in a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    ledger, signer = make_ledger(place)
    ledger.found(at=at)
    text = json.dumps(plan_to_json(verified.plan), ensure_ascii=False)
    bodies: list[Body] = [
        *(Role(person=person, role=role) for person, role in PLAYERS.items()),
        Clock(device=signer.device, milliseconds=0, against="the drill's own clock"),
        PlanAdopted(plan_hash=verified.plan_hash, plan=text, person="Move-1"),
        *(
            GateLine(line=line, met=True, person=person, role=PLAYERS[person])
            for line in GATE_LINES
            for person in ("Head-1", "Move-1")
        ),
    ]
    source = Source(channel="room", device=signer.device)
    ledger.append(
        [Message(f"drill-stage-{n:03d}", body, source, at) for n, body in enumerate(bodies)], at=at
    )
    ledger.close()
    people = People(beside(place, "people"))
    passwords = {person: new_password() for person in PLAYERS}
    for person, password in passwords.items():
        people.set_password(person, password)
    return Stage(place, passwords)
