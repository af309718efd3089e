"""What somebody hands in as a plan: what is none is named in one line before anything reads it."""

import json

from safepassage.planner.plan_file import FORMAT

WANT = "no plan.json: want a file made by safepassage plan"
OURS = "safepassage/"


def plan_text(content: bytes) -> str:
    """Return the text of a file that may be a plan; whether it is right is for the verifier.

    Raises
    ------
    ValueError
        In one line, if it is some other kind of file.
    """
    if content.startswith(b"%PDF"):
        raise ValueError(f"this is a PDF, {WANT}")
    try:
        written = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"this is no text, {WANT}") from error
    try:
        found = json.loads(written)
    except (ValueError, RecursionError) as error:
        if written.lstrip().startswith("{"):
            return written  # perhaps a plan that was cut off: its reader names line and column
        raise ValueError(f"this is no JSON, {WANT}") from error
    stated = found.get("format") if isinstance(found, dict) else None
    if stated != FORMAT:
        raise ValueError(f"this is {_named(stated)}, {WANT}")
    return written


def _named(stated: object) -> str:
    """Return what a file is by the format that it states."""
    if not isinstance(stated, str) or not stated.startswith(OURS):
        return "JSON of something else"
    kind, _, version = stated.removeprefix(OURS).partition("/")
    if kind == "plan":
        return f"a plan of another form ({version[:20]})"
    return f"a {kind[:20]}"
