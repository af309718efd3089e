"""Run the public host: one process, low priority, no log of who came."""

import os
from pathlib import Path

import uvicorn

from safepassage.intake.app import make_app

AT_ONCE = 400
"""Requests at the same time; beyond them a visitor is told to come again, and nobody waits."""
NICE = 19
"""The lowest priority that still gets its turn on a busy machine."""


def serve(folder: Path, *, host: str, port: int) -> None:
    """Serve until stopped by Ctrl-C or a signal.

    Raises
    ------
    FolderError, QueueError
        If the folder or its queue cannot be used.
    """
    app = make_app(folder)
    # The room's own work comes first on a machine that they share. A batch process does not push a
    # waiting one aside when it wakes up, so that a flood does not make the room's answers late.
    os.nice(NICE)
    if hasattr(os, "sched_setscheduler"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
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
