"""What the vehicles of one convoy gain at most, given that no group has more people than it has.

Knows a linear program over the people of a convoy, pooled over its vehicles, and solves it for all
moments at once through the corners of its dual; docs/proofs.md says why it is above any loads.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from safepassage.planner.problem import Crowd

MOST_CORNERS = 200
"""Corners of the dual that are tried at most; any of them alone is a bound."""


class Pooled:
    """The pooled program of one vehicle entry, by how many vehicles and by moment.

    `worth[j, i, k]` is what one person of the i-th group gains at most at a moment, never below 0,
    in a vehicle of the j-th wave: of those of one convoy at most `wave` are in each, the last ones
    to load in the first (None: all are).
    """

    def __init__(
        self,
        slots: Mapping[str, int],
        crowds: Sequence[Crowd],
        worth: np.ndarray,
        wave: int | None,
    ) -> None:
        self.worth = np.maximum(worth, 0.0)
        self.wave = wave
        self.names = sorted({slot for one in crowds for slot in one.uses})
        self.size = np.array([float(slots.get(one, 0)) for one in self.names])
        self.uses = np.array([[float(one.uses.get(k, 0)) for k in self.names] for one in crowds])
        self.totals = np.array([float(one.total) for one in crowds])
        self._corners()

    def _corners(self) -> None:
        """Note for each corner what one vehicle of a wave and what the people of all groups add."""
        slots, groups = len(self.names), len(self.totals)
        waves, _, number = self.worth.shape
        rows = np.vstack([self.uses, np.eye(slots)])
        by_vehicle: list[np.ndarray] = []
        by_people: list[np.ndarray] = []
        for chosen in combinations(range(groups + slots), slots):
            matrix = rows[list(chosen)]
            if len(by_vehicle) >= MOST_CORNERS or abs(np.linalg.det(matrix)) < 1e-9:
                continue
            each = np.zeros((waves, number))
            over = np.zeros((groups, number))
            for j in range(waves):
                sides = np.vstack([self.worth[j], np.zeros((slots, number))])
                # Any prices of slots that are not below 0 prove a bound: what a corner lacks is
                # cut.
                price = np.maximum(np.linalg.solve(matrix, sides[list(chosen)]), 0.0)
                each[j] = self.size @ price
                over = np.maximum(over, self.worth[j] - self.uses @ price)
            by_vehicle.append(each)
            by_people.append(self.totals @ over)
        self.by_vehicle = np.array(by_vehicle)
        self.by_people = np.array(by_people)

    def in_waves(self, vehicles: int) -> list[int]:
        """Return how many of so many vehicles are in each wave; those beyond count in the last."""
        waves = len(self.worth)
        if self.wave is None or waves == 1:
            return [vehicles] + [0] * (waves - 1)
        each = [max(0, min(self.wave, vehicles - j * self.wave)) for j in range(waves)]
        each[-1] = max(0, vehicles - (waves - 1) * self.wave)
        return each

    def most(self, vehicles: int) -> np.ndarray:
        """Return by moment the most that so many vehicles gain, infinite where nothing is known."""
        if not len(self.by_vehicle):
            return np.full(self.worth.shape[2], np.inf)
        each = self.by_people.copy()
        for j, number in enumerate(self.in_waves(vehicles)):
            each += number * self.by_vehicle[:, j]
        found: np.ndarray = each.min(axis=0)
        return found

    def riders(self, vehicles: int, k: int) -> np.ndarray:
        """Return by group who rides at the best: a guess where several slots bind at once."""
        left = vehicles * self.size
        riders = np.zeros(len(self.totals))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(
                self.size > 0, self.uses / self.size, np.where(self.uses > 0, np.inf, 0)
            )
        for g in np.argsort(-self.worth[0, :, k] / np.maximum(share.max(axis=1), 1e-9)):
            if self.worth[0, g, k] <= 0:
                continue
            fits = [left[s] / self.uses[g, s] for s in range(len(left)) if self.uses[g, s] > 0]
            riders[g] = max(0.0, min(self.totals[g], *fits))
            left = left - riders[g] * self.uses[g]
        return riders
