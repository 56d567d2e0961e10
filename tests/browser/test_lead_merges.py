"""Leads that may be one, decided in a browser by keyboard alone, and a lead recorded by hand."""

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Lead, LeadMerge, LeadPair
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.factories.journeys import INSTANT, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])


def sound(page: Page) -> None:
    settle(page)
    assert faults_of(page) == []


@WAYS
def test_two_leads_are_merged_and_taken_apart_by_keyboard(
    width: int, language: str, open_page: OpenPage
) -> None:
    set_policy()
    branch = BranchFactory()
    boss = StaffFactory(role="branch_manager", branch=branch, language=language)
    first, second = (
        LeadFactory(branch=branch, phone=phone, company="山月餐饮")
        for phone in ("15420000001", "15420000002")
    )
    pair = LeadPair.objects.create(first=first, second=second, found_at=INSTANT)
    page = open_page(boss, language=language, width=width)
    page.goto("/leads/same/")
    sound(page)
    page.locator(f"a[href='/leads/same/{pair.pk}/']").press("Enter")
    sound(page)
    page.locator("#id_reason").press_sequentially("同一人 same person")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"a[href='/leads/same/{pair.pk}/']")).to_have_count(0)
    sound(page)
    merge = LeadMerge.objects.get()
    assert (merge.kept, merge.merged, merge.by) == (first, second, boss)
    page.goto(f"/leads/{second.pk}/")
    sound(page)
    page.goto(f"/leads/{first.pk}/")
    sound(page)
    page.locator(f"a[href='/leads/merges/{merge.pk}/undo/']").press("Enter")
    sound(page)
    page.locator("#id_reason").press_sequentially("两人 two people")
    page.keyboard.press("Enter")
    expect(page.locator(".alert-success")).to_have_count(1)
    sound(page)
    second.refresh_from_db()
    assert (second.state, LeadPair.objects.get().is_same) == ("new", False)


@WAYS
def test_a_lead_by_hand_in_a_browser(width: int, language: str, open_page: OpenPage) -> None:
    set_policy()
    me = caller(BranchFactory(), language=language)
    page = open_page(me, language=language, width=width)
    page.goto("/leads/new/")
    sound(page)
    page.locator("#id_name").fill("王小明")
    page.locator("#id_phone").fill("15420000003")
    page.locator("#id_lawful_basis").select_option("consent")
    page.locator("#id_phone").press("Enter")
    expect(page.locator("form .alert-danger, form .alert, .invalid-feedback")).not_to_have_count(0)
    sound(page)
    page.locator("#id_basis_words").fill("3月2日电话同意")
    page.locator("#id_basis_words").press("Enter")
    expect(page.locator(".alert-success")).to_have_count(1)
    sound(page)
    assert Lead.objects.get().owner == me
