"""Tables as the text of a TOML file, laid out as a person would write a scenario."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(document: Mapping[str, object], heading: str) -> str:
    """Return the text of a scenario file: plain values first, then each table.

    `heading` is written above as a comment.
    """
    lines = [f"# {one}".rstrip() for one in heading.splitlines()]
    tables: list[str] = []
    for key, value in document.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            for row in value:
                tables += ["", f"[[{_key(key)}]]", *_assignments(row)]
        elif isinstance(value, Mapping) and not _is_names(key):
            tables += ["", f"[{_key(key)}]", *_assignments(value)]
        else:
            lines.append(f"{_key(key)} = {toml_value(value)}")
    return "\n".join([*lines, *tables]) + "\n"


def _is_names(key: str) -> bool:
    """Whether a table at the top of the file is names by language: shorter on one line."""
    return key in {"name", "names"}


def _assignments(table: Mapping[str, object]) -> list[str]:
    return [f"{_key(key)} = {toml_value(value)}" for key, value in table.items()]


def toml_value(value: object) -> str:
    """Return a value as TOML writes it; tables in braces."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON marks the same characters, but for one that TOML does not take as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(_assignments(value))
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(one) for one in value) + "]"
    raise TypeError(f"no TOML value: {value!r}")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else toml_value(key)
