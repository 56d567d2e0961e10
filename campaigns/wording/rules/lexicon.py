"""The words and rules of the check: read from the files in `data`, and changed by what the bank
decided, as of a day."""

import csv
import datetime as dt
import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from campaigns.wording.enums import Level, WordState
from campaigns.wording.rules.folding import DATA, fold
from portal.kit import languages


@dataclass(frozen=True)
class Statute:
    """An article that a rule rests on: what it asks, and what to do, in both languages."""

    code: str
    effective_date: dt.date
    certainty: str
    name: str
    name_en: str
    asks: str
    asks_en: str
    todo: str
    todo_en: str

    def said(self, part: str) -> str:
        """This will return `name`, `asks` or `todo` in the reader's language."""
        english = languages.reads_english()
        return str(getattr(self, f"{part}_en" if english else part))


@dataclass(frozen=True)
class Rule:
    """What is looked for, and how grave it is. `unless` settles the rule where it stands anywhere
    in the text. With `amount_above` the pattern counts beside a larger amount of money alone. What
    the bank decided (`is_banks`) only its own exceptions take away."""

    code: str
    level: str
    statutes: tuple[Statute, ...]
    terms: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    amount_above: Decimal | None = None
    source: str = ""
    is_banks: bool = False

    @property
    def level_label(self) -> str:
        return str(Level(self.level).label)

    @property
    def basis(self) -> str:
        """The articles, in the reader's language."""
        return "; ".join(statute.said("name") for statute in self.statutes)


@dataclass(frozen=True)
class Exemption:
    """What is no finding where it covers the word, or one of `level`. `rule` is the rule that it
    belongs to, None for all of them."""

    phrases: tuple[str, ...]
    pattern: re.Pattern[str] | None
    level: str = ""
    rule: str | None = None
    why: str = ""
    why_en: str = ""
    is_banks: bool = False

    def is_about(self, rule: Rule) -> bool:
        """This will tell whether the exception can take findings of a rule away."""
        return self.rule in (None, rule.code) and self.is_banks >= rule.is_banks

    def without(self, words: Mapping[str, "Decided"]) -> "Exemption":
        """This will return the exception without the phrases that were decided about."""
        return replace(self, phrases=tuple(one for one in self.phrases if one not in words))


@dataclass(frozen=True)
class Negation:
    """What denies a word: it stands before it and, where `after` says so, behind it as well; not
    where `unless` makes a question of it."""

    before: re.Pattern[str]
    after: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None

    def denies(self, before: str, after: str) -> bool:
        """This will tell whether a word between these is denied."""
        if not self.before.search(before) or (self.unless and self.unless.search(before)):
            return False
        return self.after is None or self.after.search(after) is not None


@dataclass(frozen=True)
class Decided:
    """What the bank decided about a word or, by its code, a rule."""

    word: str
    state: str
    level: str = ""
    source: str = ""


@dataclass(frozen=True)
class Lexicon:
    """All that the check looks for: `words` by their first character, the longest first; `lists`
    says how many public lists hold a word, those that do not count by themselves included;
    `decided` is what the bank decided, by which, and by the day, two of them differ."""

    rules: tuple[Rule, ...]
    exemptions: tuple[Exemption, ...]
    negations: tuple[Negation, ...]
    words: Mapping[str, tuple[tuple[str, Rule], ...]] = field(hash=False)
    starts: re.Pattern[str] = field(hash=False)
    lists: Mapping[str, int] = field(hash=False)
    decided: tuple[Decided, ...] = ()


@functools.cache
def _statutes() -> dict[str, Statute]:
    raw = _load("statutes.json")
    return {
        one["code"]: Statute(
            **{**one, "effective_date": dt.date.fromisoformat(one["effective_date"])}
        )
        for one in raw["statutes"]
    }


def _load(name: str) -> dict[str, Any]:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    # Texts are folded before they are searched: a pattern of small letters finds them twice as fast
    # as one that minds no case.
    small = re.sub(r"(?<!\\)[A-Z]", lambda found: found.group().lower(), pattern or "")
    return re.compile(small, re.MULTILINE) if small else None


# --- what the files say -----------------------------------------------------------------------
@functools.cache
def _packaged() -> tuple[tuple[Rule, ...], tuple[Exemption, ...], tuple[Negation, ...]]:
    house = _load("house_rules.json")
    rules, exemptions = _mit()
    for raw in house["rules"]:
        rules.append(_rule(raw, raw["code"], raw["statutes"], "house_rules.json"))
        exemptions += _own_exemptions(raw, raw["code"], "except_pattern")
    rules.append(_union(house["union"]))
    exemptions += [
        Exemption(
            phrases=_folded(raw.get("phrases", ())),
            pattern=_compiled(raw.get("pattern")),
            level=raw.get("level", ""),
            why=raw["why"],
            why_en=raw["why_en"],
        )
        for raw in house["exceptions"]
    ]
    negations = tuple(
        Negation(
            re.compile(raw["before"]), _compiled(raw.get("after")), _compiled(raw.get("unless"))
        )
        for raw in house["negations"]
    )
    return tuple(rules), tuple(exemptions), negations


