"""Campaigns, their versions, and customers who qualify for them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import yaml

from campaigns.models import CampaignVersion
from campaigns.planning import operations as planning
from journeys.models import Card, Customer, MessageTemplate
from portal.models import Staff
from tests.factories.journeys import (
    DAY,
    CardFactory,
    ConsentFactory,
    ContactRuleFactory,
    ProductFactory,
    TransactionFactory,
)
from tests.factories.portal import StaffFactory

# The afternoon of 2026-06-30 in the bank's time.
AT = dt.datetime(2026, 6, 30, 6, 0, tzinfo=dt.UTC)
ON = dt.date(2026, 6, 30)

RULE: dict[str, Any] = {
    "all": [
        {"kind": "issued_within", "days": 20},
        {"kind": "activated"},
        {"kind": "first_used"},
        {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "500.00"},
    ]
}
TIER: dict[str, Any] = {
    "code": "first-gift",
    "kind": "gift",
    "name": "首刷礼",
    "name_en": "First-transaction gift",
    "value": "10.00",
}
DISCLOSURE: dict[str, Any] = {
    "organiser": "本行信用卡中心",
    "organiser_en": "Credit Card Centre",
    "redeem": "在手机银行“我的权益”领取。",
    "redeem_en": "Take it in mobile banking under My benefits.",
    "redeem_days": 90,
    "forfeit": "逾期未领取的，视为放弃。",
    "forfeit_en": "What is not taken in time is forfeited.",
}
PLAN: dict[str, Any] = {
    "code": "first-gift",
    "name": "新户首刷礼",
    "name_en": "First gift",
    "objective": "activate",
    "stage": "activation",
    "scenario": "",
    "era": "2.0",
    "products": ["GOLD"],
    "issued_from": "2026-01-01",
    "issued_to": "2026-06-01",
    "rule": RULE,
    "rewards": {"mode": "highest", "tiers": [TIER]},
    "runs_from": "2026-01-01",
    "runs_to": "2027-01-01",
    "budget": {"total": "1000000.00"},
    "channels": ["sms", "email"],
    "template": "first_gift",
    "disclosure": DISCLOSURE,
}


def plan_text(**changes: Any) -> str:
    """The YAML text of a campaign, the known case with `changes`."""
    return yaml.safe_dump(PLAN | changes, allow_unicode=True)


def message_texts() -> None:
    """The texts of the known case's message, in Chinese for both channels."""
    for channel, subject in (("sms", ""), ("email", "首刷礼")):
        MessageTemplate.objects.get_or_create(
            code="first_gift",
            channel=channel,
            language="zh-hans",
            defaults={"subject": subject, "body": "{reward} {amount} {card_tail}"},
        )


def draft(owner: Staff | None = None, **changes: Any) -> CampaignVersion:
    """A version of the known case that nobody has submitted."""
    ProductFactory()
    message_texts()
    return planning.load_campaign(
        text=plan_text(**changes), owner=owner or StaffFactory(role="campaign_manager"), at=AT
    )


def approved(**changes: Any) -> CampaignVersion:
    """An approved version of the known case, with everything that a live run needs."""
    ContactRuleFactory()
    version = draft(**changes)
    CampaignVersion.objects.filter(pk=version.pk).update(state="approved", approved_at=AT)
    version.refresh_from_db()
    return version


def card_in_use(spent: str = "600.00", **fields: Any) -> Card:
    """A card issued, activated and used on DAY, whose customer consents to SMS."""
    card = CardFactory(**{"activated_date": DAY, "first_used_date": DAY} | fields)
    TransactionFactory(card=card, amount=Decimal(spent))
    ConsentFactory(customer=card.customer, effective_at=AT - dt.timedelta(days=90))
    return card


def customer_of(card: Card) -> Customer:
    return card.customer
