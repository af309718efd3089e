"""Run the public host: one process, low priority, no log of who came."""

import os
from pathlib import Path

import uvicorn

from safepassage.intake.app import make_app

AT_ONCE = 400
"""Requests at the same time; beyond them a visitor is told to come again, and nobody waits."""
NICE = 10


def serve(folder: Path, *, host: str, port: int) -> None:
    """Serve until stopped by Ctrl-C or a signal.

    Raises
    ------
    FolderError, QueueError
        If the folder or its queue cannot be used.
    """
    app = make_app(folder)
    # The room's own work comes first on a machine that they share.
    os.nice(NICE)
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=5,
        h11_max_incomplete_event_size=16 * 1024,
    )
