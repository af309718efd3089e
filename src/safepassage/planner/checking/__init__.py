"""The rules of docs/model.md, checked on the raw scenario; used by `planner.verify` only.

Shares no code with the solvers: a fault in their view of the scenario must not be ours too.
"""
