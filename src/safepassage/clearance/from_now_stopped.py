"""Who is on the road before a stretch that is closed, or may be.

The plan from now still takes them to arrive: this says so, because the people aboard come first.
"""

from collections.abc import Iterator

from safepassage.clearance.from_now_times import comes, expected
from safepassage.ledger.situation import Situation, VehicleNow
from safepassage.scenario.scenario import Scenario


def stopped(scenario: Scenario, now: Situation) -> tuple[str, ...]:
    """Return a warning for each convoy (or lone vehicle) whose way ahead is not said to be open."""
    vehicles: dict[str, list[VehicleNow]] = {}
    for one in now.vehicles.values():
        if one.on_the_road:
            vehicles.setdefault(one.convoy or one.vehicle, []).append(one)
    found = []
    for name, riding in vehicles.items():
        why = sorted({words for one in riding for words in _ahead(scenario, now, one)})
        if not why:
            continue
        people = sum(sum(one.aboard.values()) for one in riding)
        times = [expected(scenario, now, one) for one in riding if comes(scenario, one)]
        still = f"; they are still taken to arrive at {max(times):%H:%M}" if times else ""
        found.append(
            f"{name}: on the road with {people:,} people, and on its way {', '.join(why)}{still}: "
            "nobody has said that they get through or turn back"
        )
    return tuple(found)


def _ahead(scenario: Scenario, now: Situation, one: VehicleNow) -> Iterator[str]:
    """Yield what is not open of the legs that a vehicle still has before it, and their posts."""
    here = one.to
    for name in reversed(one.legs):
        leg = scenario.leg.get(name)
        if leg is None or here == one.place:
            return
        posts = [through.checkpoint for through in leg.through]
        for where in (name, *posts):
            known = now.stretches.get(where)
            over = known is not None and known.until is not None and known.until <= now.at
            if known is not None and known.state != "open" and not over and known.since <= now.at:
                until = "" if known.until is None else f" until {known.until:%H:%M}"
                yield f"{where} is {known.state}{until} (entry {known.seq})"
        here = leg.start if here == leg.end else leg.end
