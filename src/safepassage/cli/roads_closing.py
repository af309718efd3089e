"""`safepassage roads close`: what a closure does to legs and plan, and where it is written down."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.given import read_roads
from safepassage.cli.roads_asking import JSON, SCENARIO, finder_at, nodes_of
from safepassage.cli.roads_over_it import over_it, over_it_in_words

if TYPE_CHECKING:
    from safepassage.roads.travel import Roads
    from safepassage.roads.ways import Way, WayFinder
    from safepassage.scenario.places import Leg


def close(
    scenario: SCENARIO,
    identifier: Annotated[str, typer.Option("--id", help="Id of the new closure.")],
    way: Annotated[list[int] | None, typer.Option(help="Way id; may be given again.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the road, in any language.")] = None,
    polygon: Annotated[Path | None, typer.Option(help="GeoJSON file with one polygon.")] = None,
    centre: Annotated[str | None, typer.Option(help='"lat,lon" of a point.')] = None,
    radius: Annotated[float | None, typer.Option(help="Metres round the point.")] = None,
    state: Annotated[str, typer.Option(help="open, closed or unknown.")] = "closed",
    starts: Annotated[str | None, typer.Option("--from", help='e.g. "2 h" after start.')] = None,
    ends: Annotated[str | None, typer.Option("--until", help='e.g. "9 h" after start.')] = None,
    word_of: Annotated[str | None, typer.Option(help="On whose word.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Add it to scenario.toml.")] = False,
    ledger: Annotated[
        str | None,
        typer.Option(help="Also enter it in this ledger: the legs over it, no coordinates."),
    ] = None,
    keys: Annotated[
        Path | None, typer.Option(help="Folder of the ledger's keys; else beside the file.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Who says so, for the ledger; else --word-of.")
    ] = None,
    channel: Annotated[
        str, typer.Option(help="How it reached us, for the ledger: radio, phone, …")
    ] = "room",
    plan: Annotated[
        Path | None, typer.Option(help="Also list this plan's trips over it: then and later.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Close a stretch: which legs used it, their new times, and that no way holds it now."""
    from safepassage.roads.network import RoadsError
    from safepassage.roads.travel import with_closure

    roads = read_roads(scenario)
    row: dict[str, Any] = {
        "id": identifier, "state": state, "starts": starts, "ends": ends, "ways": way or None,
        "name": name, "centre": _point(centre), "radius_m": radius,
        "polygon": _polygon(polygon), "word_of": word_of,
    }  # fmt: skip
    row = {key: value for key, value in row.items() if value is not None}
    try:
        closed = with_closure(roads, row)
    except RoadsError as error:
        raise CommandError(str(error)) from None
    report = _effect(roads, closed, identifier)
    if plan is not None:
        report["plan"] = _in_plan(roads, closed, identifier, plan)
    entered = None
    if ledger is not None:
        # The ledger first: if the scenario cannot be written then, what is known is on record.
        entered = _enter(roads, closed, identifier, (ledger, keys), by or word_of, channel)
        report["ledger"] = entered
    if write:
        _write_closure(scenario, row)
    if as_json:
        typer.echo(json.dumps(report))
        return
    means = ", ".join(report["roads"][:12])
    typer.echo(f"{identifier}: {report['pieces']} pieces of road, {state}: {means}.")
    for one in report["legs"]:
        mark = "used it" if one["used_it"] else "did not"
        typer.echo(f"  {one['leg']} by {one['kind']}: {one['before']} -> {one['after']} ({mark})")
    typer.echo(
        "Checked: no quickest way holds a closed stretch now."
        if report["clear"]
        else "FAULT: a way still holds a closed stretch."
    )
    if not report["clear"]:
        raise typer.Exit(Exit.FAULT)
    if plan is not None:
        for line in over_it_in_words(report["plan"]):
            typer.echo(line)
    if entered is not None:
        legs = ", ".join(entered["legs"])
        typer.echo(f"Ledger entry {entered['seq']}: {state} for {legs}, until somebody opens them.")
    typer.echo("Written to scenario.toml." if write else "Not written; --write adds it.")


def _effect(before: "Roads", after: "Roads", identifier: str) -> dict[str, Any]:
    """Return what a closure changes: each leg's time before and after, and the proof."""
    stretch = next(one for one in after.stretches if one.closure.id == identifier)
    moment = stretch.closure.starts or timedelta(0)
    shut = set(stretch.edges.tolist())
    snaps = nodes_of(before)
    legs, clear = [], True
    for kind in sorted({one.kind for one in before.scenario.vehicles}):
        old = finder_at(before, kind, moment)
        was = {leg.id: _both_ways(old, leg, snaps) for leg in before.scenario.legs}
        new = finder_at(after, kind, moment)
        closed = after.closed(moment)
        for leg in before.scenario.legs:
            now, earlier = _both_ways(new, leg, snaps), was[leg.id]
            clear = clear and not any(
                way is not None and bool(closed[list(way.edges)].any()) for way in now
            )
            legs.append(
                {
                    "leg": leg.id,
                    "kind": kind,
                    "before": _shown(earlier),
                    "after": _shown(now),
                    "used_it": any(
                        way is not None and bool(shut & set(way.edges)) for way in earlier
                    ),
                }
            )
    names = (before.network.name_of(edge) or "road without a name" for edge in sorted(shut))
    return {
        "id": identifier,
        "pieces": len(shut),
        "roads": list(dict.fromkeys(names)),
        "legs": legs,
        "clear": clear,
    }


