"""Chunks on a Dask cluster (extra `cluster`): the scheduler gives a dead worker's chunk to another.

Nothing but the client writes to disk, so that the workers need no common folder. Messages of Dask
are pickles: only on a network that you trust, or over TLS (docs/reference/ensemble.md).
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING

from safepassage.rehearsal.ensemble import Chunk, play
from safepassage.rehearsal.summary import Summary

if TYPE_CHECKING:
    from distributed import Future

PATIENCE = "30s"
"""How long a scheduler may take to answer."""

AHEAD = 8
"""Chunks that each worker is given ahead."""


class ClusterError(RuntimeError):
    """The cluster cannot be reached, or has lost a chunk for good."""


def play_on_cluster(
    address: str, chunks: Iterable[Chunk], done: Callable[[Chunk, Summary], None]
) -> None:
    """Play chunks on the cluster at an address, and hand each over as it is done.

    Raises
    ------
    ClusterError
        If the extra is not installed, the scheduler does not answer, or a chunk took its worker
        down again and again.
    """
    try:
        from distributed import (  # noqa: PLC0415 - an extra
            Client,
            KilledWorker,
            as_completed,
        )
    except ImportError:
        raise ClusterError(
            "--cluster: needs the extra: python -m pip install 'safepassage[cluster]'"
        ) from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(f"--cluster: no scheduler at {address}: {error}") from None
    with client:
        waiting = iter(chunks)
        given: dict[str, Chunk] = {}

        def submitted(part: Chunk) -> "Future[Summary]":
            key = f"safepassage-{part.name}"
            given[key] = part
            return client.submit(play, part, key=key, pure=False)

        # A few for each worker, then one for each that comes back: scenario and plan travel with
        # every chunk, and a scheduler must not hold a hundred thousand of them.
        ahead = AHEAD * max(1, sum(client.nthreads().values()))
        coming = as_completed([submitted(one) for one in islice(waiting, ahead)], loop=client.loop)
        try:
            for future in coming:
                done(given.pop(future.key), future.result())
                future.release()
                following = next(waiting, None)
                if following is not None:
                    coming.add(submitted(following))
        except KilledWorker as error:
            raise ClusterError(
                f"--cluster: a chunk took its worker down again and again: {error}"
            ) from None
