"""Reading what the codes of a rule are called, and what a form can offer."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from campaigns.conditions.enums import Source
from campaigns.conditions.rules import readers, tree
from campaigns.conditions.rules.names import Names
from journeys.cards import queries as cards
from merchants.directory import queries as merchants
from portal.kit import languages, pinyin
from portal.staff import queries as staff
from portal.staff.access import Scope

# Of a span that holds more categories than this the span itself is said.
_MOST_OF_SPAN = 8


def category_names(mccs: Sequence[str]) -> dict[str, tuple[str, str]]:
    """This will name categories of merchants, and spans of them by what lies in them, in Chinese
    and English; a span that holds none is left out, as a code that is none is."""
    known = merchants.category_names(mccs=readers.each_mcc(mccs)) if mccs else {}
    found = {}
    for one in mccs:
        inside = [known[mcc] for mcc in readers.each_mcc([one]) if mcc in known]
        if len(inside) > _MOST_OF_SPAN:
            found[one] = (one, one)
        elif inside:
            found[one] = (
                "、".join(name for name, _english in inside),
                ", ".join(english or name for name, english in inside),
            )
    return found


_READS = {
    Source.BRANCHES: lambda _codes: staff.branch_names(),
    Source.PRODUCTS: lambda _codes: cards.own_product_names(),
    Source.MERCHANTS: lambda codes: merchants.names_of(numbers=codes),
    Source.CATEGORIES: category_names,
    Source.DIVISIONS: lambda codes: merchants.division_names(codes=codes),
}


def names_of(rules: Iterable[tree.Node], facts: Sequence[Sequence[Any]] = ()) -> Names:
    """This will tell what the codes are called that some rules, and the facts of a decision by the
    first of them, name. Campaigns are not known here: their codes stand for themselves."""
    mentioned: set[tuple[Source, str]] = set()
    for number, rule in enumerate(rules):
        for leaf in tree.leaves(rule):
            value = facts[leaf.position][1] if facts and not number else None
            mentioned |= set(leaf.condition.mentions(value))
    found: dict[tuple[Source, str], str] = {}
    for source, read in _READS.items():
        codes = sorted(code for of, code in mentioned if of == source)
        if codes:
            named = read(codes)
            found |= {(source, code): _label(named[code]) for code in codes if code in named}
    return found


def offered() -> dict[Source, list[tuple[str, str]]]:
    """This will list what is few enough to be offered as a list: the bank's own card products, and
    the categories of merchants."""
    return {
        Source.PRODUCTS: [(row.code, row.label) for row in cards.own_products()],
        Source.CATEGORIES: [
            (mcc, f"{mcc} {_label(names)}") for mcc, names in merchants.category_names().items()
        ],
    }


# What is too many for a list, or wants a figure beside it, is searched for.
SEARCHED = (Source.MERCHANTS, Source.BRANCHES, Source.DIVISIONS)
_MOST_FOUND = 12


def labels_of(source: Source, codes: Sequence[str]) -> dict[str, str]:
    """This will tell what codes of a table are called, as far as they are known."""
    named = _READS[source](sorted(codes))
    return {code: _label(named[code]) for code in codes if code in named}


def search(source: Source, text: str, *, scope: Scope) -> list[tuple[str, str]]:
    """This will find a few merchants, branches or divisions by a part of the name in either
    language, the first two also by the start of its pinyin or of the initials of that, or of the
    code: code and name."""
    wanted = text.strip().lower()
    if not wanted:
        return []
    if source == Source.MERCHANTS:
        rows = merchants.list_merchants(scope=scope, text=wanted)[:_MOST_FOUND]
        return [(row.number, row.label) for row in rows]
    if source == Source.DIVISIONS:
        return list(merchants.find_divisions(text=wanted).items())[:_MOST_FOUND]
    found = [
        row
        for row in staff.branches_below("")
        if _is_called(row.code, row.name, row.name_en, wanted)
    ]
    found.sort(key=lambda row: not row.code.lower().startswith(wanted))
    return [(row.code, row.label) for row in found[:_MOST_FOUND]]


def _is_called(code: str, name: str, name_en: str, wanted: str) -> bool:
    spelled = _spelled(name)
    plain = wanted.replace(" ", "")
    starts = ("".join(spelled), "".join(word[:1] for word in spelled), code.lower())
    return (
        wanted in name.lower()
        or wanted in name_en.lower()
        or any(start.startswith(plain) for start in starts)
    )


@lru_cache(maxsize=4096)
def _spelled(name: str) -> tuple[str, ...]:
    spelled = tuple(pinyin.syllables(name))
    # Alone, 行 is read xing; at the end of a branch's name it is a bank.
    return (*spelled[:-1], "hang") if name.endswith("行") else spelled


def _label(names: tuple[str, str]) -> str:
    name, name_en = names
    return name_en if languages.reads_english() and name_en else name
