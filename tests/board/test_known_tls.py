"""The certificates of a board on a LAN: who trusts its authority is served, others refuse."""

import http.client
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from safepassage.board.tls import BOARD_LIFE, Certificates, certificates

NOW = datetime.now(UTC)
NAMES = ("127.0.0.1", "localhost", "board.lan", "192.168.7.2")


class Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *given: object) -> None:
        del given


def status(files: Certificates, trusted: Path | None, name: str = "localhost") -> int:
    """Return what a client gets that trusts an authority (None: those of its system)."""
    server = HTTPServer(("127.0.0.1", 0), Quiet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    client = ssl.create_default_context(cafile=None if trusted is None else str(trusted))
    if trusted is not None:
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.load_verify_locations(trusted)
    connection = http.client.HTTPSConnection(name, server.server_port, context=client, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()
        server.shutdown()
        thread.join(20)
        server.server_close()


def test_a_client_that_trusts_the_authority_is_served(tmp_path: Path) -> None:
    files = certificates(tmp_path / "tls", NAMES, at=NOW)
    assert status(files, files.authority) == 204
    assert status(files, files.authority, "127.0.0.1") == 204


def test_a_client_that_does_not_know_it_refuses(tmp_path: Path) -> None:
    files = certificates(tmp_path / "tls", NAMES, at=NOW)
    other = certificates(tmp_path / "other", NAMES, at=NOW)
    for trusted in (None, other.authority):
        with pytest.raises(ssl.SSLCertVerificationError):
            status(files, trusted)


def test_the_authority_stays_when_the_board_gets_a_new_certificate(tmp_path: Path) -> None:
    first = certificates(tmp_path, NAMES, at=NOW)
    authority, board = first.authority.read_bytes(), first.certificate.read_bytes()
    assert certificates(tmp_path, NAMES, at=NOW).certificate.read_bytes() == board
    certificates(tmp_path, (*NAMES, "10.0.0.9"), at=NOW)
    named = first.certificate.read_bytes()
    assert named != board
    certificates(tmp_path, NAMES, at=NOW + BOARD_LIFE - timedelta(days=3))
    assert first.certificate.read_bytes() != named
    assert first.authority.read_bytes() == authority


def test_only_its_owner_reads_the_keys(tmp_path: Path) -> None:
    files = certificates(tmp_path / "tls", NAMES, at=NOW)
    for key in (files.key, tmp_path / "tls" / "authority.key"):
        assert key.stat().st_mode & 0o777 == 0o600
