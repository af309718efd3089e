"""The public host as the board sees it: files out, a queue in. Nothing else joins the two.

Pages are written by a child process (its PDF needs memory that the room must not lose), whenever
what is released has changed, and whenever a line begins or ceases to stand.
"""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from safepassage.board.room import Room
from safepassage.intake.folder import QUEUE, RELEASED
from safepassage.intake.queue import Queue
from safepassage.ledger.entry import Entry
from safepassage.ledger.log import Ledger
from safepassage.report.public.released import KINDS, PublicState, public_state, with_doubts

LOOK = 10.0
"""Seconds between looks at whether what is told still stands."""


@dataclass(slots=True)
class PublicHost:
    """The folder of the public host, and the key of the one role that reads sensitive messages.

    `fault` is what went wrong when the pages were written last; None where nothing did.
    """

    folder: Path
    key: Path | None = None
    fault: str | None = None
    _told: tuple[object, ...] | None = None
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def queue(self) -> Queue:
        """Open the queue of messages; whoever opens it closes it."""
        return Queue(self.folder / QUEUE)

    async def keep(self, room: Room) -> None:
        """Write the pages anew as often as what stands in them changes, until cancelled."""
        while True:
            with contextlib.suppress(OSError):
                await self.write(room)
            await room.changed(room.last, within=LOOK)

    async def write(self, room: Room) -> None:
        """Write the pages if what they would say has changed."""
        async with self._writing:
            state = await told_now(room)
            current = state.current
            told = (
                None if current is None else (current.notice.text_hash, current.seq),
                () if current is None else current.doubted,
                state.taken_down,
            )
            if told == self._told or room.scenario_path is None:
                return
            self.fault = await _written(self._command(room, room.scenario_path))
            if self.fault is None:
                self._told = told

    def _command(self, room: Room, scenario: Path) -> Sequence[str]:
        drill = ["--drill"] if room.mode == "DRILL" else []
        return [
            sys.executable, "-m", "safepassage", "public", "write", str(scenario),
            "--ledger", room.place.address or str(room.place.file),
            "--keys", str(room.place.signing_key.parent),
            "--at", room.clock().isoformat(), "-o", str(self.folder / RELEASED), *drill,
        ]  # fmt: skip


async def told_now(room: Room) -> PublicState:
    """Return what is released and what waits, with the lines that no longer stand."""
    state = public_state(await room.read(_entries))
    if state.current is None:
        return state
    named = sorted({id_ for line in state.current.notice.lines for id_ in line.rests_on})
    picture = await room.picture(age=5.0)
    found = await room.read(lambda ledger: [ledger.find(id_) for id_ in named])
    current = with_doubts(
        state.current,
        picture.situation,
        [one for one in found if one is not None],
        at=room.clock(),
    )
    return PublicState(current, state.waiting, state.replaced, state.taken_down)


def _entries(ledger: Ledger) -> list[Entry]:
    return list(ledger.entries(0, ledger.tail()[0], KINDS))


async def _written(command: Sequence[str]) -> str | None:
    """Run the child; return what it said where it failed."""
    child = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, said = await child.communicate()
    except asyncio.CancelledError:
        child.kill()
        await child.communicate()
        raise
    if child.returncode == 0:
        return None
    return said.decode(errors="replace").strip() or f"it stopped with {child.returncode}"
