"""Complaints and cases from opening to closing, the second person, and the pause of marketing."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.care import operations as care
from journeys.care import rules
from journeys.care.enums import CauseKind, Grade
from journeys.care.models import CareEvent, Complaint, ComplaintRule, ServiceCase
from journeys.care.rules import Cause
from journeys.contact import queries as gate
from journeys.customers.models import Customer
from portal.approvals import operations as approvals
from portal.models import AuditEntry, Staff, Submission
from portal.staff.enums import Role
from tests.factories.journeys import (
    INSTANT,
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
)
from tests.factories.outreach import TemplateFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)
ONE_DAY = dt.timedelta(days=1)
PROCESS = Cause(CauseKind.PROCESS)


@pytest.fixture(autouse=True)
def _rules() -> None:
    ContactRuleFactory()
    care.set_usual_rule(effective_date=DAY, at=INSTANT)


def opened(at: dt.datetime = INSTANT, **changes: Any) -> Complaint:
    customer = changes.pop("customer", None) or CustomerFactory()
    asked = {"grade": Grade.SIMPLE, "channel": "hotline", "words": "短信太多", "actor": None}
    return care.open_complaint(customer_id=customer.pk, at=at, **{**asked, **changes})


def answer(complaint: Complaint, at: dt.datetime = INSTANT) -> Complaint:
    return care.answer_complaint(complaint_id=complaint.pk, words="已答复", actor=None, at=at)


def close(complaint: Complaint, cause: Cause = PROCESS, remedy: str = "已致歉") -> Complaint:
    return care.close_complaint(
        complaint_id=complaint.pk, cause=cause, remedy=remedy, actor=None, at=INSTANT
    )


def may_be_contacted(customer: Customer) -> str:
    return gate.ask_gate(
        customer_ids=[customer.pk], purpose="marketing", channels=["sms"], dedup_key="A",
        at=INSTANT,
    )[0].answer  # fmt: skip


def steps_of(complaint: Complaint) -> list[str]:
    return list(complaint.events.order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("grade", "due"), [("simple", (3, 17)), ("complex", (4, 1)), ("special", (4, 1))]
)
def test_a_complaint_starts_its_clock(grade: str, due: tuple[int, int]) -> None:
    complaint = opened(grade=grade, words=" 我的号码是13812345678 ")
    complaint.refresh_from_db()
    assert complaint.due_date == dt.date(2026, *due)
    assert complaint.words == "我的号码是138****5678"
    assert complaint.branch == complaint.customer.branch
    assert complaint.number.startswith("P2026-")
    assert steps_of(complaint) == ["opened"]
    entry = AuditEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.target_label, entry.reason) == (
        "complaint.opened", complaint.number, "",
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(opened_date=st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), limit=st.integers(1, 90))
def test_the_database_computes_the_same_due_date(opened_date: dt.date, limit: int) -> None:
    complaint = row_of("journeys.Complaint", opened_date=opened_date, limit_days=limit)
    complaint.refresh_from_db()
    assert complaint.due_date == rules.due_date(opened_date, limit)


def test_without_limits_no_complaint_is_taken_in() -> None:
    customer = CustomerFactory()
    with pytest.raises(care.NoLimits, match="2026-03-01"):
        opened(customer=customer, at=INSTANT - ONE_DAY)
    assert not Complaint.objects.exists()
    assert not customer.marketing_pauses.exists()


def test_a_complaint_needs_words() -> None:
    with pytest.raises(care.WordsMissing):
        opened(words="  ")
    assert not Complaint.objects.exists()


def test_later_limits_leave_earlier_complaints_alone() -> None:
    limits = rules.Limits(simple_days=10, complex_days=20, extension_days=20)
    care.set_complaint_rule(
        effective_date=DAY + ONE_DAY, limits=limits, source="test", actor=None, at=INSTANT
    )
    before, after = opened(), opened(at=INSTANT + ONE_DAY)
    assert (before.limit_days, after.limit_days) == (15, 10)
    with pytest.raises(care.RuleNotAllowed):
        care.set_usual_rule(effective_date=DAY, at=INSTANT)
    assert ComplaintRule.objects.count() == 2


def test_marketing_rests_from_opening_to_closing_and_from_reopening() -> None:
    customer = ConsentFactory().customer
    first, second = opened(customer=customer), opened(customer=customer)
    close(answer(second))
    assert may_be_contacted(customer) == "complaint_open"
    answer(first)
    assert may_be_contacted(customer) == "complaint_open"
    close(first)
    assert may_be_contacted(customer) == "open"
    care.reopen_complaint(complaint_id=first.pk, reason="仍未解决", actor=None, at=INSTANT)
    assert may_be_contacted(customer) == "complaint_open"
    assert steps_of(first) == ["opened", "answered", "closed", "reopened"]


def test_opened_again_the_clock_starts_anew() -> None:
    complaint = close(answer(opened()))
    at = INSTANT + 20 * ONE_DAY
    again = care.reopen_complaint(complaint_id=complaint.pk, reason="仍未解决", actor=None, at=at)
    again.refresh_from_db()
    assert (again.state, again.due_date) == ("open", DAY + 35 * ONE_DAY)
    assert (again.answered_date, again.cause_kind, again.remedy) == (None, "", "")


def test_only_what_is_answered_is_closed_and_only_once() -> None:
    complaint = opened()
    with pytest.raises(care.NotInState):
        close(complaint)
    answer(complaint)
    with pytest.raises(care.NotInState):
        answer(complaint)
    close(complaint)
    with pytest.raises(care.NotInState):
        close(complaint)
    assert steps_of(complaint) == ["opened", "answered", "closed"]


@pytest.mark.parametrize(
    ("kind", "reference", "names_staff", "is_good"),
    [
        ("campaign", "KNOWN-CASE/2", False, True),
        ("campaign", "", False, False),
        ("campaign", "KNOWN-CASE/2", True, False),
        ("script", "greeting/sms/zh-hans/1", False, True),
        ("script", "", False, False),
        ("staff", "", True, True),
        ("staff", "", False, False),
        ("process", "", False, True),
        ("process", "KNOWN-CASE/2", False, False),
        ("unfounded", "", False, True),
        ("", "", False, False),
        ("moon", "", False, False),
    ],
)
def test_the_root_cause_is_compulsory_and_names_what_it_must(
    kind: str, reference: str, names_staff: bool, is_good: bool
) -> None:
    TemplateFactory()
    row_of("campaigns.CampaignVersion", campaign=row_of("campaigns.Campaign", code="KNOWN-CASE"),
           number=2)  # fmt: skip
    complaint = answer(opened())
    cause = Cause(kind, reference, StaffFactory().pk if names_staff else None)
    if is_good:
        close(complaint, cause)
    else:
        with pytest.raises(care.WordsMissing):
            close(complaint, cause)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.cause_kind) == (
        ("closed", kind) if is_good else ("answered", "")
    )


@pytest.mark.parametrize(("kind", "reference"), [
    ("campaign", "KNOWN-CASE/3"), ("campaign", "other/2"), ("campaign", "KNOWN-CASE"),
    ("campaign", "KNOWN-CASE/²"), ("script", "greeting/sms/zh-hans/2"), ("script", "greeting"),
    ("script", "greeting/sms/zh-hans/99999999999"),
])  # fmt: skip
def test_a_root_cause_that_is_not_there_is_refused(kind: str, reference: str) -> None:
    TemplateFactory()
    row_of("campaigns.CampaignVersion", campaign=row_of("campaigns.Campaign", code="KNOWN-CASE"),
           number=2)  # fmt: skip
    complaint = answer(opened())
    with pytest.raises(care.CauseUnknown):
        close(complaint, Cause(kind, reference))
    complaint.refresh_from_db()
    assert (complaint.state, complaint.cause_kind, complaint.cause_reference) == (
        "answered", "", "",
    )  # fmt: skip


def test_a_closed_complaint_needs_a_remedy() -> None:
    complaint = answer(opened())
    with pytest.raises(care.WordsMissing):
        close(complaint, remedy=" ")
    complaint.refresh_from_db()
    assert complaint.state == "answered"


def asked_for(complaint: Complaint, maker: Staff, at: dt.datetime = INSTANT) -> Submission:
    care.ask_extension(complaint_id=complaint.pk, reason="等待第三方", maker=maker, at=at)
    return Submission.objects.get(target_key=complaint.number, state="pending")


def decide(submission: Submission, checker: Staff, verdict: str = "approve") -> None:
    approvals.decide(
        submission_id=submission.pk, checker=checker, verdict=verdict, reason="x", at=INSTANT
    )


def test_a_second_person_allows_thirty_days_more() -> None:
    maker, checker = StaffFactory(role=Role.BRANCH_MANAGER), StaffFactory(role=Role.COMPLIANCE)
    complaint = opened(grade="special")
    submission = asked_for(complaint, maker)
    assert submission.snapshot["extended_to"] == "2026-05-01"
    with pytest.raises(approvals.OwnWork):
        decide(submission, maker)
    with pytest.raises(approvals.NotAllowed):
        decide(submission, StaffFactory(role=Role.APPROVER))
    complaint.refresh_from_db()
    assert (complaint.due_date, complaint.waits_for_extension) == (dt.date(2026, 4, 1), True)
    decide(submission, checker)
    complaint.refresh_from_db()
    assert (complaint.due_date, complaint.extended_by) == (dt.date(2026, 5, 1), checker)
    assert steps_of(complaint) == ["opened", "extension_asked", "extended"]
    with pytest.raises(care.NotExtendable):
        asked_for(complaint, maker)


def test_a_refused_extension_leaves_the_clock_and_may_be_asked_for_again() -> None:
    maker, checker = StaffFactory(role=Role.BRANCH_MANAGER), StaffFactory(role=Role.COMPLIANCE)
    complaint = opened(grade="special")
    decide(asked_for(complaint, maker), checker, "return")
    complaint.refresh_from_db()
    assert (complaint.due_date, complaint.extension_reason) == (dt.date(2026, 4, 1), "")
    asked_for(complaint, maker)
    assert steps_of(complaint) == [
        "opened", "extension_asked", "extension_refused", "extension_asked",
    ]  # fmt: skip


def test_an_extension_of_what_was_answered_meanwhile_is_void() -> None:
    complaint = opened(grade="special")
    submission = asked_for(complaint, StaffFactory(role=Role.BRANCH_MANAGER))
    answer(complaint)
    with pytest.raises(approvals.ChangedSince):
        decide(submission, StaffFactory(role=Role.COMPLIANCE))
    complaint.refresh_from_db()
    assert (complaint.extension_days, complaint.extension_reason) == (0, "")


@pytest.mark.parametrize(
    ("grade", "days", "is_possible"),
    [("simple", 0, False), ("complex", 0, False), ("special", 30, True), ("special", 31, False)],
)
def test_only_a_special_complaint_in_time_is_extended(
    grade: str, days: int, is_possible: bool
) -> None:
    complaint, maker = opened(grade=grade), StaffFactory(role=Role.COMPLIANCE)
    at = INSTANT + days * ONE_DAY
    if is_possible:
        asked_for(complaint, maker, at)
    else:
        with pytest.raises(care.NotExtendable):
            asked_for(complaint, maker, at)
    assert Submission.objects.count() == int(is_possible)


def test_marketing_rests_while_a_case_is_open() -> None:
    customer, actor = ConsentFactory().customer, StaffFactory()
    case = care.open_case(
        customer_id=customer.pk, channel="app", subject="补寄账单", actor=actor, at=INSTANT
    )
    assert (case.owner, case.branch, case.is_open) == (actor, customer.branch, True)
    assert may_be_contacted(customer) == "case_open"
    with pytest.raises(care.WordsMissing):
        care.close_case(case_id=case.pk, words=" ", actor=actor, at=INSTANT)
    assert may_be_contacted(customer) == "case_open"
    care.close_case(case_id=case.pk, words="已寄出", actor=actor, at=INSTANT)
    assert may_be_contacted(customer) == "open"
    with pytest.raises(care.CaseClosed):
        care.close_case(case_id=case.pk, words="已寄出", actor=actor, at=INSTANT)
    assert ServiceCase.objects.get().closed_date == DAY
    assert list(CareEvent.objects.order_by("id").values_list("kind", "words")) == [
        ("opened", ""), ("closed", "已寄出"),
    ]  # fmt: skip
