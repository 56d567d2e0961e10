"""How a plan of targets and a scorecard read to who must approve them."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from journeys.targets.rules import measures, weighing
from portal.kit import languages, money
from portal.kit.registry import Digest
from portal.staff import queries as staff

_FIRST = 40


def plan_digest(snapshot: dict[str, Any]) -> Digest:
    """This will say a submitted plan: what is aimed at, and what each has of it."""
    plan, nodes = snapshot["plan"], snapshot["nodes"]
    facts = [
        (_("Measure"), _measure(plan["measure"])),
        (_("Days"), f"{plan['first']} – {plan['last']}"),
        (_("What it was planned from"), plan["basis"]),
    ]
    if plan["derives_from"]:
        facts.append((_("Derives from the plan"), plan["derives_from"]))
    if plan["why"]:
        facts.append((_("Why it is replaced"), plan["why"]))
    names = _names(nodes)
    for node in nodes[:_FIRST]:
        facts.append((names[node["of"]], _told(node, plan["is_additive"])))
    if len(nodes) > _FIRST:
        facts.append((_("And others"), str(len(nodes) - _FIRST)))
    return Digest(texts=[("zh-hans", "简体中文", plan["name"])], facts=facts)


def _told(node: dict[str, Any], is_additive: bool) -> str:
    values = [Decimal(one) for one in node["values"].values()]
    if is_additive:
        return weighing.plain(sum(values, Decimal(0)))
    low, high = min(values), max(values)
    return weighing.plain(low) if low == high else f"{weighing.plain(low)} … {weighing.plain(high)}"


def _names(nodes: list[dict[str, Any]]) -> dict[str, str]:
    """What each node is called: branches and people by their names, teams by their codes."""
    keys = [node["of"].partition(":") for node in nodes]
    branches = staff.branch_names()
    people = staff.numbered([code for kind, _colon, code in keys if kind == "person"])
    found = {}
    for kind, _colon, code in keys:
        if kind == "branch":
            name, name_en = branches.get(code, (code, code))
            said = name_en if languages.reads_english() else name
        elif kind == "person" and code in people:
            said = people[code].label
        else:
            said = code
        found[f"{kind}:{code}"] = said
    return found


def card_digest(snapshot: dict[str, Any]) -> Digest:
    """This will say a submitted scorecard: its weights, goals and bounds."""
    card = snapshot["scorecard"]
    facts = [
        (_("In force from"), card["first"]),
        (_("A point"), money.show(Decimal(card["point_value"]))),
        (_("Reason"), card["reason"]),
    ]
    for one in snapshot["measures"]:
        sentence = _(
            "{weight} % ({kind}); goal of a month {goal}; counts from {floor} % to {cap} %"
        )
        told = sentence.format(
            weight=weighing.plain(Decimal(one["weight"])),
            goal=weighing.plain(Decimal(one["goal"])),
            kind=weighing.MeasureKind(one["kind"]).label, floor=one["floor"], cap=one["cap"],
        )  # fmt: skip
        facts.append((_measure(one["measure"]), told))
    return Digest(texts=[("zh-hans", "简体中文", card["name"])], facts=facts)


def _measure(code: str) -> str:
    found = measures.find_measure(code)
    return str(found.name) if found else code
