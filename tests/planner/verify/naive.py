"""A second, deliberately naive reading of docs/model.md: every second, every pair, no cleverness.

For tiny missions whose durations are whole seconds. It shares nothing with the verifier but the
nouns and the page of the model.
"""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from safepassage.planner.plan import Plan, Trip
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import Group
from safepassage.scenario.scenario import Scenario


def seconds(length: object) -> int:
    total = length.total_seconds()  # type: ignore[attr-defined]
    assert total == int(total), "the naive reading knows whole seconds only"
    return int(total)


def entry_of(world: Scenario, name: str) -> tuple[Vehicles, int] | None:
    """Return the entry of a vehicle and from when on it is ready."""
    all_of_kind = [
        (one, number)
        for one in world.vehicles
        if one.kind == name[:-3]
        for number in range(one.count.pick())
    ]
    position = int(name[-2:]) - 1
    if not 0 <= position < len(all_of_kind):
        return None
    entry, number = all_of_kind[position]
    moments: list[int] = []
    for step in sorted(entry.ready, key=lambda one: one.after):
        moments += [seconds(step.after)] * step.count
    return entry, moments[number] if entry.ready else 0


def driven(world: Scenario, one: Trip, plan: Plan) -> list[tuple[str, int, int, bool]]:
    """Return (leg, enters, leaves, forward) of a trip that is a chain, in its convoy."""
    corridor = {leg for two in world.corridors for leg in two.legs}
    found = []
    place, now = one.start, one.depart
    convoys = {two.id: two for two in plan.convoys}
    for leg_id in one.legs:
        leg = world.leg[leg_id]
        forward = leg.start == place
        assert forward or leg.end == place
        if leg_id in corridor and one.convoy is not None:
            convoy = convoys[one.convoy]
            if not any(two[0] in corridor for two in found):
                now = convoy.depart
            kinds = {two.kind for two in plan.trips if two.convoy == one.convoy and two.vehicle}
            times = [
                [
                    seconds(world.leg[x].time_for(kind or "").pick())
                    for x in one.legs
                    if x in corridor
                ]
                for kind in sorted(kinds, key=str)
            ] or [[seconds(world.leg[x].time.pick()) for x in one.legs if x in corridor]]
            slowest = max(times, key=sum)
            time = slowest[[x for x in one.legs if x in corridor].index(leg_id)]
        else:
            figure = leg.time if one.kind is None else leg.time_for(one.kind)
            time = seconds(figure.pick())
        found.append((leg_id, now, now + time, forward))
        now += time
        place = leg.end if forward else leg.start
        if leg_id in corridor and one.convoy is not None:
            is_last = [x for x in one.legs if x in corridor][-1] == leg_id
            if is_last:
                now = convoys[one.convoy].arrive
    return found


def naive_rules(world: Scenario, plan: Plan) -> set[str]:
    """Return the names of the rules that a plan of known vehicles, legs and groups breaks."""
    return set(_broken(world, plan))


