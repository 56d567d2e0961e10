"""What an evening by the clock cannot start: said once, seen by its owner, and tried again only
where waiting or a change may help."""

import datetime as dt
import logging
from typing import Any

import pytest
from django.urls import reverse

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.eligibility.operations import closing
from campaigns.models import CampaignVersion, NotStarted, Run
from campaigns.planning import operations as planning
from campaigns.planning.rules import drift
from journeys.models import MessageTemplate
from journeys.outreach import operations as outreach
from portal.kit import clock
from portal.models import AuditEntry
from tests.campaigns.rewards.test_elsewhere import started, worked
from tests.campaigns.rewards.test_groups import group, of_group
from tests.factories.campaigns import AT, ON, approve, card_in_use
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db

BEGINS = dt.time(21, 30)
EVENING = clock.start_of(ON) + dt.timedelta(hours=21, minutes=30)
NEXT = dt.timedelta(days=1)


def round_of(minutes: int = 0, days: int = 0) -> eligibility.Evening:
    at = EVENING + dt.timedelta(days=days, minutes=minutes)
    found = eligibility.start_due_evening(begins=BEGINS, at=at)
    assert found is not None
    return found


def notes() -> list[tuple[str, str, dt.date]]:
    rows = NotStarted.objects.order_by("id").select_related("version__campaign")
    return [(row.version.campaign.code, row.why, row.on_date) for row in rows]


def told(owner: Any, day: dt.date = ON) -> list[tuple[str, str]]:
    found = queries.not_started_of(owner.pk, today=day)
    return [(row.version.campaign.code, row.why) for row in found]


def lose_text() -> None:
    """As where it and an approval are committed at the same instant: the approval stands."""
    text = MessageTemplate.objects.filter(channel="email").latest("version")
    outreach.withdraw_text(
        template_id=text.pk, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )


def stop(version: CampaignVersion, at: dt.datetime = AT) -> None:
    planning.stop_campaign(
        campaign_id=version.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=at
    )


def lift(version: CampaignVersion, at: dt.datetime = AT) -> None:
    planning.lift_stop(
        campaign_id=version.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=at
    )


def void(version: CampaignVersion, at: dt.datetime = AT) -> None:
    moved = [drift.Drift(drift.WITHDRAWN, approved="T")]
    planning.void_approval(version_id=version.pk, drifts=moved, at=at)


def test_what_no_waiting_changes_is_tried_and_said_once(caplog: Any) -> None:
    version = of_group("a", None)
    lose_text()
    with caplog.at_level(logging.WARNING):
        first = round_of()
        later = [round_of(minutes) for minutes in (2, 4, 140)]
    assert [name for name, _sentence in first.refused] == ["a"]
    assert [(one.refused, one.noted) for one in later] == [([], [])] * 3
    said = [one for one in caplog.records if one.name.endswith("evening")]
    assert len(said) == 1
    assert AuditEntry.objects.filter(action="run.not_started").count() == 1
    assert notes() == [("a", "text", ON)]
    # Nor the next evening: what its owner was told stands.
    assert round_of(days=1) == eligibility.Evening()
    assert told(version.campaign.owner) == [("a", "text")]
    assert told(version.campaign.owner, ON + NEXT) == [("a", "text")]
    assert told(version.campaign.owner, ON + 2 * NEXT) == []
    assert told(StaffFactory(role="campaign_manager")) == []
    page = queries.left_out_on(on=ON + 2 * NEXT, today=ON + 2 * NEXT)
    assert [(one.version, one.why) for one in page] == [(version, "text")]


def test_by_hand_it_is_tried_each_time_and_says_the_sentence() -> None:
    of_group("a", None)
    lose_text()
    for _time in range(2):
        found = eligibility.start_evening(on=ON, started_by=None, at=AT)
        assert len(found.refused) == 1
    assert notes() == [("a", "text", ON)]


def test_once_it_is_approved_anew_it_starts_the_same_evening() -> None:
    version = of_group("a", None)
    lose_text()
    round_of()
    void(version)
    version.refresh_from_db()
    text = MessageTemplate.objects.filter(channel="email").latest("version")
    outreach.add_template(
        code=text.code, channel="email", language=text.language, subject=text.subject,
        body=text.body + "!", actor=None, at=AT,
    )  # fmt: skip
    approve(version, at=EVENING)
    found = round_of(2)
    assert [run.version_id for run in found.runs] == [version.pk]
    assert told(version.campaign.owner) == []
    assert queries.left_out_on(on=ON, today=ON) == []


