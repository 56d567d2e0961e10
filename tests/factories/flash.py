"""Flash sales for tests: of an approved version, with customers whom a run qualified."""

import datetime as dt
from typing import Any

from django.utils import timezone

from campaigns.models import Campaign, CampaignVersion, Decision, FlashSale, FlashUnit, Run
from journeys.models import Card, Customer
from portal.kit import clock
from tests.factories.campaigns import PLAN, TIER, approve, draft
from tests.factories.journeys import CardFactory
from tests.factories.portal import StaffFactory

HOLD = 30


def version_to_sell(stock: int | None = None, **changes: Any) -> CampaignVersion:
    """An approved version whose tier has `stock` units, of a campaign that is not over: sales are
    of today."""
    tiers = {"mode": "highest", "tiers": [{**TIER, "stock": stock}]}
    usual = {"rewards": tiers if stock else PLAN["rewards"], "runs_to": "2099-01-01"}
    version = draft(**usual | changes)
    approve(version)
    return version


def finished_run(version: CampaignVersion) -> Run:
    """A dry run that has ended."""
    at = timezone.now()
    return Run.objects.create(
        version=version, kind="dry_run", on_date=clock.bank_day(at), state="done", started_at=at,
        finished_at=at,
    )  # fmt: skip


def open_sale(units: int, *, hold_seconds: int = HOLD, **values: Any) -> FlashSale:
    """A sale that opened a minute ago and is open for an hour."""
    at = timezone.now()
    run = values.pop("run", None) or finished_run(version_to_sell())
    usual = {"opens_at": at - dt.timedelta(minutes=1), "closes_at": at + dt.timedelta(hours=1)}
    sale = FlashSale.objects.create(
        version=run.version, run=run, tier=TIER["code"], units=units, hold_seconds=hold_seconds,
        created_by=StaffFactory(), created_at=at, **{**usual, **values},
    )  # fmt: skip
    FlashUnit.objects.bulk_create(
        FlashUnit(sale=sale, number=number) for number in range(1, units + 1)
    )
    return FlashSale.objects.select_related("version__campaign", "run").get(pk=sale.pk)


def qualified(sale: FlashSale, number: int, *, in_use: bool = True) -> list[str]:
    """Customers whom the sale's run qualified, in numbers."""
    day = sale.run.on_date - dt.timedelta(days=10)
    first = CardFactory(activated_date=day, first_used_date=day if in_use else None)
    people = [first.customer, *_copies(first.customer, number - 1)]
    cards = [first, *_more_cards(first, people[1:])]
    Decision.objects.bulk_create(
        Decision(
            run=sale.run,
            customer=who,
            card=card,
            outcome="qualified",
            reached=[0],
            issued_date=card.issued_date,
        )
        for who, card in zip(people, cards, strict=True)
    )
    return [who.number for who in people]


def _copies(first: Customer, number: int) -> list[Customer]:
    values = {
        field.attname: getattr(first, field.attname)
        for field in Customer._meta.concrete_fields
        if not field.primary_key
    }
    return Customer.objects.bulk_create(
        Customer(**{**values, "number": f"{first.number}-{place}"}) for place in range(number)
    )


def _more_cards(first: Card, people: list[Customer]) -> list[Card]:
    first.application_id = None  # an application brings one card
    values = {
        field.attname: getattr(first, field.attname)
        for field in Card._meta.concrete_fields
        if not field.primary_key
    }
    return Card.objects.bulk_create(
        Card(**values | {"reference": f"{first.reference}-{place}", "customer_id": who.pk})
        for place, who in enumerate(people)
    )


def stop(sale: FlashSale) -> None:
    """This will stop the sale's campaign."""
    Campaign.objects.filter(pk=sale.version.campaign_id).update(stopped_at=timezone.now())
