"""What a person holds twice is looked at and claimed back in a browser, by two people."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import ClawBack, Grant, LookedAt
from portal.models import Submission
from portal.staff.enums import Role
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.campaigns.rewards.test_claw_back import held_twice

pytestmark = pytest.mark.django_db(transaction=True)


def send(page: Page, words: str) -> None:
    page.locator("[name=reason]").fill(words)
    page.locator("main form button[type=submit]").click()
    page.locator("#confirm-dialog button[value=yes]").click()
    page.wait_for_url("**/campaigns/twice/")
    settle(page)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_line_is_looked_at_and_a_reward_is_claimed_back(
    open_page: OpenPage, width: int, language: str, tmp_path: Path
) -> None:
    _version, first, later = held_twice()
    page = open_page(Role.CAMPAIGN_MANAGER, language=language, width=width)
    show: Callable[[Page, str], object] = lambda one, name: one.screenshot(  # noqa: E731
        path=tmp_path / f"{name}-{language}-{width}.png", full_page=True
    )
    page.goto("/campaigns/twice/")
    assert faults_of(page) == []
    show(page, "list")
    page.locator(f"a[href$='/twice/{later.pk}/claim/']").click()
    assert faults_of(page) == []
    show(page, "claim")
    send(page, "核心系统确认为同一人")
    page.locator("a[href$='/looked/']").click()
    assert faults_of(page) == []
    send(page, "先留给客户")
    expect(page.locator("main")).to_contain_text("先留给客户")
    assert (faults_of(page), LookedAt.objects.count()) == ([], 1)
    show(page, "looked")
    checker = open_page(Role.APPROVER, language=language, width=width)
    checker.goto(f"/approvals/{Submission.objects.get(kind='claw_back').pk}/")
    assert faults_of(checker) == []
    show(checker, "approval")
    checker.locator("form[action$='approve/'] button[type=submit]").click()
    settle(checker)
    assert ClawBack.objects.get().state == "done"
    assert list(Grant.objects.filter(reversal=None)) == [first]
    checker.goto(f"/campaigns/twice/claims/{ClawBack.objects.get().pk}/")
    assert faults_of(checker) == []
    show(checker, "done")