def test_what_waiting_may_change_is_tried_again_and_said_once(caplog: Any) -> None:
    one = group()
    a, b = of_group("a", one, priority=1), of_group("b", one, priority=2)
    card_in_use()
    going = started(a, ON - NEXT)
    with caplog.at_level(logging.WARNING):
        assert [len(round_of(minutes).refused) for minutes in (0, 2)] == [2, 2]
    assert len([one for one in caplog.records if one.name.endswith("evening")]) == 2
    assert notes() == [("a", "going", ON), ("b", "turn", ON)]
    assert told(a.campaign.owner) == [], "it may still pass"
    page = queries.left_out_on(on=ON, today=ON)
    assert [one.why for one in page] == ["going", "turn"]
    assert told(a.campaign.owner, ON + NEXT) == [("a", "going")], "it was waited for in vain"
    worked(going)
    assert [run.version_id for run in round_of(4).runs] == [a.pk, b.pk]
    assert told(a.campaign.owner, ON + NEXT) == []
    assert queries.left_out_on(on=ON, today=ON) == []


@pytest.mark.parametrize("why", ["stopped", "approval"])
def test_what_is_out_of_force_is_said_to_its_owner_once_and_starts_when_that_is_over(
    why: str,
) -> None:
    version, other = of_group("a", None), of_group("b", None, stacks_with=["a"])
    card_in_use()
    stop(version) if why == "stopped" else void(version)
    first = round_of()
    assert ([run.version_id for run in first.runs], first.refused) == ([other.pk], [])
    assert [round_of(2), round_of(4)] == [eligibility.Evening()] * 2
    assert notes() == [("a", why, ON)]
    assert told(version.campaign.owner) == [("a", why)]
    worked(first.runs[0])
    assert not NotStarted.objects.filter(on_date=ON + NEXT).exists()
    assert [one.version.campaign.code for one in round_of(days=1).runs] == ["b"]
    assert notes() == [("a", why, ON)], "once, and not each evening"
    version.refresh_from_db()
    lift(version) if why == "stopped" else approve(version)
    assert told(version.campaign.owner) == []
    assert [one.version_id for one in round_of(days=1, minutes=2).runs] == [version.pk]


def test_a_second_stop_is_said_anew() -> None:
    version = of_group("a", None)
    stop(version)
    round_of()
    lift(version)
    stop(version, AT + dt.timedelta(hours=1))
    round_of(2)
    assert notes() == [("a", "stopped", ON)] * 2
    assert told(version.campaign.owner) == [("a", "stopped")], "the stop of now"


@pytest.mark.parametrize("how", ["never approved", "over", "to come", "has run"])
def test_who_is_not_awaited_is_not_said(how: str) -> None:
    changes = {"over": {"runs_to": "2026-06-30"}, "to come": {"runs_from": "2026-07-01"}}
    version = of_group("a", None, **changes.get(how, {}))
    card_in_use()
    if how == "has run":
        worked(started(version))
    if how == "never approved":
        CampaignVersion.objects.filter(pk=version.pk).delete()
    else:
        stop(version)
    assert round_of() == eligibility.Evening()
    assert notes() == []


def test_a_run_that_was_stopped_on_the_way_is_said_to_its_owner() -> None:
    version = of_group("a", None)
    card_in_use()
    (run,) = round_of().runs
    closing.stop(run_id=run.pk, reason="drifted", at=EVENING)
    void(version)
    round_of(2)
    assert told(version.campaign.owner) == [("a", "approval")]
    assert Run.objects.count() == 1


def test_owner_and_page_see_why_and_what_to_do(client: Any, time_machine: Any) -> None:
    time_machine.move_to(EVENING)
    version = of_group("a", None)
    stop(version)
    round_of()
    owner = version.campaign.owner
    owner.language = "en"
    owner.save()
    client.force_login(owner)
    home = client.get(reverse("home")).content.decode()
    assert "Not started in the evening" in home
    assert "The campaign is stopped." in home
    page = client.get(reverse("evening_start"))
    assert [(one.version, one.why) for one in page.context["left_out"]] == [(version, "stopped")]
    assert "Ask compliance; once the stop is lifted" in page.content.decode()
