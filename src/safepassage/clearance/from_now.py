"""The scenario as of now: what is left of a scenario once a situation has come about.

Minute 0 stays the start of the scenario, so that times and names keep their meaning; nothing of the
new scenario happens before the time of the situation. Where the ledger is silent the reading is
taken that promises least, and a warning says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from safepassage.clearance.convoy_ids import ids_used
from safepassage.clearance.from_now_fleet import fleet_now, without_vehicles
from safepassage.clearance.from_now_people import groups_now, places_now
from safepassage.clearance.from_now_staff import staff_now
from safepassage.clearance.from_now_stopped import stopped
from safepassage.clearance.from_now_windows import windows_now
from safepassage.ledger.decided import PlanAdopted
from safepassage.ledger.folding import situation
from safepassage.ledger.log import Ledger
from safepassage.ledger.situation import Situation
from safepassage.scenario.scenario import Scenario

MARK = "ledger entry "
"""How the input of a plan begins that names the entry and the time that it was made from."""


class FromNowError(ValueError):
    """A plan from now cannot be made or judged; the message says why."""


@dataclass(frozen=True)
class FromNow:
    """What is left of a scenario, and every place where the ledger did not say enough.

    `used` are the convoy ids that have been given in this evacuation: no new convoy gets one.
    """

    scenario: Scenario
    situation: Situation
    warnings: tuple[str, ...]
    used: frozenset[str] = frozenset()


def from_now(scenario: Scenario, now: Situation, plans: Sequence[str] = ()) -> FromNow:
    """Return the scenario as of a situation; `plans` are the texts of every plan adopted so far.

    Raises
    ------
    FromNowError
        If the situation is of a time outside the scenario, or a convoy has departed of which
        nothing says with which vehicles and people: they would be planned a second time.
    """
    since = now.at - scenario.start
    if not timedelta(0) <= since < scenario.horizon:
        end = scenario.start + scenario.horizon
        raise FromNowError(
            f"at: got {now.at.isoformat()}, want a time of the scenario, from "
            f"{scenario.start.isoformat()} until {end.isoformat()}"
        )
    bare = without_vehicles(now, plans)
    if bare:
        raise FromNowError(
            f"from: got departed convoys of which nobody knows the vehicles: {', '.join(bare)}; "
            "want a movement of each vehicle with its load, or the plan that they are of"
        )
    vehicles, on_vehicles = fleet_now(scenario, now)
    staff, on_staff = staff_now(scenario, now, plans)
    groups, on_people = groups_now(scenario, now)
    places, on_places = places_now(scenario, now)
    windows, on_windows = windows_now(scenario, now)
    # The opening stays: the law of the ending counts from it, and nothing is ready before now.
    left = replace(
        scenario,
        inputs={**scenario.inputs, mark(now): now.head},
        vehicles=vehicles,
        staff=staff,
        groups=groups,
        places=places,
        windows=windows,
    )
    ahead = stopped(scenario, now)
    found = (*ahead, *on_vehicles, *on_staff, *on_people, *on_places, *on_windows, *_unread(now))
    return FromNow(left, now, tuple(dict.fromkeys(found)), ids_used(now, plans))


def from_ledger(
    scenario: Scenario, ledger: Ledger, *, at: datetime, upto: int | None = None
) -> FromNow:
    """Return the scenario as of an entry of a ledger (None: the last), seen at a time."""
    now = situation(ledger, at=at, scenario=scenario, upto=upto)
    return from_now(scenario, now, adopted_plans(ledger, now.upto))


def adopted_plans(ledger: Ledger, upto: int) -> tuple[str, ...]:
    """Return the texts of every plan adopted up to an entry, in order."""
    bodies = (one.body for one in ledger.entries(0, upto, ("plan",)))
    return tuple(one.plan for one in bodies if isinstance(one, PlanAdopted))


def mark(now: Situation) -> str:
    """Return the name under which a plan from now keeps the ledger's head among its inputs."""
    return f"{MARK}{now.upto} at {now.at.isoformat()}"


def marked(inputs: Sequence[str]) -> tuple[int, datetime]:
    """Return the entry and the time that a plan was made from.

    Raises
    ------
    FromNowError
        If the plan names none.
    """
    for one in inputs:
        if one.startswith(MARK):
            entry, _, at = one.removeprefix(MARK).partition(" at ")
            try:
                moment = datetime.fromisoformat(at)
                number = int(entry)
            except ValueError:
                break
            if moment.tzinfo is not None and number >= 0:
                return number, moment
            break
    raise FromNowError('inputs: want "ledger entry N at TIME": this plan is not one from a ledger')


def _unread(now: Situation) -> list[str]:
    found = []
    if now.unaccounted:
        people = sum(now.unaccounted.values())
        found.append(f"{people} people: nobody reported their arrival; they are not planned again")
    if now.erased:
        found.append(f"{now.erased} entries can no longer be read")
    if now.left_out:
        found.append(f"{len(now.left_out)} entries were corrected or not confirmed: left out")
    return found
