"""A naive second opinion: plain Python over plain dicts, written apart from the product.

A world is `{"customers": [id], "cards": [dict], "transactions": [dict]}`; a card has id, customer,
product, is_primary, issued, filed, activated, used, closed; a transaction card, day, amount.
"""

import datetime as dt
from typing import Any

from tests.campaigns.conditions import kinds_oracle

World = dict[str, list[Any]]


def card_of(customer: int, world: World, frame: dict[str, Any]) -> dict[str, Any] | None:
    best = None
    for card in world["cards"]:
        if card["customer"] != customer or not card["is_primary"]:
            continue
        if card["product"] not in frame["products"] or card["issued"] > frame["on"]:
            continue
        if card["closed"] is not None and card["closed"] <= frame["on"]:
            continue
        if not frame["issued_from"] <= card["issued"] < frame["issued_to"]:
            continue
        if best is None or (card["issued"], card["id"]) < (best["issued"], best["id"]):
            best = card
    return best


def examine(leaf: dict[str, Any], card: dict[str, Any], world: World, on: dt.date) -> list[Any]:
    return kinds_oracle.KINDS[leaf["kind"]](leaf, card, world, on)


def flat(rule: dict[str, Any]) -> list[dict[str, Any]]:
    if "kind" in rule:
        return [rule]
    parts = [rule["not"]] if "not" in rule else next(iter(rule.values()))
    return [leaf for part in parts for leaf in flat(part)]


def holds(rule: dict[str, Any], verdicts: list[bool]) -> bool:
    """Takes the verdicts of the rule's leaves off the front of the list."""
    if "kind" in rule:
        return verdicts.pop(0)
    if "not" in rule:
        return not holds(rule["not"], verdicts)
    parts = [holds(part, verdicts) for part in next(iter(rule.values()))]
    return all(parts) if "all" in rule else any(parts)


def decide(customer: int, world: World, frame: dict[str, Any]) -> dict[str, Any]:
    card = card_of(customer, world, frame)
    if card is None:
        return {"card": None, "outcome": "no_card", "failed_at": None, "facts": []}
    rule = frame["rule"]
    steps = rule.get("all", [rule])
    spans, start = [], 0
    for step in steps:
        spans.append((start, start + len(flat(step))))
        start += len(flat(step))
    facts = [examine(leaf, card, world, frame["on"]) for leaf in flat(rule)]
    is_dear = [any(leaf["kind"] in kinds_oracle.DEAR for leaf in flat(step)) for step in steps]
    failed = {
        number
        for number, (step, (first, end)) in enumerate(zip(steps, spans, strict=True))
        if not holds(step, [met for met, _value in facts[first:end]])
    }
    cheap_failed = [number for number in sorted(failed) if not is_dear[number]]
    if cheap_failed:
        for position, leaf in enumerate(flat(rule)):
            if leaf["kind"] in kinds_oracle.DEAR:
                facts[position] = [None, None]
    first_failed = (cheap_failed or sorted(failed) or [None])[0]
    return {
        "card": card["id"],
        "outcome": "qualified" if not failed else "not_qualified",
        "failed_at": None if first_failed is None else spans[first_failed][0],
        "facts": facts,
    }
