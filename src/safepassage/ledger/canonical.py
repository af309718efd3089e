"""The one way to write a value of the ledger as bytes, so that a hash of it means something.

Canonical JSON: UTF-8, keys sorted, no spaces, no floating-point numbers (a length is whole metres,
a share is whole percent), times as ISO 8601 with their zone.
"""

import json
from collections.abc import Mapping
from datetime import datetime

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]

_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def plain(value: object) -> Plain:
    """Return a value in JSON's own types.

    Raises
    ------
    TypeError
        For anything that has no single spelling, such as a float.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    raise TypeError(f"no canonical form for {type(value).__name__}")


def encode(value: Plain) -> bytes:
    """Return the canonical bytes of a plain value."""
    return _encode(value).encode("utf-8")
