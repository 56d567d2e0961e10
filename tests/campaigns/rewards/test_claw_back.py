"""What a person holds twice is left so by somebody who looked at it, or one of the rewards is
claimed back: one person asks, another one approves, and the ledgers follow as after a refund."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.budgets import queries as budgets
from campaigns.models import Benefit, BenefitEntry, ClawBack, Grant, GrantReversal, LookedAt
from campaigns.rewards import operations as rewards
from campaigns.rewards import queries
from campaigns.rewards.forms import ReasonForm
from journeys.models import PointsEntry
from portal.approvals import operations as approvals
from portal.approvals.models import Submission
from portal.models import AuditEntry, Staff
from portal.staff import access
from tests.campaigns.rewards.test_bearers import is_known
from tests.campaigns.rewards.test_groups import group, of_group
from tests.campaigns.rewards.test_twice import ALL, both, twice
from tests.executing import executes
from tests.factories.campaigns import AT, TIER
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import ask, candidate, used_card, used_of, version_with

pytestmark = pytest.mark.django_db
WHY = "核心系统确认为同一人"


def held_twice(*tiers: dict[str, Any]) -> tuple[Any, Grant, Grant]:
    """A version, and what the two numbers of a person hold of it, the later one last."""
    version = version_with(*tiers, budget={"total": "1000.00"})
    is_known(*both(version))
    first, later = Grant.objects.order_by("id")
    return version, first, later


def asked(grant: Grant, maker: Staff | None = None, reason: str = WHY) -> ClawBack:
    maker = maker or StaffFactory(role="campaign_manager")
    return rewards.ask_back(grant_id=grant.pk, reason=reason, scope=ALL, maker=maker, at=AT)


def decide(verdict: str = "approve", checker: Staff | None = None) -> None:
    approvals.decide(
        submission_id=Submission.objects.latest("id").pk,
        checker=checker or StaffFactory(role="approver"),
        verdict=verdict, reason="" if verdict == "approve" else "再核实", at=AT,
    )  # fmt: skip


def state_of(row: ClawBack) -> tuple[str, bool]:
    row.refresh_from_db()
    return row.state, row.settled_by is not None


def test_a_second_person_claims_it_back_and_the_ledgers_follow() -> None:
    version, first, later = held_twice(TIER | {"kind": "points", "points": 100, "stock": 5})
    before = used_of(version, "campaign"), used_of(version, "stock", "first-gift")
    row = asked(later)
    assert (state_of(row), GrantReversal.objects.count()) == (("asked", False), 0)
    decide()
    assert state_of(row) == ("done", True)
    back = GrantReversal.objects.get()
    assert (back.grant, back.kind, back.claw_back) == (later, "given_twice", row)
    after = used_of(version, "campaign"), used_of(version, "stock", "first-gift")
    assert (before[0] - after[0], before[1] - after[1]) == (later.amount, 1)
    assert budgets.differences(version.campaign_id) == []
    left = {
        who: sum(PointsEntry.objects.filter(customer=who).values_list("points", flat=True))
        for who in (first.customer_id, later.customer_id)
    }
    assert left == {first.customer_id: 100, later.customer_id: 0}
    assert twice() == []
    said = AuditEntry.objects.get(action="claw_back.done")
    assert (said.reason, said.changes["asked_by"]) == (WHY, row.asked_by.username)
    # The number whose reward was claimed back is given nothing again.
    found = ask(version, [candidate(later.card)])
    assert [one.answer for one in found] == ["same_person"]
    with translation.override("en"):
        assert queries.history_of(Grant.objects.get(pk=later.pk)) == (
            "taken back on 2026-06-30: Given twice to one person, claimed back"
        )


def test_nobody_approves_what_he_asked_for_and_what_is_returned_stays() -> None:
    _version, _first, later = held_twice()
    officer = StaffFactory(role="compliance")
    row = asked(later, officer)
    with pytest.raises(approvals.OwnWork):
        decide(checker=officer)
    with pytest.raises(rewards.TwiceRefused):
        asked(later)
    decide("return")
    assert (state_of(row), Grant.objects.filter(reversal=None).count()) == (("refused", True), 2)
    asked(later)


def test_an_approval_is_void_where_the_person_holds_something_else_by_now() -> None:
    _version, first, later = held_twice()
    row, other = asked(later), asked(first)
    decide()  # the first one goes: nothing is held twice any more
    assert state_of(other) == ("done", True)
    with pytest.raises(approvals.ChangedSince):
        approvals.decide(
            submission_id=Submission.objects.get(target_key=str(row.pk)).pk,
            checker=StaffFactory(role="approver"), verdict="approve", reason="", at=AT,
        )  # fmt: skip
    assert (state_of(row)[0], list(Grant.objects.filter(reversal=None))) == ("refused", [later])


def test_what_was_used_of_a_benefit_stays_and_is_settled_apart() -> None:
    benefit = TIER | {"kind": "benefit", "benefit": {"uses": 3, "days": 90}}
    _version, _first, later = held_twice(benefit)
    mine = Benefit.objects.get(grant=later)
    BenefitEntry.objects.create(
        benefit=mine, customer=mine.customer, kind="use", units=-1, used_date=later.granted_date,
        at=AT, recorded_by=StaffFactory(),
    )  # fmt: skip
    row = asked(later)
    decide()
    mine.refresh_from_db()
    assert (state_of(row), mine.left) == (("used", True), 0)
    assert (GrantReversal.objects.count(), mine.used_before.count()) == (0, 1)


def test_looked_at_lasts_until_something_comes_or_goes() -> None:
    version, first, later = held_twice()
    actor = StaffFactory(role="compliance")
    look = {"grant_id": later.pk, "of_group": False, "scope": ALL, "actor": actor, "at": AT}
    assert queries.count_twice(scope=ALL, most=9) == 1
    row = rewards.look_at(**look, reason="客户保留 13912345678")
    assert (row.grants, "13912345678" in row.reason) == ([first.pk, later.pk], False)
    assert AuditEntry.objects.get(action="twice.looked_at").actor == actor
    assert (queries.count_twice(scope=ALL, most=9), len(twice())) == (0, 1)
    with pytest.raises(rewards.TwiceRefused):
        rewards.look_at(**look, reason=WHY)
    third = used_card()
    ask(version, [candidate(third)])
    is_known(third)
    assert queries.count_twice(scope=ALL, most=9) == 1
    with pytest.raises(rewards.TwiceRefused):
        rewards.look_at(**look | {"of_group": True}, reason=WHY)
    assert LookedAt.objects.count() == 1


def test_nothing_is_asked_for_that_is_not_held_twice_nor_out_of_reach() -> None:
    version = version_with(budget={"total": "1000.00"})
    both(version)
    first, later = Grant.objects.order_by("id")
    with pytest.raises(rewards.TwiceRefused):
        asked(later)
    is_known(first.card, later.card)
    far = access.scope_of(StaffFactory(role="branch_manager", branch=BranchFactory()))
    maker = StaffFactory(role="campaign_manager")
    with pytest.raises(rewards.TwiceRefused):
        rewards.ask_back(grant_id=later.pk, reason=WHY, scope=far, maker=maker, at=AT)
    with pytest.raises(rewards.TwiceRefused):
        asked(later, reason="  ")
    assert (ClawBack.objects.count(), Submission.objects.filter(kind="claw_back").count()) == (0, 0)


def test_the_database_reverses_nothing_that_nobody_approved() -> None:
    _version, first, later = held_twice()
    row = asked(later)
    back = {"kind": "given_twice", "claw_back": row, "on_date": AT.date(), "at": AT}
    with pytest.raises(DatabaseError, match="nobody approved"), transaction.atomic():
        GrantReversal.objects.create(grant=later, **back)
    decide()
    with pytest.raises(DatabaseError, match="nobody approved"), transaction.atomic():
        GrantReversal.objects.create(grant=first, **back)
    for change in ({"state": "asked"}, {"reason": "改"}):
        with pytest.raises(DatabaseError, match="decided once"), transaction.atomic():
            ClawBack.objects.filter(pk=row.pk).update(**change)
    assert state_of(row) == ("done", True)


@executes(ReasonForm, "reason")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_is_marked_and_claimed_back_by_the_pages(client: Client, language: str) -> None:
    _version, first, later = held_twice()
    maker = StaffFactory(role="campaign_manager", language=language)
    client.force_login(maker)
    page, claim = reverse("given_twice"), reverse("claw_back_new", args=[later.pk])
    looked = reverse("twice_looked", args=["campaign", later.pk])
    body = client.get(page).content.decode()
    assert [one in body for one in (claim, looked)] == [True, True]
    assert client.post(claim, {"reason": " "}).status_code == 422
    assert client.post(claim, {"reason": WHY}, follow=True).status_code == 200
    assert client.post(claim, {"reason": WHY}).status_code == 422
    row = ClawBack.objects.get()
    shown = reverse("claw_back_page", args=[row.pk])
    assert shown in client.get(page).content.decode()
    assert WHY in client.get(shown).content.decode()
    assert client.post(looked, {"reason": "先留着"}, follow=True).status_code == 200
    body = client.get(page).content.decode()
    assert ("先留着" in body, looked in body) == (True, False)
    cache.clear()
    with translation.override(language):
        heading, name = translation.gettext("Given twice to one person"), maker.label
    assert name in body
    assert heading not in client.get(reverse("home")).content.decode()
    client.force_login(StaffFactory(role="approver", language=language))
    submission = Submission.objects.get(kind="claw_back")
    asked_for = client.get(reverse("approval_page", args=[submission.pk])).content.decode()
    assert (WHY in asked_for, later.customer.number in asked_for) == (True, True)
    assert client.get(shown).status_code == 200
    client.post(reverse("approval_approve", args=[submission.pk]), {"reason": ""})
    assert state_of(row) == ("done", True)
    assert list(Grant.objects.filter(reversal=None)) == [first]


def test_of_a_group_either_may_be_claimed_back() -> None:
    named = group()
    a, b = of_group("a", named), of_group("b", named)
    one, two = used_card(), used_card()
    ask(a, [candidate(one)]), ask(b, [candidate(two)])
    is_known(one, two)
    first = Grant.objects.get(card=one)
    asked(first)
    decide()
    assert twice() == []
