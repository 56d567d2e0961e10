"""Finding words of advertising that a person should look at."""

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from campaigns.wording.enums import Level
from campaigns.wording.rules.folding import Folded, fold
from campaigns.wording.rules.lexicon import Exemption, Lexicon, Rule, Statute
from campaigns.wording.rules.prizes import prizes_above
from portal.kit import languages

GRAVEST_FIRST = (Level.BAN.value, Level.EVIDENCE.value, Level.CAUTION.value)
_SENTENCE_END = re.compile(r"[。！？!?；;\n]+|\.(?=\s)")
_LETTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
# How far back a word that denies may stand.
_REACH = 24
# No exception is longer; so only those that begin near a word are compared with it.
_LONGEST = 128


@dataclass(frozen=True)
class Finding:
    """A word that somebody should look at. `start` and `end` are its place in the text; `lists` how
    many public lists hold it, 0 where it is of none; `lowered` says why it is less grave than
    its rule, in both languages."""

    level: str
    start: int
    end: int
    term: str
    sentence: str
    found_by: Rule
    lists: int = 0
    lowered: tuple[str, str] = ("", "")

    @property
    def rule(self) -> str:
        """The code of the rule, by which it can be switched off."""
        return self.found_by.code

    @property
    def level_label(self) -> str:
        return str(Level(self.level).label)

    @property
    def basis(self) -> str:
        """The articles, in the reader's language."""
        return self.found_by.basis

    @property
    def _first(self) -> Statute:
        return self.found_by.statutes[0]

    @property
    def why(self) -> str:
        """What the first of the articles asks, in the reader's language."""
        lowered = self.lowered[languages.reads_english()]
        return " ".join(filter(None, [self._first.said("asks"), lowered]))

    @property
    def todo(self) -> str:
        """What to do, in the reader's language."""
        return self._first.said("todo")

    def as_data(self) -> dict[str, Any]:
        """This will write the finding as plain JSON values, in both languages."""
        statutes, first = self.found_by.statutes, self._first
        return {
            "level": self.level,
            "start": self.start,
            "end": self.end,
            "term": self.term,
            "sentence": self.sentence,
            "rule": self.rule,
            "lists": self.lists,
            "source": self.found_by.source,
            "basis": [{"zh": one.name, "en": one.name_en} for one in statutes],
            "why": {"zh": first.asks, "en": first.asks_en},
            "todo": {"zh": first.todo, "en": first.todo_en},
            "lowered": {"zh": self.lowered[0], "en": self.lowered[1]},
        }


@dataclass(frozen=True)
class _Match:
    """A place in the folded text."""

    start: int
    end: int
    rule: Rule
    level: str
    lowered: tuple[str, str] = ("", "")

    @property
    def rank(self) -> tuple[int, int, int]:
        """The gravest first, of those the longest, of those the first."""
        return GRAVEST_FIRST.index(self.level), self.start - self.end, self.start


def check(text: str, lexicon: Lexicon) -> list[Finding]:
    """This will find what a person should look at in a text of either language, in the order of
    its places. No two findings overlap: of those that would, the gravest stays."""
    folded = fold(text)
    matches = list(_matches(folded.text, lexicon))
    if not matches:
        return []
    judged = _judged(folded.text, matches, lexicon)
    kept = _without_overlaps(judged)
    ends = [one.end() for one in _SENTENCE_END.finditer(text)]
    return [_finding(text, folded, match, lexicon, ends) for match in kept]


def _matches(text: str, lexicon: Lexicon) -> Iterator[_Match]:
    for start in lexicon.starts.finditer(text):
        place = start.start()
        for term, rule in lexicon.words[start.group()]:
            if text.startswith(term, place) and _is_whole(text, place, term):
                yield _Match(place, place + len(term), rule, rule.level)
    for rule in lexicon.rules:
        places = _places(text, rule)
        if places and rule.unless and rule.unless.search(text):
            continue
        for place, end in places:
            yield _Match(place, end, rule, rule.level)


