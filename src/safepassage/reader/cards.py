"""The confirm step in a terminal: a card at a time, answered by a letter."""

from collections.abc import Callable, Iterator, Sequence

from safepassage.reader.draft import Answer, Card, Decision, Target, bulk_refused
from safepassage.reader.exports import shown

KEYS = "a accept · e edit · r reject · n not this operation · A accept all of this kind · q stop"
_PLAIN: dict[str, Answer] = {"r": "rejected", "n": "not this operation"}

Ask = Callable[[str], str]
Tell = Callable[[str], None]


def decide(cards: Sequence[Card], by: str, ask: Ask, tell: Tell) -> Iterator[Decision]:
    """Show the cards in turn and return what the person decides; stop when they say so."""
    accept_all: set[tuple[str, str]] = set()
    for n, card in enumerate(cards, 1):
        tell(picture(card, n, len(cards)))
        if (card.about, card.kind) in accept_all and bulk_refused(card) is None:
            tell("  accepted with the others of its kind")
            yield _accepted(card, by, _only(card.targets))
            continue
        decision, stop, everything = _one(card, by, ask, tell)
        if everything:
            accept_all.add((card.about, card.kind))
        if stop:
            return
        if decision is not None:
            yield decision


def picture(card: Card, n: int, total: int) -> str:
    """Return a card as text: the quote in its place between » and «."""
    before = " ".join(shown(card.before).split())
    after = " ".join(shown(card.after).split())
    quote = " ".join(shown(card.quote.text).split())
    head = f"\n[{n}/{total}] {card.id} {card.kind}: {shown(card.title)}"
    return f"{head}\n    … {before} »{quote}« {after} …"


def _one(card: Card, by: str, ask: Ask, tell: Tell) -> tuple[Decision | None, bool, bool]:
    """Return the decision on one card, whether to stop, and whether to accept all of the kind."""
    while True:
        answer = ask(f"  {KEYS}: ").strip()
        if answer == "q":
            return None, True, False
        if answer in _PLAIN:
            return Decision(card, _PLAIN[answer], by), False, False
        if answer == "A":
            refused = bulk_refused(card)
            if refused is not None:
                tell(f"  {refused}")
                continue
            return _accepted(card, by, _target(card, ask, tell)), False, True
        if answer == "a":
            target = _target(card, ask, tell)
            if card.about == "rivals":
                return _of_rivals(card, by, target, ask, tell), False, False
            return _accepted(card, by, target), False, False
        if answer == "e":
            value = _number(ask("  the number to take instead: "))
            if value is None:
                tell("  want a number, e.g. 22")
                continue
            return (
                Decision(card, "edited", by, value, target=_target(card, ask, tell)),
                False,
                False,
            )
        tell(f"  got {shown(answer)!r}, want one of: {KEYS}")


def _accepted(card: Card, by: str, target: Target | None) -> Decision:
    fact = card.fact
    if fact is None:
        return Decision(card, "accepted", by)
    if isinstance(fact.value, int | float):
        return Decision(card, "accepted", by, float(fact.value), target=target)
    return Decision(card, "accepted", by, None, fact.low, fact.high, target)


def _of_rivals(card: Card, by: str, target: Target | None, ask: Ask, tell: Tell) -> Decision | None:
    """Let the person choose one of rival figures, or both ends as a range; never a mean."""
    rivals = card.rivals
    if rivals is None or rivals.low is None or rivals.high is None:
        return Decision(card, "accepted", by)
    while True:
        answer = ask(
            f"  1 plan with {rivals.low:g} · 2 plan with {rivals.high:g} · 3 the range of both: "
        ).strip()
        if answer == "1":
            return Decision(card, "accepted", by, rivals.low, target=target)
        if answer == "2":
            return Decision(card, "accepted", by, rivals.high, target=target)
        if answer == "3":
            return Decision(card, "accepted", by, None, rivals.low, rivals.high, target)
        tell("  want 1, 2 or 3")


def _target(card: Card, ask: Ask, tell: Tell) -> Target | None:
    """Let the person say which figure of the scenario it becomes; none is an answer too."""
    if not card.targets:
        return None
    for n, one in enumerate(card.targets, 1):
        tell(f"    {n}  {one.label}, now {one.now}")
    while True:
        answer = ask("  into which figure (0 for none): ").strip()
        if answer.isdecimal() and int(answer) <= len(card.targets):
            return card.targets[int(answer) - 1] if int(answer) else None
        tell(f"  want a number from 0 to {len(card.targets)}")


def _only(targets: tuple[Target, ...]) -> Target | None:
    """Return the one target there is; of several none, for nobody has chosen."""
    return targets[0] if len(targets) == 1 else None


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e12 else None
