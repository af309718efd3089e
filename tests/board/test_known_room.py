"""The room: one commit for what waits, a hold first, what others write, frames coalesced."""

import asyncio
import json
from datetime import timedelta

import pytest

from safepassage.board.pages import STATIC
from safepassage.board.room import Room
from safepassage.board.wall.stream import Screens
from safepassage.ledger.decided import Hold
from safepassage.ledger.entry import Message
from safepassage.ledger.faults import EntryError
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.said import Guarantee, Statement
from safepassage.ledger.source import Source
from tests.board import mission

RADIO = Source(channel="radio", person="Radio-1")


def words(id_: str, quote: str = "all quiet") -> Message:
    return Message(id_, Statement(speaker="post", quote=quote), RADIO, mission.NOW)


def test_a_fault_of_one_sender_keeps_nobody_else_out(room: Room) -> None:
    async def run() -> None:
        await room.open()
        late = Message("late", words("x").body, RADIO, mission.NOW + timedelta(hours=9))
        sent = [
            room.append([words("a"), words("b")]),
            room.append([late]),
            room.append([words("c")]),
        ]
        first, fault, last = await asyncio.gather(*sent, return_exceptions=True)
        await room.close()
        assert isinstance(fault, EntryError)
        assert not isinstance(first, BaseException)
        assert not isinstance(last, BaseException)
        assert {one.state for one in (*first, *last)} == {"stored"}

    asyncio.run(run())


def test_a_hold_is_written_before_what_waited_longer(room: Room) -> None:
    async def run() -> None:
        await room.open()
        waiting = [asyncio.create_task(room.append([words(f"w{n}")])) for n in range(20)]
        hold = asyncio.create_task(
            room.append([Message("stop", Hold(person="Radio-1", why="shots"), RADIO, mission.NOW)])
        )
        receipts = [(await one)[0].seq or 0 for one in waiting]
        stopped = (await hold)[0].seq
        await room.close()
        assert stopped is not None
        assert stopped < min(receipts)

    asyncio.run(run())


def test_what_the_command_line_writes_is_seen(room: Room, place: Place) -> None:
    async def run() -> None:
        await room.open()
        before = room.last
        ledger = open_ledger(place)
        ledger.append([words("from-outside")], at=mission.NOW)
        ledger.close()
        assert await room.changed(before, within=30) == before + 1
        assert (await room.picture()).recent[-1].id == "from-outside"
        await room.close()

    asyncio.run(run())


def test_a_burst_makes_few_frames_and_the_last_one_knows_it_all(room: Room) -> None:
    async def run() -> None:
        await room.open()
        screens = Screens(room)
        frames: list[bytes] = []
        begun, seen = asyncio.Event(), asyncio.Event()

        async def look() -> None:
            async for frame in screens.frames("wall", "en"):
                frames.append(frame)
                begun.set()
                if b"quiet 199" in frame:
                    seen.set()

        task = asyncio.create_task(look())
        await asyncio.wait_for(begun.wait(), 60)
        for n in range(200):
            await room.append([words(f"q{n}", f"quiet {n}")])
        await asyncio.wait_for(seen.wait(), 60)
        last = room.last
        await screens.close()
        await task
        await room.close()
        number = int(frames[-1].split(b"\n", 1)[0].removeprefix(b"id: "))
        assert number == last
        assert len(frames) < 100
        told = json.loads(frames[-1].split(b"data: ", 1)[1])
        assert set(told["tiles"]) <= {"log", "band", "strip", "timeline", "counts", "stops"}

    asyncio.run(run())


def test_a_room_without_its_signing_key_is_refused(place: Place) -> None:
    place.signing_key.rename(place.signing_key.with_suffix(".away"))
    with pytest.raises(Exception, match="needs the signing key"):
        mission.room_of(place)


def test_vendored_files_stand_beside_their_licences() -> None:
    vendored = {one.name for one in (STATIC / "vendor").iterdir()}
    assert {"pico.LICENSE.txt", "noto-sans.LICENSE.txt"} <= vendored


def test_what_is_purged_is_not_kept_in_the_picture(room: Room, place: Place) -> None:
    contact = "the line of the duty officer"

    async def run() -> None:
        await room.open()
        body = Guarantee(party="militias", covers=("all",), heard_by="Radio-1", contact=contact)
        await room.append([Message("promise", body, RADIO, mission.NOW)])
        before = await room.picture(age=0.0)
        assert contact in str(before.said)
        ledger = open_ledger(place)
        ledger.purge(at=mission.NOW + timedelta(days=40))
        last = ledger.tail()[0]
        ledger.close()
        while room.last < last:
            await room.changed(room.last, within=1.0)
        after = await room.picture(age=0.0)
        await room.close()
        assert any(one.kind == "purge" for one in after.said)
        assert contact not in str(after.said)
        assert contact not in str(after.recent)

    asyncio.run(run())
