"""Spells out what an entry covers on the scenario's map: corridors become their legs and posts.

What speaks against a go and names something that the scenario does not know counts everywhere: a
slip of the pen must not make an incident vanish. A promise over something unknown covers nothing.
"""

from collections.abc import Iterable
from dataclasses import replace

from safepassage.ledger.entry import Entry
from safepassage.ledger.said import EVERYWHERE, Guarantee, Withdrawal
from safepassage.ledger.seen import Closure, Incident
from safepassage.scenario.scenario import Scenario


def spelt_out(entries: Iterable[Entry], scenario: Scenario) -> list[Entry]:
    """Return entries whose `covers` names legs, places and "all" only."""
    return [_one_spelt_out(entry, scenario) for entry in entries]


def _one_spelt_out(entry: Entry, scenario: Scenario) -> Entry:
    body = entry.body
    if isinstance(body, Guarantee) or (isinstance(body, Closure) and body.state == "open"):
        covers = [part for one in body.covers for part in _legs(one, scenario)]
        return replace(entry, body=replace(body, covers=tuple(dict.fromkeys(covers))))
    if isinstance(body, Withdrawal | Incident | Closure):
        known = {*scenario.leg, *scenario.place}
        # An incident of which nobody has said where may have been anywhere.
        parts = [part for one in body.covers for part in _with_posts(one, scenario)]
        wide = [one if one in known else EVERYWHERE for one in parts] or [EVERYWHERE]
        return replace(entry, body=replace(body, covers=tuple(dict.fromkeys(wide))))
    return entry


def _legs(stretch: str, scenario: Scenario) -> tuple[str, ...]:
    """Return the legs of a corridor; anything else is itself."""
    corridor = scenario.corridor.get(stretch)
    return (stretch,) if corridor is None else corridor.legs


def _with_posts(stretch: str, scenario: Scenario) -> tuple[str, ...]:
    """Return the legs of a corridor and the posts and places along it; anything else is itself."""
    corridor = scenario.corridor.get(stretch)
    if corridor is None:
        return (stretch,)
    legs = [scenario.leg[one] for one in corridor.legs]
    places = [place for leg in legs for place in (leg.start, leg.end)]
    posts = [one.checkpoint for leg in legs for one in leg.through]
    return (*corridor.legs, *places, *posts)
