"""Seal what only one role of the cell may read: the public host cannot open what it keeps.

X25519 with a key made for each message, HKDF-SHA256, AES-256-GCM (the scheme of RFC 9180 in its
simplest form, without its suites). The answer is sealed for the holder of the ticket code alone.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY = 32
NONCE = 12


class SealError(ValueError):
    """Something sealed cannot be opened with this key, or a key is none."""


def new_key() -> tuple[str, str]:
    """Return a private and a public key, each as 64 hexadecimal digits."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw().hex(), private.public_key().public_bytes_raw().hex()


def read_key(path: Path) -> bytes:
    """Return the key in a file.

    Raises
    ------
    SealError
        If the file is not there or holds no key.
    """
    try:
        found = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise SealError(f"{path}: {error.strerror}") from None
    except ValueError:
        found = b""
    if len(found) != KEY:
        raise SealError(f"{path}: got no key, want 64 hexadecimal digits")
    return found


def seal(public: bytes, words: bytes) -> bytes:
    """Seal words for the holder of the private key."""
    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    own = once.public_key().public_bytes_raw()
    return own + seal_with(_derive(shared, own + public), words)


def open_sealed(private: bytes, sealed: bytes) -> bytes:
    """Open what was sealed for a private key.

    Raises
    ------
    SealError
        If it was sealed for another key, or changed.
    """
    key = X25519PrivateKey.from_private_bytes(private)
    own = sealed[:KEY]
    if len(own) != KEY:
        raise SealError("too short to be sealed")
    shared = key.exchange(X25519PublicKey.from_public_bytes(own))
    return open_with(_derive(shared, own + key.public_key().public_bytes_raw()), sealed[KEY:])


def key_of_code(code: str) -> bytes:
    """Return the key that only the holder of a ticket code can make."""
    return _derive(code.encode(), b"answer")


def seal_with(key: bytes, words: bytes) -> bytes:
    """Seal words under a key that both sides have."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, words, None)


def open_with(key: bytes, sealed: bytes) -> bytes:
    """Open what was sealed under a key that both sides have.

    Raises
    ------
    SealError
        If the key is another one, or it was changed.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], None)
    except (InvalidTag, ValueError):
        raise SealError("it was sealed for another key, or changed") from None


def _derive(secret: bytes, context: bytes) -> bytes:
    info = b"safepassage/intake/1\0" + context
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=info).derive(secret)
