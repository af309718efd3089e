"""Reads texts into drafts: who said what, and which figures stand where, each with its quote.

Nothing that it finds is taken for true: a person confirms, edits or rejects each proposal.
"""
