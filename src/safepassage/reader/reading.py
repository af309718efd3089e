"""The pipeline: from a stored original to what it says; each step pure."""

from dataclasses import dataclass, replace
from datetime import date

from safepassage.reader import parsing
from safepassage.reader.clean import Masked, Page, clean
from safepassage.reader.events import Event, events_of
from safepassage.reader.fact import Fact
from safepassage.reader.facts import facts_of, time_of_statement, times_of
from safepassage.reader.language import LanguageError, refuse_other_languages
from safepassage.reader.plain import facts_plainly, statements_plainly
from safepassage.reader.rivals import Rivals, rivals_of
from safepassage.reader.statements import Statement, statements_of
from safepassage.reader.text import Stored
from safepassage.reader.times import Dateline, Time, dateline_of

__all__ = ["LanguageError", "Reading", "read"]

FRAMES = "frames"
PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says: proposals, each with its quote.

    `method` tells which reader ran: "frames" (with the English model) or "plain" (without).
    `asks` are the questions that the text leaves open and a plan needs answered.
    """

    page: Page
    method: str
    dateline: Dateline | None
    statements: tuple[Statement, ...]
    facts: tuple[Fact, ...]
    times: tuple[Time, ...]
    rivals: tuple[Rivals, ...]
    events: tuple[Event, ...]
    asks: tuple[str, ...]

    @property
    def stored(self) -> Stored:
        """The original that every offset counts in."""
        return self.page.stored

    @property
    def masked(self) -> tuple[Masked, ...]:
        """The furniture and why it was not read."""
        return self.page.masked


def read(stored: Stored, day: date | None = None, *, plainly: bool = False) -> Reading:
    """Return what a text says.

    Parameters
    ----------
    stored
        The original.
    day
        The day on which it was written, where a person knows it; else the text's own dateline.
    plainly
        Read without the model even where it is installed.

    Raises
    ------
    LanguageError
        If the text is not English.
    """
    page = clean(stored)
    refuse_other_languages(page)
    dateline = Dateline(day, "person") if day is not None else dateline_of(page)
    if plainly or not parsing.model_there():
        times = times_of(page, [], dateline)
        statements = statements_plainly(page)
        facts = facts_plainly(page, statements)
        events: list[Event] = []
        method = PLAIN
    else:
        trees = parsing.parse(page)
        statements = statements_of(stored, trees)
        times = times_of(page, trees, dateline)
        timed = []
        for one in statements:
            tree = next(t for t in trees if t.block.start <= one.cue.start < t.block.end)
            near = [when for when in times if tree.block.start <= when.span.start < tree.block.end]
            timed.append(replace(one, time=time_of_statement(tree, one, near)))
        facts = facts_of(page, trees, timed, times)
        events, facts, statements = events_of(trees, facts, timed)
        method = FRAMES
    rivals = rivals_of(stored, statements, facts)
    return Reading(
        page,
        method,
        dateline,
        tuple(statements),
        tuple(facts),
        tuple(times),
        tuple(rivals),
        tuple(events),
        tuple(_asks(dateline, times, facts)),
    )


def _asks(dateline: Dateline | None, times: list[Time], facts: list[Fact]) -> list[str]:
    """Return what a plan needs and the text does not say."""
    asks = []
    if dateline is None and any(one.resolved is None for one in times):
        asks.append("On which day was this written? Without it 'today' and 'Wednesday' stay open.")
    kinds = {one.kind for one in facts}
    if "fleet" in kinds and "capacity" not in kinds:
        asks.append("How many seats has each vehicle? The text does not say.")
    if {"fleet", "people"} & kinds and "destination" not in kinds:
        asks.append("Where are people taken? The text names no destination.")
    wounded = [
        one
        for one in facts
        if one.kind == "people"
        and one.value is None
        and any(word in one.more.get("group", "") for word in ("wounded", "sick", "patient"))
    ]
    if wounded:
        asks.append("How many wounded or sick? The text gives no number.")
    return asks
