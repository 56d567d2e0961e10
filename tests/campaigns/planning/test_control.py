"""How a campaign draws whom it leaves out goes with the campaign and not with its file: page,
loader and dump say so, and a loaded campaign draws anew."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from campaigns.eligibility import queries as eligibility
from campaigns.models import Campaign, CampaignVersion
from tests.factories.campaigns import (
    PLAN,
    approved,
    card_in_use,
    draft,
    dry_run,
    message_texts,
    plan_text,
)
from tests.factories.control import is_left_out
from tests.factories.journeys import CustomerFactory, ProductFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ANEW = {
    "en": "A file does not say who is left out: loaded elsewhere, the campaign draws anew.",
    "zh-hans": "文件不记录谁被留作对照：在别处载入后，活动会重新抽取。",
}
BY = {
    ("person", "en"): "Drawn by person.",
    ("number", "en"): "Drawn by customer number, as it was when the campaign was first approved.",
    ("person", "zh-hans"): "按自然人抽取。",
    ("number", "zh-hans"): "按客户号抽取，与活动首次获批时相同。",
}


def of_before(**changes: Any) -> CampaignVersion:
    """A campaign that draws as campaigns did that were approved before draws went by person."""
    row_of("campaigns.Campaign", code=PLAN["code"], control_by="number")
    return approved(**changes)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("by", ["person", "number"])
def test_the_page_says_how_it_draws(client_of: Any, by: str, language: str) -> None:
    version = of_before(control_percent=20) if by == "number" else approved(control_percent=20)
    assert version.campaign.control_by == by
    client = client_of(StaffFactory(role="analyst", language=language))
    page = client.get(reverse("campaign_page", args=["first-gift"]))
    assert page.context["draw"] == f"{BY[by, language]} {ANEW[language]}"
    assert page.context["draw"] in page.content.decode()


def test_a_campaign_that_leaves_nobody_out_says_nothing_of_it(client_of: Any) -> None:
    draft()
    page = client_of("analyst").get(reverse("campaign_page", args=["first-gift"]))
    assert page.context["draw"] == ""


@translation.override("en")
@pytest.mark.parametrize("by", ["person", "number"])
def test_a_dump_says_it_beside_the_file_which_is_the_same_for_both(by: str) -> None:
    version = of_before(control_percent=20) if by == "number" else approved(control_percent=20)
    out, beside = io.StringIO(), io.StringIO()
    call_command("dump_campaign", "first-gift", stdout=out, stderr=beside)
    assert beside.getvalue() == f"{BY[by, 'en']} {ANEW['en']}\n"
    assert "control_percent: 20" in out.getvalue()
    assert "control_by" not in out.getvalue()
    assert version.campaign.control_by == by


@translation.override("en")
def test_a_campaign_that_is_loaded_draws_anew_and_one_that_is_there_as_before(
    tmp_path: Path,
) -> None:
    StaffFactory(role="campaign_manager", username="maker")
    ProductFactory(), message_texts()
    path = tmp_path / "campaign.yaml"

    def load(**changes: Any) -> list[str]:
        path.write_text(plan_text(**changes), encoding="utf-8")
        out = io.StringIO()
        call_command("load_campaign", str(path), "--owner", "maker", stdout=out)
        return out.getvalue().splitlines()[1:]

    assert load(control_percent=20) == [
        f"20% are left out for comparison, drawn by person. {ANEW['en']}"
    ]
    assert (load(control_percent=20), load(control_percent=30)) == ([], [])
    assert load(code="nobody", name="无", name_en="None", control_percent=0) == []
    assert set(Campaign.objects.values_list("control_by", flat=True)) == {"person"}


def test_loaded_again_a_campaign_of_before_leaves_out_whom_it_left_out() -> None:
    people = [CustomerFactory().pk for _number in range(40)]
    first = of_before(control_percent=50)
    before = eligibility.held_out(first.campaign, 50, people)
    again = approved(control_percent=50, name_en="Once more")
    assert (again.number, again.campaign) == (first.number + 1, first.campaign)
    assert eligibility.held_out(again.campaign, 50, people) == before


@pytest.mark.parametrize(("language", "said"), [
    ("en", "· Control group</span>"), ("zh-hans", "· 本活动对照组</span>"),
])  # fmt: skip
def test_the_funnel_calls_it_the_campaigns_own_and_not_the_banks(
    client_of: Any, language: str, said: str
) -> None:
    version = approved(control_percent=50)
    while not is_left_out(PLAN["code"], card_in_use().customer, 50):
        pass  # who is left out hangs on the customer's key
    run = dry_run(version)
    client = client_of(StaffFactory(role="analyst", language=language))
    page = client.get(reverse("run_page", args=[run.pk])).content.decode()
    assert (said in page, "全行对照组" in page) == (True, False)
