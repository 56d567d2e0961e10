"""A campaign that is stopped while much waits: it is stopped at once, and cancelled after."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign, CampaignVersion
from campaigns.planning import operations as planning
from journeys.models import Contact, Message
from journeys.outreach import operations as outreach
from journeys.outreach.models import CallingOff
from journeys.outreach.operations import calling_off
from portal.models import AuditEntry, Staff
from tests.factories.campaigns import AT, approved
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(minutes=1)


@pytest.fixture
def version(monkeypatch: pytest.MonkeyPatch) -> CampaignVersion:
    """Of which five messages wait, more than are cancelled at once."""
    monkeypatch.setattr(calling_off, "BATCH", 2)
    version = approved()
    MessageFactory.create_batch(5, origin=f"campaign:{version.campaign.code}:v1")
    return version


def stop(version: CampaignVersion, officer: Staff) -> None:
    planning.stop_campaign(campaign_id=version.campaign_id, reason="文案有误", actor=officer, at=AT)


def lift(version: CampaignVersion, officer: Staff) -> None:
    planning.lift_stop(campaign_id=version.campaign_id, reason="已更正", actor=officer, at=LATER)


def is_stopped() -> bool:
    return Campaign.objects.get().is_stopped


def test_it_is_stopped_at_once_and_lifted_when_all_is_cancelled(version: CampaignVersion) -> None:
    officer = StaffFactory(role="compliance")
    stop(version, officer)
    assert (is_stopped(), Message.objects.filter(state="cancelled").count()) == (True, 2)
    with pytest.raises(planning.StopNotChanged):
        lift(version, officer)
    assert is_stopped()
    assert not AuditEntry.objects.filter(action="campaign.stop_lifted").exists()
    assert outreach.follow_halts(clock=lambda: LATER, seconds=60) == 3
    assert not Contact.objects.filter(released_at=None).exists()
    entry = AuditEntry.objects.get(action="outbox.called_off")
    assert (entry.actor, entry.reason, entry.changes["messages"]) == (officer, "文案有误", 5)
    lift(version, officer)
    assert not is_stopped()


def test_what_is_queued_after_the_lifting_is_sent(version: CampaignVersion) -> None:
    """The row that is done names nothing that comes later."""
    officer = StaffFactory(role="compliance")
    stop(version, officer)
    outreach.follow_halts(clock=lambda: LATER, seconds=60)
    lift(version, officer)
    message = MessageFactory(origin=f"campaign:{version.campaign.code}:v1")
    assert outreach.follow_halts(clock=lambda: LATER, seconds=60) == 0
    message.refresh_from_db()
    assert message.state == "queued"
    stop(version, officer)
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert CallingOff.objects.filter(done_at__isnull=False).count() == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "停止时仍在等待的消息正在取消，剩余 3 条"),
        ("en", "are being cancelled: 3 left"),
    ],
)
def test_its_pages_say_how_many_are_left(
    version: CampaignVersion, language: str, words: str, client_of: Callable[..., Client]
) -> None:
    officer = StaffFactory(role="compliance", language=language)
    stop(version, officer)
    client = client_of(officer)
    addresses = [reverse(name, args=[version.campaign.code]) for name in (
        "campaign_page", "campaign_stop",
    )]  # fmt: skip
    for address in addresses:
        assert words in client.get(address).content.decode()
    client.post(addresses[1], {"way": "lift", "reason": "已更正"})
    assert is_stopped()
    outreach.follow_halts(clock=lambda: LATER, seconds=60)
    for address in addresses:
        assert words not in client.get(address).content.decode()
