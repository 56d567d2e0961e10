"""A merchant's pages in a real browser: a place is found by its name."""

import pytest
from playwright.sync_api import expect

from merchants.models import Division
from tests.browser.conftest import OpenPage
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
