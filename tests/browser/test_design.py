"""A campaign is built from nothing in a browser, in Chinese, tried in a dry run, and submitted."""

import pytest
from playwright.sync_api import Page, expect

from campaigns.eligibility import operations as eligibility
from campaigns.models import CampaignVersion
from portal.kit import clock
from portal.staff.enums import Role
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.factories.campaigns import card_in_use, message_texts, submission_settings

pytestmark = pytest.mark.django_db(transaction=True)


def go_on(page: Page) -> None:
    assert faults_of(page) == []
    page.locator(".design-buttons .btn-primary").click()
    settle(page)


def add(page: Page, kind: str, into: str = "", **typed: str) -> None:
    page.locator(f"#part-{into} > .design-add select[name=kind]").select_option(kind)
    form = page.locator(".design-condition")
    expect(form).to_be_visible()
    for name, value in typed.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button[type=submit]").click()
    expect(form).to_have_count(0)
    settle(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_campaign_is_built_from_nothing(open_page: OpenPage, width: int) -> None:
    message_texts()
    card_in_use("600.00")
    page = open_page(Role.CAMPAIGN_MANAGER, width=width)
    page.goto("/campaigns/design/new/")
    assert faults_of(page) == []
    page.locator("main form button[type=submit]").click()
    page.locator("[name=name]").fill("新户消费礼")
    page.locator("[name=name_en]").fill("Gift for spending")
    page.locator("[name=code]").fill("spend-gift")
    page.locator("[name=issued_from]").fill("2020-01-01")
    page.locator("[name=template]").select_option("first_gift")
    go_on(page)
    add(page, "activated")
    add(page, "spending_in_window", days="65", at_least="500")
    expect(page.locator("#count strong")).to_have_text("1")
    # By keyboard: the last condition moves up, and the focus goes with it.
    page.locator("#part-1 button[value=up]").focus()
    page.keyboard.press("Enter")
    settle(page)
    expect(page.locator("#part-0")).to_be_focused()
    go_on(page)
    page.locator("button[value=add]").click()
    page.locator("[name=tier0-name]").fill("消费礼")
    page.locator("[name=tier0-name_en]").fill("Gift")
    page.locator("[name=tier0-value]").fill("10")
    page.locator("[name=tier0-stock]").fill("100")
    go_on(page)
    page.locator("[name=total]").fill("1000")
    go_on(page)
    go_on(page)  # without a touch plan
    page.locator("[name=redeem]").fill("全国最佳礼品，在手机银行领取。")
    expect(page.locator("#words")).to_contain_text("最佳")
    page.locator("[name=redeem]").fill("在手机银行领取。")
    expect(page.locator("#words")).not_to_contain_text("最佳")
    go_on(page)
    assert faults_of(page) == []
    submission_settings()
    page.locator("button[name=simulate]").click()
    expect(page.locator("#part-approval")).to_be_visible()
    version = CampaignVersion.objects.get()
    eligibility.work_run(run_id=version.runs.get().pk, now=clock.now)
    page.reload()
    page.locator("#part-approval form button").click()
    settle(page)
    version.refresh_from_db()
    assert (version.campaign.code, version.state) == ("spend-gift", "submitted")
    kinds = [part["kind"] for part in version.content["rule"]["all"]]
    assert kinds == ["spending_in_window", "activated"]
