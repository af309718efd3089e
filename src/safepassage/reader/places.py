"""Where from and where to: places by name or kind, on the verb or noun of a movement."""

from collections.abc import Iterator

from safepassage.reader.fact import Fact
from safepassage.reader.nouns import lemma_of
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.phrases import core_phrase, governor, noun_phrase, status_of
from safepassage.reader.tables import table, words
from safepassage.reader.text import Span, Stored

_FROM = frozenset({"from", "of", "in", "at", "inside", "near", "around", "within", "outside", "on"})
_TO = frozenset({"to", "toward", "towards", "into", "for"})
_INSIDE = frozenset({"in", "at", "inside", "within", "on"})
_BODIES = frozenset(
    {"ICRC", "UN", "WHO", "NATO", "EU", "US", "UNHCR", "OCHA", "UK", "OSCE", "FEMA"}
)


def places(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """Return the origins and destinations of one block."""
    for word in tree.words:
        if word.pos == "ADP" or word.dep == "prep":
            yield from _by_preposition(stored, tree, word)
        elif word.dep in {"dobj", "conj"}:
            yield from _by_object(stored, tree, word)


def place_of(stored: Stored, tree: Tree, noun: Word) -> Span | None:
    """Return the span of a place if the noun is one: a name, or a kind of place with a name."""
    units = table("units")
    lemma = lemma_of(noun)
    if noun.pos == "PRON" or noun.low in units["place"]["not_place"]:
        return None
    if lemma in units["people"] or lemma in units["vehicle"]:
        return None
    if tree.kids(noun, "nummod") and noun.pos == "NOUN":
        return None
    if noun.lemma in units["place"]["heads"] or noun.low in units["place"]["heads"]:
        return _kind_of_place(stored, tree, noun)
    if noun.pos != "PROPN" or not noun.text[:1].isupper() or noun.text in _BODIES:
        return None
    if any(one.low in units["place"]["not_place"] for one in tree.kids(noun, "compound")):
        return None
    return _with_number(stored, tree, noun)


def _kind_of_place(stored: Stored, tree: Tree, noun: Word) -> Span | None:
    """Return "X" of "the town of X" and "the town X"; "Calder High School"; "the stadium"."""
    of = next((one for one in tree.kids(noun, "prep") if one.low == "of"), None)
    inner = next(iter(tree.kids(of, "pobj")), None) if of is not None else None
    if inner is not None and inner.pos == "PROPN":
        return core_phrase(stored, tree, inner)
    named = next(iter(tree.kids(noun, "appos")), None)
    if named is not None and named.pos == "PROPN":
        return core_phrase(stored, tree, named)
    marks = [one for one in tree.kids(noun, "compound", "amod", "nmod", "poss") if one.i < noun.i]
    loose = {"other", "several", "nearby", "safe", "safer", "local", "many", "some", "various"}
    if any(one.low in loose for one in marks):
        return None
    if noun.pos == "PROPN" or any(
        one.pos == "PROPN" or one.dep in {"compound", "poss"} for one in marks
    ):
        return _with_number(stored, tree, noun)
    if noun.tag not in {"NN", "NNP"}:
        return None
    if marks or noun.lemma in words("units", "place", "known"):
        return noun_phrase(stored, tree, noun)
    return None


def _with_number(stored: Stored, tree: Tree, noun: Word) -> Span:
    """Return the core of a name, with a number that belongs to it ("Camp 4")."""
    span = core_phrase(stored, tree, noun)
    after = noun.i + 1
    numbered = after < len(tree.words) and tree.words[after].text.isdigit()
    if numbered and tree.words[after].head == noun.i:
        return stored.span(span.start, tree.words[after].end)
    return span


def is_route(tree: Tree, noun: Word) -> bool:
    """Whether a noun is a road, bridge or crossing."""
    units = table("units")["route"]
    if lemma_of(noun) in units["heads"] or noun.low in units["heads"]:
        return True
    before = [one.low for one in tree.kids(noun, "compound", "nmod")]
    numbered = any(one in units["numbered"] and len(one) > 2 for one in before)
    return noun.pos in {"PROPN", "NUM"} and numbered


def joined(tree: Tree, noun: Word) -> list[Word]:
    """Return a noun and those joined to it."""
    found = [noun]
    for kid in tree.kids(noun, "conj"):
        found.extend(joined(tree, kid))
    return found


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
        if at.verb and at.lemma not in motion["light"]:
            return None
    return None


def _by_preposition(stored: Stored, tree: Tree, prep: Word) -> Iterator[Fact]:
    objects = tree.kids(prep, "pobj")
    if not objects or prep.low not in _FROM | _TO:
        return
    above = tree.head(prep)
    moving = _moving(tree, prep)
    kind = _origin(tree, prep, above, moving) or _destination(tree, prep, above, moving)
    if kind is None:
        return
    for noun in joined(tree, objects[0]):
        if is_route(tree, noun):
            continue
        where = place_of(stored, tree, noun)
        if where is not None:
            yield Fact(kind, where, where.text, status=status_of(tree, noun))
        elif kind == "destination":
            # "to shelters in Chico and Oroville"
            for inner in tree.kids(noun, "prep"):
                if inner.low not in {"in", "at"}:
                    continue
                for name in tree.kids(inner, "pobj"):
                    for one in joined(tree, name):
                        if (where := place_of(stored, tree, one)) is not None:
                            yield Fact(kind, where, where.text, status=status_of(tree, one))


def _origin(tree: Tree, prep: Word, above: Word, moving: Word | None) -> str | None:
    low = prep.low
    units = table("units")
    motion = units["motion"]
    people = lemma_of(above) in units["people"]
    verb = governor(tree, above) if people else None
    if low == "from":
        supplies = moving is not None and lemma_of(moving) in units["vehicle"] and not moving.verb
        return "origin" if moving is not None and not supplies else None
    if low == "of":
        if people:
            forced = {*motion["leaving"], *motion["moved"], "force", "order"}
            return "origin" if verb is not None and verb.lemma in forced else None
        return "origin" if above.low == "out" or lemma_of(above) == "evacuation" else None
    if low not in _INSIDE | {"near", "around", "outside"}:
        return None
    if above.lemma in motion["stuck"] and tree.kids(above, "acomp", "oprd", "xcomp"):
        return None
    if above.lemma in motion["stuck"]:
        return "origin" if low in _INSIDE else None
    if lemma_of(above) in {"evacuate", "evacuation", "board", "collect", "pick"}:
        return "origin" if low in _INSIDE else None
    if lemma_of(above) in {"home", "house", "bed"} and tree.head(above).lemma in motion["leaving"]:
        return "origin"
    if verb is not None and verb.lemma in {*motion["moved"], "leave", "flee"} and low in _INSIDE:
        return "origin"
    return None


def _destination(tree: Tree, prep: Word, above: Word, moving: Word | None) -> str | None:
    low = prep.low
    if low in _INSIDE:
        return "destination" if above.lemma in {"arrive", "land", "dock", "arrival"} else None
    if moving is None or low not in _TO:
        return None
    if low == "for":
        bound = words("units", "motion", "bound")
        return "destination" if lemma_of(moving) in bound else None
    del tree
    return "destination"


def _by_object(stored: Stored, tree: Tree, word: Word) -> Iterator[Fact]:
    """'fled Aleppo', 'reached Idlib'."""
    motion = table("units")["motion"]
    verb = tree.head(word)
    if word.dep == "conj" and verb.dep == "dobj":
        verb = tree.head(verb)
    leaving, arriving = verb.lemma in motion["leaving"], verb.lemma in motion["arriving"]
    if not verb.verb or not (leaving or arriving) or is_route(tree, word):
        return
    where = place_of(stored, tree, word)
    if where is not None:
        kind = "origin" if leaving else "destination"
        yield Fact(kind, where, where.text, status=status_of(tree, word))