def _broken(world: Scenario, plan: Plan) -> Iterator[str]:
    horizon = seconds(world.horizon)
    every_second = range(-1, horizon + 1)
    trips = plan.trips
    people = {id(one): sum(one.load.values()) for one in trips}
    entry = {id(one): entry_of(world, one.vehicle) for one in trips if one.vehicle is not None}
    load_time: dict[int, int] = {}
    unload_time: dict[int, int] = {}
    for one in trips:
        known = entry.get(id(one))
        loads = known is not None and people[id(one)] > 0
        load_time[id(one)] = seconds(known[0].load.pick()) if known and loads else 0
        unload_time[id(one)] = seconds(known[0].unload.pick()) if known and loads else 0
    ways = {id(one): driven(world, one, plan) for one in trips}

    def boards(one: Trip) -> int:
        return one.depart - load_time[id(one)]

    # --- each trip
    for one in trips:
        way = ways[id(one)]
        corridor_legs = [x for x in way if any(x[0] in two.legs for two in world.corridors)]
        if corridor_legs and one.convoy is not None:
            convoy = next(two for two in plan.convoys if two.id == one.convoy)
            before = sum(x[2] - x[1] for x in way[: way.index(corridor_legs[0])])
            if one.depart + before > convoy.depart:
                yield "times"
        if one.arrive != way[-1][2] and not (corridor_legs and way[-1] == corridor_legs[-1]):
            yield "times"
        if corridor_legs and way[-1] == corridor_legs[-1]:
            convoy = next(two for two in plan.convoys if two.id == one.convoy)
            if one.arrive != convoy.arrive:
                yield "times"
        if one.depart < 0 or one.arrive > horizon:
            yield "times"
        first = way.index(corridor_legs[0]) if corridor_legs else len(way)
        last = way.index(corridor_legs[-1]) + 1 if corridor_legs else len(way)
        for part in (way[:first], way[last:]):
            seen = [place for x in part for place in (world.leg[x[0]].start, world.leg[x[0]].end)]
            # In a chain each place between two legs is named twice, its two ends once.
            if part and len(set(seen)) != len(part) + 1:
                yield "continuity"
        known = entry.get(id(one))
        if known is not None:
            used: Counter[str] = Counter()
            for class_id, count in one.load.items():
                for slot, uses in world.person_class[class_id].uses.items():
                    used[slot] += uses * count
            if any(
                used[slot] > (known[0].slots[slot].pick() if slot in known[0].slots else 0)
                for slot in used
            ):
                yield "slots"
        wanted: Counter[str] = Counter()
        for group_id, count in one.groups.items():
            group = world.group[group_id]
            wanted[group.class_id] += count
            wanted["companion"] += count * world.person_class[group.class_id].companions
        if +Counter(one.load) != +wanted:
            yield "companions" if one.load.get("companion", 0) != wanted["companion"] else "load"
        end = world.place[one.end]
        if people[id(one)] and not end.arrived and end.kind not in ("staging", "handover"):
            yield "arrived"
        if end.arrived:
            if any(count and world.group[name].at == one.end for name, count in one.groups.items()):
                yield "arrived"
            for group_id, count in one.groups.items():
                if (
                    count
                    and world.group[group_id].wants
                    and one.end not in world.group[group_id].wants
                ):
                    yield "wishes"
        longest = world.rules.longest_on_board
        if longest is not None and people[id(one)] and one.arrive - boards(one) > seconds(longest):
            yield "longest_on_board"
        opening = world.opening
        early = opening is not None and one.depart < seconds(opening.time.pick())
        if early and people[id(one)]:
            yield "opening"
    for convoy in plan.convoys:
        if world.opening is not None and convoy.depart < seconds(world.opening.time.pick()):
            yield "opening"

    # --- each vehicle, second by second: in one place, doing one thing
    for name in {one.vehicle for one in trips if one.vehicle is not None}:
        mine = sorted((one for one in trips if one.vehicle == name), key=lambda one: one.depart)
        known = entry[id(mine[0])]
        assert known is not None
        place = known[0].at
        for one in mine:
            if one.start != place:
                yield "continuity"
            place = one.end
        for second in range(-60, horizon + 60):
            busy = sum(
                1 for one in mine if boards(one) <= second < one.arrive + unload_time[id(one)]
            )
            if busy > 1 or (busy and second < known[1]):
                yield "times"
                break

    # --- each place, second by second
    for place_id, at in world.place.items():
        arrivals = [(one.arrive, people[id(one)], one) for one in trips if one.end == place_id]
        passed = list(arrivals)
        reached = [one.arrive for one in trips if one.end == place_id]
        for one in trips:
            way = ways[id(one)]
            for number, (leg_id, enters, leaves, forward) in enumerate(way):
                leg = world.leg[leg_id]
                if number and (leg.start if forward else leg.end) == place_id:
                    passed.append((enters, people[id(one)], one))
                    reached.append(way[number - 1][2])
                for through in leg.through:
                    if through.checkpoint == place_id:
                        after = min(seconds(through.after), leaves - enters)
                        moment = enters + after if forward else leaves - after
                        passed.append((moment, people[id(one)], one))
                        reached.append(moment)
        if at.opens is not None and any(moment < seconds(at.opens) for moment in reached):
            yield "open"
        if at.intake is not None:
            per, most = seconds(at.intake.per), at.intake.people.pick()
            for begin in range(-per, horizon + 1):
                if sum(p for when, p, _ in passed if begin <= when < begin + per) > most:
                    yield "intake"
        if at.rate is not None:
            per, most = seconds(at.rate.per), at.rate.vehicles.pick()
            for begin in range(-per, horizon + 1):
                inside = [x for when, _, x in passed if begin <= when < begin + per and x.vehicle]
                if len(inside) > most:
                    yield "rate"
        for second in every_second:
            for kind, bays in at.bays.items():
                loading = [
                    one
                    for one in trips
                    if one.start == place_id
                    and one.kind == kind
                    and people[id(one)]
                    and boards(one) <= second < one.depart
                ]
                if len(loading) > bays.pick():
                    yield "bays"
            if at.capacity is not None and at.arrived:
                ours = sum(p for when, p, _ in arrivals if when <= second)
                others = sum(x.people for x in at.filled if seconds(x.after) <= second)
                if ours and ours + others > at.capacity.pick():
                    yield "capacity"

    # --- each group
    for group in world.groups:
        size = 1 + world.person_class[group.class_id].companions
        leave = group.leave.pick(plan.people)
        taken = [one for one in trips if one.groups.get(group.id)]
        for place_id in {one.start for one in taken}:
            boarding = [one for one in taken if one.start == place_id]
            brought = [one for one in taken if one.end == place_id]
            if place_id == group.at:
                if sum(one.groups[group.id] for one in boarding) > leave:
                    yield "wishes"
            elif world.place[place_id].arrived or world.place[place_id].kind not in (
                "staging",
                "handover",
            ):
                yield "ready"
                continue
            for second in range(-60, horizon + 60):
                away = sum(one.groups[group.id] for one in boarding if boards(one) <= second)
                if place_id == group.at:
                    if group.ready:
                        there = sum(x.people for x in group.ready if seconds(x.after) <= second)
                        if away > there:
                            yield "ready"
                else:
                    there = sum(
                        one.groups[group.id]
                        for one in brought
                        if one.arrive + unload_time[id(one)] <= second
                    )
                    if away > there:
                        yield "change"
        if group.households is not None:
            total = group.households.pick(plan.people)
            yield from _households(group.id, leave, total, trips, group.at)
            for place_id in {one.start for one in taken} - {group.at}:
                place = world.place[place_id]
                if place.arrived or place.kind not in ("staging", "handover"):
                    continue
                for second in range(-60, horizon + 60):
                    sizes: Counter[int] = Counter()
                    for one in taken:
                        whole = one.households.get(group.id, 0)
                        made = _sizes(leave, total, one.groups[group.id], whole)
                        if one.end == place_id and one.arrive + unload_time[id(one)] <= second:
                            sizes.update(made)
                        if one.start == place_id and boards(one) <= second:
                            sizes.subtract(made)
                    if any(count < 0 for count in sizes.values()):
                        yield "households"
        for place_id, at in world.place.items():
            if at.longest_wait is None or at.arrived or at.kind not in ("staging", "handover"):
                continue
            if place_id == group.at:
                continue
            keys: list[int | None] = [None]
            if group.households is not None:
                small = leave // group.households.pick(plan.people)
                keys = [small, small + 1]
            for key in keys:
                came = [
                    (one.arrive + unload_time[id(one)], one.arrive)
                    for one in taken
                    if one.end == place_id
                    for _ in range(_number(group, leave, plan, one, key))
                ]
                went = [
                    (boards(one), one.depart)
                    for one in taken
                    if one.start == place_id
                    for _ in range(_number(group, leave, plan, one, key))
                ]
                if len(came) > len(went) or not _paired(came, went, seconds(at.longest_wait)):
                    yield "staging"
        del size

    # --- staging limits
    for place_id, at in world.place.items():
        if at.limit is None or at.arrived or at.kind not in ("staging", "handover"):
            continue
        for second in range(-60, horizon + 60):
            there = 0
            for group in world.groups:
                size = 1 + world.person_class[group.class_id].companions
                for one in trips:
                    count = one.groups.get(group.id, 0) * size
                    if one.end == place_id and one.arrive <= second:
                        there += count
                    if one.start == place_id and group.at != place_id and boards(one) <= second:
                        there -= count
                    own = one.start == place_id and group.at == place_id
                    if own and boards(one) <= second < one.depart:
                        there += count
            if there > at.limit.pick():
                yield "staging"

    # --- convoys, every pair and every second
    for corridor in world.corridors:
        here = [one for one in plan.convoys if one.corridor == corridor.id]
        for number, one in enumerate(here):
            members = [x for x in trips if x.convoy == one.id and x.vehicle is not None]
            if corridor.largest is not None and len(members) > corridor.largest.pick():
                yield "size"
            for two in here[number + 1 :]:
                headway = corridor.headway
                apart = abs(one.depart - two.depart)
                if headway is not None and one.start == two.start:
                    yield from ["headway"] * (apart < seconds(headway.pick()))
                if one.start != two.start and corridor.one_way:
                    both = set(range(one.depart, one.arrive)) & set(range(two.depart, two.arrive))
                    if both:
                        yield "opposing"
    for convoy in plan.convoys:
        time = 0
        kinds = {x.kind for x in trips if x.convoy == convoy.id and x.vehicle is not None}
        legs = next(x for x in world.corridors if x.id == convoy.corridor).legs
        for kind in kinds or {None}:
            time = max(
                time,
                sum(
                    seconds((world.leg[x].time_for(kind) if kind else world.leg[x].time).pick())
                    for x in legs
                ),
            )
        if convoy.arrive - convoy.depart != time:
            yield "convoy"
        if convoy.depart < 0 or convoy.arrive > horizon:
            yield "times"

    # --- staff, every place and second
    postings = [(x.start, x.end, x.depart, x.arrive, x.staff) for x in trips]
    postings += [(x.start, x.end, x.depart, x.arrive, x.staff) for x in plan.convoys]
    for kind in {x.kind for x in world.staff}:
        for place_id in world.place:
            for second in range(-60, horizon + 60):
                there = 0
                for known_staff in world.staff:
                    if known_staff.kind == kind and known_staff.at == place_id:
                        if known_staff.ready:
                            there += sum(
                                x.count for x in known_staff.ready if seconds(x.after) <= second
                            )
                        else:
                            there += known_staff.count.pick()
                for start, end, depart, arrive, staff in postings:
                    if end == place_id and arrive <= second:
                        there += staff.get(kind, 0)
                    if start == place_id and depart <= second:
                        there -= staff.get(kind, 0)
                if there < 0:
                    yield "staff"
    everyone = [(x.start, x.end, x.depart, x.arrive, x.staff, x.who) for x in trips]
    everyone += [(x.start, x.end, x.depart, x.arrive, x.staff, x.who) for x in plan.convoys]
    for known_staff in world.staff:
        kind = known_staff.kind
        if known_staff.duty is None:
            continue
        for _, _, _, _, staff, who in everyone:
            if staff.get(kind, 0) != len(who.get(kind, ())):
                yield "duty"
        for name in {name for x in everyone for name in x[5].get(kind, ())}:
            if not 1 <= int(name[-2:]) <= known_staff.count.pick():
                yield "staff"
                continue
            ready = [seconds(x.after) for x in known_staff.ready for _ in range(x.count)] or [0] * 9
            mine = sorted((x[2], x[3], x[0], x[1]) for x in everyone if name in x[5].get(kind, ()))
            place, free = known_staff.at, ready[int(name[-2:]) - 1]
            for depart, arrive, start, end in mine:
                if start != place or depart < free:
                    yield "staff"
                place, free = end, arrive
            rests = [
                known_staff.rest is not None
                and after[0] - before[1] >= seconds(known_staff.rest)
                and known_staff.relief in (None, before[3])
                for before, after in pairwise(mine)
            ]
            for first in range(len(mine)):
                for last in range(first, len(mine)):
                    spell = mine[last][1] - mine[first][0]
                    if not any(rests[first:last]) and spell > seconds(known_staff.duty):
                        yield "duty"
    teams = [([x for x in trips if x.convoy == c.id], c.staff, 1) for c in plan.convoys]
    teams += [([x], {}, 0) for x in trips if x.convoy is None]
    for members, extra, convoys in teams:
        aboard: Counter[str] = Counter(extra)
        for one in members:
            aboard.update(one.staff)
        for known_staff in world.staff:
            for need in known_staff.needed_by:
                sort, _, name = need.partition(":")
                count = convoys if sort == "convoy" else 0
                if sort == "vehicle":
                    count = sum(1 for x in members if x.vehicle and x.kind == name)
                if sort == "class":
                    count = sum(1 for x in members if x.vehicle and x.load.get(name, 0) > 0)
                if sort == "staff":
                    count = aboard[name]
                if aboard[known_staff.kind] < math.ceil(count / known_staff.per):
                    yield "staff"
    if any(x.vehicle is None and not any(x.staff.values()) for x in trips):
        yield "staff"

    # --- windows, every opening
    margin = seconds(world.rules.arrival_margin)
    stretches = [(x[0], x[1], x[2]) for one in trips for x in ways[id(one)]]
    stretches += [(x.corridor, x.depart, x.arrive) for x in plan.convoys]
    for convoy in plan.convoys:
        if any(x.convoy == convoy.id for x in trips) or not any(convoy.staff.values()):
            continue
        stretches += [(convoy.start, convoy.depart, convoy.depart)]
        stretches += [(convoy.end, convoy.arrive, convoy.arrive)]
        now = convoy.depart
        corridor = next(x for x in world.corridors if x.id == convoy.corridor)
        forward = world.leg[corridor.legs[0]].start == convoy.start
        for leg_id in corridor.legs if forward else corridor.legs[::-1]:
            time = seconds(world.leg[leg_id].time.pick())
            stretches.append((leg_id, now, now + time))
            now += time
    stretches += [(one.start, one.depart, one.depart) for one in trips]
    stretches += [(one.end, one.arrive, one.arrive) for one in trips]
    for one in trips:
        way = ways[id(one)]
        for number, (leg_id, enters, leaves, forward) in enumerate(way):
            leg = world.leg[leg_id]
            if number:
                between = leg.start if forward else leg.end
                stretches.append((between, way[number - 1][2], way[number - 1][2]))
                stretches.append((between, enters, enters))
            for through in leg.through:
                after = min(seconds(through.after), leaves - enters)
                moment = enters + after if forward else leaves - after
                stretches.append((through.checkpoint, moment, moment))
    for where in {x.where for x in world.windows}:
        names = {where}
        if where == "all":
            names = {x.id for x in world.corridors} or set(world.leg)
        for what, enters, leaves in stretches:
            if what in names and not any(
                (x.opens is None or enters >= seconds(x.opens))
                and (x.closes is None or leaves + margin <= seconds(x.closes))
                for x in world.windows
                if x.where == where
            ):
                yield "window"

    # --- fuel
    for name in {one.vehicle for one in trips if one.vehicle is not None}:
        mine = sorted((one for one in trips if one.vehicle == name), key=lambda one: one.depart)
        known = entry[id(mine[0])]
        assert known is not None
        if known[0].range_time is None:
            continue
        for first in range(len(mine)):
            # Full before trip `first`: at the start, or after a long stay at a pump.
            if first and not _filled(
                known[0], mine[first - 1], mine[first], load_time, unload_time
            ):
                continue
            total = 0
            for number in range(first, len(mine)):
                if number > first and _filled(
                    known[0], mine[number - 1], mine[number], load_time, unload_time
                ):
                    break
                total += sum(x[2] - x[1] for x in ways[id(mine[number])])
                if total > seconds(known[0].range_time.pick()):
                    yield "fuel"


