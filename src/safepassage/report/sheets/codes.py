"""Codes on paper: the short code of a plan, and the QR of a sheet with a code a person can read."""

import hashlib
from io import BytesIO
from typing import Literal

import segno

Mode = Literal["PLAN", "DRILL"]

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that it survives a bad radio and a tired eye."""


def plan_code(plan_hash: str) -> str:
    """Return the first eight characters of the hash of a plan, in two blocks."""
    return f"{plan_hash[:4]}-{plan_hash[4:8]}".upper()


def read_code(text: str) -> str:
    """Return six characters, in two blocks, that a person reads back for a QR's text."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 2
    signs = [ALPHABET[(number >> (5 * place)) & 31] for place in range(6)]
    return f"{''.join(signs[:3])}-{''.join(signs[3:])}"


def sheet_text(mode: Mode, plan_hash: str, name: str) -> str:
    """Return what the QR of a sheet says: its mode, its plan and its name; no more."""
    return f"SP1 {mode} {plan_hash[:16]} {name}"


def slip_text(mode: Mode, mission: str, number: str) -> str:
    """Return what the QR of a slip says.

    It names neither a plan nor a version of the scenario, for it outlives both; of the name of the
    mission it bears a hash only.
    """
    mark = hashlib.sha256(mission.encode()).hexdigest()[:16]
    return f"SP1 {mode} {mark} slip {number}"


def qr_svg(text: str) -> str:
    """Return a QR code as SVG, black on white, with its quiet zone.

    The mask is fixed: choosing the best of eight takes most of the time, and readers take any.
    """
    made = BytesIO()
    segno.make(text, error="m", micro=False, mask=3).save(
        made, kind="svg", border=4, xmldecl=False, nl=False, light="#fff"
    )
    return made.getvalue().decode()
