"""How things stand: the truce, an attempt's outcome, hazards, water and power, named groups."""

import re
from collections.abc import Iterator

from safepassage.reader.fact import Fact
from safepassage.reader.nouns import lemma_of
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.phrases import core_phrase, noun_phrase, span_of, status_of, word_at
from safepassage.reader.tables import table
from safepassage.reader.text import Stored


def states(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """Return the facts of one block that say how something stands."""
    yield from _truces(stored, tree)
    yield from _outcomes(stored, tree)
    yield from _hazards(stored, tree)
    yield from _conditions(stored, tree)
    yield from _groups(stored, tree)


def _truces(stored: Stored, tree: Tree) -> Iterator[Fact]:
    units = table("units")["truce"]
    statuses: dict[str, str] = units["status"]
    for word in tree.words:
        if (
            lemma_of(word) not in units["nouns"]
            or word.pos not in {"NOUN", "PROPN"}
            or word.dep == "compound"
        ):
            continue
        if lemma_of(word) in {"pause", "silence", "lull"} and not any(
            one.low in {"humanitarian", "hour", "agreed", "fighting"} or one.pos == "NOUN"
            for one in tree.kids(word, "amod", "compound", "npadvmod", "nmod")
        ):
            continue
        negative = False
        for clause in [*tree.kids(word, "relcl", "acl")]:
            if clause.lemma in statuses:
                yield Fact(
                    "truce",
                    span_of(stored, tree, word.left, clause.right),
                    statuses[clause.lemma],
                    more={"status": statuses[clause.lemma]},
                )
                negative = True
        verb = tree.head(word)
        if word.dep == "pobj":
            verb = tree.head(verb)
            if (
                verb.lemma in {"breach", "violation", "breakdown", "collapse"}
                and verb.pos == "NOUN"
            ):
                yield Fact(
                    "truce",
                    span_of(stored, tree, verb.left, word.right),
                    "broken",
                    more={"status": "broken"},
                )
                continue
            if verb.lemma == "agree":
                yield Fact(
                    "truce",
                    span_of(stored, tree, verb.i, word.i),
                    "agreed",
                    more={"status": "agreed"},
                )
                continue
        if (
            not verb.verb
            or verb.lemma not in statuses
            or word.dep not in {"dobj", "nsubj", "nsubjpass"}
        ):
            continue
        if tree.kids(verb, "neg"):
            continue
        status = statuses[verb.lemma]
        if verb.lemma in {"fail", "collapse"} and word.dep == "dobj":
            continue
        if word.dep == "dobj":
            subject = next(iter(tree.kids(verb, "nsubj")), None)
            left, right = verb.i, word.i
            more = {"status": status}
            if subject is not None:
                more["by"] = noun_phrase(stored, tree, subject).text
            elif verb.dep == "pcomp" and tree.head(verb).low == "of":
                accused = next(iter(tree.kids(tree.head(tree.head(verb)), "dobj")), None)
                if accused is not None:
                    more["by"] = noun_phrase(stored, tree, accused).text
            if not negative or status != "agreed":
                yield Fact(
                    "truce",
                    span_of(stored, tree, left, right),
                    status,
                    status=status_of(tree, verb),
                    more=more,
                )
        else:
            right = verb.i
            for kid in tree.kids(verb, "agent", "npadvmod", "prt", "advmod", "prep"):
                if kid.i > verb.i and kid.right - verb.i <= 6 and kid.left <= right + 1:
                    right = max(right, kid.right)
            yield Fact(
                "truce",
                span_of(stored, tree, word.left, right),
                status,
                status=status_of(tree, verb),
                more={"status": status},
            )


def _outcomes(stored: Stored, tree: Tree) -> Iterator[Fact]:
    units = table("units")["outcome"]
    for word in tree.words:
        if not word.verb or word.dep in {"amod", "compound"} or word.tag in {"VBP", "VBZ"}:
            continue
        helpers = {one.low for one in tree.kids(word, "aux")}
        if helpers & {
            "will",
            "would",
            "could",
            "may",
            "might",
            "should",
            "can",
            "must",
            "to",
        } or tree.kids(word, "neg"):
            continue
        particle = next(
            (one.low for one in tree.kids(word, "prt", "advmod") if one.i == word.i + 1), ""
        )
        turned = f"{word.lemma} {particle}" in units["turned"]
        if not turned and word.lemma not in units["failed"] and word.lemma not in units["happened"]:
            continue
        subjects = tree.kids(word, "nsubj", "nsubjpass")
        if not subjects and word.dep in {"relcl", "acl"}:
            subjects = [tree.head(word)]
        if subjects and subjects[0].low in {"which", "that"} and word.dep == "relcl":
            subjects = [tree.head(word)]
        if not subjects and word.dep == "conj":
            above = tree.head(word)
            subjects = tree.kids(above, "nsubj", "nsubjpass")
        if word.lemma in {
            "suspend",
            "halt",
            "cancel",
            "postpone",
            "abandon",
            "complete",
            "stop",
            "block",
            "resume",
            "delay",
        } and not tree.kids(word, "nsubjpass"):
            subjects = tree.kids(word, "dobj") or subjects
        if word.lemma in {"reach", "block", "delay", "stop", "end"} and not subjects:
            continue
        if not any(lemma_of(one) in units["attempts"] for one in subjects):
            continue
        failed = turned or word.lemma in units["failed"]
        right = word.i
        for kid in tree.kids(word, "prep", "advcl", "prt", "advmod", "dobj", "npadvmod", "agent"):
            near = kid.left <= right + 1 and kid.i > word.i
            if near and tree.words[kid.left].text != ",":
                right = max(right, min(kid.right, _comma(tree, kid.left, kid.right)))
        result = f"{word.lemma} {particle}".strip() if turned else word.lemma
        passive = next(iter(tree.kids(word, "nsubjpass")), None)
        left = (
            passive.left
            if passive is not None and passive.right - passive.left <= 3
            else _auxiliary(tree, word)
        )
        # "collapsed after shelling broke out": the cause may hang on a comma-free clause.
        for kid in tree.kids(word, "prep", "advcl"):
            if kid.low in {"after", "because", "when"} or tree.words[kid.left].low in {
                "after",
                "because",
                "when",
            }:
                right = max(right, _comma(tree, kid.left, kid.right))
                nearest = next(
                    (
                        one
                        for one in tree.kids(word, "advcl")
                        if one.left == right + 1 and tree.words[one.left].text != ","
                    ),
                    None,
                )
                if nearest is not None:
                    right = _comma(tree, nearest.left, nearest.right)
        yield Fact(
            "outcome",
            span_of(stored, tree, left, right),
            result,
            status="failed" if failed else "happened",
            more={"result": result, "of": noun_phrase(stored, tree, subjects[0]).text},
        )


def _auxiliary(tree: Tree, word: Word) -> int:
    left = word.i
    while (
        left > 0
        and tree.words[left - 1].dep in {"aux", "auxpass"}
        and tree.words[left - 1].head == word.i
    ):
        left -= 1
    return left


def _comma(tree: Tree, left: int, right: int) -> int:
    """Return the last word before the first comma between two words."""
    for i in range(left + 1, right + 1):
        if tree.words[i].text in {",", ";"}:
            return i - 1
    return right


def _hazards(stored: Stored, tree: Tree) -> Iterator[Fact]:
    units = table("units")["hazard"]
    for word in tree.words:
        lemma = lemma_of(word)
        if _long_ago(stored, tree, word):
            continue
        if word.pos not in {"NOUN", "PROPN"}:
            continue
        kids = tree.kids(word, "compound", "amod", "nmod")
        marks = {one.low for one in kids}
        if (
            word.pos == "PROPN"
            and word.i
            and tree.words[word.i - 1].low in {"hurricane", "typhoon", "cyclone", "storm"}
            and word.low not in {"center", "centre", "service", "warning", "season"}
        ):
            yield Fact(
                "hazard", core_phrase(stored, tree, word), core_phrase(stored, tree, word).text
            )
            continue
        if word.dep == "compound" and lemma != "blaze":
            continue
        if (
            lemma in units["words"]
            or word.low in units["words"]
            or (lemma in units["with_mark"] and marks & set(units["marks"]))
        ):
            named = next(iter(tree.kids(word, "appos")), None)
            if tree.head(word).low == "of" and lemma == "season":
                continue
            span = noun_phrase(stored, tree, word)
            of = next(
                (
                    one
                    for one in tree.kids(word, "prep")
                    if one.low == "of" and one.right - one.i <= 3
                ),
                None,
            )
            if of is not None:
                span = span_of(stored, tree, word.left, of.right)
            yield Fact(
                "hazard", span, lemma if named is None else core_phrase(stored, tree, named).text
            )


def _long_ago(stored: Stored, tree: Tree, word: Word) -> bool:
    """Whether the sentence of a word speaks of a year by its number: history, not the threat."""
    first, end = tree.sentence(word)
    text = stored.text[tree.words[first].start : tree.words[end - 1].end]
    return bool(re.search(r"\b[Ii]n (?:the )?(?:19|20)\d\d\b", text))


_PERCENT = re.compile(r"(?i)\b(?:\d+|[a-z-]+)\s?(?:%|percent|per cent) contained\b")


def _conditions(stored: Stored, tree: Tree) -> Iterator[Fact]:
    for fact in _stated_conditions(stored, tree):
        word = word_at(tree, fact.span.start, fact.span.end)
        end = tree.sentence(word)[1] if word is not None else 0
        # "Is the road open?" states nothing.
        if not end or "?" not in {one.text for one in tree.words[max(0, end - 2) : end]}:
            yield fact


def _stated_conditions(stored: Stored, tree: Tree) -> Iterator[Fact]:
    units = table("units")
    things = set(units["conditions"]["nouns"])
    for found in _PERCENT.finditer(stored.text, tree.block.start, tree.block.end):
        yield Fact("conditions", stored.span(*found.span()), more={"of": "fire"})
    for word in tree.words:
        if word.pos in {"NOUN", "PROPN"} and (lemma_of(word) in things or word.low in things):
            fact = _supply(stored, tree, word)
            if fact is not None:
                yield fact
        elif (
            word.lemma in units["conditions"]["road_states"]
            or word.low in units["conditions"]["road_states"]
        ) and (word.verb or word.pos == "ADJ" or word.tag == "VBN"):
            subject = next(iter(tree.kids(word, "nsubjpass", "nsubj")), None)
            if subject is not None and subject.low in {"which", "that"}:
                subject = _meant(tree, word)
            if subject is None and word.dep in {"acomp", "oprd", "xcomp", "conj"}:
                above = tree.head(word)
                subject = next(iter(tree.kids(above, "nsubj", "nsubjpass")), None)
            if subject is None or not (
                lemma_of(subject) in units["route"]["heads"]
                or re.fullmatch(r"[AMENI]-?\d{1,3}", subject.text)
                or any(
                    one.low in units["route"]["numbered"]
                    for one in [subject, *tree.kids(subject, "compound", "nmod")]
                )
            ):
                continue
            if (
                word.lemma == "open"
                and word.verb
                and not tree.kids(word, "auxpass")
                and lemma_of(subject) == "corridor"
            ):
                continue
            verb = word if word.verb and word.dep not in {"acomp", "oprd"} else tree.head(word)
            right = word.i
            for kid in tree.kids(word, "prep", "npadvmod", "agent") + (
                tree.kids(verb, "prep", "npadvmod") if verb is not word else []
            ):
                if kid.left == right + 1 and kid.right - kid.left <= 6:
                    right = kid.right
            yield Fact(
                "conditions",
                span_of(stored, tree, min(_auxiliary(tree, verb), verb.i), right),
                word.low,
                status=status_of(tree, verb),
                more={"of": noun_phrase(stored, tree, subject).text, "state": word.low},
            )


def _meant(tree: Tree, word: Word) -> Word | None:
    """Return what "which" stands for in a relative clause."""
    clause = word if word.dep == "relcl" else tree.head(word)
    return tree.head(clause) if clause.dep == "relcl" else None


def _supply(stored: Stored, tree: Tree, word: Word) -> Fact | None:
    """'without electricity', 'no working hospital', 'water was cut off', 'access to water'."""
    above = tree.head(word)
    if word.dep == "conj":
        return None
    if any(one.low == "no" for one in tree.kids(word, "det")) or any(
        one.low in {"no", "little"} for one in tree.kids(word, "amod", "det", "advmod")
    ):
        return Fact(
            "conditions",
            span_of(stored, tree, word.left, _joined(tree, word)),
            "none",
            more={"of": word.low, "state": "none"},
        )
    if above.low == "without":
        return Fact(
            "conditions",
            span_of(stored, tree, above.i, _joined(tree, word)),
            "none",
            more={"of": word.low, "state": "none"},
        )
    if above.low in {"to", "of", "like"} and above.dep == "prep":
        lead = tree.head(above)
        if above.low == "like":
            lead = next((one for one in tree.ancestors(word) if one.lemma == "access"), lead)
        ran = tree.head(lead).lemma in {"run", "be"} or lead.dep in {"acomp", "prt"}
        if (lead.low == "short" or (lead.low == "out" and ran)) and above.low == "of":
            span = span_of(stored, tree, lead.i, _joined(tree, word))
            return Fact("conditions", span, lead.low, more={"of": word.low, "state": lead.low})
        if lead.lemma in {"access", "shortage", "lack"}:
            left = lead.left
            return Fact(
                "conditions",
                span_of(stored, tree, left, _joined(tree, word)),
                lead.lemma,
                more={"of": word.low, "state": core_phrase(stored, tree, lead).text},
            )
    if above.verb and word.dep in {"nsubj", "nsubjpass"}:
        short = {
            "cut",
            "fail",
            "restore",
            "run",
            "disrupt",
            "interrupt",
            "ration",
            "lack",
            "knock",
            "exhaust",
            "end",
            "lose",
        }
        state = [
            one
            for one in tree.kids(above, "acomp", "attr", "prt", "oprd")
            if one.low
            in {
                "short",
                "scarce",
                "out",
                "low",
                "sporadic",
                "intermittent",
                "available",
                "unavailable",
                "down",
                "limited",
                "off",
                "working",
                "contaminated",
                "unsafe",
                "insufficient",
            }
        ]
        if above.lemma in short or state:
            right = max(
                [above.i]
                + [
                    one.i
                    for one in tree.kids(above, "prt", "advmod", "acomp", "prep")
                    if one.i > above.i and one.i - above.i <= 4
                ]
            )
            return Fact(
                "conditions",
                span_of(stored, tree, word.left, right),
                above.lemma,
                status=status_of(tree, above),
                more={"of": word.low, "state": stored.text[above.start : tree.words[right].end]},
            )
    if (
        above.verb
        and word.dep == "dobj"
        and above.lemma in {"lack", "lose", "need", "restore", "cut"}
        and above.lemma != "need"
    ):
        return Fact(
            "conditions",
            span_of(stored, tree, above.i, _joined(tree, word)),
            above.lemma,
            more={"of": word.low, "state": above.low},
        )
    return None


def _joined(tree: Tree, word: Word) -> int:
    last = word.i
    for kid in tree.kids(word, "conj"):
        last = max(last, _joined(tree, kid))
    return last


def _groups(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """Return the groups that are moved, or that leave, without a number."""
    units = table("units")
    names = set(units["group"]["names"])
    moved, out = set(units["motion"]["moved"]), set(units["motion"]["out"])
    for word in tree.words:
        lemma = lemma_of(word)
        if lemma not in names and word.low not in names:
            continue
        if word.dep in {"compound", "amod", "poss"} or any(
            one.dep == "nummod" for one in tree.kids(word)
        ):
            continue
        if tree.head(word).low == "of" and tree.head(tree.head(word)).pos == "NUM":
            continue
        lead, dep = _lead(tree, word)
        if tree.kids(lead, "nummod") and not tree.kids(word, "poss", "det"):
            # "2,600 fighters and civilians": counted together.
            continue
        above = tree.head(lead)
        inside = dep == "dobj" and above.verb and above.lemma in moved
        passive = dep == "nsubjpass" and above.lemma in moved
        leaves = dep == "nsubj" and above.lemma in out
        of = (
            dep == "pobj"
            and above.low in {"of", "for"}
            and lemma_of(tree.head(above))
            in {
                "evacuation",
                "transfer",
                "departure",
                "priority",
                "removal",
                "airlift",
                "rescue",
                "withdrawal",
            }
        )
        given = (
            dep == "pobj"
            and above.low == "to"
            and tree.head(above).lemma in {"give", "priority"}
            and "priority"
            in stored.text[max(tree.block.start, word.start - 60) : word.start].lower()
        )
        adjective = word.pos == "ADJ" and not any(
            one.low == "the" for one in tree.kids(word, "det")
        )
        if (inside or passive or leaves or of or given) and not adjective:
            if lemma == "people" and not tree.kids(
                word, "amod", "acl", "relcl", "compound", "prep"
            ):
                continue
            unit = units["people"].get(lemma, "persons")
            yield Fact(
                "people",
                noun_phrase(stored, tree, word),
                None,
                unit,
                status=status_of(tree, word),
                more={"group": core_phrase(stored, tree, word).text.lower()},
            )


def _lead(tree: Tree, word: Word) -> tuple[Word, str]:
    """Return the first of joined nouns and its place in the sentence."""
    while word.dep == "conj" and tree.head(word).pos in {"NOUN", "PROPN", "ADJ", "NUM"}:
        word = tree.head(word)
    return word, word.dep
