"""Each field of a new sale, seen at work while it is sold, and each state its claims are in."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.flash import operations as flash
from campaigns.flash.enums import ClaimShown
from campaigns.flash.forms import ClaimFilter, SaleForm
from campaigns.models import FlashClaim, FlashSale, Grant
from tests.campaigns.flash.test_taking_back import granted, refund
from tests.executing import executes
from tests.factories import flash as factory
from tests.factories.campaigns import AT, TIER, approved, card_in_use, dry_run
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
OPENS, CLOSES = AT + 10 * MINUTE, AT + 20 * MINUTE
OTHER = {"code": "second-gift", "value": "20.00", "name": "二号礼", "name_en": "Second gift"}


def typed(instant: dt.datetime) -> str:
    return instant.astimezone(dt.timezone(dt.timedelta(hours=8))).strftime("%Y-%m-%dT%H:%M")


def arranged(client: Client, **changes: str) -> FlashSale:
    """A sale of a campaign with two tiers, arranged on its page."""
    sent = {
        "tier": "second-gift", "units": "2", "opens_at": typed(OPENS), "closes_at": typed(CLOSES),
        "hold_seconds": "7",
    }  # fmt: skip
    with time_machine.travel(AT, tick=False):
        answer = client.post(reverse("flash_new", args=["first-gift"]), sent | changes)
        assert answer.status_code == 302, answer.context["form"].errors
    return FlashSale.objects.select_related("version__campaign", "run").get()


def claim(sale: FlashSale, card: Any, at: dt.datetime) -> str:
    (told,) = flash.claim_by_rows(sale=sale, numbers=[card.customer.number], at=at)
    return told.answer


@executes(SaleForm, "tier", "units", "opens_at", "closes_at", "hold_seconds")
def test_a_sale_is_sold_as_it_was_typed(client_of: Clients) -> None:
    version = approved(rewards={"mode": "each", "tiers": [TIER, TIER | OTHER]})
    cards = [card_in_use() for _number in range(4)]
    dry_run(version)
    sale = arranged(client_of("campaign_manager"))
    found = [
        claim(sale, cards[0], OPENS - SECOND), claim(sale, cards[0], OPENS),
        claim(sale, cards[1], OPENS), claim(sale, cards[2], OPENS),
        # The hold of seven seconds is over, and its unit goes to the next.
        claim(sale, cards[2], OPENS + 6 * SECOND), claim(sale, cards[2], OPENS + 7 * SECOND),
        claim(sale, cards[3], CLOSES - SECOND), claim(sale, cards[0], CLOSES),
    ]  # fmt: skip
    assert found == ["not_open", "held", "held", "all_held", "all_held", "held", "held", "closed"]
    (told,) = flash.confirm(sale=sale, numbers=[cards[3].customer.number], at=CLOSES)
    assert told.answer == "granted"
    grant = Grant.objects.get()
    assert (grant.reward, str(grant.amount), grant.customer) == (
        "second-gift", "20.00", cards[3].customer,
    )  # fmt: skip


@executes(SaleForm, "tier")
def test_the_other_tier_is_sold_where_it_was_chosen(client_of: Clients) -> None:
    version = approved(rewards={"mode": "each", "tiers": [TIER, TIER | OTHER]})
    card = card_in_use()
    dry_run(version)
    sale = arranged(client_of("campaign_manager"), tier="first-gift")
    assert claim(sale, card, OPENS) == "held"
    flash.confirm(sale=sale, numbers=[card.customer.number], at=OPENS)
    assert Grant.objects.get().reward == "first-gift"


@executes(ClaimFilter, state="state")
@pytest.mark.parametrize("state", ClaimShown.values)
def test_claims_are_listed_by_each_state(client_of: Clients, state: str) -> None:
    sale = factory.open_sale(9)
    early, late = (factory.qualified(sale, 1) for _number in range(2))
    flash.claim(sale=sale, numbers=early, at=sale.opens_at + SECOND)
    flash.expire_holds(sale_id=sale.pk, at=timezone.now())
    flash.claim(sale=sale, numbers=late, at=timezone.now())
    back, exchanged, stands = granted(sale), granted(sale), granted(sale)
    refund(back)
    grant = Grant.objects.get(card=exchanged)
    row_of("campaigns.GrantReversal", grant=grant, kind="exchanged", failed_at=None)
    claims = FlashClaim.objects.filter(sale=sale)
    of = {
        "expired": claims.get(state="expired").pk, "held": claims.get(state="held").pk,
        "taken_back": claims.get(card=back).pk, "exchanged": claims.get(card=exchanged).pk,
        "granted": claims.get(card=stands).pk,
    }  # fmt: skip
    client, address = client_of("compliance"), reverse("flash_claims", args=[sale.pk])

    def listed(**asked: str) -> list[int]:
        return sorted(row.pk for row, _back in client.get(address, asked).context["lines"])

    assert listed() == sorted(of.values())
    assert listed(state=state) == [of[state]]
