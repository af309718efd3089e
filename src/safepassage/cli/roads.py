"""`safepassage roads`: times, ways, closures, vital stretches and names on the scenario's roads."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.given import read_roads, read_scenario, read_timed
from safepassage.cli.roads_asking import (
    AT,
    JSON,
    KIND,
    SCENARIO,
    after_start,
    check_places,
    finder_at,
    kind_of,
    nodes_of,
)
from safepassage.cli.roads_closing import close
from safepassage.cli.roads_order_by import order_by_command

if TYPE_CHECKING:
    from safepassage.roads.travel import Roads
    from safepassage.roads.ways import Way, WayFinder


MOST_WAYS = 12
"""Ways of a cut that are listed by number."""


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
    group.command("order-by")(order_by_command)
    app.add_typer(group, name="roads")


def matrix(scenario: SCENARIO, kind: KIND = None, at: AT = "0 min", as_json: JSON = False) -> None:
    """Show driving minutes between all places of the scenario at one moment."""
    roads = read_roads(scenario)
    chosen, after = kind_of(roads, kind), after_start(at)
    snaps = nodes_of(roads)
    finder = finder_at(roads, chosen, after)
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
    chosen, after = kind_of(roads, kind), after_start(at)
    snaps = nodes_of(roads)
    check_places(snaps, start, end)
    finder = finder_at(roads, chosen, after)
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
    chosen, after = kind_of(roads, kind), after_start(at)
    snaps = nodes_of(roads)
    check_places(snaps, start, end)
    limit = int(after_start(worse_by).total_seconds() * 1000)
    found = finder_at(roads, chosen, after).vital(snaps[start], snaps[end], limit)
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
    confirm: Annotated[
        int | None, typer.Option(min=1, help="Number of the proposal that a person chooses.")
    ] = None,
    place: Annotated[
        str | None, typer.Option(help="Id of the place without position that gets this one.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Propose places of a name; a person confirms one, which is written into the scenario."""
    from safepassage.cli.roads_confirming import confirm_place
    from safepassage.roads.apart import read_names
    from safepassage.roads.gazetteer import bundled, of_scenario, search
    from safepassage.roads.network import RoadsError

    if (confirm is None) != (place is None):
        raise CommandError("--confirm and --place: got one of them, want both", Exit.USAGE)
    given = read_scenario(scenario)
    entries = [*of_scenario(given.places), *bundled()]
    if given.roads is not None and given.roads.extract.endswith(".pbf"):
        folder = scenario if scenario.is_dir() else scenario.parent
        try:
            entries += read_names(folder / given.roads.extract)
        except RoadsError as error:
            typer.echo(f"note: {error}", err=True)
    found = search(name, entries)
    written = None
    if confirm is not None and place is not None:
        if confirm > len(found):
            raise CommandError(f"--confirm: got {confirm}, want 1 to {len(found)}", Exit.USAGE)
        written = confirm_place(scenario, given, place, found[confirm - 1])
    if as_json:
        rows = [
            {"name": one.entry.name, "spelling": one.spelling, "match": one.match,
             "lat": one.entry.lat, "lon": one.entry.lon, "origin": one.entry.origin}
            for one in found
        ]  # fmt: skip
        answer: dict[str, Any] = {"asked": name, "proposals": rows}
        if written is not None:
            answer["written"] = {"place": place, **written}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    for number, one in enumerate(found, 1):
        typer.echo(
            f"  {number}. {one.entry.name} ({one.spelling}): {one.match}, "
            f"{one.entry.lat:.5f}, {one.entry.lon:.5f}, {one.entry.origin}"
        )
    if not found:
        typer.echo("  nothing of that name in the scenario, its extract or the bundled list.")
    if written is not None:
        typer.echo(f"Written to scenario.toml: place '{place}', {written['assumed']}.")
    elif found:
        typer.echo("Nothing is chosen: --confirm NUMBER --place ID writes one into the scenario.")


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
    from safepassage.roads.driven import DrivenWays
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
            files, ways = {}, DrivenWays(roads, travelled.slices)
            for one in wanted:
                rides = rides_of(roads, travelled, verified, one, ways)
                for form in FORMATS:
                    files[f"{one}.{form}"] = route_text(rides, one, form).encode()
    except (RoadsError, ValueError) as error:
        raise CommandError(str(error)) from None
    output.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_whole(output / name, content)
    typer.echo(f"{output}: {len(files)} files for {audience}.")


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
    more = f" and {len(ways) - MOST_WAYS} more" if len(ways) > MOST_WAYS else ""
    shown = ", ".join(map(str, ways[:MOST_WAYS]))
    return f": cut by {', '.join(by) or 'the negotiated ways'} (way {shown}{more})"


def _way_ids(roads: "Roads", way: "Way") -> list[int]:
    return list(dict.fromkeys(int(roads.network.way[edge]) for edge in way.edges))


def _street_names(roads: "Roads", way: "Way") -> list[str]:
    names = (roads.network.name_of(edge) or "road without a name" for edge in way.edges)
    return list(dict.fromkeys(names))
