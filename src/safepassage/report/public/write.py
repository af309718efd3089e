"""Write what the public is told as files, for the public host, the printer and the radio.

The folder holds released text only. Each file is written whole, the list of them last: a reader
who follows the list never meets half of a new text.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.public.audio import audio_script
from safepassage.report.public.cap import NoAlertError, Status, cap_alert
from safepassage.report.public.page import page_of, style_source
from safepassage.report.public.poster import poster_pdf
from safepassage.report.public.released import PublicState
from safepassage.report.public.short import parts_of
from safepassage.report.public.telling import Mode, Telling, telling
from safepassage.report.public.words import LANGUAGES
from safepassage.report.stop_timetable import csv_of
from safepassage.report.typeset import write_whole
from safepassage.scenario.scenario import Scenario

LIST = "released.json"
LIST_FORMAT = "safepassage/released/1"


def public_files(
    state: PublicState,
    scenario: Scenario,
    *,
    mode: Mode,
    status: Status,
    at: datetime,
    plan: VerifiedPlan | None = None,
    asking: bool = True,
) -> Mapping[str, bytes]:
    """Return every file of public information by name, the list of them included.

    Raises
    ------
    PageTooLargeError
        If a page would take too long on a slow link.
    NotForPublicationError, ValueError
        See `telling`.
    """
    tellings = tuple(
        telling(state, language, scenario, mode=mode, at=at, plan=plan) for language in LANGUAGES
    )
    found: dict[str, bytes] = {}
    for one in tellings:
        found[f"{one.language}.html"] = page_of(one, asking=asking)
        found[f"audio.{one.language}.txt"] = audio_script(one).encode()
        if one.short is not None:
            found[f"sms.{one.language}.txt"] = _short_file(one.short)
    found["poster.pdf"] = poster_pdf(_on_paper(tellings), at=at)
    if state.current is not None and state.current.notice.stops and plan is not None:
        found["stops.csv"] = csv_of(plan)
    # No alert is asked for, or nothing was ever released: then there is no file.
    with contextlib.suppress(NoAlertError):
        found["alert.xml"] = cap_alert(state, tellings, scenario, status=status, at=at)
    listing = {
        "format": LIST_FORMAT,
        "mode": mode,
        "languages": list(LANGUAGES),
        "style": style_source(),
        "written": at.isoformat(timespec="seconds"),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in found.items()},
    }
    found[LIST] = json.dumps(listing, indent=2).encode() + b"\n"
    return found


def write_public(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files, the list last, and remove those of an earlier text that are not among them.

    Raises
    ------
    OSError
        If the folder cannot be written; the earlier list and its files stay as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if name != LIST:
            write_whole(folder / name, content)
    write_whole(folder / LIST, files[LIST])
    for name in ("poster.pdf", "stops.csv", "alert.xml", *_per_language()):
        if name not in files:
            (folder / name).unlink(missing_ok=True)


def _per_language() -> tuple[str, ...]:
    return tuple(
        pattern.format(language)
        for language in LANGUAGES
        for pattern in ("{}.html", "audio.{}.txt", "sms.{}.txt")
    )


def _on_paper(tellings: tuple[Telling, ...]) -> tuple[Telling, ...]:
    """Return the tellings that say something; all of them where nothing is released."""
    said = tuple(one for one in tellings if one.by is not None)
    return said or tellings


def _short_file(text: str) -> bytes:
    """Return the short text, a message a line as the phone network cuts it."""
    parts = parts_of(text)
    numbered = [f"{number}/{len(parts)}: {part}" for number, part in enumerate(parts, 1)]
    return ("\n".join([text, "", *numbered]) + "\n").encode()