def _mit() -> tuple[list[Rule], list[Exemption]]:
    bases = _load("statutes.json")["bases"]
    rules: list[Rule] = []
    exemptions: list[Exemption] = []
    for pack in _load("mit_rules.json")["packs"]:
        for number, raw in enumerate(pack["rules"], start=1):
            code = f"mit-{pack['id']}-{number}"
            rules.append(_rule(raw, code, bases[raw["basis"]], "mit_rules.json"))
            exemptions += _own_exemptions(raw, code, "exceptPattern")
    return rules, exemptions


def _rule(raw: Mapping[str, Any], code: str, statutes: Sequence[str], source: str) -> Rule:
    return Rule(
        code=code,
        level=Level(raw["level"]).value,
        statutes=tuple(_statutes()[one] for one in statutes),
        terms=_folded(raw.get("terms", ())),
        pattern=_compiled(raw.get("pattern")),
        unless=_compiled(raw.get("unless")),
        amount_above=Decimal(raw["amount_above"]) if "amount_above" in raw else None,
        source=source,
    )


def _own_exemptions(raw: Mapping[str, Any], code: str, pattern: str) -> list[Exemption]:
    phrases = _folded(raw.get("except", ()))
    found = _compiled(raw.get(pattern))
    return [Exemption(phrases, found, rule=code)] if phrases or found else []


@functools.cache
def _lists() -> dict[str, tuple[str, int]]:
    """The words of the public lists: their category, and how many lists hold them."""
    with (DATA / "union_terms.csv").open(encoding="utf-8-sig", newline="") as handle:
        return {
            fold(row["term"]).text: (row["category"], int(row["n_sources"]))
            for row in csv.DictReader(handle)
        }


def _union(how: Mapping[str, Any]) -> Rule:
    """The words of the public lists that enough of them hold."""
    least, left_out = how["least_lists"], frozenset(_folded(how["left_out"]))
    terms = tuple(
        word
        for word, (category, lists) in _lists().items()
        if least[category] is not None and lists >= least[category] and word not in left_out
    )
    return Rule(
        "public-lists", how["level"], (_statutes()["lists"],), terms, source="union_terms.csv"
    )


def _folded(terms: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(term).text for term in terms)


# --- as of a day, with what the bank decided --------------------------------------------------
@functools.lru_cache(maxsize=8)
def lexicon_of(on: dt.date, decided: tuple[Decided, ...] = ()) -> Lexicon:
    """This will make the words and rules in force on a day: those of the files whose articles are
    in force, with what the bank `decided` about words, exceptions, and rules by their code."""
    packaged, exemptions, negations = _packaged()
    own = {fold(one.word).text: one for one in decided}
    rules = tuple(rule for rule in packaged if _is_in_force(rule, on) and rule.code not in own)
    added = tuple(_decided_rule(word, one) for word, one in own.items() if _is_found(one))
    allowed = tuple(word for word, one in own.items() if one.state == WordState.ALLOWED)
    exemptions = tuple(one.without(own) for one in exemptions)
    if allowed:
        exemptions += (Exemption(allowed, None, is_banks=True),)
    words: dict[str, list[tuple[str, Rule]]] = {}
    for rule in rules:
        for term in rule.terms:
            if term not in own:
                words.setdefault(term[0], []).append((term, rule))
    for rule in added:
        words.setdefault(rule.terms[0][0], []).append((rule.terms[0], rule))
    ordered = {
        first: tuple(sorted(found, key=lambda one: -len(one[0]))) for first, found in words.items()
    }
    starts = re.compile("[" + "".join(map(re.escape, sorted(ordered))) + "]")
    lists = {word: count for word, (_category, count) in _lists().items()}
    return Lexicon(rules + added, exemptions, negations, ordered, starts, lists, decided)


def _is_in_force(rule: Rule, on: dt.date) -> bool:
    return any(statute.effective_date <= on for statute in rule.statutes)


def _is_found(one: Decided) -> bool:
    return one.state == WordState.FOUND


def _decided_rule(word: str, one: Decided) -> Rule:
    return Rule(
        f"bank-{word}", one.level, (_statutes()["bank"],), (word,), source=one.source, is_banks=True
    )
