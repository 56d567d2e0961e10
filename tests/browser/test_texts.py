"""A message text is written in a browser, looked at while it is typed, and approved by somebody
else."""

import pytest
from playwright.sync_api import expect

from journeys.models import MessageTemplate
from portal.models import Submission
from portal.staff.enums import Role
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.factories.journeys import CardFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_text_is_written_looked_at_and_approved(open_page: OpenPage, width: int) -> None:
    CardFactory(masked_number="622588******6688", customer__name="王小明")
    page = open_page(Role.CAMPAIGN_MANAGER, width=width)
    page.goto("/campaigns/texts/")
    page.locator("main a.btn-primary").first.click()
    look = page.locator("#look")
    # An SMS has no headline.
    expect(page.locator("[name=subject]")).to_be_hidden()
    page.locator("[name=code]").fill("birthday")
    page.locator("[name=body]").fill("全网最佳，{name}，尾号{card_tail}")
    expect(look).to_contain_text("王**，尾号6688")
    expect(look.locator(".wording-ban")).to_have_count(1)
    expect(look.locator(".list-group-item-danger")).to_have_count(3)
    assert "王小明" not in page.content()
    assert faults_of(page) == []
    page.locator("main form button[type=submit]").click()
    settle(page)
    expect(page.locator(".invalid-feedback")).not_to_have_count(0)
    assert Submission.objects.count() == 0
    page.locator("[name=channel]").select_option("email")
    expect(page.locator("[name=subject]")).to_be_visible()
    page.locator("[name=channel]").select_option("sms")
    page.locator("[name=body]").fill("【信用卡中心】{name}，生日快乐。拒收请回复R")
    expect(look.locator(".list-group-item-danger")).to_have_count(0)
    expect(look).to_contain_text("王**，生日快乐")
    page.locator("button[hx-post$='/texts/test/']").click()
    expect(page.locator("#tested .alert-warning")).to_be_visible()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/texts/of/**")
    assert faults_of(page) == []
    checker = open_page(Role.APPROVER, language="en", width=width)
    checker.goto(f"/approvals/{Submission.objects.get().pk}/")
    expect(checker.locator(".text-shown")).to_contain_text("王**，生日快乐")
    assert faults_of(checker) == []
    checker.locator("form[action$='approve/'] button[type=submit]").click()
    settle(checker)
    text = MessageTemplate.objects.get()
    assert (text.reference, text.body[:7]) == ("birthday/sms/zh-hans/1", "【信用卡中心】")
    page.goto(f"/campaigns/texts/{text.pk}/")
    assert faults_of(page) == []