def _enter(
    before: "Roads",
    after: "Roads",
    identifier: str,
    book: tuple[str, Path | None],
    person: str | None,
    channel: str,
) -> dict[str, Any]:
    """Enter a closure in the ledger under the legs that drive over it; return what was entered."""
    from safepassage.cli.recording.closing import ClosureSaid, enter_closure
    from safepassage.roads.network import RoadsError
    from safepassage.roads.use import legs_driving

    stretch = next(one for one in after.stretches if one.closure.id == identifier)
    closure = stretch.closure
    if not person:
        raise CommandError("--by: got nothing, want who says so: a role or call sign", Exit.USAGE)
    if closure.state == "open":
        # One open stretch does not open a leg that something else may close.
        raise CommandError(
            "--ledger: an open stretch opens no leg; nothing was entered. Say of the leg itself "
            "that it is open: ledger add closure --covers LEG --state open"
        )
    try:
        legs = legs_driving(before, nodes_of(before), stretch)
    except RoadsError as error:
        raise CommandError(str(error)) from None
    if not legs:
        raise CommandError(
            f"--ledger: no leg of this scenario drives over '{identifier}' while it is "
            f"{closure.state}; nothing was entered. Without --ledger it can still be written"
        )
    edges = stretch.edges.tolist()
    start = before.scenario.start
    said = ClosureSaid(
        identifier,
        closure.state,
        legs,
        tuple(sorted({int(before.network.way[edge]) for edge in edges})),
        tuple(dict.fromkeys(before.network.name_of(e) or "road without a name" for e in edges)),
        None if closure.starts is None else start + closure.starts,
        None if closure.ends is None else start + closure.ends,
    )
    ledger, keys = book
    receipt = enter_closure(
        said, ledger, keys, person=person, channel=channel, at=datetime.now().astimezone()
    )
    return {"seq": receipt.seq, "id": receipt.id, "legs": list(legs)}


def _in_plan(before: "Roads", after: "Roads", identifier: str, plan: Path) -> dict[str, Any]:
    """Return the trips of a plan over a stretch when it closes, and those planned for later."""
    from safepassage.planner.plan_file import read_plan
    from safepassage.planner.plan_form import PlanError
    from safepassage.planner.verify import PlanRefused, verify
    from safepassage.roads.network import RoadsError
    from safepassage.roads.travel import travel

    stretch = next(one for one in after.stretches if one.closure.id == identifier)
    try:
        travelled = travel(before)
        made = verify(travelled.scenario, read_plan(plan))
    except (RoadsError, PlanError, PlanRefused) as error:
        raise CommandError(f"--plan: {error}") from None
    return over_it(before, travelled, stretch, made)


def _both_ways(finder: "WayFinder", leg: "Leg", snaps: dict[str, int]) -> list["Way | None"]:
    """Return the quickest way of a leg in each direction in which it may be driven."""
    ways = [finder.best(snaps[leg.start], snaps[leg.end])]
    if not leg.one_way:
        ways.append(finder.best(snaps[leg.end], snaps[leg.start]))
    return ways


def _shown(ways: list["Way | None"]) -> str:
    """Return the time of a leg: that of the slower direction, as in the plan."""
    times = [None if way is None else way.milliseconds for way in ways]
    known = [one for one in times if one is not None]
    return "no way" if len(known) < len(times) else f"{max(known) / 60000:.1f} min"


def _point(text: str | None) -> list[float] | None:
    if text is None:
        return None
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        raise CommandError(f"--centre: got {text!r}, want lat,lon", Exit.USAGE) from None
    return [lat, lon]


def _polygon(file: Path | None) -> dict[str, Any] | None:
    if file is None:
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"--polygon: {file}: {error}") from None
    while isinstance(found, dict) and found.get("type") in {"FeatureCollection", "Feature"}:
        inner = found.get("geometry") or (found.get("features") or [None])[0]
        if inner is None:
            break
        found = inner
    if not isinstance(found, dict) or found.get("type") != "Polygon":
        raise CommandError(f"--polygon: {file}: want a GeoJSON Polygon")
    return found


def _write_closure(scenario: Path, row: dict[str, Any]) -> None:
    """Add the closure to scenario.toml."""
    import tomlkit

    from safepassage.cli.roads_writing import write_scenario

    def add(document: Any) -> None:
        table = document["roads"]
        table.setdefault("closure", tomlkit.aot())
        entry = tomlkit.table()
        for key, value in row.items():
            entry.add(key, value)
        table["closure"].append(entry)

    write_scenario(scenario, add)
