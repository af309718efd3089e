"""Proofs and timetables for scenarios with one corridor."""
