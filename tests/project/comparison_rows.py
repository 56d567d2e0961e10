"""Rows of the comparison of merchants, and those that break its constraints."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model

from portal.kit import clock
from portal.models import Branch, Staff
from tests.factories import merchants, partnerships, portal
from tests.project.making import BUILDERS, DAY, INSTANT, insert, number, row_of

FIRST = DAY.replace(day=1)


def _tier(**values: Any) -> Model:
    return insert(
        "merchants.CityTier", values, city="3302", size="large", source="x",
        effective_date=lambda: dt.date(2030, 1, 1) + dt.timedelta(days=number()),
    )  # fmt: skip


def _reach(**values: Any) -> Model:
    return insert(
        "merchants.MerchantReach", values, merchant=merchants.MerchantFactory, month=FIRST,
        part="month", customers=20, purchases=30, amount=Decimal(500),
        largest=Decimal(1),
    )  # fmt: skip


def _offer(**values: Any) -> Model:
    return insert(
        "merchants.RivalOffer", values, merchant=merchants.MerchantFactory, rival="x", kind="fee",
        terms="x", source="x", seen_date=DAY, until_date=DAY, noted_by=portal.StaffFactory,
        noted_at=INSTANT,
    )  # fmt: skip


BUILDERS.update(
    {
        "merchants.CityTier": _tier,
        "merchants.MerchantReach": _reach,
        "merchants.RivalOffer": _offer,
    }
)
_WITHDRAWN = {"withdrawn_at": INSTANT, "withdrawn_by": portal.StaffFactory}
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("city_tier_said", "merchants.CityTier", {"city": "33010"[:3]}),
    ("city_tier_said", "merchants.CityTier", {"size": "moon"}),
    ("city_tier_said", "merchants.CityTier", {"source": ""}),
    ("reach_of_whole_months", "merchants.MerchantReach", {"month": FIRST + dt.timedelta(days=1)}),
    ("reach_counts", "merchants.MerchantReach", {"customers": 0}),
    ("reach_counts", "merchants.MerchantReach", {"customers": 31}),
    ("reach_counts", "merchants.MerchantReach", {"amount": Decimal(0)}),
    ("reach_counts", "merchants.MerchantReach", {"part": "moon"}),
    ("reach_largest_within", "merchants.MerchantReach", {"largest": Decimal(0)}),
    ("reach_largest_within", "merchants.MerchantReach", {"largest": Decimal("500.01")}),
    ("rival_offer_is_sourced", "merchants.RivalOffer", {"source": ""}),
    ("rival_offer_is_sourced", "merchants.RivalOffer", {"terms": ""}),
    ("rival_offer_is_sourced", "merchants.RivalOffer", {"rival": ""}),
    ("rival_offer_is_sourced", "merchants.RivalOffer", {"kind": "moon"}),
    (
        "rival_offer_has_an_end",
        "merchants.RivalOffer",
        {"until_date": DAY - dt.timedelta(days=1)},
    ),
    (
        "rival_offer_has_an_end",
        "merchants.RivalOffer",
        {"until_date": DAY + dt.timedelta(days=367)},
    ),
    ("rival_offer_withdrawn_whole", "merchants.RivalOffer", {"withdrawn_why": "x"}),
    ("rival_offer_withdrawn_whole", "merchants.RivalOffer", dict(_WITHDRAWN)),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("reach_once", "merchants.MerchantReach", ["merchant", "month", "part"], {}),
]

ELSEWHERE = {
    "city_tier_once",  # the cities of the census stand: tests/merchants/comparison
}


def compared(_staff: Staff, _arguments: dict[str, Any]) -> None:
    """This will add a partnership that is in comparison."""
    branch = portal.BranchFactory()
    partnerships.in_phase("comparison", manager=partnerships.manager(branch=branch))


def asks_of(branch: Branch) -> dict[str, str]:
    """This will make what the files about merchants of a branch hold, and tell with which query the
    one is asked for that goes to one merchant."""
    partnerships.in_phase("comparison", manager=partnerships.manager(branch=branch))
    shop = merchants.MerchantFactory(branch=branch)
    row_of("merchants.WeeksOfTurnover", merchant=shop)
    merchants.ClauseFactory(
        merchant=shop, purposes=["figures"], first_date=dt.date(2020, 1, 1),
        last_date=dt.date(2099, 1, 1),
    )  # fmt: skip
    month = (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    _reach(merchant=shop, month=month)
    return {"merchant_figures": f"?merchant={shop.number}"}
