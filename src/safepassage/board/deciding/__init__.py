"""Deciding: clearance of a convoy, approvals, holds and lifts, the gate, the plan in force.

The rule decides, in `clearance.rules`; here two people say so, each for himself.
"""
