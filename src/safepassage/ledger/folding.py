"""The situation as of an entry, rebuilt from the log, or kept and brought up to date.

Corrections and confirmations are read first, because they decide what of the rest is taken.
"""

from datetime import datetime

from safepassage.ledger.classes import CONTACTS
from safepassage.ledger.decided import Correction
from safepassage.ledger.entry import Entry
from safepassage.ledger.fold import FOLDED, Fold
from safepassage.ledger.log import Ledger
from safepassage.ledger.promises import PROMISE_KINDS, Corrections, Holders, Promise, promises
from safepassage.ledger.row import GENESIS
from safepassage.ledger.said import Confirmation
from safepassage.ledger.situation import Situation
from safepassage.ledger.stretches import spelt_out
from safepassage.scenario.scenario import Scenario

FIRST_READ = ("correction", "confirmation")
CLOSED = frozenset({CONTACTS})
"""Classes of data that a situation does not need."""


def holders_of(scenario: Scenario) -> Holders:
    """Return who holds each leg, corridor and place of a scenario, as far as it says."""
    held: dict[str, frozenset[str]] = {}
    for leg in scenario.legs:
        if leg.held_by:
            held[leg.id] = frozenset(leg.held_by)
    for place in scenario.places:
        if place.holder:
            held[place.id] = frozenset(place.holder)
    for corridor in scenario.corridors:
        parties = frozenset(party for leg in corridor.legs for party in held.get(leg, ()))
        if parties:
            held[corridor.id] = parties
    return held


def situation(
    ledger: Ledger,
    *,
    at: datetime,
    scenario: Scenario | None = None,
    upto: int | None = None,
) -> Situation:
    """Return the situation as of entry `upto` (None: the last), seen at the time `at`.

    Without a scenario nobody is known to hold a stretch, so that a dispute is a doubt only.
    """
    return Projection(ledger, scenario).situation(at, upto)


def entries_known_at(ledger: Ledger, at: datetime) -> int:
    """Return the number of the last entry of the longest beginning of the log entered by `at`.

    The order of the log counts, not the clocks in it: what follows a later entry is not known yet.
    """
    low, high = 0, ledger.tail()[0]
    for row in ledger.store.rows(low, high):
        if datetime.fromisoformat(row.entered) > at:
            return row.seq - 1
    return high


class Projection:
    """A situation that is kept: new entries are applied to it instead of reading all again.

    What it tells is what a rebuilding from the log would tell. Where a new entry changes what of
    the old ones counts (a correction, a confirmation of what was left out, destroyed keys), it does
    rebuild. It reads; several may be kept of one ledger.
    """

    def __init__(self, ledger: Ledger, scenario: Scenario | None = None) -> None:
        self._ledger = ledger
        self._scenario = scenario
        self._holders: Holders = {} if scenario is None else holders_of(scenario)
        self._forget()

    def situation(self, at: datetime, upto: int | None = None) -> Situation:
        """Return the situation as of entry `upto` (None: the last), seen at the time `at`."""
        last, head = self._ledger.tail()
        if upto is not None and upto < last:
            last = max(0, upto)
            rows = self._ledger.store.rows(last - 1, last)
            head = next((row.hash for row in rows), GENESIS)
        self._go_to(last)
        return self._fold.situation(at, last, head.hex(), self._related())

    def _forget(self) -> None:
        self._last = 0
        self._fold = Fold()
        self._first: list[Entry] = []
        self._corrections = Corrections(())
        self._said: list[Entry] = []
        self._promises: tuple[Promise, ...] | None = None

    def _go_to(self, last: int) -> None:
        """Apply what was entered since; begin anew where that would not be the same."""
        if last < self._last:
            self._forget()
        first = list(self._ledger.entries(self._last, last, FIRST_READ))
        if self._last and (self._reaches_back(first) or self._erases(last)):
            self._forget()
            first = list(self._ledger.entries(0, last, FIRST_READ))
        if first:
            self._first += first
            self._corrections = Corrections(self._first)
        new = self._ledger.opened(self._last, last, kinds=FOLDED, without=CLOSED)
        self._fold.take(new, self._corrections)
        # The promises' own kinds are few: they are read as entries, through their index.
        said = list(self._ledger.entries(self._last, last, PROMISE_KINDS))
        if said:
            self._said += said if self._scenario is None else spelt_out(said, self._scenario)
            self._promises = None
        self._last = last

    def _reaches_back(self, first: list[Entry]) -> bool:
        """Tell whether new corrections or confirmations change what of the old entries counts."""
        for entry in first:
            body = entry.body
            if not isinstance(body, Correction | Confirmation):
                return True
            row = self._ledger.store.find(body.about)
            if row is None or row.seq > self._last:
                continue
            if isinstance(body, Correction):
                if row.kind in FOLDED or row.kind in FIRST_READ:
                    return True
            elif row.kind in FIRST_READ or body.about in self._fold.left_out:
                return True
        return False

    def _erases(self, last: int) -> bool:
        return any(True for _ in self._ledger.store.rows(self._last, last, ("purge",)))

    def _related(self) -> tuple[Promise, ...]:
        if self._promises is None:
            self._promises = promises(self._said, self._holders)
        return self._promises
