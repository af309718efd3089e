"""`safepassage drill`: a whole evacuation played into the room from one rehearsed run."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from safepassage.cli.ensemble import verified_pair
from safepassage.cli.faults import CommandError
from safepassage.cli.listening import may_listen


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("drill")(drill)


def drill(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    plan: Annotated[Path, typer.Argument(help="The plan.json to practise.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A new folder for the drill's own ledger.")
    ],
    run: Annotated[int, typer.Option(min=0, max=1_000_000, help="Which rehearsed run.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Seed of its draws.")] = 7,
    speed: Annotated[
        float, typer.Option(min=0.1, max=3600, help="How many times as fast as time.")
    ] = 10.0,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen on; else this computer only.")] = (
        "127.0.0.1"
    ),
    only_stage: Annotated[
        bool, typer.Option("--only-stage", help="Set it up and stop; play it another time.")
    ] = False,
) -> None:
    """Play one rehearsed run into a board: the same in use, marked as a drill everywhere."""
    import uvicorn

    from safepassage.board.app import LOOPBACK, make_app
    from safepassage.board.clock import drill_clock
    from safepassage.board.exercise.script import facilitator, script_of
    from safepassage.board.exercise.stage import StageError, set_stage
    from safepassage.board.mode import settle_mode
    from safepassage.board.room import Room
    from safepassage.ledger.faults import LedgerError
    from safepassage.rehearsal.refused import RehearsalRefused
    from safepassage.rehearsal.run import blocks_for, replay
    from safepassage.report.typeset import write_whole

    if not only_stage:
        may_listen(host, port)
    verified = verified_pair(scenario, plan)
    try:
        block = blocks_for(16_384).size
        lines = script_of(
            replay(verified.scenario, verified, run=run, seed=seed, block=block), verified
        )
    except RehearsalRefused as refused:
        raise CommandError(f"{plan} is not rehearsed: {refused}") from None
    if not lines:
        raise CommandError(f"--run: run {run} has nothing to hear; choose another")
    begins = lines[0].at - timedelta(minutes=10)
    try:
        stage = set_stage(verified, output, at=begins - timedelta(minutes=30))
        paper = facilitator(lines, verified, speed=speed)
        write_whole(output / "facilitator.md", paper.encode())
        room = Room(
            stage.place,
            verified.scenario,
            clock=drill_clock(begins, speed=speed),
            speed=speed,
            mode="DRILL",
            scenario_path=scenario,
        )
        settle_mode(room.place, room.mode)
    except (StageError, LedgerError, OSError) as error:
        raise CommandError(str(error)) from None
    typer.echo("Call signs and passwords of this drill, shown once:")
    for person, password in stage.passwords.items():
        typer.echo(f"  {person:<9} {password}")
    typer.echo(f"For the facilitator alone: {output / 'facilitator.md'}")
    if only_stage:
        return
    app = make_app(room, hosts=(*LOOPBACK, host), script=lines)
    typer.echo(f"DRILL · http://{host}:{port}/ · Ctrl-C stops it", err=True)
    uvicorn.run(
        app, host=host, port=port, log_level="warning", access_log=False, server_header=False
    )
