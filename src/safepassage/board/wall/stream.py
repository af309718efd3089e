"""Sends the wall to every screen: rendered and encoded once for a view and language, coalesced.

A burst of entries makes one frame; at most four frames a second go out. A screen that has the last
frame gets what changed; any other gets the whole.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from safepassage.board.room import Room
from safepassage.board.wall.tiles import tiles
from safepassage.board.wording import words
from safepassage.ledger.faults import LedgerError

SHORTEST = 0.25
"""Seconds between two frames of one view at least."""
LONGEST = 5.0
"""Seconds between two frames at most: time alone changes what is stale and what expires."""


@dataclass
class _View:
    """One view in one language: its last frame, and who waits for the next one."""

    frame: int = 0
    tiles: Mapping[str, str] = field(default_factory=dict)
    whole: bytes = b""
    change: bytes = b""
    screens: int = 0
    next: asyncio.Condition = field(default_factory=asyncio.Condition)
    task: "asyncio.Task[None] | None" = None


class Screens:
    """All open screens of one room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._views: dict[tuple[str, str], _View] = {}
        self._closing = False

    @property
    def open(self) -> int:
        """How many screens are open."""
        return sum(one.screens for one in self._views.values())

    async def frames(self, view: str, language: str) -> AsyncIterator[bytes]:
        """Yield the frames of one screen, the whole first."""
        shown = self._views.setdefault((view, language), _View())
        shown.screens += 1
        if shown.task is None or shown.task.done():
            shown.task = asyncio.create_task(self._render(view, language, shown))
        have = -1
        try:
            while not self._closing:
                async with shown.next:
                    while shown.frame <= max(have, 0) and not self._closing:
                        await shown.next.wait()
                    frame, whole, change = shown.frame, shown.whole, shown.change
                if self._closing:
                    return
                yield change if frame == have + 1 else whole
                have = frame
        finally:
            shown.screens -= 1

    async def close(self) -> None:
        """Let go of every screen."""
        self._closing = True
        for one in self._views.values():
            if one.task is not None:
                one.task.cancel()
            async with one.next:
                one.next.notify_all()

    async def _render(self, view: str, language: str, shown: _View) -> None:
        """Render one view as long as anybody looks at it."""
        last = -1
        while shown.screens and not self._closing:
            try:
                picture = await self._room.picture()
            except LedgerError:
                # No frame is better than an old one: every screen says that it hears nothing.
                await asyncio.sleep(LONGEST)
                continue
            last = picture.upto
            found = tiles(self._room, picture, view, words(language))
            changed = {key: one for key, one in found.items() if shown.tiles.get(key) != one}
            head = {"upto": picture.upto, "at": picture.at.isoformat()}
            async with shown.next:
                shown.tiles = found
                shown.whole = _event(picture.upto, {**head, "tiles": found})
                shown.change = _event(picture.upto, {**head, "tiles": changed})
                shown.frame += 1
                shown.next.notify_all()
            await asyncio.sleep(SHORTEST)
            await self._room.changed(last, within=LONGEST - SHORTEST)
        shown.task = None


def _event(seq: int, data: Mapping[str, object]) -> bytes:
    return f"id: {seq}\nevent: tiles\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
