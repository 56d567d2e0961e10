"""Early warning in a browser: an owner looks at an alert and judges it by keyboard alone, and whom
one concerns says the own word."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Alert
from campaigns.warnings.enums import State
from portal.staff.enums import Role
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.campaigns.warnings.test_pages import EVIDENCE
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import version_with
from tests.project.warning_rows import about, alert_of, appeal_of

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = pytest.mark.parametrize(("width", "language"), [(1280, "zh-hans"), (390, "zh-hans")])


def look(page: Page, name: str) -> None:
    """No fault on the page; and a picture where somebody asked for pictures."""
    settle(page)
    assert faults_of(page) == []
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@WAYS
def test_an_alert_is_judged_by_keyboard(width: int, language: str, open_page: OpenPage) -> None:
    officer = StaffFactory(role=Role.COMPLIANCE, language=language)
    campaign = version_with().campaign
    branch = BranchFactory()
    for kind, evidence in EVIDENCE.items():
        row = campaign if kind in ("budget", "burst", "partner") else None
        alert_of(
            owner=officer, kind=kind, evidence=evidence, branch=branch, campaign=row,
            severity="severe" if kind == "burst" else "warn",
            subject="campaign" if row else "branch",
            subject_key=str(row.pk if row else branch.pk),
        )  # fmt: skip
    page = open_page(officer, language=language, width=width)
    page.goto("/campaigns/warnings/")
    look(page, f"warnings-list-{width}")
    page.goto("/")
    look(page, f"warnings-home-{width}")
    alert = Alert.objects.get(kind="burst")
    page.goto(f"/campaigns/warnings/{alert.pk}/")
    look(page, f"warnings-alert-{width}")
    page.locator("#id_to").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#history + *, ol").first).to_be_visible()
    settle(page)
    alert.refresh_from_db()
    assert alert.state == State.LOOKING
    page.goto(f"/campaigns/{campaign.code}/")
    look(page, f"warnings-campaign-{width}")


@WAYS
def test_a_word_is_said_and_decided(width: int, language: str, open_page: OpenPage) -> None:
    person = StaffFactory(role=Role.TELEMARKETER, language=language)
    alert = about(person, "looking", "confirmed")
    about(person, "looking", "confirmed", period="2026-05", kind="self", evidence=EVIDENCE["self"])
    appeal_of(alert=alert)
    page = open_page(person, language=language, width=width)
    page.goto("/campaigns/warnings/about-me/")
    look(page, f"warnings-about-me-{width}")
    officer = StaffFactory(role=Role.COMPLIANCE, language=language)
    page = open_page(officer, language=language, width=width)
    page.goto(f"/campaigns/warnings/{alert.pk}/")
    look(page, f"warnings-appeal-{width}")
