"""Entering: a form for each kind of entry, made from the ledger's own fields."""