def _filled(
    vehicles: Vehicles,
    before: Trip,
    after: Trip,
    load_time: dict[int, int],
    unload_time: dict[int, int],
) -> bool:
    if vehicles.refuel is None or before.end not in vehicles.refuel.at:
        return False
    stay = after.depart - load_time[id(after)] - before.arrive - unload_time[id(before)]
    return stay >= seconds(vehicles.refuel.time)


def _number(group: Group, leave: int, plan: Plan, one: Trip, key: int | None) -> int:
    """Return the people of a group on a trip, or its households of one size."""
    if key is None or group.households is None:
        return one.groups[group.id]
    total = group.households.pick(plan.people)
    whole = one.households.get(group.id, 0)
    return _sizes(leave, total, one.groups[group.id], whole)[key]


def _paired(came: list[tuple[int, int]], went: list[tuple[int, int]], longest: int) -> bool:
    """Whether each who goes can be one who was there in time and had not come too long ago."""
    goes_as: dict[int, int] = {}

    def place(goer: int, tried: set[int]) -> bool:
        boards_at, departs = went[goer]
        for comer, (there, arrived) in enumerate(came):
            if comer in tried or there > boards_at or departs - arrived > longest:
                continue
            tried.add(comer)
            if comer not in goes_as or place(goes_as[comer], tried):
                goes_as[comer] = goer
                return True
        return False

    return all(place(goer, set()) for goer in range(len(went)))


