"""A stop holds to the very end: also for what was under way when it came."""

import datetime as dt

import pytest

from campaigns.eligibility import operations as eligibility
from campaigns.planning import operations as planning
from campaigns.planning import queries as plans
from journeys.models import Contact, Message
from journeys.outreach import operations as outreach
from journeys.outreach.operations import claiming
from tests.factories.campaigns import AT, ON, approved, card_in_use
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["unreachable", "in doubt"])
def test_after_a_stop_nothing_comes_back_to_be_sent(way: str) -> None:
    """What was being sent when the stop came, and was not taken, is not sent later."""
    version = approved()
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    message = Message.objects.get()
    claiming.claim_batch(sizes={"sms": 20}, at=AT)
    officer = StaffFactory(role="compliance")
    planning.stop_campaign(campaign_id=version.campaign_id, reason="x", actor=officer, at=AT)
    if way == "in doubt":
        Message.objects.update(state="in_doubt", lease_until=None)
        outreach.send_again(message_id=message.pk, actor=officer, reason="known", at=AT)
    else:
        Message.objects.update(state="queued", lease_until=None)
    later = AT + dt.timedelta(minutes=5)
    assert claiming.claim_batch(sizes={"sms": 20}, at=later) == ([], True)
    message.refresh_from_db()
    assert (message.state, message.failure) == ("cancelled", "called_off")
    assert Contact.objects.get().released_at == later


def test_only_the_campaigns_own_origin_is_called_off() -> None:
    version = approved()
    own, others = "campaign:first-gift:v1", ["test", "campaign:first-gift", "campaign:second:v1"]
    assert plans.stopped_origins([own, *others]) == set()
    planning.stop_campaign(
        campaign_id=version.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )
    assert plans.stopped_origins([own, *others]) == {own}
