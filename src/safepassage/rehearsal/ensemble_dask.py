"""Chunks on a Dask cluster (extra `cluster`): the scheduler gives a dead worker's chunk to another.

Nothing but the client writes to disk, so that the workers need no common folder. Messages of Dask
are pickles: only on a network that you trust, or over TLS (docs/reference/ensemble.md).
"""

from collections.abc import Callable, Iterable

from safepassage.rehearsal.ensemble import Chunk, play
from safepassage.rehearsal.summary import Summary

PATIENCE = "30s"
"""How long a scheduler may take to answer."""


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
        # Not pure: a key of ours, so that a chunk given twice in one run is still played.
        futures = {
            client.submit(play, part, key=f"safepassage-{part.name}", pure=False): part
            for part in chunks
        }
        try:
            for future in as_completed(list(futures), loop=client.loop):
                done(futures[future], future.result())
                future.release()
        except KilledWorker as error:
            raise ClusterError(
                f"--cluster: a chunk took its worker down again and again: {error}"
            ) from None