def _sizes(leave: int, total: int, people: int, whole: int) -> Counter[int]:
    """Return the sizes of the households that make up some people; none if they do not add up."""
    small, extra = divmod(leave, total)
    large = people - whole * small
    if not (0 <= large <= whole and (extra or not large)):
        return Counter()
    return Counter({small: whole - large, small + 1: large})


def _households(
    group_id: str, people: int, households: int, trips: tuple[Trip, ...], at: str
) -> Iterator[str]:
    """Make the list of households, and let each trip take whole ones from it."""
    sizes = [people // households + (one < people % households) for one in range(households)]
    left = Counter(sizes)
    low, high = min(sizes), max(sizes)
    for one in trips:
        count = one.groups.get(group_id, 0)
        whole = one.households.get(group_id, 0)
        if not count:
            continue
        # How many of the `whole` households are large, for the people to add up.
        larges = [x for x in range(whole + 1) if x * high + (whole - x) * low == count]
        if not larges:
            yield "households"
        elif one.start == at:
            large = larges[0] if high > low else 0
            left[high] -= large
            left[low] -= whole - large
    if any(one < 0 for one in left.values()):
        yield "households"


def naive_worth(world: Scenario, plan: Plan) -> tuple[float, list[tuple[int, int]], dict[str, int]]:
    """Return value, curve and the people left behind by group, from the page of the model."""
    opening = 0 if world.opening is None else seconds(world.opening.time.pick())
    rho = 0.0 if world.rules.rho is None else world.rules.rho.pick()
    value = 0.0
    for one in plan.trips:
        begin = world.ending.holds(one.depart - opening)
        end = world.ending.holds(one.arrive - opening)
        for class_id, people in one.load.items():
            weight = world.person_class[class_id].weight
            counts = 1.0 if world.place[one.end].arrived else 0.0
            value += people * weight * (counts * end - rho * (begin - end))
    moments = sorted({x.arrive for x in plan.trips if sum(x.load.values())})
    curve = []
    for moment in moments:
        here = [x for x in plan.trips if world.place[x.end].arrived and x.arrive <= moment]
        if any(x.arrive == moment and sum(x.load.values()) for x in here):
            curve.append((moment, sum(sum(x.load.values()) for x in here)))
    left = {}
    for group in world.groups:
        out = sum(x.groups.get(group.id, 0) for x in plan.trips if world.place[x.end].arrived)
        if group.leave.pick() > out:
            left[group.id] = group.leave.pick() - out
    return value, curve, left
