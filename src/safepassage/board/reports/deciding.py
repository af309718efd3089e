"""From what was pressed on a card to a decision; what is wrong with it in words."""

from starlette.datastructures import FormData

from safepassage.board.entering.reading import text
from safepassage.reader.draft import Card, Decision, Target


class NotDecidedError(ValueError):
    """The form does not say what to do with the card; the message says what is missing."""


def decision_of(card: Card, form: FormData, *, by: str) -> Decision:
    """Return the decision that a form says.

    Raises
    ------
    NotDecidedError
        If a number or a choice is missing.
    """
    answer = text(form, "answer")
    if answer == "rejected":
        return Decision(card, "rejected", by)
    if answer == "not this operation":
        return Decision(card, "not this operation", by)
    target = _target(card, text(form, "target"))
    if answer == "edited":
        value = _number(text(form, "value"))
        if card.fact is None or value is None:
            raise NotDecidedError("want the number to take instead, e.g. 22")
        return Decision(card, "edited", by, value, target=target)
    if answer != "accepted":
        raise NotDecidedError("accept, edit, reject, or not this operation?")
    if card.rivals is not None:
        return _of_rivals(card, text(form, "choice"), target, by)
    fact = card.fact
    if fact is None:
        return Decision(card, "accepted", by)
    if isinstance(fact.value, int | float):
        return Decision(card, "accepted", by, float(fact.value), target=target)
    return Decision(card, "accepted", by, None, fact.low, fact.high, target)


def _of_rivals(card: Card, choice: str, target: Target | None, by: str) -> Decision:
    """Take one of rival figures or the range of both; never a mean."""
    rivals = card.rivals
    if rivals is None or rivals.low is None or rivals.high is None:
        return Decision(card, "accepted", by)
    if choice == "low":
        return Decision(card, "accepted", by, rivals.low, target=target)
    if choice == "high":
        return Decision(card, "accepted", by, rivals.high, target=target)
    if choice == "range":
        return Decision(card, "accepted", by, None, rivals.low, rivals.high, target)
    raise NotDecidedError("which figure: one of them, or the range of both?")


def _target(card: Card, chosen: str) -> Target | None:
    """Return the figure of the scenario that was chosen; an empty choice is none."""
    if not chosen:
        return None
    if not chosen.isdecimal() or int(chosen) >= len(card.targets):
        raise NotDecidedError("into which figure of the scenario?")
    return card.targets[int(chosen)]


def _number(typed: str) -> float | None:
    try:
        value = float(typed.replace(",", ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e12 else None
