"""A sender name that is withdrawn stops what was approved with it, and says so before."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.models import SenderName
from campaigns.planning import queries as planning
from campaigns.submission import operations as submission
from campaigns.texts import queries
from campaigns.texts.forms import SenderNameForm
from journeys.models import Contact, Message, MessageTemplate
from journeys.outreach.operations.claiming import claim_batch
from tests.campaigns.texts.test_senders import OTHER, OURS, permit
from tests.campaigns.touches.test_channels import holder
from tests.executing import executes
from tests.factories.campaigns import AT, ON, draft, submission_settings
from tests.factories.journeys import DAY
from tests.factories.portal import StaffFactory
from tests.factories.touches import drafted, on, plan_of, step, steps_of, sweep, touched

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)


def written() -> Any:
    touched(step("one", valid_days=5), step("two", offset_days=9))
    card = holder("sms")
    sweep(DAY)
    return card


def test_from_its_day_on_nothing_goes_under_the_name() -> None:
    permit(OURS, DAY - 9 * DAYS)
    permit(OURS, DAY + DAYS, is_permitted=False)
    card = written()
    assert queries.withdrawn_on(DAY) == frozenset()
    claims, _more = claim_batch(sizes={"sms": 0}, at=on(DAY))
    assert claims == []
    claims, _more = claim_batch(sizes={"sms": 9}, at=on(DAY + DAYS))
    assert claims == []
    message = Message.objects.get()
    assert (message.state, message.failure_kind, message.failure) == (
        "cancelled", "policy", "sender_gone",
    )  # fmt: skip
    assert Contact.objects.get().released_at == on(DAY + DAYS)
    assert steps_of(card.customer_id)["one"] == ("unsent", "sender_gone")


@pytest.mark.parametrize("names", [[], [OURS], [OTHER], [OURS, OTHER]])
def test_what_was_not_withdrawn_goes(names: list[str]) -> None:
    for name in names:
        permit(name, DAY)
    permit("别的名字", DAY, is_permitted=False)
    written()
    claims, _more = claim_batch(sizes={"sms": 9}, at=on(DAY))
    assert len(claims) == 1


def test_a_service_message_waits_for_its_name() -> None:
    written()
    Message.objects.update(purpose="service")
    permit(OURS, DAY, is_permitted=False)
    assert claim_batch(sizes={"sms": 9}, at=on(DAY))[0] == []
    message = Message.objects.get()
    assert (message.state, message.failure, message.not_before) == (
        "queued", "sender_gone", on(DAY, 11),
    )  # fmt: skip
    permit(OURS, DAY + DAYS)
    assert len(claim_batch(sizes={"sms": 9}, at=on(DAY + DAYS))[0]) == 1


@executes(SenderNameForm, "name", "effective_date", "source", "stops")
def test_the_page_of_the_name_says_what_stops_and_withdrawing_asks(
    client_of: Callable[..., Client],
) -> None:
    row = permit(OURS, DAY)
    written()
    found = queries.under(OURS)
    assert ([one.code for one in found.texts], [one.number for one in found.versions]) == (
        ["nudge"], [1],
    )  # fmt: skip
    assert (found.waiting, queries.under(OTHER).is_any) == (1, False)
    client = client_of(StaffFactory(role="administrator", language="en"))
    page = client.get(reverse("admin:campaigns_sendername_change", args=[row.pk]))
    stops = "message texts nudge/sms/zh-hans/1; approved campaigns"
    assert stops in page.content.decode()
    given = {"name": OURS, "effective_date": "2026-09-01", "source": "到期"}
    add = reverse("admin:campaigns_sendername_add")
    asked = client.post(add, given)
    assert (asked.status_code, SenderName.objects.count()) == (200, 1)
    assert stops in asked.content.decode()
    assert "messages that wait: 1" in asked.content.decode()
    assert client.post(add, given | {"stops": "on"}).status_code == 302
    assert client.post(add, given | {"name": OTHER}).status_code == 302
    assert SenderName.objects.filter(is_permitted=False).count() == 2


def planned(*steps: Any) -> Any:
    """A version that tells those who qualify by mail alone, and its steps by SMS."""
    submission_settings()
    return drafted(plan_of(*steps), channels=["email"])


def gone(version: Any, day: dt.date) -> list[tuple[str, bool, str]]:
    with translation.override("en"):
        found = planning.faults_of(version, on=day)
    return [(one.place, one.is_block, one.problem) for one in found if "sender name" in one.problem]


def test_no_version_is_submitted_whose_text_goes_under_a_name_that_was_withdrawn() -> None:
    version = planned(step("mail", channels=["email"]), step("one"), step("two"))
    permit(OURS, ON - DAYS)
    permit(OTHER, ON - DAYS, is_permitted=False)
    assert gone(version, ON) == []
    permit(OURS, ON, is_permitted=False)
    under = (
        f"Text nudge: SMS, 简体中文, version 1 goes under the sender name {OURS}, which may not be "
        "used any more"
    )
    ends = f"{under} before the campaign's last day: from then on none of its SMS is sent."
    first, second = "touches.steps[1].template", "touches.steps[2].template"
    assert gone(version, ON - DAYS) == [(first, False, ends), (second, False, ends)]
    said = f"{under}: none of its SMS is sent."
    assert gone(version, ON) == [(first, True, said), (second, True, said)]
    with pytest.raises(submission.PlanNotFit) as refused:
        submission.submit_version(version_id=version.pk, maker=version.created_by, at=AT)
    assert [one.place for one in refused.value.faults] == [first, second]
    version.refresh_from_db()
    assert version.state == "draft"


def test_the_text_of_those_who_qualify_is_looked_at_too_and_another_name_mends_it() -> None:
    submission_settings()
    version = draft(channels=["sms"])
    own = {"code": "first_gift", "channel": "sms", "language": "zh-hans"}
    MessageTemplate.objects.create(**own, version=2, body=f"【{OURS}】{{reward}}。拒收请回复R")
    permit(OURS, ON, is_permitted=False)
    assert [one[:2] for one in gone(version, ON)] == [("template", True)]
    MessageTemplate.objects.create(**own, version=3, body=f"【{OTHER}】{{reward}}。拒收请回复R")
    assert gone(version, ON) == []


@pytest.mark.parametrize(("later", "is_block"), [(0, True), (1, False)])
def test_a_campaign_none_of_whose_texts_would_ever_go_is_not_submitted(
    later: int, *, is_block: bool
) -> None:
    """It begins next month, and on that day the name is withdrawn, or the day after."""
    submission_settings()
    first = ON + 30 * DAYS
    days = {"runs_from": str(first), "runs_to": str(first + 60 * DAYS)}
    version = drafted(plan_of(step("one")), channels=["email"], **days)
    permit(OURS, first + later * DAYS, is_permitted=False)
    assert [one[:2] for one in gone(version, ON)] == [("touches.steps[0].template", is_block)]


def test_a_name_that_was_withdrawn_when_the_campaign_began_and_is_good_again_is_no_fault() -> None:
    version = planned(step("one"))
    permit(OURS, dt.date.fromisoformat(version.content["runs_from"]), is_permitted=False)
    permit(OURS, ON)
    assert gone(version, ON) == []


def test_a_running_campaign_is_named_among_those_that_break_a_rule_that_changed() -> None:
    version = touched(step("one"), channels=["email"])
    running = planning.running_on(DAY)
    assert planning.blocks_among(running, on=DAY)[version.pk] == []
    permit(OURS, DAY, is_permitted=False)
    (found,) = planning.blocks_among(running, on=DAY)[version.pk]
    assert found.place == "touches.steps[0].template"
