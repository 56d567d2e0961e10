"""Joint campaigns of the demo bank that are over, each with a control group: one brought its
partner more, of another, where there is a second partner, nothing can be said."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from campaigns.eligibility.models import Decision
from campaigns.rewards.enums import AwardAnswer
from journeys.demo.prices import PRICES
from merchants.directory import queries as merchants
from merchants.partnerships import queries as partnerships
from merchants.partnerships.enums import Phase
from portal.intake import operations as intake
from portal.kit import clock
from portal.staff.access import Scope

_BANK, _DAY = Scope(branch_path=""), dt.timedelta(days=1)
FIRST, END = 65, 15  # days ago: from the first to before the second
_CONTROL = 40  # percent
# Of those whom a campaign was for, and of those it left out, so many in a thousand buy there.
_PLANS: list[tuple[dict[str, str], dict[str, str], tuple[int, int]]] = [
    (
        {"code": "neighbours-week", "name": "邻里商户周", "name_en": "Neighbours' weeks"},
        {"name": "到店代金券", "name_en": "Voucher for the shop"},
        (260, 120),
    ),
    (
        {"code": "shop-anniversary", "name": "店庆同乐", "name_en": "The shop's anniversary"},
        {"name": "店庆代金券", "name_en": "Anniversary voucher"},
        (124, 120),
    ),
]


def plans_of(known: dict[str, Any], *, on: dt.date) -> list[dict[str, Any]]:
    """This will make their plans out of the known case's, each with a partner of the demo's
    relationship manager that was confirmed before; none in a bank that has no such partner."""
    rows = partnerships.list_partnerships(scope=_BANK, on=on, manager="relationship_manager")
    first = on - FIRST * _DAY
    led = rows.filter(changes__to_phase=Phase.CONFIRMED, changes__on_date__lte=first).distinct()
    return [
        _plan(known, row.merchant, named, tier, on)
        for row, (named, tier, _buy) in zip(
            led.order_by("merchant__number")[: len(_PLANS)], _PLANS, strict=False
        )
    ]


def _plan(
    known: dict[str, Any], shop: Any, named: dict[str, str], tier: dict[str, str], on: dt.date
) -> dict[str, Any]:
    return {
        **known,
        **named,
        "objective": "convert",
        "stage": "loyalty",
        "scenario": shop.category.scenario,
        "era": "4.0",
        "merchants": [shop.number],
        "issued_from": on - 540 * _DAY,
        "issued_to": on - FIRST * _DAY,
        "runs_from": on - FIRST * _DAY,
        "runs_to": on - END * _DAY,
        "rule": {"all": [{"kind": "activated"}, {"kind": "first_used"}]},
        "rewards": {"tiers": [{**tier, "code": "voucher", "kind": "gift", "value": "4.00"}]},
        "budget": {"total": "60000.00", "shares": {"bank": "50.00", shop.number: "50.00"}},
        "control_percent": _CONTROL,
    }


def go_shopping(plan: dict[str, Any], *, seed: str, at: dt.datetime) -> None:
    """This will let those whom a campaign was for, and those it left out, buy at its partner on
    the days of the campaign."""
    buy = next(often for named, _tier, often in _PLANS if named["code"] == plan["code"])
    shop = merchants.by_number(numbers=plan["merchants"])[plan["merchants"][0]]
    if rows := list(_bought(plan, shop, buy, random.Random(f"{seed}:{plan['code']}"))):
        intake.import_rows(kind="transactions", rows=rows, actor=None, at=at, source_name="demo")


def _bought(
    plan: dict[str, Any], shop: Any, often: tuple[int, int], rng: random.Random
) -> Iterator[dict[str, Any]]:
    first, days = plan["runs_from"], (plan["runs_to"] - plan["runs_from"]).days
    decisions = Decision.objects.filter(run__version__campaign__code=plan["code"])
    sides = decisions.filter(run__kind="live", outcome="qualified").exclude(award="")
    # Without an ID number the draw goes by the key of the row, which no seed repeats.
    drawn = sides.filter(
        customer__bearer__isnull=False, card__first_used_date__lte=first, card__closed_date=None
    )
    price = PRICES[shop.category_id]
    rows = drawn.order_by("card__reference").values_list("card__reference", "award")
    for place, (card, award) in enumerate(rows, start=1):
        is_held = award == AwardAnswer.CONTROL
        luck, day = rng.random(), rng.randrange(days)
        amount = round(price.median * rng.lognormvariate(0, price.spread), 2)
        hour, minute = rng.randint(10, 20), rng.randrange(60)
        if luck * 1000 >= often[is_held]:
            continue
        yield {
            "reference": f"J{plan['code'][:4]}{place:06d}", "card": card,
            "kind": "purchase", "amount": f"{max(1.0, amount):.2f}",
            "posted_date": (first + day * _DAY).isoformat(),
            "posted_time": f"{hour:02d}:{minute:02d}:00", "merchant": shop.number,
            "mcc": shop.category_id, "channel": "pos", "division_code": shop.division_code,
            "refund_of": None,
        }  # fmt: skip


def instant_of(plan: dict[str, Any]) -> dt.datetime:
    """The morning on which a campaign was run."""
    return clock.start_of(plan["runs_from"])
