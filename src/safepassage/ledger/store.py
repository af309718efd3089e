"""Where rows are kept: one small interface, append only, with one contract for every store."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from safepassage.ledger.row import Head, Row, Words


class Store(Protocol):
    """A place for rows and signed heads.

    Nothing is ever changed or deleted. When `append` returns, the rows are on the disk; when it
    raises, none of them is.
    """

    def tail(self) -> tuple[int, bytes]:
        """Return number and hash of the last row; (0, GENESIS) if there is none."""

    def append(self, rows: Sequence[Row]) -> None:
        """Write rows, all or none, durably.

        Raises
        ------
        TakenError
            If a number or id is taken, or the first does not follow the last row.
        """

    def find(self, id_: str) -> Row | None:
        """Return the row with an id."""

    def rows(
        self, after: int = 0, until: int | None = None, kinds: Sequence[str] = ()
    ) -> Iterator[Row]:
        """Yield rows in order, from `after` (left out) to `until`; of some kinds, or all."""

    def words(self, after: int = 0, until: int | None = None) -> Iterator[Words]:
        """Yield of each row only what opening it takes, in order: for reading very many."""

    def add_head(self, head: Head) -> None:
        """Write a signed head, durably."""

    def heads(self) -> Iterator[Head]:
        """Yield the signed heads in order."""

    def close(self) -> None:
        """Let go of the store."""
