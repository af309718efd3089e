"""`safepassage roads`: times, ways, closures, vital stretches and names on the scenario's roads."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.given import read_roads, read_scenario, read_timed

if TYPE_CHECKING:
    from safepassage.roads.travel import Roads
    from safepassage.roads.ways import Way, WayFinder

SCENARIO = Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")]
JSON = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
KIND = Annotated[str | None, typer.Option(help="Vehicle kind; else the first of the scenario.")]
AT = Annotated[str, typer.Option(help='How long after the start, e.g. "6 h".')]


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(
        help="Travel times, ways, closures, vital stretches and place names.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("matrix")(matrix)
    group.command("path")(path)
    group.command("close")(close)
    group.command("vital")(vital)
    group.command("where")(where)
    group.command("map")(map_page)
    group.command("export")(export)
    app.add_typer(group, name="roads")


def matrix(scenario: SCENARIO, kind: KIND = None, at: AT = "0 min", as_json: JSON = False) -> None:
    """Show driving minutes between all places of the scenario at one moment."""
    roads = read_roads(scenario)
    chosen, after = _kind(roads, kind), _after(at)
    snaps = _snaps(roads)
    finder = _finder(roads, chosen, after)
    names = list(snaps)
    nodes = [snaps[name] for name in names]
    times = _matrix(finder, roads, nodes)
    if as_json:
        typer.echo(
            json.dumps(
                {"kind": chosen, "after_minutes": after.total_seconds() / 60, "places": names,
                 "minutes": times}
            )
        )  # fmt: skip
        return
    width = max(len(name) for name in names)
    typer.echo(f"Minutes by {chosen}, {at} after the start; rows are from, columns to.")
    typer.echo(" " * width + "".join(f"{number:>8}" for number in range(1, len(names) + 1)))
    for number, (name, row) in enumerate(zip(names, times, strict=True), 1):
        cells = "".join(f"{'no way' if t is None else format(t, '.1f'):>8}" for t in row)
        typer.echo(f"{name:<{width}}{cells}   {number}")


def path(
    scenario: SCENARIO,
    start: Annotated[str, typer.Argument(help="Id of the place to start from.")],
    end: Annotated[str, typer.Argument(help="Id of the place to go to.")],
    kind: KIND = None,
    at: AT = "0 min",
    alternatives: Annotated[int, typer.Option(min=1, max=6, help="How many ways.")] = 1,
    as_json: JSON = False,
) -> None:
    """Show the quickest way between two places, and others that truly differ."""
    from safepassage.roads.ways import geometry

    roads = read_roads(scenario)
    chosen, after = _kind(roads, kind), _after(at)
    snaps = _snaps(roads)
    _check_places(snaps, start, end)
    finder = _finder(roads, chosen, after)
    ways = finder.alternatives(snaps[start], snaps[end], alternatives)
    wanted, cut = end, None
    while not ways:
        cut = cut or f"no way from {start} to {end}{_cut(roads, finder, snaps, start, end, chosen)}"
        fallback = roads.wanted.fallbacks.get(wanted)
        if fallback not in snaps:
            raise CommandError(cut)
        wanted = fallback
        ways = finder.alternatives(snaps[start], snaps[wanted], alternatives)
    if as_json:
        shown = [
            {
                "minutes": way.milliseconds / 60000,
                "km": way.metres / 1000,
                "ways": _way_ids(roads, way),
                "points": geometry(roads.network, way),
            }
            for way in ways
        ]
        answer = {"kind": chosen, "from": start, "to": wanted, "ways": shown}
        if cut is not None:
            answer |= {"wanted": end, "cut": cut}
        typer.echo(json.dumps(answer))
        return
    if cut is not None:
        typer.echo(f"{cut}.")
        typer.echo(f"The fallback named for {end} is {wanted}:")
    for number, way in enumerate(ways, 1):
        typer.echo(
            f"{number}. {way.milliseconds / 60000:.1f} min, {way.metres / 1000:.1f} km: "
            + ", ".join(_street_names(roads, way))
        )


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
    if entered is not None:
        legs = ", ".join(entered["legs"])
        typer.echo(f"Ledger entry {entered['seq']}: {state} for {legs}, until somebody opens them.")
    typer.echo("Written to scenario.toml." if write else "Not written; --write adds it.")


def vital(
    scenario: SCENARIO,
    start: Annotated[str, typer.Argument(help="Id of the place to start from.")],
    end: Annotated[str, typer.Argument(help="Id of the place to go to.")],
    kind: KIND = None,
    at: AT = "0 min",
    worse_by: Annotated[
        str, typer.Option(help="Count a loss that costs more than this.")
    ] = "5 min",
    as_json: JSON = False,
) -> None:
    """List stretches whose loss cuts the way or costs much. For the cell alone."""
    roads = read_roads(scenario)
    chosen, after = _kind(roads, kind), _after(at)
    snaps = _snaps(roads)
    _check_places(snaps, start, end)
    limit = int(_after(worse_by).total_seconds() * 1000)
    found = _finder(roads, chosen, after).vital(snaps[start], snaps[end], limit)
    if as_json:
        rows = [
            {
                "way": one.way_id,
                "name": one.name,
                "bridge": one.bridge,
                "cuts": one.delay is None,
                "delay_minutes": None if one.delay is None else one.delay / 60000,
            }
            for one in found
        ]
        typer.echo(json.dumps({"kind": chosen, "from": start, "to": end, "vital": rows}))
        return
    typer.echo("FOR THE CELL ALONE: what the way rests on, worst first.")
    for one in found:
        what = "cuts the way" if one.delay is None else f"costs {one.delay / 60000:.1f} min"
        typer.echo(
            f"  way {one.way_id} {one.name or ''}{' (bridge)' if one.bridge else ''}: {what}"
        )
    if not found:
        typer.echo("  none: every stretch has a way round it within the time.")


def where(
    scenario: SCENARIO,
    name: Annotated[str, typer.Argument(help="A place name, in Latin or Arabic letters.")],
    as_json: JSON = False,
) -> None:
    """Propose places of a name; a person confirms one and writes it into the scenario."""
    from safepassage.roads.apart import read_names
    from safepassage.roads.gazetteer import bundled, of_scenario, search
    from safepassage.roads.network import RoadsError

    given = read_scenario(scenario)
    entries = [*of_scenario(given.places), *bundled()]
    if given.roads is not None and given.roads.extract.endswith(".pbf"):
        folder = scenario if scenario.is_dir() else scenario.parent
        try:
            entries += read_names(folder / given.roads.extract)
        except RoadsError as error:
            typer.echo(f"note: {error}", err=True)
    found = search(name, entries)
    if as_json:
        rows = [
            {"name": one.entry.name, "spelling": one.spelling, "match": one.match,
             "lat": one.entry.lat, "lon": one.entry.lon, "origin": one.entry.origin}
            for one in found
        ]  # fmt: skip
        typer.echo(json.dumps({"asked": name, "proposals": rows}, ensure_ascii=False))
        return
    for one in found:
        typer.echo(
            f"  {one.entry.name} ({one.spelling}): {one.match}, "
            f"{one.entry.lat:.5f}, {one.entry.lon:.5f}, {one.entry.origin}"
        )
    if not found:
        typer.echo("  nothing of that name in the scenario, its extract or the bundled list.")


def map_page(
    scenario: SCENARIO,
    plan: Annotated[Path | None, typer.Option(help="Add a verified plan's convoys.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Page to write; else map.html, or none with --pdf."),
    ] = None,
    pdf: Annotated[Path | None, typer.Option(help="Also draw it on an A4 page, for paper.")] = None,
) -> None:
    """Write a map page that needs no network, or a page for paper. For the cell alone."""
    from safepassage.roads.apart import read_names
    from safepassage.roads.gazetteer import of_scenario
    from safepassage.roads.network import RoadsError
    from safepassage.roads.travel import travel

    roads = read_roads(scenario)
    folder = scenario if scenario.is_dir() else scenario.parent
    try:
        travelled = travel(roads)
        made = None
        if plan is not None:
            from safepassage.planner.plan_file import read_plan
            from safepassage.planner.verify import verify

            made = verify(travelled.scenario, read_plan(plan))
        page = output or (None if pdf is not None else Path("map.html"))
        if page is not None:
            from safepassage.report.map_page import write_map

            named = of_scenario(roads.scenario.places)
            if roads.wanted.extract.endswith(".pbf"):
                named += read_names(folder / roads.wanted.extract)
            write_map(roads, travelled, page, plan=made, named=named)
            typer.echo(f"{page}: for the cell alone; open it in a browser, it needs no network.")
        if pdf is not None:
            from safepassage.report.road_map import road_map_pdf
            from safepassage.report.typeset import write_whole

            write_whole(pdf, road_map_pdf(roads, travelled, plan=made))
            typer.echo(f"{pdf}: for the cell alone, one A4 page.")
    except (RoadsError, ValueError) as error:
        raise CommandError(str(error)) from None


def export(
    scenario: SCENARIO,
    plan: Annotated[Path, typer.Argument(help="The plan.json; it is verified first.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")],
    audience: Annotated[
        str, typer.Option("--for", help="crew (own routes) or public (a timetable of stops).")
    ] = "crew",
    vehicle: Annotated[str | None, typer.Option(help="One vehicle; else each its own.")] = None,
) -> None:
    """Write each crew's own route (GPX, KML, GeoJSON), or the public's timetable (CSV, GTFS)."""
    from safepassage.planner.plan_file import read_plan
    from safepassage.planner.verify import verify
    from safepassage.report.routes import FORMATS, rides_of, route_text
    from safepassage.report.stop_timetable import csv_of, gtfs_of
    from safepassage.report.typeset import write_whole
    from safepassage.roads.network import RoadsError
    from safepassage.roads.travel import travel

    if audience not in {"crew", "public"}:
        raise CommandError(f"--for: got {audience!r}, want crew or public", Exit.USAGE)
    try:
        if audience == "public":
            verified = verify(read_timed(scenario, reference=True), read_plan(plan))
            files = {"timetable.csv": csv_of(verified), "gtfs.zip": gtfs_of(verified)}
        else:
            roads = read_roads(scenario)
            travelled = travel(roads)
            verified = verify(travelled.scenario, read_plan(plan))
            names = {trip.vehicle for trip in verified.plan.trips if trip.vehicle}
            wanted = sorted(names) if vehicle is None else [vehicle]
            files = {}
            for one in wanted:
                rides = rides_of(roads, travelled, verified, one)
                for form in FORMATS:
                    files[f"{one}.{form}"] = route_text(rides, one, form).encode()
    except (RoadsError, ValueError) as error:
        raise CommandError(str(error)) from None
    output.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_whole(output / name, content)
    typer.echo(f"{output}: {len(files)} files for {audience}.")


def _kind(roads: "Roads", kind: str | None) -> str:
    kinds = [one.kind for one in roads.scenario.vehicles]
    if kind is None:
        return kinds[0] if kinds else "bus"
    return kind


def _after(text: str) -> timedelta:
    from safepassage.scenario.duration import parse_duration

    try:
        return parse_duration(text)
    except ValueError:
        raise CommandError(f'got {text!r}, want a time, e.g. "6 h"', Exit.USAGE) from None


def _snaps(roads: "Roads") -> dict[str, int]:
    from safepassage.roads.network import RoadsError
    from safepassage.roads.snapping import snap_places

    placed = [one for one in roads.scenario.places if one.position is not None]
    try:
        seconds = roads.seconds(_kind(roads, None), night=False)
        return {one.place: one.node for one in snap_places(roads.network, placed, seconds)}
    except RoadsError as error:
        raise CommandError(str(error)) from None


def _check_places(snaps: dict[str, int], *wanted: str) -> None:
    from safepassage.scenario.near import did_you_mean

    for one in wanted:
        if one not in snaps:
            near = did_you_mean(one, list(snaps))
            raise CommandError(f"place: got '{one}', want an id of a place with a position{near}")


def _finder(roads: "Roads", kind: str, after: timedelta) -> "WayFinder":
    from safepassage.roads.engine import arc_milliseconds
    from safepassage.roads.travel import is_night
    from safepassage.roads.ways import WayFinder

    seconds = roads.seconds(kind, night=is_night(roads.scenario, after))
    times = arc_milliseconds(roads.network, seconds, roads.closed(after))
    return WayFinder(roads.network, roads.engine, times)


def _matrix(finder: "WayFinder", roads: "Roads", nodes: list[int]) -> list[list[float | None]]:
    from safepassage.roads.engine import UNREACHABLE

    del finder  # it has given the engine its times
    found = roads.engine.matrix(nodes, nodes).tolist()
    return [[None if t == UNREACHABLE else round(t / 60000, 2) for t in row] for row in found]


def _cut(
    roads: "Roads", finder: "WayFinder", snaps: dict[str, int], start: str, end: str, kind: str
) -> str:
    import numpy as np

    from safepassage.roads.engine import arc_milliseconds

    none = np.zeros(roads.network.edges, dtype=np.bool_)
    opened = arc_milliseconds(roads.network, roads.seconds(kind, night=False), none)
    edges = finder.cut(snaps[start], snaps[end], opened)
    if not edges:
        return ", even with every stretch open"
    by = [s.closure.id for s in roads.stretches if set(edges) & set(s.edges.tolist())]
    ways = sorted({int(roads.network.way[edge]) for edge in edges})
    return f": cut by {', '.join(by) or 'the negotiated ways'} (way {', '.join(map(str, ways))})"


def _way_ids(roads: "Roads", way: "Way") -> list[int]:
    return list(dict.fromkeys(int(roads.network.way[edge]) for edge in way.edges))


def _street_names(roads: "Roads", way: "Way") -> list[str]:
    names = (roads.network.name_of(edge) or "road without a name" for edge in way.edges)
    return list(dict.fromkeys(names))


def _effect(before: "Roads", after: "Roads", identifier: str) -> dict[str, Any]:
    """Return what a closure changes: each leg's time before and after, and the proof."""
    stretch = next(one for one in after.stretches if one.closure.id == identifier)
    moment = stretch.closure.starts or timedelta(0)
    shut = set(stretch.edges.tolist())
    snaps = _snaps(before)
    legs, clear = [], True
    for kind in sorted({one.kind for one in before.scenario.vehicles}):
        old = _finder(before, kind, moment)
        was = {leg.id: old.best(snaps[leg.start], snaps[leg.end]) for leg in before.scenario.legs}
        new = _finder(after, kind, moment)
        closed = after.closed(moment)
        for leg in before.scenario.legs:
            now = new.best(snaps[leg.start], snaps[leg.end])
            clear = clear and (now is None or not closed[list(now.edges)].any())
            earlier = was[leg.id]
            legs.append(
                {
                    "leg": leg.id,
                    "kind": kind,
                    "before": _shown(earlier),
                    "after": _shown(now),
                    "used_it": earlier is not None and bool(shut & set(earlier.edges)),
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
        legs = legs_driving(before, _snaps(before), stretch)
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


def _shown(way: "Way | None") -> str:
    return "no way" if way is None else f"{way.milliseconds / 60000:.1f} min"


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
    """Add the closure to scenario.toml, whole or not at all, comments kept."""
    import tomlkit

    file = scenario / "scenario.toml" if scenario.is_dir() else scenario
    document = tomlkit.parse(file.read_text(encoding="utf-8"))
    table: Any = document["roads"]
    table.setdefault("closure", tomlkit.aot())
    entry = tomlkit.table()
    for key, value in row.items():
        entry.add(key, value)
    table["closure"].append(entry)
    draft = file.with_name(file.name + ".tmp")
    try:
        draft.write_text(tomlkit.dumps(document), encoding="utf-8")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
