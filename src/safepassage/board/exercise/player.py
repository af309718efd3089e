"""Plays a script into a room as the drill's clock comes to each line."""

import asyncio
import logging
from collections.abc import Sequence

from safepassage.board.exercise.script import Line
from safepassage.board.room import Room
from safepassage.ledger.entry import Message
from safepassage.ledger.faults import EntryError, LedgerError

LOOK = 0.2
"""Seconds between looks at the clock; a drill may run an hour in a second."""


class LiveRoomError(ValueError):
    """A script is played in a drill only."""


async def play(room: Room, lines: Sequence[Line]) -> None:
    """Enter each line when its time has come, until all are entered or this is cancelled.

    A room that is opened again goes on: what was entered before counts once.

    Raises
    ------
    LiveRoomError
        If the room is live.
    """
    if room.mode != "DRILL":
        raise LiveRoomError("a script of a drill is never played into a live room")
    left = list(lines)
    while left:
        now = room.clock()
        due = [one for one in left if one.at <= now]
        left = left[len(due) :]
        for one in due:
            # The world does not stop because one report of it was refused.
            try:
                await room.append([Message(one.id, one.body, one.source, one.at)])
            except (EntryError, LedgerError) as error:
                logging.getLogger(__name__).warning("%s: %s", one.id, error)
        await asyncio.sleep(LOOK)
