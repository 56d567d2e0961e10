"""The auditor finds what went under a sender name that might not be used any more."""

import datetime as dt
from typing import Any

import pytest

from campaigns.models import SenderName
from journeys.outreach import queries
from portal.audit import operations as audit
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory
from tests.factories.outreach import MessageFactory, TemplateFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
TODAY = INSTANT.date()
NAME = "信用卡中心"


def entered(day: dt.date, *, may: bool = False, name: str = NAME, at: dt.datetime | None = None
            ) -> None:  # fmt: skip
    row = SenderName.objects.create(
        name=name, effective_date=day, is_permitted=may, source="运营商通知"
    )
    if at is not None:
        audit.record(action="sendername.added", actor=StaffFactory(), at=at, target=row)


def sent(body: str = "【信用卡中心】您好。拒收请回复R", channel: str = "sms", **fields: Any) -> int:
    subject = "您好" if channel == "email" else ""
    template = TemplateFactory(code="named", channel=channel, body=body, subject=subject)
    message = MessageFactory(
        template=template, channel=channel, state="sent", sent_at=INSTANT + SECOND, **fields
    )
    ConsentFactory(
        customer=message.customer, channel=channel, effective_at=INSTANT - 9 * DAY,
        recorded_at=INSTANT - 9 * DAY,
    )  # fmt: skip
    return message.pk


def broken(grace: int = 5) -> list[tuple[str, int | None]]:
    ContactRuleFactory()
    found = queries.find_breaches(since=INSTANT - DAY, at=INSTANT + DAY, grace=grace)
    return [(one.rule, one.message_id) for one in found]


@pytest.mark.parametrize(
    "body",
    [
        "【信用卡中心】您好。拒收请回复R",
        " 【 信用卡中心 】您好。拒收请回复R",
        "您好。拒收请回复R【信用卡中心】",
    ],
)
def test_from_its_day_on_nothing_goes_under_a_name(body: str) -> None:
    entered(TODAY)
    assert broken() == []
    message = sent(body)
    assert broken() == [("sender", message)]


def test_a_name_in_english() -> None:
    entered(TODAY, name="Card Centre")
    message = sent("[Card Centre] Hello. Reply R to refuse")
    assert broken() == [("sender", message)]


@pytest.mark.parametrize("purpose", ["marketing", "service"])
def test_service_does_not_go_either(purpose: str) -> None:
    entered(TODAY)
    message = sent(purpose=purpose)
    assert broken() == [("sender", message)]


def test_a_name_counts_from_its_day_on_and_until_it_is_permitted_again() -> None:
    entered(TODAY + DAY)
    sent()
    assert broken() == []
    entered(TODAY - 2 * DAY)
    assert [rule for rule, _message in broken()] == ["sender"]
    entered(TODAY, may=True)
    assert broken() == []


@pytest.mark.parametrize(("before", "count"), [(5, 1), (4, 0), (-3600, 0)])
def test_what_somebody_entered_counts_once_it_is_in_the_trail(before: int, count: int) -> None:
    entered(TODAY - DAY, at=INSTANT - before * SECOND)
    message = sent()
    assert broken() == [("sender", message)] * count


def test_other_names_and_other_channels_go() -> None:
    entered(TODAY)
    sent("【另一家】您好。拒收请回复R")
    sent("【另一家】您好【信用卡中心】拒收请回复R【信用卡中心】")
    sent(channel="email")
    assert broken() == []
