"""Numbers that belong to a noun: vehicles, people, seats, kilometres, hours, the dead."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safepassage.reader.fact import Fact
from safepassage.reader.nouns import is_unit, lemma_of
from safepassage.reader.numbers import Number, numbers_in
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.phrases import governor, noun_phrase, status_of
from safepassage.reader.tables import table, words
from safepassage.reader.text import Span, Stored
from safepassage.reader.times import times_in

_NUMBER_DEPS = frozenset(
    {"nummod", "quantmod", "advmod", "compound", "predet", "npadvmod", "nmod", "amod"}
)
_STOPS = frozenset({"in", "at", "to", "from", "by", "on", "for", "with", "without", "near"})
_SERVING = frozenset(
    {"guard", "police", "army", "force", "forces", "military", "navy", "security", "service"}
)
_OF_OTHERS = re.compile(r"\s+of (?:them|these|those|which)\b")
_MOVING = re.compile(r"(?i)\b(?:evacuat|transfer|transport|carr|convoy|moved|bus(?:es)?\b|airlift)")


@dataclass(frozen=True, slots=True)
class _Counting:
    """A number about to become a fact: everything but what is counted."""

    span: Span
    value: float | str | None
    low: float | None
    high: float | None
    approx: bool
    status: str

    def fact(
        self,
        kind: str,
        unit: str | None,
        more: Mapping[str, str] | None = None,
        status: str | None = None,
    ) -> Fact:
        """Return it as a fact of a kind, in a unit."""
        return Fact(
            kind,
            self.span,
            self.value,
            unit,
            self.low,
            self.high,
            self.approx,
            status or self.status,
            more or {},
        )


def counted(stored: Stored, tree: Tree, before: tuple[Fact, int] | None = None) -> Iterator[Fact]:
    """Return the facts of one block that are a number with its noun.

    `before` is the last counted fact above: "put the figure at 1,600" counts the same thing.
    """
    taken = [
        (one.span.start, one.span.end)
        for one in times_in(stored, tree.block.start, tree.block.end)
        if one.form != "rel" or re.match(r"(?i)in|over|during|for|the|within", one.span.text)
    ]
    last = before
    for number in numbers_in(stored.text, tree.block.start, tree.block.end):
        if any(start < number.end and number.bare < end for start, end in taken):
            continue
        noun = _noun(tree, number)
        if noun is None:
            bare = _bare(stored, tree, number, last)
            if bare is not None:
                last = (bare, number.end)
                yield bare
            continue
        fact = _fact(stored, tree, number, noun)
        if fact is not None:
            last = (fact, number.end)
            yield fact
    yield from _nobody(stored, tree)


def _noun(tree: Tree, number: Number) -> Word | None:
    """Return the noun that a number counts: by the tree, else the next one of the units."""
    inside = [one for one in tree.words if one.start < number.end and one.end > number.bare]
    if not inside:
        return None
    last = inside[-1]
    if any(
        one.tag in {"JJ", "RB"} and one.low.endswith(("th", "st", "nd", "rd")) for one in inside
    ):
        return None
    word = last
    for _ in range(6):
        of = next(
            (one for one in tree.kids(word, "prep") if one.low == "of" and one.i > last.i), None
        )
        if of is not None and word.i <= last.i and (kids := tree.kids(of, "pobj")):
            if kids[0].lemma in {"other", "dollar", "them", "us", "we", "they"}:
                return None
            return kids[0]
        if word.dep not in _NUMBER_DEPS or word.head == word.i:
            break
        above = tree.head(word)
        if above.i > last.i and above.pos in {"NOUN", "PROPN", "ADJ"}:
            if is_unit(above):
                return above
            if above.pos != "ADJ":
                break
        word = above
    return _next_noun(tree, last)


def _next_noun(tree: Tree, last: Word) -> Word | None:
    """Return the nearest noun of the units after a number, in the same phrase."""
    for i in range(last.i + 1, min(last.i + 6, len(tree.words))):
        word = tree.words[i]
        if word.text == "-":
            continue
        ends = word.pos in {"VERB", "AUX", "PUNCT", "CCONJ", "SCONJ", "PRON"}
        if ends or word.low in _STOPS:
            return word if word.low in words("units", "dead", "adjectives") else None
        if is_unit(word):
            after = tree.words[i + 1] if i + 1 < len(tree.words) else None
            if after is not None and is_unit(after) and word.dep == "compound":
                continue
            return word
    return None


def _counting(stored: Stored, number: Number, span: Span, status: str) -> _Counting:
    value: float | str | None = number.value
    if number.value is None:
        value = stored.text[number.bare : number.end].lower() if number.low is not None else None
    elif float(number.value).is_integer():
        value = int(number.value)
    approx = number.approx or number.bound is not None
    return _Counting(span, value, number.low, number.high, approx, status)


def _fact(stored: Stored, tree: Tree, number: Number, noun: Word) -> Fact | None:
    units = table("units")
    lemma = lemma_of(noun)
    span = stored.span(number.start, max(noun.end, number.end))
    if len(span.text) > 90:
        return None
    between = stored.text[number.end : noun.start]
    after = stored.text[noun.end : noun.end + 14].lower()
    before = stored.text[max(tree.block.start, number.start - 24) : number.start].lower()
    if re.match(r"-year|\s*year-old|\s*years? old", stored.text[number.end : number.end + 12]):
        return None
    counting = _counting(stored, number, span, status_of(tree, noun))
    dead = units["dead"]
    if lemma in dead["words"] or noun.low in dead["adjectives"]:
        first, end = tree.sentence(noun)
        sentence = stored.text[tree.words[first].start : tree.words[end - 1].end]
        if noun.low in {"wounded", "injured"} and _MOVING.search(sentence):
            return counting.fact("people", "persons", {"group": noun.low})
        return counting.fact("casualties", "persons", {"state": noun.low})
    if lemma in units["capacity"]["nouns"] and (
        lemma not in units["people"] or _holding(tree, noun)
    ):
        return _capacity(tree, noun, counting)
    if lemma in units["vehicle"]:
        if re.match(r" (?:driver|crew|station|stop|accident|ride|load|lane|bomb)", after):
            return None
        return counting.fact("fleet", units["vehicle"][lemma])
    if lemma in units["people"]:
        return _people(stored, tree, noun, units["people"][lemma], counting)
    if lemma in units["shelter"]["counted"] and "-" not in between:
        marks = any(one.low in units["shelter"]["marks"] for one in tree.kids(noun))
        if marks or lemma == "shelter" or _sheltering(tree, noun):
            return counting.fact("shelter", "places")
        return None
    if lemma in units["area"]:
        return counting.fact("area", units["area"][lemma])
    unit = units["distance"].get(lemma) or units["distance"].get(noun.low)
    if unit is not None and "square" in between:
        return counting.fact("area", f"square {unit}")
    if unit is not None:
        return _distance(unit, counting, after)
    if lemma in units["duration"]:
        return _duration(tree, noun, units["duration"][lemma], counting, between, before, after)
    return None


def _people(stored: Stored, tree: Tree, noun: Word, unit: str, counting: _Counting) -> Fact | None:
    if noun.lemma == "member" and any(one.low in _SERVING for one in tree.kids(noun)):
        return None
    group = {"group": _group(stored, tree, noun)}
    hurt = _hurt(tree, noun, homes=unit == "homes")
    if hurt is not None:
        return counting.fact("casualties", unit, group | {"state": hurt})
    if _holding(tree, noun):
        return _capacity(tree, noun, counting)
    return counting.fact("people", unit, group)


def _group(stored: Stored, tree: Tree, noun: Word) -> str:
    """Return the group in the words of the text, without the number."""
    left = noun.i
    while left > 0:
        before = tree.words[left - 1]
        if before.dep not in {"amod", "compound"} or before.head != noun.i or before.pos == "NUM":
            break
        left -= 1
    return stored.text[tree.words[left].start : noun.end].lower()


def _hurt(tree: Tree, noun: Word, *, homes: bool) -> str | None:
    """Return what happened to people (or homes), if it is harm."""
    dead = table("units")["dead"]
    verbs = set(dead["home_verbs"] if homes else dead["verbs"])
    for state in tree.kids(noun, "amod", "acl", "acomp"):
        # "7,000 people, including ..., wounded, are to be evacuated": only what stands next to it.
        if state.dep == "acl" and state.i != noun.i + 1:
            continue
        if state.low in dead["adjectives"] or (state.lemma in verbs and state.dep == "acl"):
            return state.low
    after = tree.words[noun.i + 1] if noun.i + 1 < len(tree.words) else None
    if after is not None and not homes and after.low in {"missing", "dead", "injured", "wounded"}:
        # "14 people missing", as reports list them.
        return after.low
    for clause in tree.kids(noun, "relcl"):
        # "200 people who were reported missing"
        for state in tree.kids(clause, "acomp", "oprd", "xcomp"):
            if state.low in dead["adjectives"]:
                return state.low
    verb = tree.head(noun)
    if noun.dep == "conj" and not verb.verb:
        verb = tree.head(verb)
    if noun.dep == "pobj" and verb.low == "of":
        verb = tree.head(tree.head(verb))
    if not verb.verb or (verb.i and tree.words[verb.i - 1].pos == "NUM"):
        return None
    passive = noun.dep in {"nsubjpass", "dobj", "conj", "pobj"}
    if verb.lemma in verbs and (passive or (verb.tag == "VBN" and noun.dep == "nsubj")):
        return verb.low
    lives = [one for one in tree.kids(verb, "dobj") if one.lemma == "life"]
    if verb.lemma == "lose" and lives and noun.dep == "nsubj":
        return "dead"
    if verb.lemma in {"die", "drown", "perish"} and noun.dep in {"nsubj", "conj"}:
        return verb.low
    for state in tree.kids(verb, "acomp", "oprd", "attr", "xcomp"):
        if state.low in dead["adjectives"] and noun.dep in {"nsubj", "nsubjpass", "conj"}:
            return state.low
    return None


def _holding(tree: Tree, noun: Word) -> bool:
    """Whether the number says how many a vehicle or a place takes."""
    capacity = table("units")["capacity"]
    above = tree.head(noun)
    if above.low == "of" and tree.head(above).lemma in {"capacity", "load"}:
        return True
    if above.low == "for":
        lead = tree.head(above)
        made = {"build", "design", "intend", "equip", "mean", "plan"}
        return lead.lemma in {"room", "space", "bed", "seat", "place", "capacity"} or (
            lead.lemma in made and lead.tag == "VBN"
        )
    if noun.dep != "dobj" or above.lemma not in capacity["verbs"]:
        return False
    helpers = {one.low for one in tree.kids(above, "aux")}
    subject = next(iter(tree.kids(above, "nsubj")), None)
    each = subject is not None and (
        subject.low in {"each", "both"}
        or any(
            one.low in {"each", "every", "one"}
            for one in tree.kids(subject, "det", "nummod", "predet")
        )
    )
    near = any(one.low == "each" for one in tree.words[max(0, above.i - 2) : above.i])
    return above.lemma == "seat" or near or each or bool(helpers & {"can", "could"})


def _capacity(tree: Tree, noun: Word, counting: _Counting) -> Fact:
    """Return the fact of a capacity with the nearest vehicle or place that it belongs to."""
    nearest = _nearest_vehicle(tree, noun)
    unit = nearest or lemma_of(noun)
    return counting.fact("capacity", unit, {"what": noun.low}, status="stated")


def _nearest_vehicle(tree: Tree, noun: Word) -> str | None:
    vehicles = table("units")["vehicle"]
    first, end = tree.sentence(noun)
    found = [
        (abs(word.i - noun.i), vehicles[lemma_of(word)])
        for word in tree.words[first:end]
        if lemma_of(word) in vehicles
    ]
    if found:
        return str(min(found)[1])
    above = [vehicles[lemma_of(word)] for word in tree.words[:first] if lemma_of(word) in vehicles]
    return str(above[-1]) if above else None


def _sheltering(tree: Tree, noun: Word) -> bool:
    verb = governor(tree, noun)
    return verb is not None and verb.lemma in {"open", "house", "shelter", "stay", "host", "set"}


def _distance(unit: str, counting: _Counting, after: str) -> Fact | None:
    speed = r"\s?(/|per |an hour|a hour|p/?h\b)"
    height = r"\s?(wave|surge|high|deep|tall|wind|thick|above)"
    if re.match(f"{speed}|{height}", after):
        return None
    near = re.match(r"\s?(away|from|off|to |of the|of )", after)
    if unit in {"m", "foot"} and not near:
        return None
    return counting.fact("distance", unit)


_SPENT = frozenset(
    [
        "take",
        "spend",
        "last",
        "need",
        "require",
        "wait",
        "hold",
        "stay",
        "delay",
        "run",
        "travel",
        "drive",
        "sit",
        "stand",
        "queue",
        "walk",
        "keep",
        "continue",
        "detain",
        "lose",
    ]
)
_PAUSES = frozenset(
    [
        "pause",
        "truce",
        "ceasefire",
        "journey",
        "drive",
        "trip",
        "wait",
        "delay",
        "crossing",
        "ride",
        "window",
        "lull",
        "stop",
        "halt",
        "silence",
        "march",
        "walk",
        "shift",
        "operation",
        "voyage",
        "curfew",
        "notice",
        "break",
        "flight",
        "sailing",
        "stoppage",
        "period",
        "deadline",
    ]
)


def _duration(
    tree: Tree,
    noun: Word,
    unit: str,
    counting: _Counting,
    between: str,
    before: str,
    after: str,
) -> Fact | None:
    if unit == "month" or re.match(r"\s?(ago|later|earlier|from now|old|before)", after):
        return None
    relative = (
        r"\b(within|past|last|next|in|first|coming)\s(the\s)?(past|next|last|coming|first)?\s?$"
    )
    lasts = noun.left > 0 and tree.words[noun.left - 1].verb
    if re.search(relative, before) and not lasts:
        return None
    if between.startswith("-"):
        # "a six-hour pause"
        for word in tree.words[noun.i + 1 : noun.i + 5]:
            if word.pos in {"NOUN", "PROPN"}:
                pause = word.lemma in _PAUSES
                return counting.fact("duration", unit, {"of": word.low}) if pause else None
        return None
    above = tree.head(noun)
    if above.pos == "ADP" and above.low in {"for", "after", "of", "about", "under", "over", "by"}:
        verb = tree.head(above)
        if above.low == "of" and verb.lemma not in _PAUSES:
            return None
        if above.low == "after" and verb.lemma not in {"arrive", "reach", "come"}:
            return None
        if above.low == "by" and verb.lemma not in {"delay", "postpone", "extend", "prolong"}:
            return None
        return counting.fact("duration", unit, {"of": verb.lemma})
    if above.lemma in _SPENT or (above.lemma == "be" and noun.dep == "attr"):
        return counting.fact("duration", unit, {"of": above.lemma})
    every = any(one.low in {"every", "each"} for one in tree.kids(noun, "det"))
    if every or re.search(r"\bevery $", before):
        return counting.fact("duration", unit, {"of": "interval"})
    if re.match(r"\s?(drive|away|walk|by (bus|road|car|boat|train))", after):
        return counting.fact("duration", unit, {"of": "journey"})
    return None


_FIGURE = re.compile(
    r"(?i)\b(figure|number|toll|total|count|estimate|tally)\b[^.;]{0,30}?\b(of|at|to|was|is)\s"
    r"(?:\w+\s){0,2}$"
)
_ROOM = re.compile(
    r"(?i)\b(?:room|space|capacity|places|beds) (?:for|of)(?: up to| about)?\s$"
    r"|\b(?:seats?|holds?|carr(?:y|ies)|takes?) (?:up to |about )?$"
)
_SECOND = re.compile(r"(?i)\b(the (?:second|other|third|rest)|another|and|then|not|or)\b[^.]*$")


def _bare(stored: Stored, tree: Tree, number: Number, last: tuple[Fact, int] | None) -> Fact | None:
    """Return the fact of a number without a noun, where the words around it say what it counts."""
    word = next((one for one in tree.words if one.start >= number.bare), None)
    if word is None or ((follows := _following(tree, number)) and follows.pos in {"NOUN", "PROPN"}):
        return None
    if not re.match(r"[.,;:)\s]?(?:\s|$)", stored.text[number.end : number.end + 2]):
        return None
    counting = _counting(
        stored, number, stored.span(number.start, number.end), status_of(tree, word)
    )
    just = stored.text[max(tree.block.start, number.start - 30) : number.start]
    big = number.value is None or number.value >= 2
    if _ROOM.search(just) and big:
        each = re.search(r"(?i)(seat|hold|carr|take)", just)
        vehicle = _nearest_vehicle(tree, word)
        if not each or (vehicle and _each(stored, tree, word)):
            return counting.fact("capacity", vehicle if each else "places", status="stated")
    above = stored.text[max(tree.block.start, number.bare - 70) : number.bare]
    known = last is not None and last[0].kind in {"people", "casualties"}
    figure = _FIGURE.search(above)
    if figure is not None and figure[1].lower() == "toll":
        return counting.fact("casualties", "persons", {"state": "dead"})
    if figure is not None:
        if last is not None and known:
            return counting.fact(last[0].kind, last[0].unit, last[0].more)
        earlier = stored.text[max(0, number.bare - 400) : number.bare].lower()
        return counting.fact("people", "persons") if "people" in earlier else None
    if last is None:
        return None
    before, end = last
    between = stored.text[max(end, tree.block.start) : number.bare]
    if _OF_OTHERS.match(stored.text, number.end) and re.search(r"\d", between):
        # "30 settlements flooded, 20 of them": they are what was counted last, which is no fact.
        return None
    if (
        before.kind in {"people", "casualties"}
        and big
        and _stands_for_people(stored, tree, number, word)
    ):
        return counting.fact("people", before.unit if before.kind == "people" else "persons")
    if before.kind not in {"fleet", "people", "casualties"} or len(between) > 60 or not big:
        return None
    fits = word.dep in {"pobj", "conj", "dobj", "nummod", "appos", "attr", "nsubj"}
    if not fits or not _SECOND.search(between):
        return None
    return counting.fact(before.kind, before.unit, before.more, before.status)


def _following(tree: Tree, number: Number) -> Word | None:
    return next((one for one in tree.words if one.start >= number.end), None)


def _each(stored: Stored, tree: Tree, word: Word) -> bool:
    """Whether the clause speaks of each vehicle."""
    first, _ = tree.sentence(word)
    return bool(
        re.search(
            r"(?i)\b(each|every|can|could|seats|per bus)\b",
            stored.text[tree.words[first].start : word.start],
        )
    )


_THERE = frozenset(
    [
        "leave",
        "flee",
        "go",
        "board",
        "depart",
        "arrive",
        "remain",
        "stay",
        "evacuate",
        "move",
        "rescue",
        "come",
        "register",
        "treat",
        "house",
        "shelter",
        "wait",
        "transfer",
        "take",
        "transport",
        "follow",
        "host",
        "travel",
        "escape",
        "reach",
    ]
)


def _stands_for_people(stored: Stored, tree: Tree, number: Number, word: Word) -> bool:
    """Whether a number is itself the subject or object of what people do: "59 were evacuated"."""
    if re.match(r" of (?:them|these|those|whom)\b", stored.text[number.end : number.end + 12]):
        return True
    verb = tree.head(word)
    if word.dep in {"nummod", "quantmod", "advmod"} and verb.pos == "NUM":
        word, verb = verb, tree.head(verb)
    if word.dep == "pobj" and verb.low in {"over", "about", "around", "under", "least"}:
        word, verb = verb, tree.head(verb)
        return verb.verb and verb.lemma in _THERE
    return word.dep in {"nsubj", "nsubjpass", "dobj"} and verb.verb and verb.lemma in _THERE


def _nobody(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """'No deaths have been reported': a stated zero is a figure, silence is not."""
    for word in tree.words:
        if word.lemma in {"death", "casualty", "injury", "fatality"} and any(
            one.low == "no" for one in tree.kids(word, "det")
        ):
            span = noun_phrase(stored, tree, word)
            yield Fact("casualties", span, 0, "persons", more={"state": word.low})
