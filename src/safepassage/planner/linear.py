"""Linear and integer programs on HiGHS: built column by column, trusted only when optimal."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

INF = float("inf")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver found: the objective, the columns and the duals of the rows."""

    objective: float
    columns: np.ndarray
    duals: np.ndarray
    bound: float


@dataclass(slots=True)
class Linear:
    """A program max c x, A x <= b, 0 <= x <= u, some columns whole."""

    costs: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    row_starts: list[int] = field(default_factory=lambda: [0])
    row_columns: list[int] = field(default_factory=list)
    row_values: list[float] = field(default_factory=list)
    row_lowers: list[float] = field(default_factory=list)
    row_uppers: list[float] = field(default_factory=list)

    def column(self, cost: float, upper: float = INF, *, whole: bool = False) -> int:
        """Add a column and return its number."""
        self.costs.append(cost)
        self.uppers.append(upper)
        if whole:
            self.whole.append(len(self.costs) - 1)
        return len(self.costs) - 1

    def row(self, entries: Sequence[tuple[int, float]], upper: float, lower: float = -INF) -> int:
        """Add a row lower <= sum <= upper and return its number."""
        for column, value in entries:
            self.row_columns.append(column)
            self.row_values.append(value)
        self.row_starts.append(len(self.row_columns))
        self.row_lowers.append(lower)
        self.row_uppers.append(upper)
        return len(self.row_uppers) - 1

    def maximum(self) -> float | None:
        """Return the optimum of the relaxation without whole columns, None unless optimal."""
        answer = self.solve(whole=False)
        return None if answer is None else answer.objective

    def solve(
        self, *, whole: bool = True, seconds: float | None = None, gap: float = 1e-6
    ) -> Answer | None:
        """Return the optimum; with whole columns also a plan that the time limit cut short.

        `bound` is what no solution beats: the objective itself of an optimal relaxation. None
        where the solver ended without what it was asked for.
        """
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)  # noqa: FBT003 - the signature is HiGHS's
        solver.setOptionValue("threads", 1)
        if seconds is not None:
            solver.setOptionValue("time_limit", max(0.05, seconds))
        is_whole = whole and bool(self.whole)
        if is_whole:
            solver.setOptionValue("mip_rel_gap", gap)
        solver.passModel(self._model(is_whole=is_whole))
        solver.run()
        status = solver.getModelStatus()
        optimal = status == highspy.HighsModelStatus.kOptimal
        info = solver.getInfo()
        if not optimal and not (is_whole and info.primal_solution_status == 2):
            return None
        solution = solver.getSolution()
        bound = float(info.mip_dual_bound) if is_whole else float(info.objective_function_value)
        return Answer(
            objective=float(info.objective_function_value),
            columns=np.array(solution.col_value),
            duals=np.array(solution.row_dual),
            bound=bound,
        )

    def _model(self, *, is_whole: bool) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        number = len(self.costs)
        lp.num_col_ = number
        lp.num_row_ = len(self.row_uppers)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.array(self.costs, dtype=np.double)
        lp.col_lower_ = np.zeros(number)
        lp.col_upper_ = np.array(self.uppers, dtype=np.double)
        lp.row_lower_ = np.array(self.row_lowers, dtype=np.double)
        lp.row_upper_ = np.array(self.row_uppers, dtype=np.double)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.row_starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self.row_columns, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self.row_values, dtype=np.double)
        if is_whole:
            kinds = [highspy.HighsVarType.kContinuous] * number
            for one in self.whole:
                kinds[one] = highspy.HighsVarType.kInteger
            lp.integrality_ = kinds
        return lp
