"""Whether the log's chain is whole, checked whole when the room opens and then row by row.

A go is never given on this alone: whoever asks for one has the whole chain verified again.
"""

from collections.abc import Mapping

from safepassage.ledger.row import chain_hash
from safepassage.ledger.store import Store
from safepassage.ledger.verify import verify_chain


class Chain:
    """Follows the chain of one store as it grows."""

    def __init__(self, store: Store, keys: Mapping[str, str]) -> None:
        self._store = store
        found = verify_chain(store, keys)
        self._seq, self._hash, self._whole = found.entries, found.hash, found.whole

    def whole(self, upto: int) -> bool:
        """Tell whether the chain is whole up to an entry; once broken it stays so."""
        for row in self._store.rows(self._seq, upto):
            words = (row.seq, row.id, row.kind, row.device, row.entered, row.meta, row.sealed)
            right = chain_hash(self._hash, *words)
            if row.seq != self._seq + 1 or right != row.hash:
                self._whole = False
            self._seq, self._hash = row.seq, row.hash
        return self._whole
