"""What is ordered, promised, offered or made a condition, and who goes with whom."""

import re
from collections.abc import Iterator

from safepassage.reader.fact import Fact
from safepassage.reader.nouns import lemma_of
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.phrases import core_phrase, noun_phrase, span_of, status_of
from safepassage.reader.speakers import subject_of
from safepassage.reader.tables import table
from safepassage.reader.text import Stored

_GO = frozenset({"leave", "evacuate", "move", "flee", "relocate", "depart"})
_WORTH = frozenset(
    {
        "safety",
        "passage",
        "security",
        "protection",
        "access",
        "escort",
        "ceasefire",
        "truce",
        "corridor",
        "transport",
        "evacuation",
        "exit",
        "return",
        "aid",
        "right",
        "convoy",
        "route",
        "withdrawal",
        "pause",
        "fire",
        "transfer",
        "departure",
    }
)


def promises(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """Return the facts of one block that bind somebody."""
    yield from _company(stored, tree)
    yield from _guarantees(stored, tree)
    yield from _offers(stored, tree)
    yield from _orders(stored, tree)
    yield from _conditions(stored, tree)


def _company(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """Escort and accompaniment: the passive, the participle, and the active."""
    for word in tree.words:
        noun = _escort_noun(stored, tree, word)
        if noun is not None:
            yield noun
            continue
        if word.lemma not in {"escort", "accompany"} or (
            word.pos not in {"VERB", "AUX", "ADJ"} and word.tag not in {"VBN", "VBD"}
        ):
            continue
        kind = "escort" if word.lemma == "escort" else "accompaniment"
        agent = next((one for one in tree.kids(word, "agent", "prep") if one.low == "by"), None)
        if agent is not None and tree.kids(agent, "pobj"):
            by = tree.kids(agent, "pobj")[0]
            who = next(iter(tree.kids(word, "nsubjpass", "nsubj")), None)
            if who is None and word.dep in {"acl", "relcl"}:
                who = tree.head(word)
            if who is None and word.dep in {"advcl", "conj"}:
                who = subject_of(tree, tree.head(word)) or _passive_subject(tree, tree.head(word))
            own = next(iter(tree.kids(word, "nsubjpass")), None)
            left = own.left if own is not None else word.i
            more = {"by": noun_phrase(stored, tree, by).text}
            if who is not None:
                more["who"] = noun_phrase(stored, tree, who).text
            yield Fact(
                kind,
                span_of(stored, tree, left, agent.right),
                status=status_of(tree, word),
                more=more,
            )
            continue
        if word.pos == "NOUN":
            continue
        subject = next(iter(tree.kids(word, "nsubj")), None)
        thing = next(iter(tree.kids(word, "dobj")), None)
        if thing is not None and (
            subject is not None or word.dep in {"xcomp", "acl", "advcl", "conj"}
        ):
            subject = subject or subject_of(tree, word)
            more = {"who": noun_phrase(stored, tree, thing).text}
            if subject is not None:
                more["by"] = noun_phrase(stored, tree, subject).text
            left = subject.left if subject is not None and subject.head == word.i else word.left
            yield Fact(
                kind,
                span_of(stored, tree, left, thing.right),
                status=status_of(tree, word),
                more=more,
            )


def _escort_noun(stored: Stored, tree: Tree, word: Word) -> Fact | None:
    """Return "under the escort of the police", "with a police escort"."""
    if word.lemma != "escort" or word.pos != "NOUN":
        return None
    of = next((one for one in tree.kids(word, "prep") if one.low in {"of", "by"}), None)
    by = next(iter(tree.kids(of, "pobj")), None) if of is not None else None
    marks = tree.kids(word, "compound", "amod", "poss")
    if by is not None and of is not None:
        more = {"by": noun_phrase(stored, tree, by).text}
        return Fact("escort", span_of(stored, tree, word.left, of.right), more=more)
    if marks:
        more = {"by": noun_phrase(stored, tree, marks[0]).text}
        return Fact("escort", span_of(stored, tree, word.left, word.i), more=more)
    return None


def _passive_subject(tree: Tree, verb: Word) -> Word | None:
    return next(iter(tree.kids(verb, "nsubjpass")), None)


def _guarantees(stored: Stored, tree: Tree) -> Iterator[Fact]:
    for word in tree.words:
        if word.verb and word.lemma in {
            "guarantee",
            "promise",
            "pledge",
            "vow",
            "assure",
            "ensure",
            "undertake",
        }:
            if word.dep == "amod" or (word.lemma == "ensure" and not _will(tree, word)):
                continue
            subject = next(iter(tree.kids(word, "nsubj")), None)
            agent = next((one for one in tree.kids(word, "agent") if one.low == "by"), None)
            if subject is None and agent is None:
                shared = subject_of(tree, word) if word.dep == "conj" else None
                if shared is None:
                    continue
                subject = shared
            if word.tag in {"VB", "VBP"} and not tree.kids(word, "aux"):
                continue
            who = subject if agent is None else next(iter(tree.kids(agent, "pobj")), None)
            if who is None or (who.low == "it" and tree.kids(word, "auxpass")):
                continue
            things = tree.kids(word, "dobj", "ccomp", "xcomp", "nsubjpass")
            if not things:
                continue
            if not _worth(stored, tree, word, things):
                continue
            left = min([word.left if subject is None or subject.head != word.i else subject.left])
            right = max(
                [word.i]
                + [one.right for one in things]
                + ([agent.right] if agent is not None else [])
            )
            span = span_of(stored, tree, left, right)
            for party in [who, *tree.kids(who, "conj")]:
                yield Fact(
                    "guarantee",
                    span,
                    noun_phrase(stored, tree, party).text,
                    status=status_of(tree, word),
                    more={"by": noun_phrase(stored, tree, party).text},
                )
        elif (
            word.pos == "NOUN"
            and word.lemma in {"guarantee", "assurance"}
            and word.dep in {"dobj", "nsubjpass"}
        ):
            verb = tree.head(word)
            if verb.tag in {"VB", "VBP"} and not tree.kids(verb, "aux"):
                continue
            if any(one.low in {"no", "without"} for one in tree.kids(word, "det")) or tree.kids(
                verb, "neg"
            ):
                continue
            if verb.lemma in {
                "give",
                "provide",
                "issue",
                "offer",
                "renew",
                "receive",
                "obtain",
                "get",
                "have",
                "secure",
                "repeat",
                "sign",
            }:
                subject = subject_of(tree, verb)
                source = next(
                    (
                        one
                        for one in tree.kids(word, "prep") + tree.kids(verb, "prep", "agent")
                        if one.low in {"from", "by"} and tree.kids(one, "pobj")
                    ),
                    None,
                )
                by = tree.kids(source, "pobj")[0] if source is not None else subject
                if by is None:
                    continue
                left = subject.left if subject is not None and subject.i < verb.i else verb.i
                right = max(
                    word.right,
                    max(
                        (one.right for one in tree.kids(verb, "ccomp", "prep", "agent")), default=0
                    ),
                )
                parties = [by, *tree.kids(by, "conj")]
                for party in parties:
                    yield Fact(
                        "guarantee",
                        span_of(stored, tree, left, right),
                        noun_phrase(stored, tree, party).text,
                        status=status_of(tree, word),
                        more={"by": noun_phrase(stored, tree, party).text},
                    )


_SAFE = re.compile(
    r"(?i)\b(?:fire|safe|safely|pass|passage|protect|escort|convoys?|truce|ceasefire|routes?|"
    r"corridors?|evacuat\w*|boats?|bus(?:es)?|hold|stop|withdraw|let|allow|harm|attack|leave)\b"
)


def _worth(stored: Stored, tree: Tree, word: Word, things: list[Word]) -> bool:
    """Whether what is promised is passage, protection or the like, and not an inquiry."""
    if word.lemma in {"guarantee", "assure"} or any(one.lemma in _WORTH for one in things):
        return True
    clauses = [one for one in things if one.dep in {"ccomp", "xcomp"}]
    return any(
        _SAFE.search(stored.text[tree.words[one.left].start : tree.words[one.right].end])
        for one in clauses
    )


def _will(tree: Tree, word: Word) -> bool:
    return any(one.low in {"will", "would"} for one in tree.kids(word, "aux"))


def _offers(stored: Stored, tree: Tree) -> Iterator[Fact]:
    for word in tree.words:
        if (
            word.lemma == "offer"
            and word.verb
            and word.dep != "amod"
            and tree.kids(word, "dobj", "xcomp")
        ):
            helpers = {one.low for one in tree.kids(word, "aux")}
            if helpers & {"could", "may", "might", "to"} or tree.kids(word, "auxpass"):
                continue
            things = tree.kids(word, "dobj", "xcomp")
            subject = subject_of(tree, word)
            more = {"by": noun_phrase(stored, tree, subject).text} if subject is not None else {}
            right = max(one.right for one in things)
            for more_prep in tree.kids(word, "prep"):
                if more_prep.i == right + 1:
                    right = more_prep.right
            yield Fact(
                "offer", span_of(stored, tree, min(one.left for one in things), right), more=more
            )
        elif word.low in {"ready", "willing", "prepared", "standing"} and word.dep in {
            "acomp",
            "oprd",
            "ROOT",
            "ccomp",
            "conj",
            "advcl",
            "xcomp",
        }:
            to = next(
                (
                    one
                    for one in tree.kids(word, "xcomp")
                    if any(aux.low == "to" for aux in tree.kids(one, "aux"))
                ),
                None,
            )
            if to is None or to.lemma in {
                "leave",
                "board",
                "move",
                "go",
                "depart",
                "fight",
                "talk",
                "roll",
            }:
                continue
            verb = tree.head(word) if word.dep == "acomp" else word
            subject = subject_of(tree, verb)
            if tree.kids(verb, "neg"):
                continue
            more = {"by": noun_phrase(stored, tree, subject).text} if subject is not None else {}
            left = subject.left if subject is not None and subject.head == verb.i else word.i
            yield Fact("offer", span_of(stored, tree, left, to.right), more=more)


def _orders(stored: Stored, tree: Tree) -> Iterator[Fact]:
    for first, end in tree.sentences:
        fact = None
        for word in tree.words[first:end]:
            if (
                word.lemma == "order"
                and word.pos in {"NOUN", "PROPN"}
                and tree.head(word).low != "under"
                and any(
                    one.lemma in {"evacuation", "mandatory", "evacuate"}
                    for one in tree.kids(word, "compound", "amod")
                )
            ):
                fact = Fact("order", noun_phrase(stored, tree, word), status=status_of(tree, word))
            elif (
                word.verb
                and word.lemma in {"order", "tell", "instruct", "direct"}
                and word.dep != "amod"
            ):
                goes = [
                    one
                    for one in tree.kids(word, "xcomp", "ccomp", "advcl")
                    if one.lemma in _GO and one.i > word.i
                ]
                thing = [one for one in tree.kids(word, "dobj") if one.lemma == "evacuation"]
                done = [
                    one
                    for one in tree.kids(word, "xcomp")
                    if any(two.lemma == "evacuation" for two in tree.kids(one, "dobj"))
                ]
                out = [
                    one
                    for one in tree.kids(word, "dobj")
                    if any(two.low == "out" for two in tree.kids(word, "prt", "advmod", "prep"))
                ]
                if out and word.lemma == "order":
                    gone = next(two for two in tree.words[word.i :] if two.low == "out")
                    fact = Fact("order", span_of(stored, tree, out[0].left, gone.i))
                    break
                if done:
                    fact = Fact("order", span_of(stored, tree, done[0].left, done[0].right))
                    break
                if goes and (
                    tree.kids(word, "auxpass")
                    or word.lemma != "tell"
                    or any(a.low == "to" for a in tree.kids(goes[0], "aux"))
                ):
                    subject = next(iter(tree.kids(word, "nsubjpass")), None)
                    told = [one.left for one in tree.kids(word, "dobj") if one.i > word.i]
                    left = subject.left if subject is not None else min([goes[0].left, *told])
                    right = next(
                        (
                            one.left - 1
                            for one in tree.kids(goes[0], "advcl", "prep", "npadvmod")
                            if one.dep != "prep" or one.low in {"by", "before", "on", "as", "after"}
                            if one.left > goes[0].i
                        ),
                        goes[0].right,
                    )
                    joined = next(
                        (one for one in tree.kids(goes[0], "cc") if one.i > goes[0].i), None
                    )
                    if joined is not None:
                        right = min(right, joined.i - 1)
                    fact = Fact("order", span_of(stored, tree, left, right))
                elif thing:
                    fact = Fact("order", span_of(stored, tree, thing[0].left, thing[0].right))
            elif (
                word.verb
                and word.lemma in _GO
                and any(one.low == "must" for one in tree.kids(word, "aux"))
            ):
                subject = next(iter(tree.kids(word, "nsubj", "nsubjpass")), None)
                if subject is not None and (
                    lemma_of(subject) in table("units")["people"]
                    or subject.low
                    in {"everyone", "everybody", "you", "all", "they", "those", "anyone"}
                ):
                    fact = Fact("order", span_of(stored, tree, subject.left, word.right))
            elif word.low in {"mandatory", "compulsory"} and tree.head(word).lemma in {
                "evacuation",
                "evacuations",
            }:
                fact = fact or Fact("order", noun_phrase(stored, tree, tree.head(word)))
            if fact is not None:
                break
        if fact is not None:
            yield fact


_CONDITION = re.compile(
    r"(?i)\b(?:on condition that|on the condition that|provided (?:that )?|"
    r"unless |only if |only after |in exchange for |in return for |"
    r"as long as |so long as |not (?:move|go|leave|start|begin|"
    r"proceed|depart|enter)[^.;]{0,40}? without |until [^.;,]{0,40}? (?:guarantee|"
    r"permission|approval|confirm)\w*)"
)


def _conditions(stored: Stored, tree: Tree) -> Iterator[Fact]:
    for found in _CONDITION.finditer(stored.text, tree.block.start, tree.block.end):
        at = next((one for one in tree.words if one.end > found.start()), None)
        if at is None:
            continue
        _, end = tree.sentence(at)
        stop = tree.words[end - 1].end
        for word in tree.words[at.i : end]:
            if word.start > found.end() and word.text in {",", ";", '"'}:
                stop = word.start
                break
        span = stored.trimmed(found.start(), stop, '.,;”"')
        if re.search(r"(?i)not be named|anonym", span.text):
            continue
        yield Fact(
            "condition", span, core_phrase(stored, tree, at).text if not span.text else span.text
        )
