"""Touch plans that are built through the pages of the editor, saved, approved and at work."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from campaigns.design import operations
from campaigns.eligibility import operations as eligibility
from campaigns.models import CampaignVersion, Draft, TouchStep
from journeys.models import Card
from portal.models import Staff
from tests.campaigns.design.building import post
from tests.campaigns.touches.test_channels import written
from tests.factories.campaigns import AT, PLAN, approve, message_texts
from tests.factories.journeys import (
    DAY,
    CardFactory,
    ConsentFactory,
    ContactRuleFactory,
    ProductFactory,
    TransactionFactory,
)
from tests.factories.touches import on, plan_of, step, texts

DAYS = dt.timedelta(days=1)
ENTRY = {"by": "audience", "of": "rule"}
FRAME: dict[str, Any] = {
    "by": "event", "anchor": "issue", "within_days": "3", "of": "", "first_date": "",
    "every_days": "", "mode": "never", "again_days": "", "again_times": "", "longest_days": "400",
    "inside": "move",
}  # fmt: skip
STEP: dict[str, Any] = {
    "name": "步骤一", "name_en": "Step one", "code": "one", "anchor": "entry", "on_date": "",
    "offset_days": "0", "at": "", "valid_days": "3", "priority": "50", "channel_1": "sms",
    "channel_2": "", "channel_3": "", "channel_4": "", "channel_5": "", "template": "nudge",
    "waits": "", "wait_days": "", "wait_then": "send", "wait_otherwise": "skip",
}  # fmt: skip


World = tuple[Client, Draft]


def begun(person: Staff, *steps: dict[str, Any], **changes: Any) -> Draft:
    """A draft of the known case with a touch plan, in a bank that has all that it needs."""
    ProductFactory()
    message_texts()
    ContactRuleFactory()
    texts(other="【信用卡中心】{name}，请看。拒收请回复R")
    written("push", "phone", "on_site")
    content = {name: value for name, value in PLAN.items() if name != "code"}
    plan = changes.pop("touches", None) or plan_of(*(steps or [step(anchor="entry")]), entry=ENTRY)
    return operations.start_draft(
        content=content | {"touches": plan} | changes, code="built", owner=person, at=AT
    )


def typed(client: Client, found: Draft, **data: Any) -> Any:
    """Keep the page of the touch plan with what is typed."""
    response = post(client, "design_touches", found, **FRAME | data)
    found.refresh_from_db()
    return response


def typed_step(client: Client, found: Draft, number: int = 0, **data: Any) -> Any:
    """Keep the page of a step with what is typed."""
    found.refresh_from_db()
    sent = {"revision": found.revision} | STEP | data
    response = client.post(reverse("design_touch", args=[found.pk, number]), sent)
    found.refresh_from_db()
    return response


def condition(client: Client, found: Draft, where: str, kind: str, **data: Any) -> None:
    """Add a condition at a place, by its form."""
    response = post(client, "design_condition", found, where=where, way="", kind=kind, **data)
    assert response.status_code == 302, response.context["form"].errors
    found.refresh_from_db()


def at_work(client: Client, found: Draft) -> CampaignVersion:
    """Save the draft through its page, and have it approved."""
    response = post(client, "design_save", found, save="1")
    version = CampaignVersion.objects.order_by("-pk").first()
    assert version is not None
    assert response.url == reverse("campaign_version", args=[version.pk])
    approve(version)
    return version


def ran(version: CampaignVersion, day: dt.date = DAY) -> None:
    """A live run of the version as of a day."""
    run = eligibility.start_run(
        version_id=version.pk, kind="live", on=day, started_by=None, at=on(day, 9)
    )
    eligibility.work_run(run_id=run.pk, now=lambda: on(day, 9))


def holder(*channels: str, **fields: Any) -> Card:
    """A card of the campaign, not activated, whose customer consents to these channels, or SMS."""
    card = CardFactory(**fields)
    for channel in channels or ("sms",):
        ConsentFactory(
            customer=card.customer, channel=channel, effective_at=AT - dt.timedelta(days=400)
        )
    return card


def planned(card: Card, code: str = "one") -> dt.datetime | None:
    """When the step of a customer is due by the plan."""
    return TouchStep.objects.get(customer=card.customer_id, code=code).planned_at


def answered(card: Card, code: str = "one") -> tuple[str, str]:
    row = TouchStep.objects.get(customer=card.customer_id, code=code)
    return row.state, row.answer


def in_use(**fields: Any) -> Card:
    """A card that met the rule of the campaign on the day of its issue."""
    card = holder(activated_date=DAY, first_used_date=DAY, **fields)
    TransactionFactory(card=card, amount=Decimal("600.00"), posted_date=DAY)
    return card
