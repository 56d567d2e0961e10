"""Reading what the codes of a rule are called, and what a form can offer."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language

from campaigns.conditions.enums import Source
from campaigns.conditions.rules import tree
from campaigns.conditions.rules.names import Names
from journeys.cards import queries as cards
from merchants.directory import queries as merchants
from portal.staff import queries as staff

_READS = {
    Source.BRANCHES: lambda _codes: staff.branch_names(),
    Source.PRODUCTS: lambda _codes: cards.own_product_names(),
    Source.MERCHANTS: lambda codes: merchants.names_of(numbers=codes),
    Source.CATEGORIES: lambda codes: merchants.category_names(mccs=codes),
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
    """This will list what is few enough to be offered as a list: branches in the order of the tree,
    the bank's own card products, and the categories of merchants."""
    branches = [(row.code, f"{row.code} {row.label}") for row in staff.branches_below("")]
    return {
        Source.BRANCHES: branches,
        Source.PRODUCTS: [(row.code, row.label) for row in cards.own_products()],
        Source.CATEGORIES: [
            (mcc, f"{mcc} {_label(names)}") for mcc, names in merchants.category_names().items()
        ],
    }


def _label(names: tuple[str, str]) -> str:
    name, name_en = names
    return name_en if (get_language() or "").startswith("en") and name_en else name
