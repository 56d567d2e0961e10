"""A new version of a campaign with people inside the one before: who stays, moves and leaves."""

import datetime as dt
from typing import Any

import pytest

from campaigns.models import CampaignVersion, Enrolment
from journeys.models import Message
from tests.campaigns.touches.test_operations import holder
from tests.factories.campaigns import approve, draft
from tests.factories.journeys import DAY, CardFactory, ConsentFactory, ProductFactory
from tests.factories.touches import on, plan_of, stay_of, step, steps_of, sweep, touched

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)


def second(**changes: Any) -> CampaignVersion:
    version = draft(**changes)
    assert version.number == 2
    approve(version)
    return version


def test_who_is_inside_moves_and_his_steps_are_set_anew() -> None:
    touched(step("a"), step("gone", offset_days=5), step("b", offset_days=9))
    card = holder()
    sweep(DAY)
    now = second(touches=plan_of(step("a"), step("b", offset_days=2), step("new", offset_days=3)))
    sweep(DAY + DAYS)
    stay = Enrolment.objects.get()
    assert stay.version_id == now.pk
    assert steps_of(card.customer_id) == {
        "a": ("sent", "sent"), "gone": ("left", "removed"), "b": ("waiting", ""),
        "new": ("waiting", ""),
    }  # fmt: skip
    assert stay.steps.get(code="b").due_at == on(DAY + 2 * DAYS, 0)
    sweep(DAY + 3 * DAYS)
    assert stay_of(card.customer_id) == (1, "left", "finished")
    assert set(Message.objects.values_list("origin", flat=True)) == {
        "campaign:first-gift:v1", "campaign:first-gift:v2",
    }  # fmt: skip


def test_whom_the_new_version_is_not_about_leaves() -> None:
    touched(step("a"), step("b", offset_days=9), products=["GOLD"])
    card = holder()
    sweep(DAY)
    ProductFactory(code="OTHER")
    second(touches=plan_of(), products=["OTHER"])
    sweep(DAY + DAYS)
    assert stay_of(card.customer_id) == (1, "left", "uncovered")
    assert steps_of(card.customer_id)["b"] == ("left", "uncovered")


def test_who_may_stay_stays_on_his_version_and_others_enter_the_new_one() -> None:
    first = touched(step("a"), step("b", offset_days=2))
    card = holder()
    sweep(DAY)
    now = second(touches=plan_of(step("other"), inside="stay"))
    other = CardFactory(issued_date=DAY + DAYS)
    ConsentFactory(customer=other.customer, effective_at=on(DAY, 0) - 90 * DAYS)
    sweep(DAY + 2 * DAYS)
    assert Enrolment.objects.get(customer=card.customer_id).version_id == first.pk
    assert Enrolment.objects.get(customer=other.customer_id).version_id == now.pk
    assert steps_of(card.customer_id)["b"] == ("sent", "sent")
    assert steps_of(other.customer_id) == {"other": ("sent", "sent")}


def test_where_the_new_version_has_no_touch_plan_all_leave() -> None:
    touched(step("a"), step("b", offset_days=2))
    card = holder()
    sweep(DAY)
    second()
    sweep(DAY + DAYS)
    assert stay_of(card.customer_id) == (1, "left", "uncovered")


def test_who_left_because_he_is_not_covered_is_sent_nothing_that_waits() -> None:
    from journeys.outreach.operations import claiming

    touched(step("a"), step("b", offset_days=2))
    holder()
    sweep(DAY, 21)  # the message waits for the morning
    second()
    sweep(DAY, 22)
    claims, _is_busy = claiming.claim_batch(sizes={"sms": 9}, at=on(DAY + DAYS))
    assert claims == []
    assert Message.objects.get().failure == "left"
