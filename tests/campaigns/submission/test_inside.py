"""What stays on record of a submission for whoever reads it later: what becomes of everyone inside,
and words in both languages."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from campaigns.design import queries as design
from campaigns.models import CampaignVersion, Draft
from campaigns.submission import panels
from campaigns.touches import queries as touches
from journeys.models import Message
from portal.models import AuditEntry, Submission
from tests.campaigns.submission.test_operations import decide, live
from tests.campaigns.touches.test_operations import holder
from tests.factories.campaigns import ON, RULE, approved, card_in_use, draft, hand_in
from tests.factories.journeys import DAY, ContactRuleFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.touches import plan_of, step, sweep, touched

pytestmark = pytest.mark.django_db


def at_least(amount: str) -> dict[str, Any]:
    *rest, spending = RULE["all"]
    return {"all": [*rest, spending | {"at_least": amount}]}


def inside(version: CampaignVersion) -> dict[str, Any]:
    hand_in(version)
    return Submission.objects.latest("id").snapshot["figures"]["inside"]


def test_the_first_version_has_nobody_inside() -> None:
    card_in_use()
    assert inside(draft()) == {}


def test_the_fates_of_those_inside_are_frozen_with_the_submission(client_of: Any) -> None:
    ContactRuleFactory()
    for spent in ("600.00", "800.00", "900.00"):
        card_in_use(spent)
    first = approved()
    live(first)
    card_in_use("400.00")
    # The first of the three falls out; nobody new meets 700.
    stricter = draft(rule=at_least("700.00"))
    assert inside(stricter) == {
        "holders": 3, "amount": "30.00", "without": 1, "waiting": 3, "live_on": "2026-06-30",
        "staying": 2, "leaving": 1, "joining": 0,
    }  # fmt: skip
    decide(stricter, "return")
    wider = draft(rule=at_least("300.00"))
    found = inside(wider)
    assert (found["without"], found["staying"], found["joining"]) == (0, 3, 1)
    row = Submission.objects.latest("id")
    page = client_of("approver").get(reverse("approval_page", args=[row.pk]))
    shown = dict(page.context["evidence"]["inside"])
    assert len(shown) == 6
    # It stays what was submitted, whatever comes after.
    card_in_use("350.00")
    row.refresh_from_db()
    assert row.snapshot["figures"]["inside"] == found


def test_the_fates_inside_the_touch_plan_are_frozen_and_lead_to_each_person(client_of: Any) -> None:
    touched(step("a"), step("b", offset_days=90))
    branch = BranchFactory()
    holder(customer__branch=branch), holder(), holder()
    sweep(DAY)
    after = draft(touches=plan_of(step("c", offset_days=200)), branches=[branch.code])
    found = inside(after)
    counted = {"inside": 3, "stay": 0, "move": 1, "leave": 2, "finished": 0}
    assert found["touched"] == counted
    row = Submission.objects.latest("id")
    page = client_of("approver").get(reverse("approval_page", args=[row.pk]))
    assert asdict(page.context["evidence"]["touched"]) == counted
    assert f"{reverse('inside_list')}?of=v{after.pk}" in page.content.decode()
    # It stays what was submitted, whoever enters after.
    holder(customer__branch=branch)
    sweep(DAY)
    again = client_of("approver").get(reverse("approval_page", args=[row.pk]))
    assert asdict(again.context["evidence"]["touched"]) == counted
    assert touches.fates_of(touches.coming_of(after), on=DAY) == touches.Fates(4, 0, 2, 2)
    decide(after, "approve")
    assert Submission.objects.get(pk=row.pk).state == "approved"


def test_messages_that_are_paused_wait_too() -> None:
    """They go out as written once the pause is over: an edit says so, here and in the editor."""
    ContactRuleFactory()
    card_in_use()
    live(approved())
    Message.objects.update(state="held")
    assert inside(draft(rule=at_least("700.00")))["waiting"] == 1
    begun = Draft(based_on=CampaignVersion.objects.get(number=1), content={})
    assert design.effect_of(begun, on=ON)[2] == 1


def test_without_a_live_run_it_is_said_who_holds_what() -> None:
    approved()
    found = inside(draft(rule=at_least("700.00")))
    assert found == {"holders": 0, "amount": "0.00", "without": 0, "waiting": 0, "live_on": None}
    with translation.override("en"):
        assert [text for _label, text in panels._inside(found)] == ["0 · ¥0", "0", "0"]
    assert Decimal(found["amount"]) == 0


def test_what_a_veto_writes_down_is_read_in_the_language_of_the_reader() -> None:
    """Title and reason stay; who wrote them reads Chinese, who reads them does not."""
    version = draft()
    with translation.override("zh-hans"):
        hand_in(version)
        decide(version, "approve")
        decide(version, "veto", StaffFactory(role="compliance"))
    row = Submission.objects.get()
    titles = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            titles[language] = row.label
    assert titles == {"zh-hans": "新户首刷礼 v1", "en": "First gift v1"}
    said = AuditEntry.objects.get(action="campaign.stopped").reason.splitlines()
    assert said[-1] == "first-gift v1 was vetoed after it had been approved."
    assert len(said) == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.update(title_en="Another")
