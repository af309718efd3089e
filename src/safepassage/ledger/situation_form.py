"""A situation and its counts as plain data for `--json`, and as lines for people."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from safepassage.ledger.counts import balances, spreads, totals
from safepassage.ledger.situation import AboardNow, Situation, Tally
from safepassage.scenario.scenario import Scenario

FORMAT = "safepassage/situation/1"


def situation_json(now: Situation, scenario: Scenario | None) -> dict[str, Any]:
    """Return a situation as plain data; what needs a scenario is None without one."""
    return {
        "format": FORMAT,
        "upto": now.upto,
        "head": now.head,
        "at": now.at.isoformat(),
        "plan_hash": None if now.plan is None else now.plan.plan_hash,
        "vehicles": {key: _plain(asdict(one)) for key, one in now.vehicles.items()},
        "convoys": {key: _plain(asdict(one)) for key, one in now.convoys.items()},
        "brought": _plain(now.brought),
        "brought_groups": _plain(now.brought_groups),
        "taken": _plain(now.taken),
        "taken_groups": _plain(now.taken_groups),
        "arrived": None if scenario is None else dict(now.arrived(scenario)),
        "arrived_groups": None if scenario is None else dict(now.arrived_groups(scenario)),
        "still_at": None if scenario is None else dict(now.still_at(scenario)),
        "staff_moved": [
            {"kind": kind, "place": place, "change": number}
            for (kind, place), number in now.staff_moved.items()
        ],
        "promises": [_plain({**asdict(one), "confirmed": one.confirmed}) for one in now.promises],
        "guarantee_ends": _plain(now.guarantee_ends()),
        "stretches": {key: _plain(asdict(one)) for key, one in now.stretches.items()},
        "closed": [one.stretch for one in now.closed_legs],
        "holds": [_plain({**asdict(one), "lifted": one.lifted}) for one in now.holds],
        "terms": {key: _plain(asdict(one)) for key, one in now.terms.items()},
        "unaccounted": dict(now.unaccounted),
        "aboard": [_plain(asdict(one)) for one in now.aboard],
        "consent": {key: asdict(one) for key, one in now.consent.items()},
        "released": _plain(now.released),
        "stale": list(now.stale),
        "erased": now.erased,
        "left_out": list(now.left_out),
    }


def situation_lines(now: Situation, scenario: Scenario | None) -> list[str]:
    """Return a situation as lines for people."""
    lines = [f"as of entry {now.upto}, {now.at.isoformat(timespec='minutes')}"]
    plan = (
        "none adopted" if now.plan is None else f"{now.plan.plan_hash[:12]} (entry {now.plan.seq})"
    )
    lines.append(f"plan in force: {plan}")
    for place, people in now.brought.items():
        counted = scenario is not None and place in scenario.place and scenario.place[place].arrived
        word = "arrived at" if counted else "brought to"
        lines.append(f"{word} {place}: {_tally(people)}")
    for convoy in now.departed:
        where = f" at {convoy.place}" if convoy.place else ""
        red = ", MOVED WITHOUT CLEARANCE" if convoy.uncleared else ""
        lines.append(
            f"convoy {convoy.convoy}: {convoy.state}{where}, {_ago(convoy.reported_at, now)}{red}"
        )
    for one in now.on_the_road.values():
        stale = ", STALE" if one.stale else ""
        planned = " (as planned)" if one.as_planned else ""
        aboard = _tally(one.aboard) or "nobody or not known"
        lines.append(
            f"{one.vehicle}: {one.state}, last {one.place or 'not known'}, to {one.to}, aboard "
            f"{aboard}{planned}, {_ago(one.reported_at, now)}{stale}"
        )
    for stretch in now.closed_legs:
        end = "no end stated" if stretch.until is None else f"until {_when(stretch.until)}"
        lines.append(f"{stretch.stretch}: {stretch.state}, {end} (entry {stretch.seq})")
    for promise in now.promises:
        end = "no end stated" if promise.until is None else f"until {_when(promise.until)}"
        by = ", ".join(sorted(promise.people))
        state = f"confirmed by {by}" if promise.confirmed else f"NOT CONFIRMED (heard by {by})"
        void = "".join(
            f"; {stretch}: {how} by {entry}"
            for stretch, (how, entry) in (promise.void or {}).items()
        )
        lines.append(f"{promise.party} promises {'+'.join(promise.covers)} {end}, {state}{void}")
    lines += [
        f"HOLD by {hold.person} since {_when(hold.since)}: {hold.why}" for hold in now.open_holds
    ]
    for term in now.terms.values():
        tied = f", tied to {term.linked_to}" if term.linked_to else ""
        lines.append(f"term {term.term}: {term.state}{tied}: {term.text}")
    lines += [_aboard(one) for one in now.aboard]
    if now.unaccounted:
        lines.append(f"left, arrival never reported: {_tally(now.unaccounted)}")
    if now.erased:
        lines.append(f"{now.erased} entries are erased: what they said is not in here")
    if now.left_out:
        lines.append(f"left out (corrected or not confirmed): {', '.join(now.left_out)}")
    return lines


def _aboard(one: AboardNow) -> str:
    told = []
    for field, at in one.as_of.items():
        value = getattr(one, field)
        shown = _when(value) if isinstance(value, datetime) else value
        told.append(f"{field.replace('_', ' ')} {shown} (told {_when(at)})")
    whom = " ".join(part for part in (one.convoy, one.vehicle) if part)
    return f"on board of {whom}: {', '.join(told)}"


def counts_json(now: Situation) -> dict[str, Any]:
    """Return all counts as plain data: by thing, by counter's total, by convoy."""
    return {
        "format": "safepassage/counts/1",
        "upto": now.upto,
        "counts": [
            {
                **asdict(one.key),
                "lowest": one.lowest,
                "highest": one.highest,
                "counters": [_plain(asdict(tally)) for tally in one.tallies],
            }
            for one in spreads(now)
        ],
        "totals": {
            what: [asdict(one) for one in totals(now, what)]
            for what in ("departed", "arrived", "inside")
        },
        "convoys": [_plain(asdict(one)) for one in balances(now)],
    }


