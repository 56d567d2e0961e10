"""A merchant's pages in a real browser: a place is found by its name, two merchants are told apart,
and a partnership says who led it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from merchants.directory import operations as directory
from merchants.models import Division
from portal.kit import clock
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories import partnerships
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_divisions_are_offered_while_they_are_typed(open_page: OpenPage) -> None:
    for code, name, name_en in (
        ("33", "浙江省", "Zhejiang"), ("3301", "杭州市", "Hangzhou"), ("330106", "西湖区", "Xihu"),
    ):  # fmt: skip
        Division.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en})
    me = StaffFactory(role="relationship_manager", branch=BranchFactory())
    shop = MerchantFactory(manager=me, branch=me.branch)
    page = open_page(me)
    page.goto(f"/merchants/{shop.number}/entries/store/")
    page.locator("#id_division_id").press_sequentially("西湖")
    expect(page.locator("#divisions option[value='330106']")).to_have_count(1)


WAYS = [("zh-hans", 1280), ("en", 390), ("zh-hans", 390), ("en", 1280)]


def test_told_apart_and_given_away_in_both_languages_and_widths(open_page: OpenPage) -> None:
    row = partnerships.begun()
    chief, after = partnerships.chief(row), partnerships.manager(branch=row.branch)
    directory.assign_manager(
        merchant=row.merchant, manager=after, reason="调岗", actor=chief, at=clock.now()
    )
    one, two, three = (MerchantFactory(branch=row.branch, name_key="shanyue") for _ in range(3))
    directory.tell_apart(one=one, other=two, reason="两家门店", actor=chief, at=clock.now())
    for language, width in WAYS:
        chief.language = language
        chief.save(update_fields=["language"])
        page = open_page(chief, language=language, width=width)
        for address in (
            reverse("merchant_same_list"),
            reverse("merchant_merge", args=[one.number, two.number]),
            reverse("merchant_merge", args=[one.number, three.number]),
            reverse("merchant_assign", args=[row.merchant.number]),
            reverse("partnership_page", args=[row.pk]),
        ):
            assert visit(page, address).status == 200
    page.goto(reverse("merchant_merge", args=[one.number, three.number]))
    page.locator("#id_reason").fill("两个城市的两家店")
    page.locator("button[name='apart']").click()
    expect(page.locator("body")).to_contain_text("两个城市的两家店")
