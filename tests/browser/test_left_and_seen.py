"""What a colleague did meanwhile, in a browser: a call whose person is out of the plan, and
conditions that were changed since they were seen."""

import pytest
from playwright.sync_api import expect

from campaigns.design.models import Draft
from journeys.telemarketing import operations as telemarketing
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.campaigns.design.touching import ENTRY, begun
from tests.factories.intake import AT
from tests.factories.journeys import LeadFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.touches import plan_of, step

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "7-0123456789abcdef"


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
def test_a_telemarketer_sees_that_the_person_of_a_call_is_out_of_the_plan(
    width: int, language: str, open_page: OpenPage
) -> None:
    branch = BranchFactory()
    person = StaffFactory(role="telemarketer", branch=branch, language=language)
    LeadFactory(number=f"M-{KEY}", branch=branch, owner=person, state="working")
    assert telemarketing.tell_left(keys=[KEY], at=AT) == 1
    page = open_page(person, language=language, width=width)
    words = "Out of the plan since" if language == "en" else "离开触达计划"
    for address in ("/leads/", "/"):
        page.goto(address)
        settle(page)
        expect(page.get_by_text(words)).to_have_count(1)
        assert faults_of(page) == []


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
def test_what_was_typed_for_conditions_that_a_colleague_changed_is_kept_for_the_next_try(
    width: int, language: str, open_page: OpenPage
) -> None:
    one, other = (StaffFactory(role="campaign_manager", language=language) for _each in range(2))
    exits = [{"all": [{"kind": "age", "at_least": 18}]}]
    found = begun(one, touches=plan_of(step(anchor="entry"), entry=ENTRY, exits=exits))
    address = f"/campaigns/design/{found.pk}/audience/?where=touches.exits.0"
    late, page = (
        open_page(who, language=language, width=width) for who in (other, one)
    )  # fmt: skip
    for each in (late, page):
        each.goto(address)
        settle(each)
    late.locator("#tree a[hx-get]").first.click()
    settle(late)
    late.locator("[name=at_least]").fill("21")
    page.locator("#tree button[value=remove]").first.click()
    settle(page)
    late.locator(".design-condition button[type=submit]").click()
    settle(late)
    expect(late.locator("#tree > .alert")).to_be_visible()
    expect(late.locator("#tree .design-condition [name=at_least]")).to_have_value("21")
    assert faults_of(late) == []
    assert _exits(found) == [[]]
    late.locator(".design-condition button[type=submit]").click()
    settle(late)
    expect(late.locator("#tree > .alert")).to_have_count(0)
    assert _exits(found) == [[{"kind": "age", "at_least": 21}]]


def _exits(found: Draft) -> list[object]:
    found.refresh_from_db()
    return [one["all"] for one in found.content["touches"]["exits"]]
