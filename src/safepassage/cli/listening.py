"""Whether a server of ours may listen where it is asked to: said before anything else is done."""

import socket

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError


def may_listen(host: str, port: int) -> None:
    """Try an address, and let it go again.

    Raises
    ------
    CommandError
        If another program listens there, or the address is none of this computer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        # As the server does: a port that was closed a moment ago is free.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise CommandError(
                f"--port: {host}:{port} cannot be used: {reason}", Exit.USAGE
            ) from None
