"""Known: what a drill plays into the room, once, in order, and never into a live room."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safepassage.board.clock import drill_clock
from safepassage.board.exercise.player import LiveRoomError, play
from safepassage.board.exercise.script import facilitator, script_of
from safepassage.board.exercise.stage import StageError, set_stage
from safepassage.board.room import Room
from safepassage.cli import app
from safepassage.cli.faults import CommandError
from safepassage.ledger.said import Guarantee, Withdrawal
from safepassage.ledger.seen import Count, Incident, Movement
from safepassage.planner.plan_file import write_verified
from safepassage.rehearsal.event import Event, Replay, Row
from tests.board import mission

ROW = Row(3, 683, 0, 20, 0, 0, 10_000, float("inf"), 0.1, 0.2, 2, 0)


def replay() -> Replay:
    first = mission.convoys()[0]
    return Replay(
        ROW,
        (),
        (
            Event(3600.0, "opens"),
            Event(7200.0, "boards", first, "bus-01", 663),
            Event(7260.0, "departs", first, None, 683),
            Event(8000.0, "passes", first, None, 683, "ramouseh"),
            Event(8500.0, "break", None, None, None, "militias"),
            Event(8600.0, "held", first, None, 683, "second-post"),
            Event(9000.0, "halt ends"),
            Event(11_000.0, "arrives", first, "ambulance-01", 20, "rashidin4"),
            Event(11_000.0, "arrives", first, "bus-01", 663, "rashidin4"),
            Event(12_000.0, "ends for good", None, None, None, "militias"),
        ),
    )


def test_the_room_hears_promises_movements_a_count_and_an_incident_in_order() -> None:
    lines = script_of(replay(), mission.plan_of_the_day())
    kinds = [type(one.body) for one in lines]
    parties = len(mission.aleppo().parties)
    assert kinds.count(Guarantee) == 2 * parties, "at the opening and when the halt ends"
    assert [one.body.what for one in lines if isinstance(one.body, Movement)] == [
        "departed", "through", "held", "arrived",
    ]  # fmt: skip
    assert [one.body.people for one in lines if isinstance(one.body, Count)] == [683]
    assert kinds.count(Withdrawal) == 1
    assert [one.at for one in lines] == sorted(one.at for one in lines)
    assert len({one.id for one in lines}) == len(lines)


def test_nobody_is_told_who_fired() -> None:
    lines = script_of(replay(), mission.plan_of_the_day())
    (incident,) = [one for one in lines if isinstance(one.body, Incident)]
    assert "militias" not in incident.body.what + incident.told


def test_the_facilitators_paper_says_exercise_and_when_at_the_table() -> None:
    lines = script_of(replay(), mission.plan_of_the_day())
    paper = facilitator(lines, mission.plan_of_the_day(), speed=10.0)
    assert "EXERCISE, NOT REAL" in paper
    # The wheels roll at 7,260 s, 3,660 s after the opening: 6.1 minutes at the table.
    row = next(one for one in paper.splitlines() if "wheels roll" in one)
    assert row.split("|")[2].strip() == "6"


def test_a_script_is_played_once_even_if_the_room_is_opened_again(tmp_path: Path) -> None:
    verified = mission.plan_of_the_day()
    lines = script_of(replay(), verified)
    stage = set_stage(verified, tmp_path / "drill", at=lines[0].at - timedelta(hours=1))

    async def once() -> int:
        room = Room(
            stage.place,
            verified.scenario,
            clock=drill_clock(lines[-1].at + timedelta(minutes=1)),
            mode="DRILL",
        )
        await room.open()
        try:
            await asyncio.wait_for(play(room, lines), 60)
            return room.last
        finally:
            await room.close()

    first = asyncio.run(once())
    assert asyncio.run(once()) == first


def test_nothing_is_played_before_its_time(tmp_path: Path) -> None:
    verified = mission.plan_of_the_day()
    lines = script_of(replay(), verified)
    stage = set_stage(verified, tmp_path / "drill", at=lines[0].at - timedelta(hours=1))

    async def heard() -> list[str]:
        clock = lines[0].at + timedelta(minutes=1)
        room = Room(stage.place, verified.scenario, clock=lambda: clock, mode="DRILL")
        await room.open()
        try:
            playing = asyncio.create_task(play(room, lines))
            before, parties = room.last, len(mission.aleppo().parties)
            async with asyncio.timeout(60):
                while room.last < before + parties:
                    await room.changed(room.last, within=0.2)
            # Several more looks at the clock, which stands.
            await asyncio.sleep(0.6)
            playing.cancel()
            return await room.read(
                lambda ledger: [
                    one.kind for one in ledger.entries(0) if one.id.startswith("drill-3")
                ]
            )
        finally:
            await room.close()

    assert asyncio.run(heard()) == ["guarantee"] * len(mission.aleppo().parties)


def test_a_live_room_takes_no_script(tmp_path: Path) -> None:
    verified = mission.plan_of_the_day()
    lines = script_of(replay(), verified)
    stage = set_stage(verified, tmp_path / "drill", at=lines[0].at)
    room = Room(stage.place, verified.scenario, clock=lambda: lines[0].at, mode="LIVE")
    with pytest.raises(LiveRoomError):
        asyncio.run(play(room, lines))


def test_a_drill_begins_in_a_folder_of_its_own(tmp_path: Path) -> None:
    verified = mission.plan_of_the_day()
    at = mission.NOW
    set_stage(verified, tmp_path / "drill", at=at)
    with pytest.raises(StageError, match="folder of its own"):
        set_stage(verified, tmp_path / "drill", at=at)


def test_an_empty_convoy_arrives_as_planned_for_the_log_of_a_run_does_not_say() -> None:
    verified = mission.plan_of_the_day()
    empty = next(
        one.convoy for one in verified.plan.trips if one.convoy and not one.load and one.vehicle
    )
    told = script_of(Replay(ROW, (), (Event(60.0, "departs", empty, None, 0),)), verified)
    assert [one.body.what for one in told if isinstance(one.body, Movement)] == [
        "departed", "arrived",
    ]  # fmt: skip


def test_the_ledger_of_a_drill_is_never_opened_in_earnest(tmp_path: Path) -> None:
    source, plan = str(mission.aleppo_folder()), tmp_path / "plan.json"
    write_verified(mission.plan_of_the_day(), plan)
    folder = str(tmp_path / "drill")
    made = CliRunner().invoke(app, ["drill", source, str(plan), "-o", folder, "--only-stage"])
    assert made.exit_code == 0, made.output
    live = CliRunner().invoke(app, ["board", source, "--ledger", f"{folder}/drill.db"])
    assert isinstance(live.exception, CommandError)
    assert "this ledger is a drill" in str(live.exception)
