"""PostgreSQL for the ledger's tests: started for real, by an unprivileged user, once a session."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest


def _binaries() -> Path | None:
    """Return the folder of the newest installed PostgreSQL server."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3])
    )
    if found:
        return found[-1].parent
    other = shutil.which("initdb")
    return None if other is None else Path(other).resolve().parent


def _lives(pid: int) -> bool:
    """Tell whether a process runs (one that is dead but not yet cleared away does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class Server:
    """A PostgreSQL server of our own in a temporary folder; ends with the tests."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self.folder = folder
        self._data = folder / "data"
        self._prefix: list[str] = []
        if os.geteuid() == 0:
            # initdb refuses root.
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            folder.chmod(0o755)
            self._prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}"]
            self._prefix += ["--clear-groups"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._run("initdb", "-D", str(self._data), "-U", "ledger", "--auth=trust", "-N")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-l", log, "-o", options, "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is a crash."""
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    def kill(self) -> None:
        """Kill the server and all its helpers, as a crash of the machine's memory would."""
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        while _lives(pid):
            time.sleep(0.01)

    def restart(self) -> None:
        """Start it again after a kill; a server that runs stays.

        A killed server leaves its postmaster.pid behind, and its helpers end by themselves a moment
        later. Until they have, a start is refused: it is tried again, and the file of a process
        that is gone is removed, as the runbook says.
        """
        lock = self._data / "postmaster.pid"
        if lock.exists() and _lives(self.pid):
            return
        for _ in range(100):
            if lock.exists() and not _lives(self.pid):
                lock.unlink()
            try:
                self.start()
            except RuntimeError:
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("the server does not start again")

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return int((self._data / "postmaster.pid").read_text().splitlines()[0])

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self._data

    def new_database(self) -> str:
        """Return the address of a new, empty database."""
        import psycopg  # noqa: PLC0415 - an extra

        name = f"ledger_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._address(name)

    def _address(self, database: str) -> str:
        return f"postgresql://ledger@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *given: str) -> None:
        command = [*self._prefix, str(self._binaries / program), *given]
        done = (
            subprocess.run(
                command,
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if program != "pg_ctl"
            else subprocess.run(
                command,
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {(done.stdout or b'').decode()[-500:]}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Return a running server; skip where PostgreSQL or psycopg is not installed."""
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed here (initdb not found)")
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("running as root, and no user `postgres` to start a server as")
    folder = Path(tempfile.mkdtemp(prefix="safepassage-postgres-"))
    server = Server(binaries, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
