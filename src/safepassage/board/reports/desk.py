"""The reports on the desk: what was read, which cards are decided, and what is still to be entered.

Kept in memory while the room runs; the text itself is kept nowhere else.
"""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from safepassage.board.jobs import Job
from safepassage.board.reports.child import OUT
from safepassage.reader.draft import Card, Decision, cards_of
from safepassage.reader.reading import Reading
from safepassage.scenario.scenario import Scenario

MOST = 20


@dataclass(slots=True)
class Report:
    """One report: who brought it, what was read, and each decision, by the card's id."""

    id: str
    by: str
    at: datetime
    reading: Reading
    cards: tuple[Card, ...]
    decisions: dict[str, Decision] = field(default_factory=dict)
    figures_entered: set[str] = field(default_factory=set)

    def card(self, id_: str) -> Card | None:
        """Return a card by its id."""
        return next((one for one in self.cards if one.id == id_), None)

    @property
    def waiting_figures(self) -> tuple[Decision, ...]:
        """Accepted figures that have a place in the scenario and are not in it yet."""
        return tuple(
            one
            for id_, one in self.decisions.items()
            if one.target is not None
            and one.answer in {"accepted", "edited"}
            and id_ not in self.figures_entered
        )


class Desk:
    """The reports of one room, the oldest put away first."""

    def __init__(self) -> None:
        self._reports: dict[str, Report] = {}

    @property
    def reports(self) -> Mapping[str, Report]:
        """The reports on the desk, oldest first."""
        return dict(self._reports)

    def find(self, id_: str) -> Report | None:
        """Return a report."""
        return self._reports.get(id_)

    def lay(self, job: Job, scenario: Scenario) -> Report:
        """Put what a job has read on the desk; the same job is laid once."""
        known = self._reports.get(job.id)
        if known is not None:
            return known
        # Our own child wrote it, into a folder that only this user can enter.
        reading = pickle.loads(job.read(OUT))  # noqa: S301
        cards = tuple(cards_of(reading, scenario))
        report = Report(job.id, job.by, job.begun, reading, cards)
        self._reports[job.id] = report
        while len(self._reports) > MOST:
            del self._reports[next(iter(self._reports))]
        return report
