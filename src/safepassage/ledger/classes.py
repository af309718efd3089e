"""Classes of data: which key seals a part of an entry, and when that key is destroyed.

Destroying a key erases every part sealed under it while the chain still verifies. Periods are those
of the notes on trust; where a mission is under another rule, `retention` is handed in.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

STRUCTURE = "structure"
"""What the chain itself needs (devices, keys, alarms, purges); in clear, never about a person."""
RECORD = "record"
"""The record of the operation: words, counts, decisions. Sealed, kept."""
POSITIONS = "positions"
"""Which vehicle was where and carried how many."""
CONTACTS = "contacts"
"""Who said it and how to reach them."""
PERSONS = "persons"
"""Wishes and needs of single people or households, by token."""
ATTRIBUTION = "attribution"
"""Who is accused of what. Off unless the ledger was opened for it."""

CLASSES: tuple[str, ...] = (STRUCTURE, RECORD, POSITIONS, CONTACTS, PERSONS, ATTRIBUTION)

RETENTION: Mapping[str, timedelta | None] = MappingProxyType(
    {
        STRUCTURE: None,
        RECORD: None,
        POSITIONS: timedelta(days=30),
        CONTACTS: timedelta(days=30),
        PERSONS: timedelta(days=7),
        ATTRIBUTION: timedelta(days=30),
    }
)
"""How long after the day of entry a class is kept; None: until a person decides."""
