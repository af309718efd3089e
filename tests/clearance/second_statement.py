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
    now = us(at)
    wheels = max(us(case.departs), now)
    limits: list[int] = [now + 10 * MINUTE]

    # The computer that decides.
    if not case.node.chain_whole or case.node.skew is None or case.node.contact_at is None:
        return None
    offset = span(case.node.skew)
    offset = offset if offset >= 0 else -offset
    age = now - us(case.node.contact_at)
    if offset > 2 * MINUTE or age > 2 * MINUTE or age < -2 * MINUTE:
        return None

    # The plan, the time of departure, the gate.
    if case.plan_in_force != case.plan_hash or us(case.departs) - now > 10 * MINUTE:
        return None
    if case.latest_departure is not None:
        if us(case.latest_departure) < wheels:
            return None
        limits.append(us(case.latest_departure))
    if any(len(one.lifted_by) < 2 for one in case.holds):
        return None
    if not all(_signed_by_two(case.gate.get(line, ())) for line in SIX_LINES):
        return None

    # Everyone who holds the way.
    if len(case.needs) == 0 or len(case.without_holder) > 0:
        return None
    ready_to_be_clear = wheels + span(case.travel) + span(case.margin) + offset
    for need in case.needs:
        last_starts = [
            start
            for one in case.promises
            if (one.party, one.stretch) == (need.party, need.stretch)
            for start in _last_start(one, wheels, ready_to_be_clear)
        ]
        if not last_starts:
            return None
        limits.append(max(last_starts))

    # Conditions, the counterpart, the road, the checks.
    if any(one.state not in {"agreed", "met"} for one in case.terms):
        return None
    for linked in case.linked:
        few_people = linked.people_needed > (linked.people_moved or 0)
        if linked.blocked_by or linked.batches_moved < linked.batches_needed or few_people:
            return None
    if case.kind != "road team":
        for road in case.road:
            proved_last = road.proved is not None and (
                road.incident is None or road.incident <= road.proved
            )
            if road.closed_by is not None or not proved_last:
                return None
    for check in case.checks:
        if check.ready is not True or check.at is None:
            return None
        if us(check.at) > now or now > us(check.at) + 120 * MINUTE:
            return None
        limits.append(us(check.at) + 120 * MINUTE)

    # Two people of two roles, who have seen what bears on it and have read the doubts.
    lasting = _lasting_pair(case, now)
    if lasting is None:
        return None
    limits.append(lasting)
    end = min(limits)
    return end if end >= wheels else None


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
