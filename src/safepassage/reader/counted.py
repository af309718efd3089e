"""Numbers that belong to a noun: vehicles, people, seats, kilometres, hours, the dead."""

import re
from collections.abc import Iterator

from safepassage.reader.fact import Fact
from safepassage.reader.numbers import Number, numbers_in
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.phrases import governor, noun_phrase, status_of
from safepassage.reader.tables import table, words
from safepassage.reader.text import Span, Stored
from safepassage.reader.times import times_in

_NUMBER_DEPS = frozenset({"nummod", "quantmod", "advmod", "compound", "predet", "npadvmod", "nmod", "amod"})


def counted(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """Return the facts of one block that are a number with its noun."""
    taken = [
        (one.span.start, one.span.end)
        for one in times_in(stored, tree.block.start, tree.block.end)
        if one.form not in {"rel"} or re.match(r"(?i)in|over|during|for|the|within", one.span.text)
    ]
    last: tuple[Fact, int] | None = None
    for number in numbers_in(stored.text, tree.block.start, tree.block.end):
        if any(start < number.end and number.bare < end for start, end in taken):
            continue
        noun = _noun(tree, number)
        if noun is None:
            if last is not None and (same := _same_again(stored, tree, number, last)) is not None:
                last = (same, number.end)
                yield same
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
    if any(one.tag in {"JJ", "RB"} and one.low.endswith(("th", "st", "nd", "rd")) for one in inside):
        return None
    word = last
    for _ in range(6):
        of = next((one for one in tree.kids(word, "prep") if one.low == "of" and one.i > last.i), None)
        if of is not None and word.i <= last.i and (kids := tree.kids(of, "pobj")):
            return _lasting(tree, kids[0])
        if word.dep in _NUMBER_DEPS and word.head != word.i:
            above = tree.head(word)
            if above.i > last.i and above.pos in {"NOUN", "PROPN", "ADJ"} and _known(tree, above):
                return above
            if above.i > last.i and above.pos in {"NOUN", "PROPN"}:
                break
            word = above
            continue
        break
    return _next_noun(tree, last)


def _lasting(tree: Tree, noun: Word) -> Word | None:
    """Return the noun itself, or for "hundreds of others" nothing."""
    del tree
    return noun if noun.lemma not in {"other", "dollar", "them", "us"} else None


def _next_noun(tree: Tree, last: Word) -> Word | None:
    """Return the nearest noun of the units after a number, in the same phrase."""
    for i in range(last.i + 1, min(last.i + 6, len(tree.words))):
        word = tree.words[i]
        if word.text in {"-"}:
            continue
        if word.pos in {"VERB", "AUX", "PUNCT", "CCONJ", "SCONJ", "PRON"} or word.low in {"in", "at", "to", "from", "by", "on", "for"}:
            if word.low in words("units", "dead", "adjectives") and word.pos != "PUNCT":
                return word
            return None
        if _known(tree, word):
            after = tree.words[i + 1] if i + 1 < len(tree.words) else None
            if after is not None and _known(tree, after) and word.dep == "compound":
                continue
            return word
    return None


def _known(tree: Tree, word: Word) -> bool:
    units = table("units")
    lemma = lemma_of(word)
    return (
        any(lemma in units[name] for name in ("vehicle", "people", "distance", "duration", "area"))
        or lemma in units["dead"]["words"]
        or lemma in units["dead"]["adjectives"]
        or lemma in units["capacity"]["nouns"]
        or lemma in units["shelter"]["counted"]
        or word.low in units["distance"]
    )


def lemma_of(word: Word) -> str:
    """Return the lemma of a noun, mended where the model leaves a plural as it is."""
    lemma = word.lemma
    units = table("units")
    known = {**units["vehicle"], **units["people"], **units["distance"], **units["duration"]}
    if lemma in known:
        return lemma
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if lemma.endswith(ending) and lemma.removesuffix(ending) + instead in known:
            return lemma.removesuffix(ending) + instead
    return lemma


def value_fields(stored: Stored, number: Number) -> dict[str, object]:
    """Return value, low, high and approx of a number for a fact."""
    value: float | str | None = number.value
    if value is None:
        value = stored.text[number.bare : number.end].lower() if number.low is not None else None
    elif float(value).is_integer():
        value = int(value)
    return {
        "value": value,
        "low": number.low,
        "high": number.high,
        "approx": number.approx or number.bound is not None,
    }


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
    fields = value_fields(stored, number)
    common = {"span": span, "status": status_of(tree, noun), **fields}
    if lemma in units["dead"]["words"] or noun.low in units["dead"]["adjectives"]:
        return Fact(kind="casualties", unit="persons", more={"state": noun.low}, **common)  # type: ignore[arg-type]
    if lemma in units["capacity"]["nouns"] and (lemma not in units["people"] or _holding(tree, noun)):
        return _capacity(stored, tree, noun, common)
    if lemma in units["vehicle"]:
        if after.startswith((" driver", " crew", " station", " stop", " accident", " ride", " load")):
            return None
        return Fact(kind="fleet", unit=units["vehicle"][lemma], **common)  # type: ignore[arg-type]
    if lemma in units["people"]:
        return _people(stored, tree, noun, lemma, common)
    if lemma in units["shelter"]["counted"] and "-" not in between:
        marks = any(one.low in units["shelter"]["marks"] for one in tree.kids(noun)) or lemma == "shelter"
        if marks or _sheltering(tree, noun):
            return Fact(kind="shelter", unit="places", **common)  # type: ignore[arg-type]
        return None
    if lemma in units["area"] or (lemma in units["distance"] and "square" in between):
        return Fact(kind="area", unit=units["area"].get(lemma, f"square {units['distance'].get(lemma)}"), **common)  # type: ignore[arg-type]
    if lemma in units["distance"] or noun.low in units["distance"]:
        return _distance(stored, noun, lemma, common, after)
    if lemma in units["duration"]:
        return _duration(tree, noun, units["duration"][lemma], common, between, before, after)
    return None


def _people(
    stored: Stored, tree: Tree, noun: Word, lemma: str, common: dict[str, object]
) -> Fact | None:
    units = table("units")
    unit = units["people"][lemma]
    group = _group(stored, tree, noun, common["span"])  # type: ignore[arg-type]
    hurt = _hurt(tree, noun, homes=unit == "homes")
    if hurt is not None:
        return Fact(kind="casualties", unit=unit, more={"group": group, "state": hurt}, **common)  # type: ignore[arg-type]
    if _holding(tree, noun):
        return _capacity(stored, tree, noun, common)
    return Fact(kind="people", unit=unit, more={"group": group}, **common)  # type: ignore[arg-type]


def _group(stored: Stored, tree: Tree, noun: Word, span: Span) -> str:
    """Return the group in the words of the text, without the number."""
    del span
    left = noun.i
    while left > 0 and tree.words[left - 1].dep in {"amod", "compound"} and tree.words[left - 1].head == noun.i and tree.words[left - 1].pos != "NUM":
        left -= 1
    return stored.text[tree.words[left].start : noun.end].lower()


def _hurt(tree: Tree, noun: Word, *, homes: bool) -> str | None:
    """Return what happened to people (or homes), if it is harm."""
    dead = table("units")["dead"]
    verbs = set(dead["home_verbs"] if homes else dead["verbs"])
    for adjective in tree.kids(noun, "amod", "acl", "acomp"):
        if adjective.low in dead["adjectives"] or (adjective.lemma in verbs and adjective.dep == "acl"):
            return adjective.low
    verb = tree.head(noun)
    if noun.dep == "conj" and not verb.verb:
        verb = tree.head(verb)
    if noun.dep == "pobj" and verb.low == "of":
        verb = tree.head(tree.head(verb))
    if not verb.verb:
        return None
    if verb.lemma in verbs and noun.dep in {"nsubjpass", "dobj", "conj", "pobj"}:
        return verb.low
    if verb.lemma in {"die", "drown", "perish"} and noun.dep in {"nsubj", "conj"}:
        return verb.low
    if verb.tag == "VBN" and verb.lemma in verbs and noun.dep == "nsubj":
        return verb.low
    for state in tree.kids(verb, "acomp", "oprd", "attr"):
        if state.low in dead["adjectives"]:
            return state.low
    return None


def _holding(tree: Tree, noun: Word) -> bool:
    """Whether the number says how many a vehicle or a place takes."""
    capacity = table("units")["capacity"]
    above = tree.head(noun)
    if above.low == "of" and tree.head(above).lemma in {"capacity", "load"}:
        return True
    if above.low == "for" and tree.head(above).lemma in {"room", "space", "shelter", "bed", "seat", "place", "capacity"}:
        return tree.head(above).lemma != "shelter"
    if noun.dep != "dobj" or above.lemma not in capacity["verbs"]:
        return False
    helpers = {one.low for one in tree.kids(above, "aux")}
    subject = next(iter(tree.kids(above, "nsubj")), None)
    each = subject is not None and any(one.low in {"each", "every", "one"} for one in tree.kids(subject, "det", "nummod", "predet"))
    each = each or (subject is not None and subject.low in {"each", "both"})
    if above.lemma == "seat" or above.tag == "VBG" and above.dep in {"acl", "advcl"} and any(
        one.low == "each" for one in tree.words[max(0, above.i - 2) : above.i]
    ):
        return True
    return bool(helpers & {"can", "could"}) or each


def _capacity(stored: Stored, tree: Tree, noun: Word, common: dict[str, object]) -> Fact:
    """Return the fact of a capacity with the nearest vehicle or place that it belongs to."""
    units = table("units")
    nearest = None
    first, end = tree.sentence(noun)
    for word in tree.words[first:end]:
        kind = units["vehicle"].get(lemma_of(word))
        if kind and (nearest is None or abs(word.i - noun.i) < abs(nearest[1] - noun.i)):
            nearest = (kind, word.i)
    if nearest is None:
        for word in reversed(tree.words[:first]):
            kind = units["vehicle"].get(lemma_of(word))
            if kind:
                nearest = (kind, word.i)
                break
    common["status"] = "stated"
    unit = nearest[0] if nearest else lemma_of(noun)
    return Fact(kind="capacity", unit=unit, more={"what": noun.low}, **common)  # type: ignore[arg-type]


def _sheltering(tree: Tree, noun: Word) -> bool:
    verb = governor(tree, noun)
    return verb is not None and verb.lemma in {"open", "house", "shelter", "stay", "host", "set"}


def _distance(
    stored: Stored, noun: Word, lemma: str, common: dict[str, object], after: str
) -> Fact | None:
    units = table("units")
    if re.match(r"\s?(/|per |an hour|a hour|p/?h\b)|\s?(wave|surge|high|deep|tall|wind|thick|above)", after):
        return None
    unit = units["distance"].get(lemma) or units["distance"].get(noun.low)
    if unit in {"m", "foot"} and not re.match(r"\s?(away|from|off|to |of the|of )", after):
        return None
    del stored
    return Fact(kind="distance", unit=unit, **common)  # type: ignore[arg-type]


_SPENT = frozenset({"take", "spend", "last", "need", "require", "wait", "hold", "stay", "delay", "run", "travel", "drive", "sit", "stand", "queue", "walk", "keep", "continue", "detain"})
_PAUSES = frozenset({"pause", "truce", "ceasefire", "journey", "drive", "trip", "wait", "delay", "crossing", "ride", "window", "lull", "stop", "halt", "silence", "march", "walk", "shift", "operation", "voyage", "curfew", "notice", "break", "flight", "sailing", "stoppage", "period"})


def _duration(
    tree: Tree, noun: Word, unit: str, common: dict[str, object], between: str, before: str, after: str
) -> Fact | None:
    if unit in {"month"} or re.match(r"\s?(ago|later|earlier|from now|old)", after):
        return None
    if re.search(r"\b(within|past|last|next|in|first|coming)\s(the\s)?(past|next|last|coming|first)?\s?$", before):
        return None
    if between.startswith("-"):
        # "a six-hour pause"
        for word in tree.words[noun.i + 1 : noun.i + 5]:
            if word.pos in {"NOUN", "PROPN"}:
                return Fact(kind="duration", unit=unit, more={"of": word.low}, **common) if word.lemma in _PAUSES else None  # type: ignore[arg-type]
        return None
    above = tree.head(noun)
    if above.low in {"for", "after", "of", "about", "every", "takes", "under", "over"} and above.pos == "ADP":
        verb = tree.head(above)
        if above.low == "of" and verb.lemma not in _PAUSES:
            return None
        if above.low == "after" and verb.lemma not in {"arrive", "reach", "come"}:
            return None
        return Fact(kind="duration", unit=unit, more={"of": verb.lemma}, **common)  # type: ignore[arg-type]
    if above.lemma in _SPENT or above.lemma in {"be"} and noun.dep == "attr":
        return Fact(kind="duration", unit=unit, more={"of": above.lemma}, **common)  # type: ignore[arg-type]
    if re.search(r"\bevery $", before) or any(one.low in {"every", "each"} for one in tree.kids(noun, "det")):
        return Fact(kind="duration", unit=unit, more={"of": "interval"}, **common)  # type: ignore[arg-type]
    if re.match(r"\s?(drive|away|walk|by (bus|road|car|boat|train))", after):
        return Fact(kind="duration", unit=unit, more={"of": "journey"}, **common)  # type: ignore[arg-type]
    return None


def _same_again(
    stored: Stored, tree: Tree, number: Number, last: tuple[Fact, int]
) -> Fact | None:
    """'the first of 22 buses, the second of 39': a bare number takes the noun of the one before."""
    before, end = last
    between = stored.text[end : number.bare]
    word = next((one for one in tree.words if one.start >= number.bare), None)
    after = stored.text[number.end : number.end + 2]
    if before.kind not in {"fleet", "people", "casualties"} or word is None or len(between) > 60:
        return None
    if not re.search(r"(?i)\b(the (second|other|third|rest)|another|and|then|not|or)\b[^.]*$", between):
        return None
    if not re.match(r"[.,;)\s]?(?:[\s]|$)", after) or word.dep not in {"pobj", "conj", "dobj", "nummod", "appos", "attr", "nsubj"}:
        return None
    follows = tree.words[word.i + 1] if word.i + 1 < len(tree.words) else None
    if follows is not None and follows.pos in {"NOUN", "PROPN"}:
        return None
    fields = value_fields(stored, number)
    return Fact(
        kind=before.kind, span=stored.span(number.start, number.end), unit=before.unit,
        status=before.status, more=dict(before.more), **fields,  # type: ignore[arg-type]
    )


def _nobody(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """'No deaths have been reported': a stated zero is a figure, silence is not."""
    for word in tree.words:
        if word.lemma in {"death", "casualty", "injury", "fatality"} and any(
            one.low == "no" for one in tree.kids(word, "det")
        ):
            yield Fact(
                kind="casualties", span=noun_phrase(stored, tree, word), value=0, unit="persons",
                more={"state": word.low},
            )
