"""The pages of complaints and cases, walked through as the people who use them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.care import operations as care
from journeys.care.models import Complaint, ServiceCase
from portal.kit import clock
from portal.kit.personal import ERASED
from portal.models import Staff, Submission
from portal.staff.enums import Role
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import DAY, row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


@pytest.fixture
def manager() -> Staff:
    return StaffFactory(role=Role.BRANCH_MANAGER, branch=BranchFactory())


@pytest.fixture
def rule() -> None:
    care.set_usual_rule(effective_date=clock.today(), at=clock.now())


def take_in(client: Client, number: str, grade: str = "special") -> Any:
    given = {"customer": number, "channel": "hotline", "grade": grade, "words": "答复太慢"}
    return client.post(reverse("complaint_new"), given)


def step(client: Client, name: str, complaint: Complaint, **given: str) -> Any:
    data = {f"{name}-{field}": value for field, value in given.items()}
    return client.post(reverse(f"complaint_{name}", args=[complaint.number]), data)


def test_a_complaint_from_its_opening_to_its_end(
    manager: Staff, rule: None, client_of: ClientOf
) -> None:
    client, customer = client_of(manager), CustomerFactory(branch=manager.branch)
    answer = take_in(client, customer.number.lower())
    complaint = Complaint.objects.get()
    assert answer["Location"] == reverse("complaint_page", args=[complaint.number])
    assert step(client, "answer", complaint, words="").status_code == 422
    assert step(client, "extend", complaint, words="等待第三方").status_code == 302
    submission = Submission.objects.get()
    approve = reverse("approval_approve", args=[submission.pk])
    page = client_of(Role.COMPLIANCE).get(reverse("approval_page", args=[submission.pk]))
    assert page.context["target_url"] == reverse("complaint_page", args=[complaint.number])
    client_of(Role.COMPLIANCE).post(approve, {"reason": ""})
    complaint.refresh_from_db()
    assert complaint.extension_days == 30
    step(client, "answer", complaint, words="已致电说明")
    campaign = row_of("campaigns.Campaign", code="known-case")
    version = row_of("campaigns.CampaignVersion", campaign=campaign, number=2)
    for cause in ("", "campaign:", "campaign:known-case/3", "staff:S-NOBODY", "moon:x", "script:x"):
        bad = step(client, "close", complaint, cause=cause, remedy="已致歉")
        assert bad.status_code == 422
        assert "已致歉" in bad.content.decode()
    good = "campaign:known-case/2"
    again = step(client, "close", complaint, cause=good, remedy="")
    assert [offer.value for offer in again.context["found"]] == [good]
    step(client, "close", complaint, cause=good, remedy="已致歉")
    complaint.refresh_from_db()
    assert (complaint.state, complaint.cause_reference) == ("closed", "known-case/2")
    page = client.get(reverse("complaint_page", args=[complaint.number]))
    assert reverse("campaign_version", args=[version.pk]) in page.content.decode()
    step(client, "reopen", complaint, words="仍未解决")
    complaint.refresh_from_db()
    assert complaint.state == "open"
    assert client.get(reverse("complaint_page", args=[complaint.number])).status_code == 200


def test_a_step_that_came_too_late_is_refused_in_words(
    manager: Staff, rule: None, client_of: ClientOf
) -> None:
    client = client_of(manager)
    take_in(client, CustomerFactory(branch=manager.branch).number)
    complaint = Complaint.objects.get()
    remedy = {"cause": "process:", "remedy": "已致歉"}
    answer = step(client, "close", complaint, **remedy)
    assert answer.status_code == 302
    complaint.refresh_from_db()
    assert complaint.state == "open"


def test_without_a_rule_the_form_says_so(manager: Staff, client_of: ClientOf) -> None:
    answer = take_in(client_of(manager), CustomerFactory(branch=manager.branch).number)
    assert answer.status_code == 422
    assert len(answer.context["form"].non_field_errors()) == 1
    assert not Complaint.objects.exists()


def test_a_customer_elsewhere_is_unknown(manager: Staff, rule: None, client_of: ClientOf) -> None:
    client, elsewhere = client_of(manager), CustomerFactory()
    errors = [take_in(client, number).context["form"].errors for number in (elsewhere.number, "X")]
    assert errors[0] == errors[1]
    assert list(errors[0]) == ["customer"]
    assert not Complaint.objects.exists()


def test_the_list_shows_open_ones_overdue_first_and_only_the_own_branches(
    manager: Staff, client_of: ClientOf
) -> None:
    today, mine = clock.today(), CustomerFactory(branch=manager.branch)
    late, soon = (
        row_of("journeys.Complaint", customer=mine, opened_date=today, limit_days=days)
        for days in (20, 2)
    )
    other = row_of("journeys.Complaint", opened_date=today)
    done = row_of("journeys.Complaint", customer=mine, state="answered", answered_date=today)
    url = reverse("complaint_list")
    shown = client_of(manager).get(url).context["rows"]
    assert [row["complaint"] for row in shown] == [soon, late]
    assert [row["clock"].days_left for row in shown] == [2, 20]
    found = client_of(manager).get(url, {"state": "all", "grade": "moon"}).context["rows"]
    assert {row["complaint"] for row in found} == {late, soon, done}
    everything = client_of(Role.COMPLIANCE).get(url).context["rows"]
    assert {row["complaint"] for row in everything} == {late, soon, other}


@pytest.mark.parametrize(
    "role", [Role.RELATIONSHIP_MANAGER, Role.TELEMARKETER, Role.CAMPAIGN_MANAGER]
)
def test_others_see_nothing_of_it(role: str, client_of: ClientOf) -> None:
    customer = CustomerFactory()
    assert client_of(role).get(reverse("complaint_list")).status_code == 403
    page = client_of(Role.CAMPAIGN_MANAGER).get(reverse("customer_page", args=[customer.number]))
    assert reverse("customer_care", args=[customer.number]) not in page.content.decode()


def test_no_complaint_of_a_person_who_was_erased(
    manager: Staff, rule: None, client_of: ClientOf
) -> None:
    client, customer = client_of(manager), CustomerFactory(branch=manager.branch, name=ERASED)
    client.post(reverse("set_language"), {"language": "en"})
    answer = take_in(client, customer.number)
    assert answer.status_code == 422
    assert "Nothing more may be written about the person." in answer.content.decode()
    assert Complaint.objects.count() == 0


def test_a_case_is_opened_and_closed(manager: Staff, client_of: ClientOf) -> None:
    client, customer = client_of(manager), CustomerFactory(branch=manager.branch)
    given = {"customer": customer.number, "channel": "app", "subject": "补寄账单"}
    assert client.post(reverse("case_new"), {**given, "customer": "X"}).status_code == 422
    client.post(reverse("case_new"), given)
    case = ServiceCase.objects.get()
    url = reverse("case_close", args=[case.number])
    assert client.post(url, {"words": ""}).status_code == 422
    client.post(url, {"words": "已寄出"})
    client.post(url, {"words": "已寄出"})
    case.refresh_from_db()
    assert (case.state, case.events.count()) == ("closed", 2)
    rows = client.get(reverse("case_list"), {"state": "closed"}).context["page"].rows
    assert list(rows) == [case]


def test_a_subject_that_is_longer_under_its_mask_is_cut(
    manager: Staff, client_of: ClientOf
) -> None:
    client, customer = client_of(manager), CustomerFactory(branch=manager.branch)
    given = {"customer": customer.number, "channel": "app", "subject": "账" * 193 + " a@b.cn"}
    assert client.post(reverse("case_new"), given).status_code == 302
    assert ServiceCase.objects.get().subject == "账" * 193 + " a***@b"


def test_the_home_page_counts_what_is_near(manager: Staff, client_of: ClientOf) -> None:
    mine = CustomerFactory(branch=manager.branch)
    for days in (3, 4):
        row_of("journeys.Complaint", customer=mine, opened_date=clock.today(), limit_days=days)
    row_of("journeys.Complaint", opened_date=clock.today(), limit_days=1)
    text = client_of(manager).get(reverse("home")).content.decode()
    assert reverse("complaint_page", args=[mine.complaints.get(limit_days=3).number]) in text
    assert reverse("complaint_page", args=[mine.complaints.get(limit_days=4).number]) not in text


def test_the_evaluation_leads_to_the_complaints_behind_each_figure(
    manager: Staff, client_of: ClientOf
) -> None:
    today, mine = clock.today(), CustomerFactory(branch=manager.branch)
    text = row_of("journeys.MessageTemplate")
    done = {"state": "closed", "answered_date": today, "closed_date": today, "remedy": "已致歉",
            "opened_date": today}  # fmt: skip
    for kind, reference, customer in (
        ("script", text.reference, mine), ("script", "old text", mine), ("process", "", mine),
        ("process", "", CustomerFactory()),
    ):  # fmt: skip
        row_of("journeys.Complaint", customer=customer, cause_kind=kind,
               cause_reference=reference, **done)  # fmt: skip
    row_of("journeys.Complaint", customer=mine, opened_date=today)
    client = client_of(manager)
    page = client.get(reverse("complaint_causes"))
    lines = page.context["lines"]
    assert [(line.kind, line.reference, line.figures.complaints) for line, _list in lines] == [
        ("script", "", 2), ("script", "old text", 1), ("script", text.reference, 1),
        ("", "", 1), ("process", "", 1),
    ]  # fmt: skip
    for line, address in lines:
        assert len(client.get(address).context["rows"]) == line.figures.complaints
    assert text.label in client.get(lines[2][1]).content.decode()
    whole_bank = client_of(Role.COMPLIANCE).get(reverse("complaint_causes"), {"cause": "process"})
    assert [line.figures.complaints for line, _list in whole_bank.context["lines"]] == [2]
    branch = {"branch": manager.branch.code, "cause": "process"}
    of_branch = client_of(Role.COMPLIANCE).get(reverse("complaint_causes"), branch)
    (line, address), *_rest = of_branch.context["lines"]
    assert line.figures.complaints == 1
    assert len(client_of(Role.COMPLIANCE).get(address).context["rows"]) == 1


def test_a_wrong_filter_of_the_evaluation_is_said_and_left_out(client_of: ClientOf) -> None:
    row_of("journeys.Complaint", opened_date=clock.today())
    client = client_of(Role.COMPLIANCE)
    for asked in (
        {"first": "moon"},
        {"first": "2026-03-02", "last": "2026-03-01"},
        {"branch": "x"},
    ):
        page = client.get(reverse("complaint_causes"), asked)
        assert page.status_code == 200
        assert page.context["form"].errors
    assert client.get(reverse("complaint_list"), {"first": "moon", "cause": "x"}).status_code == 200


def test_causes_are_searched_by_those_who_close(manager: Staff, client_of: ClientOf) -> None:
    row_of("campaigns.CampaignVersion", campaign=row_of("campaigns.Campaign", code="known-case"))
    found = client_of(manager).get(reverse("cause_search"), {"cause_text": "known"})
    assert 'value="campaign:known-case/1"' in found.content.decode()
    nothing = client_of(manager).get(reverse("cause_search"), {"cause_text": "zzz"})
    assert "radio" not in nothing.content.decode()
    assert client_of(manager).get(reverse("cause_search")).content.strip() == b""


@pytest.mark.parametrize("typed", ["cust-0001", "CUST-0002", "cust-0002"])
@pytest.mark.parametrize("page", ["complaint_new", "case_new"])
def test_a_customer_is_found_by_the_number_as_typed_or_in_capitals(
    manager: Staff, rule: None, client_of: ClientOf, page: str, typed: str
) -> None:
    for number in ("cust-0001", "CUST-0001", "CUST-0002"):
        CustomerFactory(number=number, branch=manager.branch)
    said = {"customer": typed, "channel": "hotline", "grade": "simple", "words": "短信太多",
            "subject": "补寄账单"}  # fmt: skip
    assert client_of(manager).post(reverse(page), said).status_code == 302
    made = (Complaint if page == "complaint_new" else ServiceCase).objects.get()
    assert made.customer.number == (typed if typed == "cust-0001" else "CUST-0002")


def test_the_page_shows_every_round_and_the_list_the_first_opening(client_of: ClientOf) -> None:
    today, day = clock.today(), dt.timedelta(days=1)
    complaint = row_of(
        "journeys.Complaint", opened_date=today - 3 * day, limit_days=15, grade="simple"
    )
    client = client_of(StaffFactory(role=Role.COMPLIANCE, language="en"))
    url = reverse("complaint_page", args=[complaint.number])
    alone = client.get(url)
    assert len(alone.context["rounds"]) == 1
    assert ">Rounds<" not in alone.content.decode()
    row_of("journeys.ComplaintRound", complaint=complaint, opened_date=today - 40 * day,
           answered_date=today - 5 * day, cause_kind="process")  # fmt: skip
    both = client.get(url)
    assert [(row.number, row.days_late) for row in both.context["rounds"]] == [(1, 20), (2, 0)]
    text = both.content.decode()
    for said in (">Rounds<", "Not kept, days late: 20", "Clock is running", "Process or system"):
        assert said in text
    page = client.get(reverse("complaint_list")).content.decode()
    assert f"{today - 40 * day}" in page
    assert f"again {today - 3 * day}" in page
    figures = client.get(reverse("complaint_causes")).context["whole"]
    assert (figures.complaints, figures.decided, figures.on_time) == (1, 1, 0)
    assert (figures.reopened, figures.broken) == (1, 1)


def test_an_extension_that_comes_too_late_is_told_to_the_checker(client_of: ClientOf) -> None:
    """Asked for on the last day, looked at on the next."""
    day = dt.timedelta(days=1)
    care.set_usual_rule(effective_date=clock.today() - 100 * day, at=clock.now())
    complaint = row_of("journeys.Complaint", opened_date=clock.today() - 31 * day, limit_days=30)
    care.ask_extension(
        complaint_id=complaint.pk, reason="等待第三方", maker=StaffFactory(role=Role.COMPLIANCE),
        at=clock.now() - day,
    )  # fmt: skip
    submission = Submission.objects.get()
    client = client_of(StaffFactory(role=Role.COMPLIANCE, language="en"))
    answer = client.post(
        reverse("approval_approve", args=[submission.pk]), {"reason": ""}, follow=True
    )
    assert "more days make it timely no more" in answer.content.decode()
    complaint.refresh_from_db()
    assert (complaint.extension_days, complaint.waits_for_extension) == (0, True)


def test_a_pause_that_is_there_already_is_no_error(client_of: ClientOf) -> None:
    ended = {"state": "closed", "answered_date": DAY, "closed_date": DAY, "remedy": "已致歉"}
    complaint = row_of("journeys.Complaint", cause_kind="process", **ended)
    row_of("journeys.MarketingPause", kind="complaint", reference=complaint.number,
           customer=complaint.customer)  # fmt: skip
    answer = step(client_of(Role.COMPLIANCE), "reopen", complaint, words="仍未解决")
    assert answer["Location"] == reverse("complaint_page", args=[complaint.number])
    complaint.refresh_from_db()
    assert complaint.state == "closed"
