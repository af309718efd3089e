"""A notice: the one text from which every form of public information is made.

Written as TOML, checked whole at the door. Each line says the same in every language that the
notice names, so that nobody learns less because of their language.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safepassage.ledger.coordinates import holds_coordinates
from safepassage.report.public.short import MOST_PARTS, parts_of
from safepassage.report.public.words import LANGUAGES
from safepassage.report.typeset import plain
from safepassage.scenario.faults import Fault

FORMAT = "safepassage/public/1"
TOPICS = (
    "warning",
    "agreed",
    "not_agreed",
    "may_go",
    "may_stay",
    "destination",
    "bring",
    "free",
    "next",
    "you_said",
)
"""What a line is about, in the order in which people read it."""
ALWAYS_SAID = ("agreed", "not_agreed", "may_stay", "free")
"""A notice that leaves one of these out lets rumour fill the gap (users note, section 6)."""
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
CATEGORIES = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra",
    "CBRNE", "Other",
)  # fmt: skip
RESPONSES = (
    "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None",
)  # fmt: skip
LONGEST_LINE = 600
MOST_LINES = 40
LARGEST_FILE = 48 * 1024


class NoticeError(ValueError):
    """A notice cannot be used; `faults` holds every reason, in the order of the file."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(one) for one in self.faults))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the public is told, in each language; the entries of the ledger behind it."""

    topic: str
    text: Mapping[str, str]
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """What a CAP alert needs beyond the lines. `area` is in words: an alert bears no shape."""

    sender: str
    category: str
    response: str
    urgency: str
    severity: str
    certainty: str
    expires: datetime | None
    event: Mapping[str, str]
    area: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Notice:
    """A text for the public. `places` and `times` are what of the exact it is meant to release."""

    id: str
    languages: tuple[str, ...]
    by: Mapping[str, str]
    lines: tuple[Line, ...]
    short: Mapping[str, str]
    address: str | None
    places: tuple[str, ...]
    times: bool
    stops: bool
    alert: Alert | None
    text: str

    @property
    def text_hash(self) -> str:
        """SHA-256 of the text, letter for letter."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def texts(self) -> Mapping[str, str]:
        """Return every text that the public would read, by its path in the file."""
        found: dict[str, str] = {}
        for place, line in enumerate(self.lines):
            found |= {f"line[{place}].{one}": text for one, text in line.text.items()}
        for head, texts in (("by", self.by), ("short", self.short)):
            found |= {f"{head}.{one}": text for one, text in texts.items()}
        if self.alert is not None:
            found |= {f"alert.event.{one}": text for one, text in self.alert.event.items()}
            found |= {f"alert.area.{one}": text for one, text in self.alert.area.items()}
        return found


def read_notice(text: str) -> Notice:
    """Return the notice of a TOML text.

    Raises
    ------
    NoticeError
        With every fault: where it stands, what was found, what is wanted.
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
        raise NoticeError([Fault("notice", "a longer file", f"at most {LARGEST_FILE} bytes")])
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise NoticeError([Fault("notice", f"no TOML ({error})", "a TOML file")]) from None
    return _Reading(table, text).notice()


