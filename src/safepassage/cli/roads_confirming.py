"""A proposal of the gazetteer that a person has confirmed, written into scenario.toml."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from safepassage.cli.faults import CommandError

if TYPE_CHECKING:
    from safepassage.roads.gazetteer import Proposal
    from safepassage.scenario.scenario import Scenario


def confirm_place(
    path: Path, given: "Scenario", place_id: str, chosen: "Proposal"
) -> dict[str, Any]:
    """Give a place without position that of a proposal; return what was written.

    The name in Arabic is kept with it where the place has none and the list does.

    Raises
    ------
    CommandError
        If there is no such place, or it has a position: a person takes that out first.
    """
    import tomlkit

    from safepassage.cli.roads_writing import write_scenario
    from safepassage.scenario.near import did_you_mean

    place = given.place.get(place_id)
    if place is None:
        near = did_you_mean(place_id, list(given.place))
        raise CommandError(f"--place: got '{place_id}', want the id of a place{near}")
    if place.position is not None:
        raise CommandError(
            f"--place: '{place_id}' has a position already; take it out of scenario.toml first"
        )
    entry = chosen.entry
    position = {
        "lat": round(entry.lat, 6),
        "lon": round(entry.lon, 6),
        "assumed": f"{entry.origin}: {entry.name}, confirmed by hand",
    }
    arabic = next((name for name in entry.names if _is_arabic(name)), None)

    def add(document: Any) -> None:
        row = next(one for one in document["place"] if one.get("id") == place_id)
        table = tomlkit.inline_table()
        table.update(position)
        row["position"] = table
        names = row.get("name")
        if arabic is not None and isinstance(names, dict) and "ar" not in names:
            names["ar"] = arabic

    write_scenario(path, add)
    return position


def _is_arabic(name: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in name)
