"""Signed heads in the hands of others: a line in a file, or a code on paper.

Who holds a head can show later that the log was cut or rewritten. A head tells nothing of what the
log says.
"""

import base64
import json
import os
from pathlib import Path

from safepassage.ledger.faults import LedgerError
from safepassage.ledger.row import Head

FORMAT = "safepassage/anchor/1"


def anchor_line(head: Head) -> str:
    """Return a head as one line of JSON."""
    return json.dumps(
        {
            "format": FORMAT,
            "upto": head.seq,
            "hash": head.hash.hex(),
            "at": head.at,
            "device": head.device,
            "signature": head.signature.hex(),
        }
    )


def read_anchor(line: str) -> Head:
    """Return the head of a line or of a code's text.

    Raises
    ------
    LedgerError
        If it is neither.
    """
    try:
        if line.startswith("SPH1"):
            _, seq, hash_, device, at, signature = line.strip().split("$")
            return Head(int(seq), _from32(hash_), _text(at), _text(device), _from32(signature))
        found = json.loads(line)
        if found["format"] != FORMAT:
            raise LedgerError(f"got format {found['format']!r}, want {FORMAT!r}")
        return Head(
            int(found["upto"]),
            bytes.fromhex(found["hash"]),
            str(found["at"]),
            str(found["device"]),
            bytes.fromhex(found["signature"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"not an anchor ({error})") from None


def anchor_code(head: Head) -> str:
    """Return a head as the text of a QR code: capitals and digits only, so that it stays small."""
    time, device = _to32(head.at.encode()), _to32(head.device.encode())
    return "$".join(("SPH1", str(head.seq), _to32(head.hash), device, time, _to32(head.signature)))


def add_to_file(head: Head, path: Path) -> None:
    """Add a head as a line to a holder's file, durably."""
    with path.open("a", encoding="utf-8") as file:
        file.write(anchor_line(head) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_file(path: Path) -> tuple[Head, ...]:
    """Return the heads of a holder's file; a torn last line is left out.

    Raises
    ------
    LedgerError
        If a line is not an anchor.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise LedgerError(f"{path}: not a file of anchors ({error})") from None
    heads = []
    whole, _, torn = text.rpartition("\n")
    for number, line in enumerate(whole.splitlines(), 1):
        if line.strip():
            try:
                heads.append(read_anchor(line))
            except LedgerError as error:
                raise LedgerError(f"{path}, line {number}: {error}") from None
    if torn.strip().startswith("SPH1"):
        heads.append(read_anchor(torn))
    return tuple(heads)


def _to32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def _from32(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def _text(text: str) -> str:
    return _from32(text).decode()