class _Reading:
    """Takes the table apart and gathers faults."""

    def __init__(self, table: dict[str, Any], text: str) -> None:
        self._table = table
        self._text = text
        self._faults: list[Fault] = []
        self._languages: tuple[str, ...] = ()

    def notice(self) -> Notice:
        table = self._table
        self._known(table, "", {
            "format", "id", "languages", "by", "line", "short", "address", "releases", "alert",
            "stops",
        })  # fmt: skip
        if table.get("format") != FORMAT:
            self._fault("format", table.get("format"), f"'{FORMAT}'")
        id_ = table.get("id")
        if not isinstance(id_, str) or not id_ or any(one.isspace() for one in id_):
            self._fault("id", id_, "an id without spaces")
        self._languages = self._read_languages(table.get("languages"))
        lines = self._lines(table.get("line"))
        said = {line.topic for line in lines}
        for topic in ALWAYS_SAID:
            if topic not in said:
                self._fault("line", f"no line on '{topic}'", "one, even if it says 'not known yet'")
        short = self._texts("short", table.get("short"), LONGEST_LINE)
        for language, words in short.items():
            # The moment of release is written behind the words.
            parts = parts_of(words + " [24.12. 23:59]")
            if len(parts) > MOST_PARTS:
                self._fault(
                    f"short.{language}", f"{len(parts)} messages", f"a text of {MOST_PARTS} at most"
                )
        releases = table.get("releases", {})
        if not isinstance(releases, dict):
            self._fault("releases", releases, "a table with places and times")
            releases = {}
        self._known(releases, "releases.", {"places", "times"})
        address = table.get("address")
        if address is not None and (
            not isinstance(address, str) or not address.startswith(("http://", "https://"))
        ):
            self._fault("address", address, "the address of the page, with http:// or https://")
        notice = Notice(
            id=str(id_),
            languages=self._languages,
            by=self._texts("by", table.get("by"), 120),
            lines=lines,
            short=short,
            address=address,
            places=self._names("releases.places", releases.get("places", [])),
            times=self._flag("releases.times", releases.get("times", False)),
            stops=self._flag("stops", table.get("stops", False)),
            alert=self._alert(table.get("alert")),
            text=self._text,
        )
        if self._faults:
            raise NoticeError(self._faults)
        return notice

    def _fault(self, path: str, found: object, wanted: str) -> None:
        if found is None:
            words = "nothing"
        elif isinstance(found, str):
            words = found if " " in found else f"'{found}'"
        else:
            words = repr(found)
        self._faults.append(Fault(path, words[:120], wanted))

    def _known(self, table: Mapping[str, Any], head: str, keys: set[str]) -> None:
        for key in table:
            if key not in keys:
                self._fault(head + key, "an unknown key", "one of " + ", ".join(sorted(keys)))

    def _read_languages(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
            self._fault("languages", value, "a list of " + ", ".join(LANGUAGES))
            return ()
        for one in value:
            if one not in LANGUAGES:
                self._fault("languages", one, "one of " + ", ".join(LANGUAGES))
        return tuple(one for one in value if one in LANGUAGES)

    def _texts(self, path: str, value: object, longest: int) -> Mapping[str, str]:
        if not isinstance(value, dict):
            self._fault(path, value, "a text in each of " + ", ".join(self._languages or LANGUAGES))
            return {}
        found: dict[str, str] = {}
        for language in self._languages:
            text = value.get(language)
            where = f"{path}.{language}"
            if not isinstance(text, str) or not text.strip():
                self._fault(where, text, "the same words in this language")
            elif len(text) > longest:
                self._fault(where, f"{len(text)} characters", f"at most {longest}")
            elif plain(text) != text:
                self._fault(where, "hidden characters", "plain words")
            elif holds_coordinates(text):
                self._fault(where, "coordinates", "words: no position is ever published")
            else:
                found[language] = text
        return found

    def _lines(self, value: object) -> tuple[Line, ...]:
        if not isinstance(value, list) or not value or len(value) > MOST_LINES:
            self._fault("line", value or None, f"1 to {MOST_LINES} [[line]] tables")
            return ()
        lines: list[Line] = []
        for place, one in enumerate(value):
            path = f"line[{place}]"
            if not isinstance(one, dict):
                self._fault(path, one, "a table")
                continue
            self._known(one, path + ".", {"topic", "rests_on", *LANGUAGES})
            topic = one.get("topic")
            if topic not in TOPICS:
                self._fault(f"{path}.topic", topic, "one of " + ", ".join(TOPICS))
            lines.append(
                Line(
                    str(topic),
                    self._texts(path, one, LONGEST_LINE),
                    self._names(f"{path}.rests_on", one.get("rests_on", [])),
                )
            )
        return tuple(lines)

    def _names(self, path: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self._fault(path, value, "a list of ids")
            return ()
        return tuple(value)

    def _flag(self, path: str, value: object) -> bool:
        if not isinstance(value, bool):
            self._fault(path, value, "true or false")
            return False
        return value

    def _alert(self, value: object) -> Alert | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            self._fault("alert", value, "a table")
            return None
        self._known(value, "alert.", {
            "sender", "category", "response", "urgency", "severity", "certainty", "expires",
            "event", "area",
        })  # fmt: skip
        sender = value.get("sender")
        # CAP 1.2, section 3.2.1: no spaces, commas, < or & in sender and identifier.
        if not isinstance(sender, str) or not sender or any(one in " ,<&" for one in sender):
            self._fault("alert.sender", sender, "a name without space, comma, < or &")
        expires = value.get("expires")
        if expires is not None and (not isinstance(expires, datetime) or expires.tzinfo is None):
            self._fault("alert.expires", str(expires), "a time with its zone")
            expires = None
        return Alert(
            sender=str(sender),
            category=self._one_of("category", value.get("category"), CATEGORIES),
            response=self._one_of("response", value.get("response"), RESPONSES),
            urgency=self._one_of("urgency", value.get("urgency"), URGENCIES),
            severity=self._one_of("severity", value.get("severity"), SEVERITIES),
            certainty=self._one_of("certainty", value.get("certainty"), CERTAINTIES),
            expires=expires,
            event=self._texts("alert.event", value.get("event"), 120),
            area=self._texts("alert.area", value.get("area"), 200),
        )

    def _one_of(self, key: str, value: object, choices: Sequence[str]) -> str:
        if value not in choices:
            self._fault(f"alert.{key}", value, "one of " + ", ".join(choices))
        return str(value)
