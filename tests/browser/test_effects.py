"""The pages of effects in a real browser: sound in both languages and at both widths for those who
read them, with their pictures."""

import datetime as dt
import os

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from campaigns.models import EffectPlan
from portal.kit import clock
from portal.staff.enums import Role
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.campaigns.effect import made
from tests.factories import campaigns as plans
from tests.factories import partnerships
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db(transaction=True)


def measured(**changes: str) -> EffectPlan:
    """A running campaign with a lift that grew sure over forty looks."""
    version = plans.approved(**{"code": "tried", "runs_to": "2090-01-01", **changes})
    plan = row_of(
        "campaigns.EffectPlan", campaign=version.campaign, rule=made.rule(fewest=400),
        first_date=clock.today() - dt.timedelta(days=90),
    )  # fmt: skip
    made.counted(plan, **made.both())
    for back in range(40):
        half = 0.4 / (45 - back) ** 0.5
        for measure, scale in (("conversion", 1), ("activation", 1), ("spending", 100)):
            row_of(
                "campaigns.EffectLook", campaign=plan.campaign, measure=measure,
                on_date=clock.today() - dt.timedelta(days=back), by=0.1 * scale,
                low=(0.1 - half) * scale, high=(0.1 + half) * scale,
                once_low=(0.1 - half / 2) * scale, once_high=(0.1 + half / 2) * scale,
            )  # fmt: skip
    return plan  # type: ignore[no-any-return]


def look(page: Page, url: str, name: str) -> None:
    """No fault on the page; and a picture where somebody asked for pictures."""
    visit(page, url)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-hans"), (390, "zh-hans"), (390, "en")])
def test_pages_of_effects(open_page: OpenPage, language: str, width: int) -> None:
    row = partnerships.begun(on=clock.today() - dt.timedelta(days=40))
    plan = measured(merchants=[row.merchant.number])  # type: ignore[arg-type]
    few = plans.approved(code="small", runs_to="2090-01-01")
    small = row_of("campaigns.EffectPlan", campaign=few.campaign, rule=plan.rule)
    made.counted(small, reached=made.of_many(0.3, people=172), held=made.of_many(0.3, people=43))
    for role in (Role.ANALYST, Role.CAMPAIGN_MANAGER, Role.APPROVER):
        page = open_page(StaffFactory(role=role), language=language, width=width)
        pages = {
            "one": reverse("effect_list", query={"campaign": "tried"}), "home": reverse("home"),
        }  # fmt: skip
        if role == Role.ANALYST:
            pages["list"] = reverse("effect_list")
            pages["small"] = reverse("effect_list", query={"campaign": "small"})
        for name, url in pages.items():
            look(page, url, f"effect-{name}-{role}-{language}-{width}")
        page.context.close()
    page = open_page(row.manager, language=language, width=width)
    partner = reverse("partnership_page", args=[row.pk])
    look(page, partner, f"effect-partner-{language}-{width}")
