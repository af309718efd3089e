"""A device's signing key (Ed25519), kept in a file that only its owner can read."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from safepassage.ledger.faults import LedgerError
from safepassage.ledger.files import replace_file

FORMAT = "safepassage/signing-key/1"


class Signer:
    """Signs for one device."""

    def __init__(self, device: str, seed: bytes) -> None:
        self.device = device
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        """The public key as hexadecimal digits."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message (64 bytes)."""
        return self._key.sign(message)

    def save(self, path: Path) -> None:
        """Write the key to a file of its own, readable by its owner only."""
        written = {"format": FORMAT, "device": self.device, "seed": self._seed.hex()}
        replace_file(path, json.dumps(written).encode(), mode=0o600)


def new_signer(device: str, *, entropy: Callable[[int], bytes] = os.urandom) -> Signer:
    """Return a signer with a new key."""
    return Signer(device, entropy(32))


def read_signer(path: Path) -> Signer:
    """Return the signer of a key file.

    Raises
    ------
    LedgerError
        If the file is not a signing key.
    """
    try:
        found = json.loads(path.read_bytes())
        if found["format"] != FORMAT:
            raise LedgerError(f"{path}: got format {found['format']!r}, want {FORMAT!r}")
        return Signer(str(found["device"]), bytes.fromhex(found["seed"]))
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"{path}: not a signing key ({error})") from None


def signature_fits(key: str, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature of a message is by a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
