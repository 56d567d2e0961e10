"""How a plan of promotion money reads to who must approve it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from merchants.directory import queries as directory
from portal.kit import languages, money
from portal.kit.registry import Digest

_FIRST = 30


def digest_of(snapshot: dict[str, Any]) -> Digest:
    """This will say a submitted plan: its budget, and who gets how much, the most first."""
    plan, lines = snapshot["plan"], snapshot["lines"]
    names = directory.names_of(numbers=[line["merchant"] for line in lines])
    amends = snapshot.get("amends") or {}
    had = amends.get("had") or {}
    given = sorted(lines, key=lambda line: (-Decimal(line["chosen"]), line["merchant"]))
    facts = [
        (_("Days"), f"{plan['first']} – {plan['last']}"),
        (_("Budget"), money.show(Decimal(plan["budget"]))),
        (_("Allocated"), money.show(sum((Decimal(one["chosen"]) for one in lines), Decimal(0)))),
        *_changed(amends),
        *(
            (_name(names, line["merchant"]), _given(line, had, bool(amends)))
            for line in given[:_FIRST]
        ),
    ]
    if len(given) > _FIRST:
        facts.append((_("And others"), str(len(given) - _FIRST)))
    return Digest(texts=[("zh-hans", "简体中文", plan["name"])], facts=facts)


def _changed(amends: dict[str, Any]) -> list[tuple[str, str]]:
    if not amends:
        return []
    return [
        (_("Amends the plan"), amends["code"]),
        (_("Why it is amended"), amends["reason"]),
        (_("Budget before"), money.show(Decimal(amends["budget"]))),
    ]


def _given(line: dict[str, Any], had: dict[str, Any], is_amendment: bool) -> str:
    """What a partner gets, in an amendment beside what it had."""
    gets = money.show(Decimal(line["chosen"]))
    if not is_amendment:
        return gets
    before = money.show(Decimal(had.get(line["merchant"]) or 0))
    return _("{amount} (before: {before})").format(amount=gets, before=before)


def _name(names: dict[str, tuple[str, str]], number: str) -> str:
    name, name_en = names.get(number, (number, ""))
    return name_en if languages.reads_english() and name_en else name
