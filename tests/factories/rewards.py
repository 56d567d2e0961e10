"""Campaigns with budgets, people who may be given their rewards, and the asking for them."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from campaigns.models import BudgetEntry, BudgetLimit, CampaignVersion, Run
from campaigns.planning.rules import plans
from campaigns.rewards import operations as rewards
from campaigns.rewards.rules import Award, Book, Candidate
from journeys.models import Card
from merchants.models import Merchant
from tests.factories import campaigns
from tests.factories.journeys import DAY, CardFactory
from tests.factories.merchants import MerchantFactory

AT, ON = campaigns.AT, campaigns.ON


def tier(code: str = "first-gift", value: str = "10.00", **more: Any) -> dict[str, Any]:
    """A tier as a plan says it."""
    return {**campaigns.TIER, "code": code, "kind": "cash_back", "value": value, **more}


def version_with(*tiers: dict[str, Any], mode: str = "highest", **changes: Any) -> CampaignVersion:
    """An approved version with these tiers; `changes` are parts of the plan, such as `budget`."""
    shares = changes.get("budget", {}).get("shares", {})
    merchants = [party for party in shares if party != "bank"]
    for number in merchants:
        if not Merchant.objects.filter(number=number).exists():
            MerchantFactory(number=number)
    return campaigns.approved(
        rewards={"mode": mode, "tiers": list(tiers or (tier(),))}, merchants=merchants, **changes
    )


def used_card(**fields: Any) -> Card:
    """A card that is activated and used."""
    return CardFactory(**{"activated_date": DAY, "first_used_date": DAY} | fields)


def candidate(card: Card, *reached: int) -> Candidate:
    """A candidate who reaches tiers; the first where none is named."""
    return Candidate(card.customer_id, card.pk, card.customer.branch_id, reached or (0,))


def run_of(version: CampaignVersion, kind: str = "live") -> Run:
    """A run of a version that has ended, and was found to be what was approved."""
    return Run.objects.create(
        version=version, kind=kind, on_date=ON, state="done", started_at=AT, finished_at=AT,
        cleared_at=AT, texts=[],
    )  # fmt: skip


def ask(
    version: CampaignVersion,
    candidates: Sequence[Candidate],
    *,
    run: Run | None = None,
    is_live: bool = True,
    on: dt.date = ON,
    at: dt.datetime = AT,
) -> list[Award]:
    """This will ask for rewards in a transaction of their own."""
    run = run or run_of(version, "live" if is_live else "preview")
    with transaction.atomic():
        return rewards.award(
            book=Book(version.campaign_id, version.pk, run.pk, is_live),
            plan=plans.plan_of(version.content),
            candidates=candidates,
            on=on,
            granted_date=on,
            at=at,
        )


def used_of(version: CampaignVersion, kind: str, key: str = "") -> Decimal | None:
    """What is used of a limit of the campaign's own account; None where there is no such row."""
    row = BudgetLimit.objects.filter(
        book__campaign=version.campaign, book__run=None, kind=kind, key=key
    ).first()
    return row.used if row else None


def borne_by(version: CampaignVersion) -> dict[str, Decimal]:
    """What each party bears by the ledger."""
    found: dict[str, Decimal] = {}
    for entry in BudgetEntry.objects.filter(book__campaign=version.campaign):
        found[entry.party] = found.get(entry.party, Decimal(0)) + entry.amount
    return found
