"""A sparse linear or integer program handed to HiGHS, with an answer that says what it is worth.

An answer counts as optimal, infeasible or merely feasible only by the solver's own statement: a
run that hits its limit leaves a vector of zeros behind that looks like an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import highspy
import numpy as np
from numpy.typing import NDArray

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass
class Program:
    """Minimise cost x, lower <= A x <= upper, 0 <= x <= most; built up row by row and column."""

    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def row(self, lower: float, upper: float) -> int:
        """Add a row and return its number."""
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        return len(self.row_lower) - 1

    def column(
        self,
        cost: float,
        parts: list[tuple[int, float]],
        *,
        most: float = highspy.kHighsInf,
        whole: bool = True,
    ) -> int:
        """Add a column with its entries by row, and return its number."""
        self.cost.append(cost)
        self.most.append(most)
        self.whole.append(whole)
        self.entries.append(len(parts))
        for row, value in parts:
            self.rows.append(row)
            self.values.append(value)
        return len(self.cost) - 1


@dataclass(frozen=True)
class Answer:
    """What HiGHS says of a program: x, value and duals only where the status allows them."""

    status: Status
    value: float
    x: NDArray[np.float64]
    duals: NDArray[np.float64]


def run(
    program: Program,
    *,
    whole: bool,
    limit: float,
    presolve: bool = True,
    first: bool = False,
) -> Answer:
    """Return the answer within `limit` seconds, on one core; `whole` asks for whole numbers.

    With `first` any whole answer will do, not the best.
    """
    nothing = np.zeros(0)
    if not program.cost:
        # HiGHS has a status of its own for an empty model: all zero is the only answer.
        zero = all(low <= 0 <= high for low, high in _limits(program))
        duals = np.zeros(len(program.row_lower))
        return Answer("optimal" if zero else "infeasible", 0.0, nothing, duals)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", float(max(limit, 0.01)))
    solver.setOptionValue("presolve", "on" if presolve else "off")
    solver.setOptionValue("mip_rel_gap", 1e9 if first else 0.0)
    solver.setOptionValue("mip_abs_gap", 1e9 if first else 1e-6)
    solver.passModel(_to_highs(program, whole=whole))
    solver.run()
    return _answer(solver, whole=whole)


def _limits(program: Program) -> Iterator[tuple[float, float]]:
    return zip(program.row_lower, program.row_upper, strict=True)


def _to_highs(program: Program, *, whole: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_ = len(program.cost)
    lp.num_row_ = len(program.row_lower)
    lp.col_cost_ = np.array(program.cost, dtype=np.float64)
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.array(program.most, dtype=np.float64)
    lp.row_lower_ = np.array(program.row_lower, dtype=np.float64)
    lp.row_upper_ = np.array(program.row_upper, dtype=np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate(([0], np.cumsum(program.entries))).astype(np.int32)
    lp.a_matrix_.index_ = np.array(program.rows, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(program.values, dtype=np.float64)
    if whole:
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        lp.integrality_ = [kinds[one] for one in program.whole]
    return lp


def _answer(solver: highspy.Highs, *, whole: bool) -> Answer:
    said = solver.getModelStatus()
    info = solver.getInfo()
    solution = solver.getSolution()
    nothing = np.zeros(0)
    if said == highspy.HighsModelStatus.kInfeasible:
        return Answer("infeasible", float("nan"), nothing, nothing)
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if not feasible:
        return Answer("unknown", float("nan"), nothing, nothing)
    status: Status = "optimal" if said == highspy.HighsModelStatus.kOptimal else "feasible"
    duals = nothing if whole else np.array(solution.row_dual)
    value = float(info.objective_function_value)
    return Answer(status, value, np.array(solution.col_value), duals)
