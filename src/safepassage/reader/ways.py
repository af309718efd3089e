"""Roads and crossings, areas under an order, and the places that take people in."""

import re
from collections.abc import Iterator

from safepassage.reader.fact import Fact
from safepassage.reader.nouns import lemma_of
from safepassage.reader.numbers import numbers_in, value_of
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.phrases import noun_phrase, span_of
from safepassage.reader.places import joined, place_of
from safepassage.reader.tables import table, words
from safepassage.reader.text import Stored

_LETTERS = r"(?:[A-Z]{1,2}\d?|\d{1,2})\b"
_ZONE = re.compile(
    r"\b(?:[Ee]vacuation |Flood |flood )?(?:[Zz]ones?|[Ss]ectors?|Levels?) "
    rf"{_LETTERS}(?:(?:, | and | & |, and |-| to ){_LETTERS})*"
)
_CODE = re.compile(r"(?:[AMEN]|US|SR|I)-?\d{1,3}")
_NUMBERED = re.compile(r"[A-Z]?-?\d{1,3}[A-Z]?")
_AT_PLACE = re.compile(
    r"(?: were| was| are| is| has been| have been)? ?(?:set up|"
    r"opened|open)?,? (?:at|in) (?:the )?(?=[A-Z])"
)
_FOLLOWS = re.compile(
    r" for (?:up to |about |around )?[\d,]+ \w+| at (?:the )?(?:[A-Z][\w’'.]+ ?)+"
)
_SIZE = re.compile(
    r"(?i)\b(?:(?:less than|more than|about|around|nearly|some) )?(?:a |an )?"
    r"(?:[\d.,]+|half|one|two|three|four|five|six|ten)?[- ]?"
    r"(?:mile|kilomet(?:re|er)|km|met(?:re|er)|block)s?[- ](?:wide|long)\b(?: [a-z]+)?"
)
_EXTENT = re.compile(
    r"(?i)\b(?:(?:more than|about|around|nearly|some|over) )?[\d,.]+[- ](?:acre|hectare)s?\b"
)
_HALVES = frozenset(
    {
        "half",
        "bank",
        "part",
        "side",
        "area",
        "neighborhood",
        "district",
        "shore",
        "coast",
        "neighbourhood",
        "island",
        "town",
        "county",
        "street",
        "zone",
        "region",
    }
)


