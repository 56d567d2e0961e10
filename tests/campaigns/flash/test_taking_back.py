"""What was claimed, granted, and taken back after a refund: everybody who asks hears so."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.budgets import queries as budgets
from campaigns.flash import operations as flash
from campaigns.flash import queries
from campaigns.flash.enums import ClaimAnswer as A
from campaigns.models import Decision, FlashSale, Grant, GrantReversal, Run
from campaigns.rewards import operations as rewards
from campaigns.rewards import queries as given
from journeys.models import Card
from portal.kit import clock
from tests.campaigns.flash.test_api import Channel, token
from tests.factories import flash as factory
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.portal import StaffFactory
from tests.factories.rewards import used_card, used_of

pytestmark = pytest.mark.django_db


def granted(sale: FlashSale) -> Card:
    """The card of somebody who spent what is needed, qualified, claimed a unit and confirmed it."""
    card = used_card(issued_date=DAY)
    TransactionFactory(card=card, amount=Decimal("600.00"), posted_date=DAY)
    Decision.objects.create(
        run=sale.run, customer=card.customer, card=card, outcome="qualified", reached=[0],
        issued_date=card.issued_date,
    )  # fmt: skip
    numbers, at = [card.customer.number], timezone.now()
    assert [one.answer for one in flash.claim(sale=sale, numbers=numbers, at=at)] == [A.HELD]
    assert [one.answer for one in flash.confirm(sale=sale, numbers=numbers, at=at)] == [A.GRANTED]
    return card


def refund(card: Card) -> None:
    """What was bought is given back, and the clock's task looks."""
    TransactionFactory(
        card=card, kind="refund", amount=Decimal("-350.00"), posted_date=DAY + dt.timedelta(days=9)
    )
    at = timezone.now()
    assert rewards.reopen_grants(on=clock.bank_day(at), at=at) == 1


def test_the_claimant_hears_that_it_was_taken_back_and_why() -> None:
    sale = factory.open_sale(2)
    card = granted(sale)
    who = card.customer.number
    refund(card)
    day = GrantReversal.objects.get().on_date.isoformat()
    channel = Channel(token("flash_claims"))
    body = {"customer": who}
    for path in ("claims", "confirmations", "standings"):
        status, told = channel.post(f"{sale.pk}/{path}/", body)
        assert (status, told["answer"]) == (200 if path == "standings" else 409, "taken_back")
        assert told["unit"] in {1, 2}
        assert told["message"] == (
            f"It was given to you and taken back after a refund, as of {day}."
        )
        assert told["next"].startswith("Not met any more: ")
    assert Grant.objects.count() == 1


def test_a_unit_taken_back_returns_to_the_stock_of_the_tier_and_not_to_the_sale() -> None:
    sale = factory.open_sale(1, run=factory.finished_run(factory.version_to_sell(stock=1)))
    card = granted(sale)
    assert used_of(sale.version, "stock", sale.tier) == 1
    refund(card)
    assert used_of(sale.version, "stock", sale.tier) == 0
    assert budgets.differences(sale.version.campaign_id) == []
    counts = queries.counts_of(sale)
    assert (counts.granted, counts.taken_back, counts.left, counts.is_sold_out) == (0, 1, 0, True)
    (other,) = factory.qualified(sale, 1)
    at = timezone.now() + dt.timedelta(seconds=1)
    flash.reconcile(sale_id=sale.pk, at=at)
    assert flash.claim(sale=sale, numbers=[other], at=at)[0].answer in {A.SOLD_OUT, A.ALL_HELD}


def test_pages_show_what_was_taken_back(client_of: Callable[..., Client]) -> None:
    sale = factory.open_sale(3)
    card, other = granted(sale), granted(sale)
    refund(card)
    client = client_of(StaffFactory(role="compliance", language="en"))
    address = reverse("flash_claims", args=[sale.pk])

    def listed(**asked: str) -> list[tuple[str, str]]:
        lines = client.get(address, asked).context["lines"]
        return [(claim.customer.number, claim.shown.value) for claim, _back in lines]

    back, stands = (card.customer.number, "taken_back"), (other.customer.number, "granted")
    assert (listed(), listed(state="taken_back")) == ([stands, back], [back])
    assert (listed(state="granted"), listed(state="exchanged")) == ([stands], [])
    text = client.get(address).content.decode()
    assert text.count("Taken back") == 2  # the filter's choice, and the line
    story = client.get(reverse("customer_timeline", args=[card.customer.number]))
    shown = story.content.decode()
    assert "Flash sale of First-transaction gift: Taken back" in shown
    assert "Reward stands no longer: First-transaction gift" in shown
    receipts = client.get(reverse("customer_receipts", args=[card.customer.number]))
    assert "The reward was taken back after a refund" in receipts.content.decode()
    kept = client.get(reverse("customer_receipts", args=[other.customer.number]))
    assert "taken back" not in kept.content.decode()


def test_a_grant_says_by_which_door_it_came_and_a_run_counts_its_own() -> None:
    sale = factory.open_sale(2)
    Run.objects.filter(pk=sale.run_id).update(kind="live")
    granted(sale)
    assert list(Grant.objects.values_list("door", "run")) == [("flash", sale.run_id)]
    assert given.granted_in(sale.run_id).count == 0
