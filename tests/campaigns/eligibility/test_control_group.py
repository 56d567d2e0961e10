"""The bank's control group in runs and touch plans: who is in it has the reward and is not told,
and every figure says so."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.models import FactChange, Grant, Run
from journeys.models import Card, Message
from tests.campaigns.eligibility.test_carrying import settled, whole
from tests.factories.campaigns import AT, ON, approved, card_in_use
from tests.factories.control import in_force
from tests.factories.journeys import DAY, CardFactory, ConsentFactory
from tests.factories.portal import StaffFactory
from tests.factories.touches import on, step, steps_of, sweep, touched

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_marks_from_the_beginning() -> None:
    """Days of tests lie before the day on which the tables were made."""
    FactChange.objects.all().delete()


def ran(version: Any, day: dt.date = ON, kind: str = "live") -> Run:
    at = AT + (day - ON)
    run = eligibility.start_run(version_id=version.pk, kind=kind, on=day, started_by=None, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    return Run.objects.get(pk=run.pk)


def two() -> tuple[Card, Card]:
    """With others, so that one of them is few enough to be decided about alone."""
    CardFactory.create_batch(12)
    return card_in_use(), card_in_use()


def test_who_is_in_it_has_the_reward_and_is_not_told(client_of: Any) -> None:
    version = approved()
    held, free = two()
    in_force(inside=[held.customer], outside=[free.customer])
    dry = queries.figures_of(ran(version, kind="dry_run"))
    run = ran(version)
    figures = queries.figures_of(run)
    assert set(Grant.objects.values_list("customer_id", flat=True)) == {
        held.customer_id, free.customer_id,
    }  # fmt: skip
    assert [one.customer_id for one in Message.objects.all()] == [free.customer_id]
    assert figures.gate == dry.gate == {"control_group": 1, "open": 1}
    assert [(one.group, one.code, one.failed, one.left) for one in figures.checks] == [
        ("contact", "control_group", 1, 1)
    ]
    # What they fell at, and those who are told, are all who qualify.
    assert sum(one.failed for one in figures.checks) + figures.gate["open"] == figures.qualified
    reader = StaffFactory(role="campaign_manager", language="en", branch=held.customer.branch)
    page = client_of(reader).get(reverse("run_page", args=[run.pk])).content.decode()
    assert "In the bank&#x27;s control group" in page


def test_a_later_run_asks_about_everybody_where_a_group_has_begun_since() -> None:
    version = approved()
    held, free = two()
    base = ran(version, ON)
    assert ran(version, ON + DAYS).base_id == base.pk
    in_force(inside=[held.customer], outside=[free.customer], starts_date=ON + 3 * DAYS)
    # The row itself is marked when it is written; its first day comes without any word.
    base = whole(version, ON + 2 * DAYS)
    run = ran(version, ON + 3 * DAYS)
    assert (run.base_id, run.whole_reason) == (None, "reference")
    base = run
    assert ran(version, ON + 4 * DAYS).base_id == base.pk


def test_whom_a_group_held_is_asked_again_when_it_ends() -> None:
    version = approved()
    held, free = two()
    in_force(
        inside=[held.customer], outside=[free.customer], starts_date=ON - DAYS,
        ends_date=ON + 3 * DAYS,
    )  # fmt: skip
    base = ran(version, ON)
    carried = ran(version, ON + DAYS)
    assert carried.base_id == base.pk
    assert settled(carried)[held.customer_id][2] == "control_group"
    later = ran(version, ON + 3 * DAYS)
    assert later.base_id == base.pk
    assert settled(later)[held.customer_id][2:] == ("open", "sms")
    assert Message.objects.filter(customer=held.customer_id).count() == 1


def test_a_step_says_so_and_when_the_group_ends() -> None:
    touched(step("welcome"), step("later", offset_days=3))
    cards = [CardFactory(), CardFactory()]
    for card in cards:
        ConsentFactory(customer=card.customer, effective_at=AT - 400 * DAYS)
    held, free = cards
    in_force(inside=[held.customer], outside=[free.customer], ends_date=DAY + 2 * DAYS)
    sweep(DAY)
    sweep(DAY + 3 * DAYS)
    assert steps_of(free.customer_id) == {"welcome": ("sent", "sent"), "later": ("sent", "sent")}
    # Within the days of the step the group ended: it is sent then, as what a cap held back is.
    assert steps_of(held.customer_id) == {"welcome": ("sent", "sent"), "later": ("sent", "sent")}
    sent = Message.objects.filter(customer=held.customer_id).order_by("queued_at")
    assert sent[0].queued_at >= on(DAY + 2 * DAYS, 0)


def test_a_step_whose_days_end_within_the_group_is_skipped() -> None:
    touched(step("welcome"))
    card = CardFactory()
    ConsentFactory(customer=card.customer, effective_at=AT - 400 * DAYS)
    in_force(inside=[card.customer])
    sweep(DAY)
    assert steps_of(card.customer_id) == {"welcome": ("skipped", "control_group")}
    assert Message.objects.count() == 0
