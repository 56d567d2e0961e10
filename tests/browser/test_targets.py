"""Targets, scorecards and pay in a real browser: every page as those who look at it, in both
languages and at both widths; and a scorecard written with the keyboard alone."""

import datetime as dt
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from journeys.targets import operations
from journeys.targets.models import Scorecard, TargetNode
from portal.kit import clock
from portal.models import Staff
from portal.staff.enums import Role
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories import leads
from tests.factories import targets as made
from tests.factories.journeys import make_years_known
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = [("zh-hans", 1280), ("en", 390), ("zh-hans", 390), ("en", 1280)]


def _people(me: Staff) -> list[Staff]:
    return [leads.caller(me.branch, name=name) for name in ("陈思远", "李晓雯", "周子昂")]


def _full(me: Staff) -> tuple[TargetNode, Scorecard]:
    """A plan in force that people sell for, one in the making, a scorecard, and a closed month."""
    month = clock.today().replace(day=1)
    make_years_known()
    made.set_rule()
    people = _people(me)
    plan = made.plan(
        me, name=f"{month:%Y年%m月}发卡", period="month", first_date=month, total=Decimal(60)
    )
    weights = {one.pk: Decimal(1) for one in people}
    root = made.root(plan)
    operations.split_node(node_id=root.pk, level="person", weights=weights, actor=me, at=made.AT)
    for number, one in enumerate(people, start=1):
        for day in range(2 * number):
            made.sold(one, month + dt.timedelta(days=day % clock.today().day))
    made.approved(plan)
    made.approved(made.plan(me, measure="cards_in_use", total=Decimal(70), period="month",
                            first_date=month))  # fmt: skip
    draft = made.plan(me, name="下一版", measure="calls_made", period="month", first_date=month)
    card = made.in_force(me)
    made.sold(people[0], made.MONTH, closed_date=made.MONTH + dt.timedelta(days=40))
    operations.close_month(month=made.MONTH, at=made.AT)
    operations.settle_pay(on=dt.date(2026, 4, 20), at=made.AT)
    return made.root(draft), card


def test_its_pages_are_sound_for_all_who_use_them(open_page: OpenPage) -> None:
    me = made.manager(BranchFactory(name="西湖支行", name_en="West Lake branch"))
    root, card = _full(me)
    person = Staff.objects.filter(branch=me.branch, role=Role.TELEMARKETER).order_by("pk")[0]
    pay = reverse("scorecard_pay") + (
        f"?branch={me.branch_id}&first=2026-02&months=2&one={card.pk}&other={card.pk}"
    )
    shared = [
        reverse("target_pace"), reverse("target_list"), reverse("target_page", args=[root.plan_id]),
        reverse("scorecard_list"), reverse("scorecard_page", args=[card.pk]),
    ]  # fmt: skip
    own = [
        reverse("home"), reverse("target_new"), reverse("target_split", args=[root.pk, "person"]),
        reverse("target_month", args=[root.pk]), reverse("scorecard_new"), pay,
        reverse("pay_list"), reverse("pay_person", args=[person.username]),
    ]  # fmt: skip
    looks = [
        (me, [*shared, *own]),
        (person, [reverse("home"), reverse("target_mine"),
                  reverse("pay_person", args=[person.username])]),
        (StaffFactory(role=Role.COMPLIANCE), [*shared, pay]),
    ]  # fmt: skip
    faults, shots = [], os.environ.get("PORTAL_SHOTS")
    for number, (language, width) in enumerate(WAYS):
        for who, addresses in looks if number < 2 else looks[:2]:
            who.language = language
            who.save(update_fields=["language"])
            page = open_page(who, language=language, width=width)
            for address in addresses:
                try:
                    visit(page, address)
                except AssertionError as fault:
                    faults.append(f"{who.role} {language} {width} {address}: {fault}")
                if shots:
                    name = address.partition("?")[0].strip("/").replace("/", "_") or "home"
                    path = Path(shots) / f"{who.role}_{language}_{width}_{name}.png"
                    page.screenshot(path=path, full_page=True)
    assert faults == []


def test_a_scorecard_is_written_with_the_keyboard_alone(open_page: OpenPage) -> None:
    me = made.manager()
    me.language = "en"
    me.save(update_fields=["language"])
    made.set_rule()
    page = open_page(me, language="en", width=1280)
    visit(page, reverse("scorecard_new"))
    page.get_by_label("Name of the scorecard").focus()
    for label, typed in (
        ("Name of the scorecard", "Autumn"), ("A point (CNY)", "10"), ("Reason", "yearly rules"),
    ):  # fmt: skip
        field = page.get_by_label(label)
        for _part in range(6):  # a field of a month has several parts
            if not field.evaluate("one => one === document.activeElement"):
                page.keyboard.press("Tab")
        page.keyboard.type(typed)
    for code, weight, goal in (
        ("complaints_upheld", "50", "0"), ("used_in_time", "50", "80"),
    ):  # fmt: skip
        page.locator(f"[name={code}-weight]").focus()
        page.keyboard.type(weight)
        page.keyboard.press("Tab")
        page.keyboard.type(goal)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/scorecards/\d+/"))
    card = Scorecard.objects.get()
    assert (card.name, card.point_value, card.measures.count()) == ("Autumn", 10, 2)