def ways(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """Return the routes, zones, shelters and sizes of one block."""
    yield from _routes(stored, tree)
    yield from _zones(stored, tree)
    yield from _shelters(stored, tree)
    for found in _SIZE.finditer(stored.text, tree.block.start, tree.block.end):
        span = stored.trimmed(*found.span())
        yield Fact("area", span, span.text)
    for found in _EXTENT.finditer(stored.text, tree.block.start, tree.block.end):
        number = next(iter(numbers_in(stored.text, found.start(), found.end())), None)
        digits = re.search(r"[\d,.]*\d", found.group())
        value = number.value if number is not None else value_of(digits[0]) if digits else None
        unit = "hectare" if "hect" in found.group().lower() else "acre"
        yield Fact("area", stored.span(*found.span()), value, unit)


def _routes(stored: Stored, tree: Tree) -> Iterator[Fact]:
    units = table("units")["route"]
    numbered: set[int] = set()
    for word in tree.words:
        if word.i in numbered:
            continue
        after = tree.words[word.i + 1] if word.i + 1 < len(tree.words) else None
        called = word.low in units["numbered"] and word.text[:1].isupper()
        if called and after is not None and _NUMBERED.fullmatch(after.text):
            numbered |= {word.i, after.i}
            span = stored.span(word.start, after.end)
            yield Fact("route", span, span.text)
        elif _CODE.fullmatch(word.text) and word.i and word.pos in {"PROPN", "NOUN"}:
            if tree.words[word.i - 1].low in {"the", "on", "along", "via"}:
                yield Fact("route", stored.span(word.start, word.end), word.text)
        else:
            yield from _named_route(stored, tree, word)


def _named_route(stored: Stored, tree: Tree, word: Word) -> Iterator[Fact]:
    units = table("units")["route"]
    lemma = lemma_of(word)
    if lemma not in units["heads"] and word.low not in units["heads"]:
        return
    if word.pos not in {"NOUN", "PROPN"} or word.dep == "compound":
        return
    before = [one for one in tree.kids(word, "compound", "nmod", "poss") if one.i < word.i]
    if tree.words[word.left].text.isdigit():
        # A number before a street is an address.
        return
    marks = [one for one in before if one.pos in {"PROPN", "NOUN"}]
    named = any(one.text[:1].isupper() for one in marks)
    if lemma in units["only_named"] and not named:
        return
    adjectives = [one for one in tree.kids(word, "amod") if one.low in units["adjectives"]]
    corridor = lemma == "corridor" and bool(tree.kids(word, "amod"))
    capital = word.text[:1].isupper() and word.i > tree.sentence(word)[0] and marks
    if not (marks or capital or adjectives or corridor):
        return
    span = noun_phrase(stored, tree, word)
    between = re.match(r"\s+between\s+[A-Z]\w+ and [A-Z]\w+", stored.text[word.end : word.end + 60])
    if between:
        span = stored.span(span.start, word.end + between.end())
    yield Fact("route", span, span.text)


_ORDERING = frozenset({"order", "tell", "instruct", "urge", "ask", "advise", "warn"})
_LEAVING = frozenset({"leave", "evacuate", "move", "go", "flee", "get"})


def _zones(stored: Stored, tree: Tree) -> Iterator[Fact]:
    for found in _ZONE.finditer(stored.text, tree.block.start, tree.block.end):
        span = stored.span(*found.span())
        yield Fact("zone", span, span.text)
    for word in tree.words:
        if word.verb and word.lemma in _ORDERING:
            yield from _ordered_zones(stored, tree, word)
        elif word.lemma in {"order", "alert"} and any(
            one.lemma in {"evacuation", "mandatory"} for one in tree.kids(word, "compound", "amod")
        ):
            head = tree.head(word)
            preps = tree.kids(word, "prep") + (tree.kids(head, "prep") if head.verb else [])
            for prep in preps:
                if prep.low in {"for", "in", "covering"} and prep.i > word.i:
                    yield from _zone_names(stored, tree, prep)
            if word.dep == "pobj" and tree.head(tree.head(word)).verb:
                # "Residents of Garcia Street are on evacuation alert"
                for subject in tree.kids(tree.head(tree.head(word)), "nsubj"):
                    for prep in tree.kids(subject, "prep"):
                        yield from _zone_names(stored, tree, prep)
        elif word.low == "evacuation" and any(
            one.low
            in {"mandatory", "voluntary", "compulsory", "immediate", "total", "full", "forced"}
            for one in tree.kids(word, "amod")
        ):
            for prep in tree.kids(word, "prep"):
                if prep.low in {"of", "for", "in"}:
                    yield from _zone_names(stored, tree, prep)
        elif word.low == "evacuation":
            for prep in tree.kids(word, "prep"):
                for noun in tree.kids(prep, "pobj") if prep.low == "of" else ():
                    if lemma_of(noun) in _HALVES:
                        yield _zone(stored, tree, noun)


def _ordered_zones(stored: Stored, tree: Tree, word: Word) -> Iterator[Fact]:
    clauses = tree.kids(word, "ccomp", "xcomp")
    objects = tree.kids(word, "dobj", "nsubjpass")
    for clause in clauses:
        objects += tree.kids(clause, "nsubj", "nsubjpass")
    leaving = [one for one in tree.kids(word, "xcomp", "ccomp", "advcl") if one.lemma in _LEAVING]
    for going in leaving:
        for noun in tree.kids(going, "dobj"):
            if lemma_of(noun) in {"home", "house"}:
                for prep in tree.kids(noun, "prep") + tree.kids(going, "prep"):
                    if prep.low == "in":
                        yield from _zone_names(stored, tree, prep)
            if place_of(stored, tree, noun) or lemma_of(noun) in _HALVES:
                yield _zone(stored, tree, noun)
    for thing in objects:
        if thing.lemma != "evacuation" and not leaving:
            continue
        for prep in tree.kids(thing, "prep"):
            if prep.low in {"of", "in", "for", "along", "near", "from", "on", "within", "around"}:
                yield from _zone_names(stored, tree, prep)


def _zone_names(stored: Stored, tree: Tree, prep: Word) -> Iterator[Fact]:
    for noun in tree.kids(prep, "pobj"):
        lemma = lemma_of(noun)
        if lemma in table("units")["people"] and lemma not in {"property", "home", "house"}:
            for inner in tree.kids(noun, "prep"):
                yield from _zone_names(stored, tree, inner)
            continue
        if noun.low in {"zone", "zones"}:
            continue
        names = all(one.pos == "PROPN" for one in joined(tree, noun))
        homes = lemma in {"property", "home", "house"}
        if names or homes or place_of(stored, tree, noun) or lemma in _HALVES:
            yield _zone(stored, tree, noun)


def _zone(stored: Stored, tree: Tree, noun: Word) -> Fact:
    left = noun.left
    while left < noun.i and tree.words[left].dep in {"punct", "cc", "prep"}:
        left += 1
    right = joined(tree, noun)[-1].i
    if lemma_of(noun) in _HALVES | {"property", "home", "house"}:
        right = max(right, min(noun.right, noun.i + 7))
    span = span_of(stored, tree, left, right)
    return Fact("zone", span, span.text)


def _shelters(stored: Stored, tree: Tree) -> Iterator[Fact]:
    units = table("units")["shelter"]
    for word in tree.words:
        lemma = lemma_of(word)
        if word.pos not in {"NOUN", "PROPN"} or word.dep == "compound":
            continue
        if lemma not in units["words"] and word.low not in units["words"]:
            continue
        marks = {one.low for one in tree.kids(word, "compound", "amod")}
        if any(one.dep == "nummod" for one in tree.kids(word)):
            continue
        bare = not tree.kids(word, "det", "amod", "compound", "poss")
        if bare and lemma in units["sure"]:
            yield from _shelter_at(stored, tree, word)
            continue
        taking_in = any(
            above.lemma in words("units", "shelter", "verbs")
            for above in list(tree.ancestors(word))[:3]
        )
        sure = lemma in units["sure"] or bool(marks & set(units["marks"]))
        if not sure and not (taking_in and word.dep in {"pobj", "nsubj"}):
            continue
        span = noun_phrase(stored, tree, word)
        follows = _FOLLOWS.match(stored.text[word.end : word.end + 60])
        if follows:
            span = stored.trimmed(span.start, word.end + follows.end(), ".,")
        yield Fact("shelter", span, span.text)


def _shelter_at(stored: Stored, tree: Tree, word: Word) -> Iterator[Fact]:
    """'Shelters were set up at the church and at the school': the places, not the word."""
    if not _AT_PLACE.match(stored.text[word.end : word.end + 40]):
        return
    verb = tree.head(word)
    preps = [one for one in tree.kids(verb, "prep") + tree.kids(word, "prep") if one.low == "at"]
    preps += [inner for one in preps for inner in tree.kids(one, "conj") if inner.low == "at"]
    for prep in preps:
        for name in tree.kids(prep, "pobj"):
            for one in joined(tree, name):
                if place_of(stored, tree, one) is not None:
                    span = noun_phrase(stored, tree, one)
                    yield Fact("shelter", span, span.text)
