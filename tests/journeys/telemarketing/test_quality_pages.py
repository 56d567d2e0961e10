"""The pages of calls that are read, of the own ones, and of the people at work."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import (
    LeadHold,
    QualityDecision,
    QualityForm,
    QualityPolicy,
    QualityReview,
)
from journeys.telemarketing import operations
from portal.kit import clock
from portal.models import Branch, Staff
from tests.factories.journeys import LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.quality import CRITERIA, FIGURES, drawn, held, read, reader, set_rules
from tests.journeys.telemarketing.test_desk import press
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
MARKS = {"mark_identity": "met", "mark_manner": "missed", "words": "语气急 13912345678"}
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def branch() -> Branch:
    set_policy()
    set_rules()
    return BranchFactory()


def boss_of(branch: Branch) -> Staff:
    return StaffFactory(role="branch_manager", branch=branch, language="en")


def case_of(person: Staff, **values: Any) -> Any:
    """A call of two days ago that was drawn."""
    at = clock.now() - dt.timedelta(days=2)
    return drawn(held(LeadFactory(branch=person.branch), person, at), **values)


def page_of(client: Client, name: str, **arguments: Any) -> str:
    answer = client.get(reverse(name, kwargs=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def test_calls_are_read_one_after_the_other(branch: Branch, client_of: ClientOf) -> None:
    person, boss = caller(branch, name_en="Li Hua"), boss_of(branch)
    one, two = case_of(person), case_of(person, wants=2)
    client = client_of(boss)
    assert "To read: 2." in page_of(client, "home")
    answer = client.get(reverse("quality_list"))
    assert [case.pk for case in answer.context["page"].rows] == [one.pk, two.pk]
    page = page_of(client, "quality_case", case_id=one.pk)
    focused = re.findall(r'<input type="radio"[^>]*name="(\w+)"[^>]*autofocus', page)
    assert set(focused) == {"mark_identity"}  # the first criterion
    assert "Lot 1 of 9 calls of the day, of which the first 9 were drawn at random." in page
    url = reverse("quality_read", args=[one.pk])
    answer = client.post(url, {"mark_identity": "met"})
    assert (answer.status_code, QualityReview.objects.count()) == (422, 0)
    answer = client.post(url, MARKS)
    assert answer["Location"] == reverse("quality_case", args=[two.pk])
    row = QualityReview.objects.get()
    assert (row.reader, row.score, row.words) == (boss, 60, "语气急 139****5678")
    answer = client.post(reverse("quality_read", args=[two.pk]), MARKS)
    assert answer["Location"] == reverse("quality_list")
    page = page_of(client, "quality_case", case_id=two.pk)
    assert "A second reader reads this call too" in page
    assert press(client, "quality_read", MARKS, case_id=one.pk)[-1] == (
        "This call has been read by as many people as it needs."
    )


def test_the_second_reader_sees_no_mark_before(branch: Branch, client_of: ClientOf) -> None:
    case = case_of(caller(branch), wants=2)
    first = boss_of(branch)
    client_of(first).post(reverse("quality_read", args=[case.pk]), MARKS)
    second = client_of(StaffFactory(role="compliance", language="en"))
    page = page_of(second, "quality_case", case_id=case.pk)
    assert ("语气急" in page, "What was found" in page, 'name="mark_identity"' in page) == (
        False, False, True,
    )  # fmt: skip
    second.post(reverse("quality_read", args=[case.pk]), {**MARKS, "words": ""})
    page = page_of(second, "quality_case", case_id=case.pk)
    assert ("语气急" in page, 'name="mark_identity"' in page) == (True, False)
    assert "too few" in page_of(second, "quality_results")


def test_a_caller_sees_and_disputes_and_compliance_decides(
    branch: Branch, client_of: ClientOf
) -> None:
    person = caller(branch, language="en")
    case, other = case_of(person), case_of(caller(branch))
    mine = client_of(person)
    assert "None of your calls was read yet" in page_of(mine, "my_calls_list")
    address = reverse("my_call", args=[case.pk])
    assert mine.get(address).status_code == 404  # not read yet
    for one in (case, other):
        read(one, reader(), identity="missed")
    assert mine.get(reverse("my_call", args=[other.pk])).status_code == 404
    assert "score 40" in page_of(mine, "home")
    assert "Failed: a grave one was missed" in page_of(mine, "my_call", case_id=case.pk)
    empty = mine.post(reverse("my_call_dispute", args=[case.pk]), {"words": " "})
    assert empty.status_code == 422
    told = press(mine, "my_call_dispute", {"words": "我说明了身份"}, case_id=case.pk)
    assert told == ["Kept. Compliance decides; you will see it here."]
    again = press(mine, "my_call_dispute", {"words": "我说明了身份"}, case_id=case.pk)
    assert again == ["This result is disputed already."]
    judge = client_of(StaffFactory(role="compliance", language="en"))
    assert "Disputed, to be decided: 1" in page_of(judge, "home")
    assert [row.case for row in judge.get(reverse("quality_list")).context["disputes"]] == [case]
    answer = judge.post(reverse("quality_decide", args=[case.pk]), {"verdict": "stands"})
    assert (answer.status_code, QualityDecision.objects.count()) == (422, 0)
    decided = {"verdict": "set_aside", "words": "录音中已说明身份"}
    assert press(judge, "quality_decide", decided, case_id=case.pk) == [
        "Decided. The caller sees it with the call."
    ]
    assert judge.post(reverse("quality_decide", args=[other.pk]), decided).status_code == 404
    page = page_of(mine, "my_call", case_id=case.pk)
    assert ("录音中已说明身份" in page, "It is set aside, and counts no more" in page) == (
        True, True,
    )  # fmt: skip


def test_a_result_too_old_is_not_disputed(branch: Branch, client_of: ClientOf) -> None:
    person = caller(branch, language="en")
    at = clock.now() - dt.timedelta(days=20)
    case = drawn(held(LeadFactory(branch=branch), person, at))
    read(case, at=at + dt.timedelta(days=1))
    client = client_of(person)
    assert "It could be disputed until" in page_of(client, "my_call", case_id=case.pk)
    assert press(client, "my_call_dispute", {"words": "不同意结果"}, case_id=case.pk) == [
        "The days in which this result could be disputed are over."
    ]


def test_compliance_sets_what_is_read(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(role="compliance", language="en"))
    today = clock.today()
    data = {**FIGURES, "random_percent": 7, "effective_date": str(today), "source": "行务会"}
    assert press(client, "quality_rules", data) == ["Kept."]
    row = QualityPolicy.objects.get(effective_date=today)
    assert (row.random_percent, row.source) == (7, "行务会")
    answer = client.post(reverse("quality_rules"), data)
    assert answer.status_code == 422
    assert "A policy from this day on is set already" in answer.content.decode()
    lines = "identity | 说明身份 | Said who calls | 60 | !\nmanner|语气礼貌|Was polite|40\n\n"
    form = {"criteria": lines, "effective_date": str(today), "source": "行务会"}
    assert press(client, "quality_form", form) == ["Kept."]
    assert QualityForm.objects.get(effective_date=today).criteria == CRITERIA
    assert "identity | 说明身份 | Said who calls | 60 | !" in page_of(client, "quality_form")
    for bad in ("identity | 说明身份 | 60", "Identity | 身份 | Who | 60", "who | 身份 | Who | 0"):
        answer = client.post(reverse("quality_form"), {**form, "criteria": bad})
        assert answer.status_code == 422
        assert "Line 1 does not say" in answer.content.decode()
    yesterday = today - dt.timedelta(days=1)
    answer = client.post(reverse("quality_rules"), {**data, "effective_date": str(yesterday)})
    assert (answer.status_code, QualityPolicy.objects.filter(effective_date=yesterday).count()) == (
        422, 0,
    )  # fmt: skip


def test_the_manager_sees_the_people_at_work(branch: Branch, client_of: ClientOf) -> None:
    boss, person = boss_of(branch), caller(branch, name_en="Li Hua")
    at = clock.now()
    lead = LeadFactory(branch=branch, holder=person, held_until=at + HOUR)
    LeadHold.objects.create(lead=lead, holder=person, taken_at=at, reasons=[])
    promised = row_of(
        "journeys.Callback", owner=person, lead=LeadFactory(branch=branch, owner=person)
    ).lead
    client = client_of(boss)
    page = page_of(client, "lead_watch")
    assert (lead.number in page, lead.name in page, "李**" in page) == (True, False, True)
    assert promised.number in page
    over = reverse("lead_holder", args=[person.username])
    assert [page.count(f'href="{over}{rest}"') for rest in ("?relief=1", "")] == [1, 1]
    assert "nothing to propose" in client.get(f"{over}?relief=1").content.decode()
    part = client.get(reverse("watch_people"), headers={"HX-Request": "true", "X-Poll": "1"})
    assert "</html>" not in part.content.decode()
    assert "The pools are empty" in page_of(client, "watch_queue")
    LeadFactory(branch=branch, phone="15450000001")
    queue = page_of(client, "watch_queue")
    assert "nobody has 1 leads; of these 0 were called" in queue
    assert "Fewer than 5 calls were made in the last hour" in queue
    assert "too few" in page_of(client, "watch_results")
    stranger = page_of(client_of(boss_of(BranchFactory())), "lead_watch")
    assert "Nobody calls in your branches" in stranger
    operations.put_down(caller_id=person.pk, at=at)
    assert lead.number not in page_of(client, "lead_watch")
