"""`safepassage ensemble` and `merge`: many rehearsals, on many cores or machines."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.from_ledger import scenario_of
from safepassage.cli.given import read_timed

if TYPE_CHECKING:
    from safepassage.planner.plan import Plan
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.rehearsal.ensemble import Chunk, Job
    from safepassage.rehearsal.result import Rehearsal
    from safepassage.rehearsal.run import Level
    from safepassage.rehearsal.summary import Summary
    from safepassage.scenario.scenario import Scenario

FORMAT = "safepassage/ensemble/1"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("ensemble")(ensemble)
    app.command("merge")(merge)


def ensemble(
    pairs: Annotated[
        list[Path],
        typer.Argument(metavar="SCENARIO PLAN …", help="Pairs of a scenario and a plan of it."),
    ],
    folder: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the chunks and the results.")
    ] = Path("ensemble"),
    runs: Annotated[int, typer.Option(help="Runs of each rehearsal.")] = 16_384,
    seed: Annotated[list[int] | None, typer.Option(help="A seed; may be given again.")] = None,
    level: Annotated[str, typer.Option(help="convoy or vehicle.")] = "convoy",
    workers: Annotated[
        int | None, typer.Option(help="Processes on this machine; else one for each core.")
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(help='Address of a Dask scheduler, e.g. "tcp://127.0.0.1:8786".'),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(help='Play only part K of N, e.g. "0/16", and conclude nothing.'),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Rehearse every plan with every seed; what lies in the folder already is not played again."""
    from safepassage.rehearsal.ensemble import Shard, chunks_of, job_of, shard_from
    from safepassage.rehearsal.ensemble_files import still_to_play
    from safepassage.rehearsal.run import RehearsalRefused

    if len(pairs) % 2:
        raise CommandError("want pairs: SCENARIO PLAN, then the next SCENARIO PLAN", Exit.USAGE)
    if cluster is not None and workers is not None:
        raise CommandError("--cluster and --workers: want one of them", Exit.USAGE)
    if workers is not None and workers < 1:
        raise CommandError(f"--workers: got {workers}, want at least 1", Exit.USAGE)
    given = [verified_pair(*one) for one in zip(pairs[::2], pairs[1::2], strict=True)]
    try:
        asked = Shard(0, 1) if shard is None else shard_from(shard)
        jobs = [
            (job_of(verified, seed=one, runs=runs, level=cast("Level", level)), verified)
            for verified in given
            for one in (seed or [7])
        ]
    except RehearsalRefused as refused:
        raise CommandError(f"--{refused}", Exit.USAGE) from None
    part = asked.part(chunks_of(job for job, _ in jobs))
    left = still_to_play(folder, part)
    began = time.monotonic()
    _say(f"{len(part)} chunks, {len(part) - len(left)} of them on disk already")
    _play(left, folder, workers, cluster)
    took = time.monotonic() - began
    if shard is not None:
        document = {"format": FORMAT, "shard": shard, "chunks": len(part), "played": len(left)}
        _show(document, [f"shard {shard}: {len(part)} chunks in {folder}"], as_json=as_json)
        return
    rows = [_concluded(job, verified, folder, took / len(jobs)) for job, verified in jobs]
    document = {"format": FORMAT, "played": len(left), "seconds": round(took, 3), "results": rows}
    _show(document, [_row_words(one) for one in rows], as_json=as_json)


