"""Where: origin, destination, route, zone, shelter, and who holds or surrounds a place."""

import re
from collections.abc import Iterator

from safepassage.reader.counted import lemma_of
from safepassage.reader.fact import Fact
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.phrases import core_phrase, noun_phrase, span_of, status_of
from safepassage.reader.tables import table, words
from safepassage.reader.text import Span, Stored

_FROM = frozenset({"from", "of", "in", "at", "inside", "near", "around", "within", "outside"})
_TO = frozenset({"to", "toward", "towards", "into", "for", "at", "in"})
_ZONE = re.compile(
    r"\b(?:[Ee]vacuation |[Ff]lood )?(?:Zones?|zones?|Sectors?|Levels?) (?:[A-Z]{1,2}\d?|\d{1,2})\b(?:(?:, | and | & |, and |-| to )(?:[A-Z]{1,2}\d?|\d{1,2})\b)*"
)
_HELD = re.compile(
    r"\b(?:[\w’']+[- ])?(?:rebel|opposition|government|army|militia|regime|separatist|insurgent|junta|enemy|Russian|Ukrainian)[- ](?:held|controlled|occupied|run)\b(?: \w+)?",
)


def places(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """Return the facts of one block that say where."""
    for word in tree.words:
        if word.pos == "ADP" or word.dep == "prep":
            yield from _by_preposition(stored, tree, word)
        elif word.dep in {"dobj", "conj"}:
            yield from _by_object(stored, tree, word)
    yield from _routes(stored, tree)
    yield from _zones(stored, tree)
    yield from _shelters(stored, tree)
    yield from _control(stored, tree)
    yield from _siege(stored, tree)


def place_of(stored: Stored, tree: Tree, noun: Word) -> Span | None:
    """Return the span of a place if the noun is one: a name, or a kind of place with a name."""
    units = table("units")["place"]
    low = noun.low
    if noun.pos == "PRON" or noun.low in units["not_place"] or lemma_of(noun) in table("units")["people"]:
        return None
    if lemma_of(noun) in table("units")["vehicle"]:
        return None
    lemma = noun.lemma
    heads = units["heads"]
    if lemma in heads or low in heads:
        of = next((one for one in tree.kids(noun, "prep") if one.low == "of"), None)
        if of is not None and (inner := next(iter(tree.kids(of, "pobj")), None)) is not None and inner.pos == "PROPN":
            return core_phrase(stored, tree, inner)
        named = next(iter(tree.kids(noun, "appos")), None)
        if named is not None and named.pos == "PROPN":
            return core_phrase(stored, tree, named)
        marks = [one for one in tree.kids(noun, "compound", "amod", "nmod", "poss") if one.i < noun.i]
        if noun.pos == "PROPN" or any(one.pos in {"PROPN"} or one.dep in {"compound", "poss"} for one in marks):
            return _with_following(stored, tree, noun)
        if marks or lemma in {"mainland", "capital", "border", "hospital", "airport", "stadium", "port", "camp", "coast", "quay", "island", "enclave"}:
            return noun_phrase(stored, tree, noun)
        return None
    if noun.pos == "PROPN" and noun.text[:1].isupper():
        if any(one.low in units["not_place"] for one in tree.kids(noun, "compound")):
            return None
        if re.fullmatch(r"[A-Z]{2,5}", noun.text) and noun.text in {"ICRC", "UN", "WHO", "NATO", "EU", "US", "UNHCR", "OCHA", "UK"}:
            return None
        return _with_following(stored, tree, noun)
    return None


def _with_following(stored: Stored, tree: Tree, noun: Word) -> Span:
    """Return the core of a name, with a part that a hyphen or a number splits off."""
    span = core_phrase(stored, tree, noun)
    after = noun.i + 1
    if after < len(tree.words) and tree.words[after].text.isdigit() and tree.words[after].head == noun.i:
        return stored.span(span.start, tree.words[after].end)
    return span


def _moving(tree: Tree, word: Word) -> Word | None:
    """Return the verb or noun of motion that a preposition hangs on, through other prepositions."""
    motion = table("units")["motion"]
    at = word
    for _ in range(5):
        if at.head == at.i:
            return None
        at = tree.head(at)
        if at.verb and at.lemma in motion["verbs"]:
            return at
        if at.pos in {"NOUN", "PROPN"} and lemma_of(at) in motion["nouns"]:
            return at
        if at.verb and at.lemma not in {"be", "have", "begin", "start", "continue", "wait", "open", "plan", "resume", "allow", "order", "tell", "use", "try", "clear", "take"}:
            return None
    return None


def _by_preposition(stored: Stored, tree: Tree, prep: Word) -> Iterator[Fact]:
    objects = tree.kids(prep, "pobj")
    if not objects:
        return
    low = prep.low
    above = tree.head(prep)
    if low == "of" and above.low != "out" and not (lemma_of(above) == "evacuation" or above.lemma in {"residents"}):
        return
    if low not in _FROM | _TO:
        return
    moving = _moving(tree, prep)
    for noun in _all(tree, objects[0]):
        if _is_route(tree, noun):
            continue
        where = place_of(stored, tree, noun)
        if where is None:
            continue
        kind = _kind(tree, prep, above, moving)
        if kind is not None:
            yield Fact(kind, where, where.text, status=status_of(tree, noun))


def _kind(tree: Tree, prep: Word, above: Word, moving: Word | None) -> str | None:
    low = prep.low
    units = table("units")["motion"]
    stuck = {"trap", "strand", "besiege", "cut", "stick", "surround", "corner", "remain", "shelter", "wait"}
    if low == "of":
        return "origin"
    if low == "from":
        return "origin" if moving is not None else None
    if low in {"in", "at", "inside", "near", "around", "within", "outside", "on"}:
        if above.lemma in stuck and above.lemma not in {"shelter", "wait"}:
            return "origin" if low != "near" else None
        if above.lemma in {"evacuate", "evacuation"} or above.lemma in {"board", "collect"} or (above.lemma == "pick"):
            return "origin"
        if above.lemma in {"arrive", "land", "dock"}:
            return "destination"
        if above.lemma in {"people", "resident", "family", "civilian", "inhabitant"}:
            return None
        return None
    if moving is None:
        return None
    if low == "for":
        return "destination" if moving.lemma in {"leave", "depart", "head", "bind", "set", "sail", "make", "bus", "train", "flight", "convoy", "ferry"} else None
    if low == "to" and moving.lemma in {"begin", "bring", "pass", "set", "return", "get", "come", "go"} and not moving.verb:
        return None
    del units, tree
    return "destination"


def _all(tree: Tree, noun: Word) -> list[Word]:
    """Return a noun and those joined to it."""
    found = [noun]
    for kid in tree.kids(noun, "conj"):
        found.extend(_all(tree, kid))
    return found


def _by_object(stored: Stored, tree: Tree, word: Word) -> Iterator[Fact]:
    """'fled Aleppo', 'reached Idlib'."""
    motion = table("units")["motion"]
    verb = tree.head(word)
    if word.dep == "conj" and verb.dep == "dobj":
        verb = tree.head(verb)
    if not verb.verb:
        return
    if verb.lemma not in motion["leaving"] and verb.lemma not in motion["arriving"]:
        return
    if _is_route(tree, word):
        return
    where = place_of(stored, tree, word)
    if where is not None:
        kind = "origin" if verb.lemma in motion["leaving"] else "destination"
        yield Fact(kind, where, where.text, status=status_of(tree, word))


def _is_route(tree: Tree, noun: Word) -> bool:
    units = table("units")["route"]
    if noun.lemma in units["heads"] or noun.low in units["heads"]:
        return True
    compound = [one.low for one in tree.kids(noun, "compound", "nmod")]
    return noun.pos in {"PROPN", "NUM"} and any(one in units["numbered"] and len(one) > 2 for one in compound)


def _routes(stored: Stored, tree: Tree) -> Iterator[Fact]:
    units = table("units")["route"]
    seen: set[int] = set()
    for word in tree.words:
        if word.i in seen:
            continue
        numbered = word.low in units["numbered"] and word.text[:1].isupper() and word.i + 1 < len(tree.words)
        if numbered and re.fullmatch(r"[A-Z]?-?\d{1,3}[A-Z]?", tree.words[word.i + 1].text):
            seen.update({word.i, word.i + 1})
            span = stored.span(word.start, tree.words[word.i + 1].end)
            yield Fact("route", span, span.text)
            continue
        code = re.fullmatch(r"(?:[AMEN]|US|SR|I)-?\d{1,3}", word.text)
        if code and word.pos in {"PROPN", "NOUN"} and word.i and tree.words[word.i - 1].low in {"the", "on", "along", "via"}:
            yield Fact("route", stored.span(word.start, word.end), word.text)
            continue
        if lemma_of(word) not in units["heads"] and word.low not in units["heads"]:
            continue
        if word.pos not in {"NOUN", "PROPN"} or word.dep == "compound":
            continue
        marks = [one for one in tree.kids(word, "compound", "nmod", "poss") if one.i < word.i and one.pos in {"PROPN", "NOUN"}]
        capital = word.text[:1].isupper() and word.i > tree.sentence(word)[0] and marks
        corridor = lemma_of(word) == "corridor"
        if lemma_of(word) in {"drive", "pass", "track", "lane", "checkpoint"} and not capital:
            continue
        if word.lemma == "bridge" and not marks:
            continue
        loose = {"coast", "coastal", "main", "mountain", "valley", "river", "ring", "shore", "forest", "northern", "southern", "eastern", "western", "only", "access", "exit"}
        adjectives = [one for one in tree.kids(word, "amod") if one.low in loose]
        if marks or capital or adjectives or (corridor and tree.kids(word, "amod")):
            between = re.search(r"^\s+between\s+[A-Z]\w+ and [A-Z]\w+", stored.text[word.end : word.end + 60])
            span = noun_phrase(stored, tree, word)
            if between:
                span = stored.span(span.start, word.end + between.end())
            yield Fact("route", span, span.text)


def _zones(stored: Stored, tree: Tree) -> Iterator[Fact]:
    for found in _ZONE.finditer(stored.text, tree.block.start, tree.block.end):
        span = stored.span(*found.span())
        yield Fact("zone", span, span.text)
    for word in tree.words:
        if word.lemma not in {"order", "tell", "instruct", "urge", "ask", "advise", "warn"} or not word.verb:
            continue
        objects = tree.kids(word, "dobj", "nsubjpass") + [
            one for kid in tree.kids(word, "ccomp", "xcomp") for one in tree.kids(kid, "nsubj", "nsubjpass")
        ]
        leaving = [one for one in tree.kids(word, "xcomp", "ccomp", "advcl") if one.lemma in {"leave", "evacuate", "move", "go", "flee", "get"}]
        for thing in objects:
            ordered = thing.lemma == "evacuation"
            if not ordered and not leaving:
                continue
            for prep in tree.kids(thing, "prep"):
                if prep.low in {"of", "in", "for", "along", "near", "from", "on", "within", "around"}:
                    yield from _zone_names(stored, tree, prep)
    for word in tree.words:
        if word.lemma == "order" and word.pos == "NOUN" and any(one.lemma in {"evacuation", "mandatory"} for one in tree.kids(word, "compound", "amod")):
            for prep in tree.kids(word, "prep") + (tree.kids(tree.head(word), "prep") if tree.head(word).verb else []):
                if prep.low in {"for", "in", "covering"} and prep.i > word.i:
                    yield from _zone_names(stored, tree, prep)
        elif word.low in {"evacuation"} and tree.kids(word, "amod") and any(one.low in {"mandatory", "voluntary", "compulsory"} for one in tree.kids(word, "amod")):
            for prep in tree.kids(word, "prep"):
                if prep.low in {"of", "for", "in"}:
                    yield from _zone_names(stored, tree, prep)


def _zone_names(stored: Stored, tree: Tree, prep: Word) -> Iterator[Fact]:
    for noun in tree.kids(prep, "pobj"):
        if lemma_of(noun) in table("units")["people"]:
            for inner in tree.kids(noun, "prep"):
                yield from _zone_names(stored, tree, inner)
            continue
        named = _all(tree, noun)
        if noun.low in {"zone", "zones"}:
            continue
        if all(one.pos == "PROPN" for one in named) or place_of(stored, tree, noun) or noun.lemma in {"half", "bank", "area", "district", "part", "side", "shore", "coast", "neighborhood"}:
            first = noun_phrase(stored, tree, noun)
            right = named[-1].i
            if noun.lemma in {"half", "bank", "part", "side", "area", "neighborhood", "district"}:
                right = max(right, min(noun.right, noun.i + 5))
            span = span_of(stored, tree, _left(tree, noun), right)
            yield Fact("zone", span, span.text)
            del first


def _left(tree: Tree, noun: Word) -> int:
    left = noun.left
    while left < noun.i and tree.words[left].dep in {"punct", "cc", "prep"}:
        left += 1
    return left


def _shelters(stored: Stored, tree: Tree) -> Iterator[Fact]:
    units = table("units")["shelter"]
    for word in tree.words:
        lemma = lemma_of(word)
        if word.pos not in {"NOUN", "PROPN"} or (lemma not in units["words"] and word.low not in units["words"]):
            continue
        if word.dep == "compound":
            continue
        marks = {one.low for one in tree.kids(word, "compound", "amod")}
        sure = lemma in units["sure"] or bool(marks & set(units["marks"]))
        numbered = any(one.dep == "nummod" for one in tree.kids(word))
        verb = tree.head(word)
        hosting = (
            any(above.lemma in {"house", "shelter", "host", "accommodate", "stay", "sleep", "lodge"} for above in list(tree.ancestors(word))[:3])
            and word.dep in {"pobj", "nsubj"}
        )
        if lemma == "shelter" and word.dep in {"dobj", "pobj"} and not tree.kids(word, "det", "nummod", "amod", "compound") and word.tag == "NN":
            continue
        if numbered or not (sure or hosting):
            continue
        del verb
        span = noun_phrase(stored, tree, word)
        follow = re.match(r" for (?:up to |about |around )?[\d,]+ \w+| at (?:the )?(?:[A-Z][\w’'.]+ ?)+", stored.text[word.end : word.end + 60])
        if follow:
            span = stored.trimmed(span.start, word.end + follow.end(), ".,")
        yield Fact("shelter", span, span.text)


def _control(stored: Stored, tree: Tree) -> Iterator[Fact]:
    for found in _HELD.finditer(stored.text, tree.block.start, tree.block.end):
        span = stored.trimmed(*found.span())
        yield Fact("control", span, more={"by": re.split(r"[- ](?:held|controlled|occupied|run)", span.text)[0].lower()})
    for word in tree.words:
        if word.lemma in {"hold", "control", "occupy", "run", "rule", "dominate"} and word.tag == "VBN":
            agent = next(iter(tree.kids(word, "agent")), None)
            if agent is not None and tree.kids(agent, "pobj") and (word.dep in {"acl", "relcl", "ROOT", "conj", "appos", "ccomp"}):
                by = tree.kids(agent, "pobj")[0]
                left = word.left if word.dep == "relcl" else word.i
                yield Fact("control", span_of(stored, tree, left, agent.right), more={"by": core_phrase(stored, tree, by).text})
        elif word.low in {"hands", "control", "rule", "occupation"} and word.dep == "pobj":
            prep = tree.head(word)
            if prep.low not in {"in", "under"}:
                continue
            marks = tree.kids(word, "compound", "poss", "amod", "nmod")
            of = [one for one in tree.kids(word, "prep") if one.low == "of"]
            if not marks and not of:
                continue
            above = tree.head(prep)
            left = above.left if above.pos in {"NOUN", "PROPN"} and above.dep == "appos" else prep.i
            yield Fact("control", span_of(stored, tree, left, max(word.i, word.right)), more={"by": core_phrase(stored, tree, word).text})
        elif word.lemma in {"retake", "capture", "seize", "recapture", "overrun", "control", "occupy", "hold"} and word.verb and word.tag != "VBN" and word.dep != "amod":
            subject = next(iter(tree.kids(word, "nsubj")), None)
            thing = next(iter(tree.kids(word, "dobj")), None)
            if subject is not None and thing is not None and (thing.pos == "PROPN" or thing.lemma in words("units", "place", "heads") | {"side", "road", "part", "territory", "half", "bank"}):
                yield Fact("control", span_of(stored, tree, subject.left, thing.right), more={"by": core_phrase(stored, tree, subject).text})


def _siege(stored: Stored, tree: Tree) -> Iterator[Fact]:
    for word in tree.words:
        if word.lemma in {"besiege", "encircle", "surround", "blockade"} and word.verb and word.dep != "amod":
            agent = next(iter(tree.kids(word, "agent")), None)
            since = next((one for one in tree.kids(word, "prep") if one.low in {"since", "for"}), None)
            subject = next(iter(tree.kids(word, "nsubj")), None)
            if agent is None and since is None and subject is None:
                continue
            right = max([word.i] + [one.right for one in (agent,) if one is not None])
            if since is not None:
                right = max(right, next((one.i for one in tree.kids(since, "pobj")), since.i))
            more = {}
            if agent is not None and tree.kids(agent, "pobj"):
                more["by"] = core_phrase(stored, tree, tree.kids(agent, "pobj")[0]).text
                inner = next((one for one in tree.kids(tree.kids(agent, "pobj")[0], "prep") if one.low == "since"), None)
                since = since or inner
            if since is not None and tree.kids(since, "pobj"):
                more["since"] = tree.kids(since, "pobj")[0].text
            if agent is None and since is None and subject is not None:
                thing = next(iter(tree.kids(word, "dobj")), None)
                if thing is None:
                    continue
                yield Fact("siege", span_of(stored, tree, subject.left, thing.right), more={"by": core_phrase(stored, tree, subject).text})
                continue
            yield Fact("siege", span_of(stored, tree, word.i, right), more=more)
        elif word.low == "siege" and word.dep == "pobj" and tree.head(word).low == "under":
            yield Fact("siege", span_of(stored, tree, tree.head(word).i, word.right))
