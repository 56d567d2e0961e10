"""What touch plans say on a customer's timeline: where somebody stands, what came of each step and
why; found by the customer's stays alone."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from campaigns.models import Enrolment
from campaigns.touches import panels
from journeys.models import Customer
from portal.kit import timeline
from portal.staff.access import Scope
from tests.campaigns.touches.test_operations import holder
from tests.factories.journeys import DAY, CardFactory, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.factories.touches import on, plan_of, step, sweep, touched

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)


def story(customer_id: int) -> list[timeline.Row]:
    asked = timeline.Asked(customer_id, Scope(""), timeline.END.at, timeline.LAST_ID, 50)
    with translation.override("en"):
        return panels.story(asked)


def said(customer_id: int) -> list[tuple[str, str, str]]:
    return [
        (f"{row.at.astimezone(on(DAY).tzinfo):%m-%d %H:%M}", row.title, row.detail)
        for row in story(customer_id)
    ]


def test_what_waits_what_was_sent_and_why_not_stand_on_the_timeline() -> None:
    version = touched(
        step("a"), step("b", needs={"kind": "activated"}), step("c"), step("d"),
        step("later", offset_days=3), step("used", anchor="first_use"),
    )  # fmt: skip
    card = holder()
    sweep(DAY)
    name = version.campaign.name_en
    assert said(card.customer_id) == [
        ("03-05 00:00", f"{name}: Step later", "Waiting"),
        ("03-03 10:00", f"{name}: Step d",
         "Waiting · Contact limit reached · next free instant: 2026-03-03 10:00"),
        ("03-02 10:00", f"{name}: Step c", "Message written · SMS · planned for 2026-03-02 10:00"),
        ("03-02 10:00", f"{name}: Step b", "Skipped · What the step needs does not hold"),
        ("03-02 10:00", f"{name}: Step a", "Message written · SMS · planned for 2026-03-02 10:00"),
        ("03-02 10:00", f"Touch plan entered: {name}",
         "Stay 1 · The day is not known yet: Step used"),
    ]  # fmt: skip
    assert {row.url for row in story(card.customer_id)} == {
        reverse("touch_page", args=[version.pk])
    }


def test_who_left_is_told_why() -> None:
    version = touched(plan=plan_of(step("a", offset_days=1), goal={"kind": "activated"}))
    card = holder(activated_date=DAY)
    sweep(DAY), sweep(DAY + DAYS)
    name = version.campaign.name_en
    assert said(card.customer_id) == [
        ("03-03 10:00", f"{name}: Step a", "Left before it · Reached the goal"),
        ("03-03 10:00", f"Touch plan left: {name}", "Reached the goal"),
        ("03-02 10:00", f"Touch plan entered: {name}", "Stay 1"),
    ]  # fmt: skip


def test_another_customer_is_not_told_of() -> None:
    touched(step("a"))
    holder()
    sweep(DAY)
    assert story(CardFactory().customer_id) == []


def test_the_page_says_it_in_both_languages(client_of: Any) -> None:
    touched(step("a"))
    card = holder()
    sweep(DAY)
    address = reverse("customer_timeline", args=[card.customer.number])
    texts = {}
    for language in ("en", "zh-hans"):
        reader = StaffFactory(role="campaign_manager", language=language)
        texts[language] = client_of(reader).get(address, {"kind": "touches"}).content.decode()
    assert ("Step a" in texts["en"], "步骤a" in texts["zh-hans"]) == (True, True)
    assert (texts["en"].count("timeline-entry"), texts["zh-hans"].count("timeline-entry")) == (3, 3)


# --- by index -----------------------------------------------------------------------------------
_CROWD = """
INSERT INTO campaigns_enrolment (campaign_id, version_id, customer_id, rotation, occasion,
    entered_at, ends_at, state, left_because)
SELECT campaign_id, version_id, customer.id, 1, 'crowd', entered_at, ends_at, 'inside', ''
FROM campaigns_enrolment, journeys_customer customer
WHERE campaigns_enrolment.id = %(stay)s AND customer.id = ANY(%(crowd)s)
"""
_STEPS = """
INSERT INTO campaigns_touchstep (enrolment_id, version_id, customer_id, code, position, planned_at,
    due_at, state, answer, channel, reasons)
SELECT stay.id, stay.version_id, stay.customer_id, 's' || number, number, stay.entered_at,
       stay.entered_at, 'waiting', '', '', '{}'
FROM campaigns_enrolment stay CROSS JOIN generate_series(1, 20) number
WHERE stay.occasion = 'crowd'
"""


def test_it_is_read_by_index_among_many_people() -> None:
    """60,000 steps of 3,000 people: a walk over the table would cost more than the index."""
    touched(step("a"))
    card = holder()
    sweep(DAY)
    branch = card.customer.branch
    crowd = Customer.objects.bulk_create(
        CustomerFactory.build(branch=branch) for _number in range(3_000)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _CROWD, {"stay": Enrolment.objects.get().pk, "crowd": [one.pk for one in crowd]}
        )
        cursor.execute(_STEPS)
        cursor.execute("ANALYZE campaigns_enrolment, campaigns_touchstep")
    with CaptureQueriesContext(connection) as asked:
        assert len(story(card.customer_id)) == 3
    for one in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {one['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        for table in ("campaigns_touchstep", "campaigns_enrolment"):
            assert f"Seq Scan on {table}" not in plan, plan
