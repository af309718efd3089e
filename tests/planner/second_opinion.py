"""Two opinions on one whole-number program: CP-SAT proves it, HiGHS solves the same rows again.

The two solvers cannot share a process. What CP-SAT was asked is handed over as plain numbers:
whole coefficients, whole limits, a whole objective to be made as great as possible.
"""

from typing import Any

Program = dict[str, Any]

FAR = 2**62
"""Limits beyond it are none."""

TIME = 60.0
"""Seconds that HiGHS may take on one program."""


def program_of(model: Any) -> Program:
    """Return a CP-SAT model of linear rows as plain whole numbers."""
    proto = model.proto
    for one in proto.variables:
        assert len(list(one.domain)) == 2
    rows = []
    for one in proto.constraints:
        if one.has_bool_or():
            # What a row without variables becomes; a negative literal -1 - v says "not v".
            chosen = list(one.bool_or.literals)
            turned = [v if v >= 0 else -1 - v for v in chosen]
            signs = [1 if v >= 0 else -1 for v in chosen]
            rows.append([turned, signs, 1 - signs.count(-1), len(chosen)])
            continue
        low, high = list(one.linear.domain)
        rows.append([list(one.linear.vars), list(one.linear.coeffs), low, high])
    aim = proto.objective
    # To make greatest is kept as to make the negative least; of nothing there is no more.
    assert aim.scaling_factor == -1.0 or not list(aim.vars)
    assert aim.offset == 0
    return {
        "most": [list(one.domain) for one in proto.variables],
        "rows": rows,
        "aim": [list(aim.vars), [-one for one in list(aim.coeffs)]],
    }


def greatest_by_highs(program: Program) -> tuple[int, int] | None:
    """Return the greatest value found and the least bound proved, both whole; None without them.

    The point that HiGHS names is rounded and held against every row in whole numbers.
    """
    import highspy  # noqa: PLC0415 - not beside OR-Tools
    import numpy as np  # noqa: PLC0415

    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.5)
    solver.setOptionValue("time_limit", TIME)
    bounds = program["most"]
    gain = np.zeros(len(bounds))
    gain[program["aim"][0]] = program["aim"][1]
    for (low, high), worth in zip(bounds, gain, strict=True):
        solver.addCol(float(worth), float(low), float(high), 0, np.array([]), np.array([]))
    columns = np.arange(len(bounds), dtype=np.int32)
    kinds = np.full(len(bounds), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    solver.changeColsIntegrality(len(bounds), columns, kinds)
    for columns_of, coefficients, low, high in program["rows"]:
        merged: dict[int, int] = {}
        for column, one in zip(columns_of, coefficients, strict=True):
            merged[column] = merged.get(column, 0) + one
        solver.addRow(
            float(low) if low > -FAR else -highspy.kHighsInf,
            float(high) if high < FAR else highspy.kHighsInf,
            len(merged),
            np.array(list(merged), dtype=np.int32),
            np.array(list(merged.values()), dtype=np.float64),
        )
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    point = [round(one) for one in solver.getSolution().col_value]
    assert holds(program, point)
    value = sum(c * point[v] for v, c in zip(*program["aim"], strict=True))
    # A whole objective: what is below the next whole number is that below it.
    return value, int(np.floor(info.mip_dual_bound + 1e-3))


def holds(program: Program, point: list[int]) -> bool:
    """Say whether a whole point keeps every row and every limit."""
    inside = all(
        low <= one <= high for one, (low, high) in zip(point, program["most"], strict=True)
    )
    return inside and all(
        low <= sum(c * point[v] for v, c in zip(columns, coefficients, strict=True)) <= high
        for columns, coefficients, low, high in program["rows"]
    )
