"""The rule once more, written from the words of docs/reference/clearance.md and nothing else.

Works in whole microseconds since an epoch, asks its questions in another order, and shares no code
with `safepassage.clearance` beyond the facts that both are asked about. Whoever changes the rule
changes it here too, from the page.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from safepassage.clearance.case import ApprovalFacts, Case, PromiseFacts, Signature

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000
WHO_APPROVES = {"head", "movement", "radio", "medical"}
SIX_LINES = (
    "voluntary",
    "informed",
    "alternatives tried",
    "families together",
    "stay and return",
    "no unagreed screening",
)


def us(moment: datetime) -> int:
    """Return microseconds since the epoch."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def span(length: timedelta) -> int:
    """Return a length in microseconds."""
    return length // timedelta(microseconds=1)


def verdict(case: Case, at: datetime) -> int | None:
    """Return when the go ends, in microseconds since the epoch; None for a no."""
    faults, limits = judged(case, at)
    return None if faults else min(limits)


def judged(case: Case, at: datetime) -> tuple[frozenset[str], list[int]]:
    """Return the lines that forbid a go, and the moments at which what stands lapses."""
    now = us(at)
    wheels = max(us(case.departs), now)
    faults: set[str] = set()
    limits: list[int] = []

    # The computer that decides.
    offset = 0
    if not case.node.chain_whole:
        faults.add("chain")
    if case.node.skew is None:
        faults.add("clock")
    else:
        offset = span(case.node.skew)
        offset = offset if offset >= 0 else -offset
        if offset > 2 * MINUTE:
            faults.add("clock")
    age = None if case.node.contact_at is None else now - us(case.node.contact_at)
    if age is None or age > 2 * MINUTE or age < -2 * MINUTE:
        faults.add("contact")

    # The plan, holds, the gate.
    if case.plan_in_force != case.plan_hash:
        faults.add("plan")
    if any(len(one.lifted_by) < 2 for one in case.holds):
        faults.add("hold")
    if not all(_signed_by_two(case.gate.get(line, ())) for line in SIX_LINES):
        faults.add("gate")

    # Everyone who holds the way.
    if len(case.needs) == 0:
        faults.add("parties")
    if len(case.without_holder) > 0:
        faults.add("holder")
    ready_to_be_clear = wheels + span(case.travel) + span(case.margin) + offset
    for need in case.needs:
        last_starts = [
            start
            for one in case.promises
            if (one.party, one.stretch) == (need.party, need.stretch)
            for start in _last_start(one, wheels, ready_to_be_clear)
        ]
        if last_starts:
            limits.append(max(last_starts))
        else:
            faults.add("promise")

    # Conditions, the counterpart, the road, the checks.
    if any(one.state not in {"agreed", "met"} for one in case.terms):
        faults.add("term")
    # What is called agreed and is told in different words is not agreed.
    if any(one.state == "agreed" and one.differ for one in case.terms):
        faults.add("term")
    for linked in case.linked:
        few_people = linked.people_needed > (linked.people_moved or 0)
        if linked.blocked_by or linked.batches_moved < linked.batches_needed or few_people:
            faults.add("counterpart")
    for road in case.road if case.kind != "road team" else ():
        proved_last = road.proved is not None and (
            road.incident is None or road.incident <= road.proved
        )
        if road.closed_by is not None or not proved_last:
            faults.add("road")
    for check in case.checks:
        if (
            check.ready is not True
            or check.at is None
            or us(check.at) > now
            or now > us(check.at) + 120 * MINUTE
        ):
            faults.add("check")
        else:
            limits.append(us(check.at) + 120 * MINUTE)

    # Two people of two roles, who have seen what bears on it and have read the doubts.
    lasting = _lasting_pair(case, now)
    if lasting is None:
        faults.add("approvals")
    else:
        limits.append(lasting)

    # The moment: not so early that the go lapses first, not later than the windows allow.
    too_early = us(case.departs) - now > 10 * MINUTE
    if too_early or any(limit < wheels for limit in limits):
        faults.add("departure")
    if case.latest_departure is not None:
        limits.append(us(case.latest_departure))
        if us(case.latest_departure) < wheels:
            faults.add("departure")
    return frozenset(faults), [now + 10 * MINUTE, *limits]


def _last_start(one: PromiseFacts, wheels: int, clear: int) -> Iterable[int]:
    """Yield the last moment to leave under a promise, if it lets the convoy leave at all."""
    if one.void is not None or len(one.people) < one.people_needed or us(one.since) > wheels:
        return
    if one.until is None:
        last = us(one.last_heard) + 60 * MINUTE
        if last >= wheels:
            yield last
    elif us(one.until) >= clear:
        yield us(one.until) - (clear - wheels)


def _signed_by_two(signed: Iterable[Signature]) -> bool:
    listed = list(signed)
    if any(one.met is False for one in listed):
        return False
    count = {(one.person, one.role) for one in listed if one.role_held and one.role in WHO_APPROVES}
    return any(a[0] != b[0] and a[1] != b[1] for a in count for b in count)


def _lasting_pair(case: Case, now: int) -> int | None:
    best: int | None = None
    for first in case.approvals:
        for second in case.approvals:
            if first.person == second.person or first.role == second.role:
                continue
            ends = [_approval_end(case, one, now) for one in (first, second)]
            if ends[0] is None or ends[1] is None:
                continue
            pair = min(ends[0], ends[1])
            best = pair if best is None or pair > best else best
    return best


def _approval_end(case: Case, one: ApprovalFacts, now: int) -> int | None:
    fits = one.plan_hash == case.plan_hash and one.convoy == case.convoy
    allowed = one.role_held and one.role in WHO_APPROVES
    read = one.seen >= case.last_relevant and not (case.doubts - one.acknowledges)
    begins, ends = us(one.at), us(one.at) + 30 * MINUTE
    return ends if fits and allowed and read and begins <= now <= ends else None
