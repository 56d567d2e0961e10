"""The published text of a campaign, made from the content that the machine runs."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.conditions.rules import tree, wording
from campaigns.planning.enums import Era, Objective
from journeys.contact.enums import Channel
from journeys.stages.enums import JourneyStage
from portal.kit import money

# Name and English name of each card product, by its code.
ProductNames = Mapping[str, tuple[str, str]]
LANGUAGES = ("zh-hans", "en")


def _own(chinese: str, english: str) -> str:
    return english if (translation.get_language() or "").startswith("en") else chinese


def audience(content: Mapping[str, Any], products: ProductNames) -> str:
    """This will say which cards the campaign is about, in the active language."""
    names = [_own(*products.get(code, (code, code))) for code in content["products"]]
    last = dt.date.fromisoformat(content["issued_to"]) - dt.timedelta(days=1)
    return _(
        "Primary cards issued from {first} to {last}, both days included, and not closed, of: "
        "{products}. One card for each customer: the earliest."
    ).format(first=content["issued_from"], last=last, products=", ".join(names))


def conditions(content: Mapping[str, Any]) -> wording.Clause:
    """This will say the conditions, in the active language."""
    return wording.clause_of(tree.read_rule(content["rule"]))


def reward(content: Mapping[str, Any]) -> str:
    """This will say what is given, in the active language."""
    given = content["reward"]
    return _(
        "{reward}, worth {amount}, once for each customer, and only after the card is activated "
        "and used."
    ).format(
        reward=_own(given["name"], given["name_en"]), amount=money.show(Decimal(given["amount"]))
    )


def messages(content: Mapping[str, Any]) -> str:
    """This will say how those who qualify are told, in the active language."""
    channels = [str(Channel(code).label) for code in content["channels"]]
    return _(
        "Those who qualify are told once, by the first that is possible of: {channels}."
    ).format(channels=", ".join(channels))


def facts(content: Mapping[str, Any], products: ProductNames) -> list[tuple[str, str]]:
    """This will label what a plan says besides its rule, in the active language."""
    plan, given = content["campaign"], content["reward"]
    last = dt.date.fromisoformat(content["issued_to"]) - dt.timedelta(days=1)
    names = [_own(*products.get(code, (code, code))) for code in content["products"]]
    lines = [
        (_("Name"), f"{plan['name']} / {plan['name_en']}"),
        (_("Objective"), Objective(plan["objective"]).label),
        (_("Journey stage"), JourneyStage(plan["stage"]).label),
        (_("Era"), Era(plan["era"]).label),
        (_("Cards issued"), _("{first} to {last}").format(first=content["issued_from"], last=last)),
        (_("Card products"), ", ".join(names)),
        (_("Reward"), f"{given['name']} / {given['name_en']}"),
        (_("Amount for each customer"), money.show(Decimal(given["amount"]))),
        (_("Channels"), ", ".join(str(Channel(code).label) for code in content["channels"])),
        (_("Message text"), content["template"]),
    ]
    return [(str(label), str(text)) for label, text in lines]


def full_text(content: Mapping[str, Any], products: ProductNames, language: str) -> str:
    """This will write the whole rule as plain text in `language`, a sentence a line."""
    with translation.override(language):
        lines = [
            audience(content, products),
            *wording.lines_of(conditions(content)),
            reward(content),
            messages(content),
        ]
    return "\n".join(lines)