def _places(text: str, rule: Rule) -> list[tuple[int, int]]:
    if rule.pattern is None:
        return []
    if rule.amount_above is not None:
        return list(prizes_above(text, rule.pattern, rule.amount_above))
    return [one.span() for one in rule.pattern.finditer(text) if one.group()]


def _is_whole(text: str, place: int, term: str) -> bool:
    """Whether a term of letters or digits is not a part of a longer word."""
    end = place + len(term)
    before = term[0] in _LETTERS and place > 0 and text[place - 1] in _LETTERS
    after = term[-1] in _LETTERS and end < len(text) and text[end] in _LETTERS
    return not before and not after


# --- exceptions -------------------------------------------------------------------------------
def _judged(text: str, matches: list[_Match], lexicon: Lexicon) -> list[_Match]:
    covers: dict[int, list[tuple[int, int, Exemption]]] = {}
    for exemption in lexicon.exemptions:
        for start, end in _covered(text, exemption):
            covers.setdefault(start // _LONGEST, []).append((start, end, exemption))
    judged = []
    for match in matches:
        shelf = match.start // _LONGEST
        over = [
            exemption
            for start, end, exemption in covers.get(shelf, []) + covers.get(shelf - 1, [])
            if start <= match.start and match.end <= end and exemption.is_about(match.rule)
        ]
        lowered = _lowered(text, match, over, lexicon)
        if lowered is not None:
            judged.append(lowered)
    return judged


def _covered(text: str, exemption: Exemption) -> Iterator[tuple[int, int]]:
    for phrase in exemption.phrases:
        place = text.find(phrase)
        while place >= 0:
            if _is_whole(text, place, phrase):
                yield place, place + len(phrase)
            place = text.find(phrase, place + 1)
    if exemption.pattern:
        for found in exemption.pattern.finditer(text):
            yield found.span()


def _lowered(text: str, match: _Match, over: list[Exemption], lexicon: Lexicon) -> _Match | None:
    """The match as it counts; None where an exception takes it away."""
    if any(not exemption.level for exemption in over):
        return None
    for exemption in over:
        if match.level == Level.BAN:
            why = exemption.why, exemption.why_en
            return replace(match, level=exemption.level, lowered=why)
    if match.level == Level.BAN and _is_denied(text, match, lexicon):
        why = "被否定的说法，仍请看一遍。", "It is denied; look at it all the same."
        return replace(match, level=Level.CAUTION.value, lowered=why)
    return match


def _is_denied(text: str, match: _Match, lexicon: Lexicon) -> bool:
    """Whether the very word is denied: what stands further off may deny something else."""
    before = text[max(0, match.start - _REACH) : match.start]
    after = text[match.end : match.end + _REACH]
    return any(one.denies(before, after) for one in lexicon.negations)


def _without_overlaps(matches: list[_Match]) -> list[_Match]:
    kept: list[_Match] = []
    taken = bytearray(max((match.end for match in matches), default=0))
    for match in sorted(matches, key=lambda one: one.rank):
        if not any(taken[match.start : match.end]):
            taken[match.start : match.end] = b"\x01" * (match.end - match.start)
            kept.append(match)
    return sorted(kept, key=lambda one: one.start)


def _finding(
    text: str, folded: Folded, match: _Match, lexicon: Lexicon, ends: list[int]
) -> Finding:
    start, end = folded.span(match.start, match.end)
    number = bisect.bisect_right(ends, start)
    first = ends[number - 1] if number else 0
    last = ends[bisect.bisect_left(ends, end)] if end <= (ends[-1] if ends else 0) else len(text)
    return Finding(
        level=match.level,
        start=start,
        end=end,
        term=text[start:end],
        sentence=text[first:last].strip(),
        found_by=match.rule,
        lists=lexicon.lists.get(folded.text[match.start : match.end], 0),
        lowered=match.lowered,
    )