def counts_lines(now: Situation) -> list[str]:
    """Return all counts as lines for people."""
    lines = []
    for one in spreads(now):
        key = one.key
        of = [part for part in (key.convoy, key.place, key.person_class, key.group) if part]
        spread = (
            f"{one.lowest:,}" if one.lowest == one.highest else f"{one.lowest:,} to {one.highest:,}"
        )
        lines.append(f"{key.what} {' '.join(of) or '(all)'}: {spread}")
        lines += [f"  {_counter(tally)}" for tally in one.tallies]
    for what in ("departed", "arrived"):
        for total in totals(now, what):
            how = "stated" if not total.summed_from else f"sum of its {total.summed_from} counts"
            lines.append(f"total {what} per {total.counter}: {total.people:,} ({how})")
    for balance in balances(now):
        if balance.missing_low is None:
            lines.append(f"convoy {balance.convoy}: counted on one side only")
        else:
            lines.append(
                f"convoy {balance.convoy}: departed less arrived {balance.missing_low} to "
                f"{balance.missing_high}"
            )
    return lines


def _counter(tally: Tally) -> str:
    span = ""
    if tally.low is not None or tally.high is not None:
        span = f" ({tally.low if tally.low is not None else '?'}-{tally.high or '?'})"
    return (
        f"{tally.counter}: {tally.people:,}{span}, as of {_when(tally.as_of)} (entry {tally.seq})"
    )


def _tally(people: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {key}" for key, number in people.items())


def _when(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _ago(moment: datetime, now: Situation) -> str:
    minutes = int((now.at - moment).total_seconds() // 60)
    return f"reported {minutes} min ago"


def _plain(value: object) -> Any:
    """Return nested values in JSON's own types."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(_plain(one) for one in value)
    return value
