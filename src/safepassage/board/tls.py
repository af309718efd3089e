"""TLS for a LAN without internet: an authority of our own, and a certificate for this board.

The authority's certificate is put on each phone and laptop once; its key stays beside the ledger
and signs nothing but boards. Phones refuse a certificate that only says of itself that it is good.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from safepassage.ledger.files import replace_file

AUTHORITY_LIFE = timedelta(days=365)
BOARD_LIFE = timedelta(days=90)
RENEW = timedelta(days=14)
"""A board's certificate that ends within this time is made anew."""
BACKDATED = timedelta(days=1)
"""Phones with a slow clock must not find it from the future."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of one board: what clients have to trust, and what the server shows."""

    authority: Path
    certificate: Path
    key: Path

    def fingerprint(self) -> str:
        """Return the SHA-256 of the authority's certificate, to be read aloud and compared."""
        found = x509.load_pem_x509_certificate(self.authority.read_bytes())
        digits = found.fingerprint(hashes.SHA256()).hex().upper()
        return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def certificates(folder: Path, names: Sequence[str], *, at: datetime) -> Certificates:
    """Return the certificates in a folder, made or renewed where that is due.

    The authority stays as long as it is valid, so that phones need it once; the board's certificate
    is made anew when it ends soon or does not cover every name.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = Certificates(folder / "authority.pem", folder / "board.pem", folder / "board.key")
    authority, authority_key = _authority(folder, files, at)
    if not _good(files.certificate, files.key, names, at):
        key = ec.generate_private_key(ec.SECP256R1())
        made = _board(key, names, authority, authority_key, at)
        _write_key(files.key, key)
        chain = made.public_bytes(serialization.Encoding.PEM)
        replace_file(files.certificate, chain, mode=0o644)
    return files


def _authority(
    folder: Path, files: Certificates, at: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key_file = folder / "authority.key"
    if files.authority.is_file() and key_file.is_file():
        found = x509.load_pem_x509_certificate(files.authority.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and found.not_valid_after_utc > at + RENEW:
            return found, key
    made_key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Safe Passage board, own authority")
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(made_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BACKDATED)
        .not_valid_after(at + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(made_key.public_key()), critical=False
        )
        .sign(made_key, hashes.SHA256())
    )
    _write_key(key_file, made_key)
    replace_file(files.authority, made.public_bytes(serialization.Encoding.PEM), mode=0o644)
    return made, made_key


def _board(
    key: ec.EllipticCurvePrivateKey,
    names: Sequence[str],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    at: datetime,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(_name("Safe Passage board"))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BACKDATED)
        .not_valid_after(min(at + BOARD_LIFE, authority.not_valid_after_utc))
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )


def _good(certificate: Path, key: Path, names: Sequence[str], at: datetime) -> bool:
    if not certificate.is_file() or not key.is_file():
        return False
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    covered = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    wanted = set(_alternatives(names))
    return found.not_valid_after_utc > at + RENEW and wanted <= set(covered)


def _alternatives(names: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for one in dict.fromkeys(names):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(one.strip("[]"))))
        except ValueError:
            found.append(x509.DNSName(one))
    return found


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    content = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.unlink(missing_ok=True)
    replace_file(path, content, mode=0o600)
    path.chmod(0o600)