def merge(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    plan: Annotated[Path, typer.Argument(help="The plan.json that was rehearsed.")],
    chunks: Annotated[list[Path], typer.Argument(help="Files of chunks, or folders of them.")],
    runs: Annotated[int, typer.Option(help="Runs that were asked for.")] = 16_384,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the rehearsal is written.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Put the shards of one rehearsal together; other seeds, plans or versions are refused."""
    from safepassage.rehearsal.ensemble import job_of
    from safepassage.rehearsal.ensemble_files import complete, merged
    from safepassage.rehearsal.run import RehearsalRefused
    from safepassage.rehearsal.summary import MergeRefused

    verified = verified_pair(scenario, plan)
    try:
        found = merged(chunks)
        job = job_of(
            verified,
            seed=found.identity.seed,
            runs=runs,
            level=cast("Level", found.identity.level),
        )
        if found.identity.block != job.blocks.size:
            raise CommandError(
                f"--runs: got {runs}, which falls into blocks of {job.blocks.size}, but the chunks "
                f"are of blocks of {found.identity.block}: want the number that was asked for"
            )
        whole = complete(job, found)
        result = _rehearsal(verified, whole, runs, seconds=0.0)
    except (MergeRefused, RehearsalRefused, OSError) as error:
        raise CommandError(str(error)) from None
    document = result.to_json()
    if output is not None:
        write_json(document, output)
    row = _row(job, verified, result, output)
    _show(document, [_row_words(row)], as_json=as_json)


def verified_pair(scenario: Path, plan: Path) -> "VerifiedPlan":
    """Return the plan of a scenario, judged here and now.

    Raises
    ------
    CommandError
        If either cannot be read, or the plan is refused.
    """
    given, proposed = read_timed(scenario, reference=True), read_proposed(plan)
    return judged(scenario_of(given, proposed, plan, None, None), proposed, plan)


def read_proposed(plan: Path) -> "Plan":
    """Return a plan as its file has it, not judged yet.

    Raises
    ------
    CommandError
        If it cannot be read.
    """
    from safepassage.planner.plan_file import read_plan
    from safepassage.planner.plan_form import PlanError

    try:
        return read_plan(plan)
    except OSError as error:
        raise CommandError(f"{plan}: {error.strerror}") from None
    except PlanError as error:
        lines = "\n".join(f"  {one}" for one in error.faults)
        raise CommandError(f"{plan} cannot be read.\n{lines}") from None


def judged(given: "Scenario", proposed: "Plan", plan: Path) -> "VerifiedPlan":
    """Return a plan of a file as the verifier accepts it.

    Raises
    ------
    CommandError
        If it is refused.
    """
    from safepassage.planner.verify import PlanRefused, verify

    try:
        return verify(given, proposed)
    except PlanRefused as refused:
        lines = "\n".join(f"  {one.in_words(given.start)}" for one in refused.violations[:20])
        raise CommandError(f"{plan} is refused: nothing is rehearsed.\n{lines}") from None


def _play(
    left: "tuple[Chunk, ...]", folder: Path, workers: int | None, cluster: str | None
) -> None:
    """Play what is left, and write each chunk as it is done: a run that is killed goes on there."""
    from safepassage.planner.verify import PlanRefused
    from safepassage.rehearsal.ensemble_dask import ClusterError, play_on_cluster
    from safepassage.rehearsal.ensemble_files import write_chunk
    from safepassage.rehearsal.ensemble_local import WorkersLost, cores, play_here
    from safepassage.rehearsal.run import RehearsalRefused

    count = 0

    def keep(part: "Chunk", summary: "Summary") -> None:
        nonlocal count
        write_chunk(folder, part, summary)
        count += 1
        if sys.stderr.isatty():
            print(f"\r{count} of {len(left)} chunks", end="", file=sys.stderr)  # noqa: T201

    if not left:
        return
    try:
        if cluster is not None:
            play_on_cluster(cluster, left, keep)
        else:
            play_here(left, keep, workers=workers or cores())
    except (ClusterError, WorkersLost) as error:
        raise CommandError(str(error), Exit.FAULT) from None
    except (RehearsalRefused, PlanRefused) as refused:
        raise CommandError(str(refused)) from None
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror or error}") from None
    finally:
        if sys.stderr.isatty() and count:
            print(file=sys.stderr)  # noqa: T201


def _concluded(
    job: "Job", verified: "VerifiedPlan", folder: Path, seconds: float
) -> dict[str, Any]:
    """Write what a job came to beside its chunks, and return its row."""
    from safepassage.rehearsal.ensemble import chunks_of
    from safepassage.rehearsal.ensemble_files import complete, file_of, merged

    whole = complete(job, merged(file_of(folder, one) for one in chunks_of([job])))
    result = _rehearsal(verified, whole, job.runs, seconds)
    path = folder / f"{job.key[:16]}.rehearsal.json"
    write_json(result.to_json(), path)
    return _row(job, verified, result, path)


def _rehearsal(
    verified: "VerifiedPlan", whole: "Summary", asked: int, seconds: float
) -> "Rehearsal":
    from safepassage.rehearsal.run import conclude

    return conclude(verified.scenario, verified, whole, asked=asked, seconds=seconds)


def _row(
    job: "Job", verified: "VerifiedPlan", result: "Rehearsal", path: Path | None
) -> dict[str, Any]:
    return {
        "scenario": verified.scenario.name,
        "plan": verified.plan_hash,
        "seed": job.seed,
        "runs": result.runs,
        "arrived": result.out.estimate.to_json(),
        "caught": result.caught.estimate.to_json(),
        "file": None if path is None else str(path),
    }


def _row_words(row: dict[str, Any]) -> str:
    return (
        f"{row['scenario']}, plan {row['plan'][:12]}, seed {row['seed']}, {row['runs']:,} runs: "
        f"{_estimate_words(row['arrived'], 0)} arrived, {_estimate_words(row['caught'], 1)} caught"
    )


def _estimate_words(found: dict[str, Any], digits: int) -> str:
    low, high = found["ci95"]
    if low is None or high is None:
        return f"{found['mean']:,.{digits}f} (no interval: one set of draws)"
    return f"{found['mean']:,.{digits}f} (95 %: {low:,.{digits}f} to {high:,.{digits}f})"


def write_json(document: dict[str, object], path: Path) -> None:
    """Write an object beside its place, then rename it."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise CommandError(f"{path}: cannot be written: {error.strerror or error}") from None


def _say(words: str) -> None:
    typer.echo(words, err=True)


def _show(document: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo("\n".join(lines))
