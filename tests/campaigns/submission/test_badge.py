"""What is pending stands on the record: as a badge on the campaign's page, its versions, the list
and the home page, in the reader's language, from the submission to the decision."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from campaigns.models import CampaignVersion
from portal.models import ApprovalLevel, Staff, Submission
from tests.campaigns.submission.test_operations import decide
from tests.factories.campaigns import AT, approved, card_in_use, draft, hand_in
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
BADGE = re.compile(r'<span class="badge text-bg-(\w+)">([^<]+)</span>')
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
SAID = {
    "zh-hans": {"draft": "草稿", "submitted": "待审批", "returned": "已退回", "approved": "已批准"},
    "en": {"draft": "Draft", "submitted": "Waiting for approval", "returned": "Returned",
           "approved": "Approved"},
}  # fmt: skip
TONES = {"submitted": "warning", "returned": "danger", "approved": "success", "draft": "secondary"}


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def reader(language: str) -> Client:
    """Somebody who sees campaigns and approvals, in the language."""
    return reading(StaffFactory(role="compliance", language=language))


def reading(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client


def section(text: str, start: str) -> str:
    """A part of a page, from the element with this id to the end of its section."""
    return text[text.index(f'id="{start}"') :].split("</section>")[0]


def badges(text: str) -> list[tuple[str, str]]:
    return [(tone, html.unescape(label).strip()) for tone, label in BADGE.findall(text)]


def shown(client: Client, version: CampaignVersion) -> dict[str, Any]:
    """The badges of the campaign's page, of its part about the approval, of list and home."""
    code = version.campaign.code
    page = client.get(reverse("campaign_page", args=[code])).content.decode()
    return {
        "facts": badges(page[page.index("<dl") : page.index('id="part-approval"')]),
        "approval": badges(section(page, "part-approval")),
        "versions": badges(page[page.rindex("<tbody>") :]),
        "list": badges(client.get(reverse("campaign_list")).content.decode()),
    }


@LANGUAGES
def test_the_badge_follows_the_record_on_its_way(reader: Client, language: str) -> None:
    version = draft()
    card_in_use()

    def holds(state: str, *approval: str) -> None:
        own = (TONES[state], SAID[language][state])
        said = [(TONES[one], SAID[language][one]) for one in approval]
        found = shown(reader, version)
        assert found == {"facts": [own], "approval": said, "versions": [own], "list": [own]}, state

    holds("draft")
    hand_in(version)
    holds("submitted", "submitted", "submitted")
    decide(version, "return")
    holds("returned", "returned")
    hand_in(version)
    holds("submitted", "submitted", "submitted", "returned")
    decide(version, "approve")
    holds("approved", "approved", "returned")


@LANGUAGES
def test_it_says_how_many_are_missing_and_leads_to_the_submission(
    reader: Client, language: str
) -> None:
    ApprovalLevel.objects.create(
        kind="campaign_version", effective_date="2020-01-01", measure="audience", at_least=0,
        approvals=2, source="Board",
    )  # fmt: skip
    version = draft()
    card_in_use()
    hand_in(version)
    for approvals in (0, 1):
        page = reader.get(reverse("campaign_page", args=["first-gift"])).content.decode()
        with translation.override(language):
            words = gettext("%(approved)s of %(needed)s approved")
        said = section(page, "part-approval")
        assert words % {"approved": approvals, "needed": 2} in said
        assert reverse("approval_page", args=[Submission.objects.get().pk]) in said
        decide(version, "approve")
    page = reader.get(reverse("campaign_page", args=["first-gift"])).content.decode()
    assert words % {"approved": 2, "needed": 2} not in section(page, "part-approval")


@LANGUAGES
def test_beside_the_version_in_force_the_one_that_waits_is_seen(
    reader: Client, language: str
) -> None:
    card_in_use()
    first = approved()
    second = draft(budget={"total": "900000.00"})
    hand_in(second)
    assert (first.campaign, second.number) == (second.campaign, 2)
    waits, stands = (
        (TONES[one], SAID[language][one]) for one in ("submitted", "approved")
    )  # fmt: skip
    found = shown(reader, second)
    assert (found["versions"], found["list"], found["facts"]) == ([waits, stands], [waits], [waits])
    old = reader.get(reverse("campaign_version", args=[first.pk])).content.decode()
    assert badges(old[old.rindex("<tbody>") :]) == [waits, stands]


@LANGUAGES
def test_who_sees_no_approvals_sees_that_it_waits_and_no_link(language: str) -> None:
    version = draft()
    card_in_use()
    hand_in(version)
    client = reading(StaffFactory(role="analyst", language=language))
    page = client.get(reverse("campaign_page", args=["first-gift"])).content.decode()
    said = section(page, "part-approval")
    assert badges(said)[0] == (TONES["submitted"], SAID[language]["submitted"])
    assert reverse("approval_page", args=[Submission.objects.get().pk]) not in said


@LANGUAGES
def test_the_home_page_shows_the_badge_too(reader: Client, language: str) -> None:
    version = draft()
    card_in_use()
    hand_in(version)
    home = reader.get(reverse("home")).content.decode()
    link = reverse("campaign_page", args=["first-gift"])
    after = home[home.index(f'href="{link}"') :]
    assert badges(after)[0] == (TONES["submitted"], SAID[language]["submitted"])
