"""Those who are near the goal of a campaign, as the audience of another."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.design.models import Draft
from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries as decided
from campaigns.models import CampaignVersion, Run
from campaigns.planning import operations as planning
from portal.staff import access
from tests.factories.campaigns import (
    AT,
    ON,
    approve,
    approved,
    card_in_use,
    customer_of,
    draft,
    dry_run,
)
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db

# Until day 150 after the issue: a month is left on the day of the runs.
SPENT = {"kind": "spending_in_window", "days": 150, "last_day": "inside", "at_least": "500.00"}


def goal(**changes: Any) -> dict[str, Any]:
    return {"kind": "near_goal", "campaign": "first-gift", "at_most": "150.00", "days_left": 1} | (
        changes
    )


def ran(version: CampaignVersion) -> Run:
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    assert run.state == "done", run.failure
    return run


def qualified(run: Run) -> list[int]:
    rows = decided.standing(run).filter(outcome="qualified").order_by("customer_id")
    return list(rows.values_list("customer_id", flat=True))


def test_near_misses_of_a_run_are_whom_a_campaign_for_them_reaches() -> None:
    """As the page lists them: the same people, gaps and last days; and a later run of the first
    campaign is asked the next time."""
    first = approved(rule={"all": [{"kind": "activated"}, SPENT]})
    cards = [card_in_use(spent=spent) for spent in ("350.00", "349.99", "499.99", "500.00")]
    base = ran(first)
    scope = access.scope_of(StaffFactory(role="compliance"))
    listed = {row.customer_id: (str(row.gap), row.deadline.isoformat())
              for row in decided.near_misses(base, scope=scope, on=ON)}  # fmt: skip
    version = draft(code="second", rule={"all": [goal(at_most="1000.00", days_left=1)]})
    approve(version)
    wide = ran(version)
    assert qualified(wide) == sorted(listed)
    for row in decided.standing(wide).filter(outcome="qualified"):
        assert tuple(row.facts[0][1]) == listed[row.customer_id]
    assert wide.whole_reason == "moving"
    left = (dt.date.fromisoformat(listed[cards[0].customer_id][1]) - ON).days
    near = draft(code="third", rule={"all": [goal(days_left=left)]})
    approve(near)
    assert qualified(ran(near)) == [customer_of(cards[0]).pk, customer_of(cards[2]).pk]
    late = draft(code="fourth", rule={"all": [goal(days_left=left + 1)]})
    approve(late)
    assert qualified(ran(late)) == []
    # Nothing is carried: who was near is asked anew when the first campaign has run again.
    Run.objects.filter(pk=base.pk).update(state="failed")
    assert qualified(ran(near)) == []


def test_a_dry_run_says_who_is_near_before_the_first_live_one() -> None:
    first, card = draft(rule=SPENT), card_in_use(spent="400.00")
    dry_run(first)
    near = draft(code="near", rule=goal(at_most="100.00"))
    run = dry_run(near)
    assert qualified(run) == [customer_of(card).pk]


def test_a_campaign_for_them_is_begun_from_their_page(client_of: Callable[..., Client]) -> None:
    version = approved(branches=[])
    card_in_use(spent="400.00")
    run = ran(version)
    client = client_of("campaign_manager")
    page = client.get(reverse("near_misses", args=[run.pk]))
    assert page.context["may_edit"]
    address = reverse("design_near", args=["first-gift"])
    assert f'action="{address}"' in page.content.decode()
    answer = client.post(address)
    found = Draft.objects.get()
    assert answer.url == reverse("design_audience", args=[found.pk])
    content = found.content
    assert content["rule"]["all"][0] == {
        "kind": "near_goal", "campaign": "first-gift", "at_most": "1000.00", "days_left": 7,
    }  # fmt: skip
    assert (content["products"], content["issued_from"]) == (["GOLD"], "2026-01-01")
    shown = client.get(answer.url)
    assert shown.status_code == 200
    counted = client.get(reverse("design_count", args=[found.pk]))
    assert counted.context["counted"] is not None
    assert (
        not client_of("compliance").get(reverse("near_misses", args=[run.pk])).context["may_edit"]
    )


def test_a_campaign_that_is_not_there_cannot_be_near() -> None:
    with pytest.raises(planning.plans.PlanWrong):
        draft(rule=goal(campaign="nothing"))
