"""The phone's page: one self-contained text, with the hashes that a strict policy asks for.

Nothing is fetched but the two addresses of the room to which it reports.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from safepassage.board.phone.expanding import STOPPED, UNDONE
from safepassage.board.phone.report import (
    COUNTED,
    INCIDENTS,
    LEAVE,
    MOVES,
    NUMBERED,
    PARTS,
    TOKENS,
    WATER,
)
from safepassage.board.phone.words import tables

HERE = Path(__file__).parent
SCRIPTS = ("sha256.js", "record.js", "keeping.js", "outbox.js", "sending.js", "screen.js")


@dataclass(frozen=True, slots=True)
class Page:
    """The page, its policy and the mark of its version."""

    html: str
    policy: str
    version: str


@cache
def phone_page() -> Page:
    """Return the page as every phone gets it."""
    style = _text("page/style.css")
    parts = [
        _text("vendor/nacl-fast.min.js"),
        _drawing(),
        *(_text(f"page/{one}") for one in SCRIPTS),
    ]
    forms = {
        "moves": dict(MOVES),
        "counted": dict(COUNTED),
        "incidents": dict(INCIDENTS),
        "tokens": dict(TOKENS),
        "water": dict(WATER),
        "leave": dict(LEAVE),
        "numbered": list(NUMBERED),
        "parts": dict(PARTS),
        "undone": UNDONE,
        "stopped": STOPPED,
    }
    words = tables()
    seen = json.dumps([parts, forms, words, style, _text("page/page.html")])
    version = hashlib.sha256(seen.encode()).hexdigest()[:8]
    given = (
        f"const FORMS = {_literal(forms)};\nconst WORDS = {_literal(words)};\n"
        f'const PAGE_VERSION = "{version}";'
    )
    nacl, drawing, *own = parts
    # The libraries bring their own scope; ours share one.
    script = "\n".join((nacl, drawing, '(() => {\n"use strict";', given, *own, "})();"))
    if "</script" in script.lower():
        raise ValueError("the script of the phone's page would end itself")
    html = _text("page/page.html").replace("{{ style }}", style).replace("{{ script }}", script)
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "connect-src 'self'; img-src data:; worker-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return Page(html, policy, version)


def worker_script() -> str:
    """Return the service worker: only where the board has https."""
    return _text("page/worker.js")


def _drawing() -> str:
    """Return the drawer of QR codes as a plain script: the page has no modules."""
    text = _text("vendor/lean-qr.mjs")
    before, export, names = text.rpartition("export{")
    if not export or " as generate" not in names:
        raise ValueError("vendor/lean-qr.mjs does not end as it did when it was taken in")
    generate = names.partition(" as generate")[0].rpartition(",")[2]
    return f"const leanQr = (() => {{ {before} return {{ generate: {generate} }}; }})();"


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8").strip()
