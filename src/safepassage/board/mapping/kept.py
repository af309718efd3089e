"""Keeps the drawing of a room's roads: made once in a child process, beside everything else."""

import asyncio
import json
from typing import TYPE_CHECKING

from safepassage.board.jobs import BusyError
from safepassage.board.mapping.drawn import Drawing, drawing_from
from safepassage.scenario.scenario import Scenario

if TYPE_CHECKING:
    from safepassage.board.room import Room


class KeptRoads:
    """The drawing of one room's roads; None until it is there, and where there are no roads."""

    def __init__(self) -> None:
        self._of: Scenario | None = None
        self._drawing: Drawing | None = None
        self._task: asyncio.Task[None] | None = None
        self.why_not = ""
        """Why it could not be drawn, in words for the page."""

    def now(self, room: "Room") -> Drawing | None:
        """Return the drawing of the scenario in use; where it is missing, have it made."""
        if room.scenario.roads is None:
            return None
        if self._of is not room.scenario:
            self._of, self._drawing, self.why_not = room.scenario, None, ""
            self._task = asyncio.create_task(self._make(room, room.scenario))
        return self._drawing

    async def close(self) -> None:
        """Let go of what is being made."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _make(self, room: "Room", scenario: Scenario) -> None:
        try:
            job = room.jobs.begin(
                "map",
                "safepassage.board.mapping.drawing",
                [str(room.scenario_path.absolute())],
                about="roads",
                by="room",
                at=room.clock(),
                upto=room.last,
            )
        except BusyError as error:
            # Two plans are being made: the next screen that asks tries again.
            self.why_not = str(error)
            self._of = None
            return
        await job.over.wait()
        if self._of is not scenario:
            return
        if job.state == "done":
            self._drawing = drawing_from(json.loads(job.read("out")))
        else:
            self.why_not = job.message
