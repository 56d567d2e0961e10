"""What a complaint came from: what is offered, found and named; and what the evaluation says."""

import datetime as dt
from itertools import product
from statistics import median
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.care import queries, rules
from journeys.care.models import Complaint
from journeys.contact.models import Contact
from journeys.models import Customer, SentCount
from portal.staff.access import Scope
from tests.factories.journeys import INSTANT, CustomerFactory
from tests.factories.outreach import MessageFactory, TemplateFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
BANK = Scope("")
ON = dt.date(2026, 3, 31)
DAY = dt.timedelta(days=1)


def version(code: str, number: int) -> Any:
    from campaigns.models import Campaign

    known = Campaign.objects.filter(code=code).first()
    campaign = known or row_of("campaigns.Campaign", code=code, name=code, name_en=code.title())
    return row_of("campaigns.CampaignVersion", campaign=campaign, number=number)


def sent(customer: Customer, origin: str, at: dt.datetime, **values: Any) -> Any:
    message = MessageFactory(
        customer=customer, origin=origin, not_before=at, state="sent", sent_at=at, **values
    )
    return message


def test_what_reached_the_customer_is_offered_first() -> None:
    version("gift", 1), version("gift", 2), version("never", 1)
    text, other = TemplateFactory(), TemplateFactory(code="other", version=3)
    customer, at = CustomerFactory(), INSTANT
    sent(customer, "campaign:gift:v1", at - 40 * DAY, template=text)
    sent(customer, "campaign:gift:v2", at - 3 * DAY, template=other)
    sent(customer, "campaign:gift:v2", at - 2 * DAY, template=text)
    sent(customer, "campaign:never:v1", at - 181 * DAY)  # too long ago
    sent(customer, "campaign:unknown:v1", at - DAY)  # names nothing that exists
    MessageFactory(customer=customer, origin="campaign:never:v1", not_before=at + DAY)
    Contact.objects.create(
        customer=customer, channel="sms", purpose="marketing", at=at - DAY,
        origin="campaign:never:v1", dedup_key="released", released_at=at,
    )  # fmt: skip
    sent(CustomerFactory(), "campaign:never:v1", at - DAY)
    with translation.override("en"):
        offers = queries.offers_for(customer_id=customer.pk, at=at)
    assert [(offer.value, offer.hint) for offer in offers] == [
        ("campaign:gift/2", "contacts: 2, the last 2026-02-28"),
        ("campaign:gift/1", "contacts: 1, the last 2026-01-21"),
        ("script:greeting/sms/zh-hans/1", "sent 2026-03-01"),
        ("script:other/sms/zh-hans/3", "sent 2026-02-27"),
    ]
    assert offers[0].label == "Gift, version 2"
    assert [offer.value for offer in queries.plain_offers()] == [
        "product:", "process:", "unfounded:",
    ]  # fmt: skip


def test_a_search_finds_versions_texts_and_people() -> None:
    version("gift", 1), version("gift", 2), TemplateFactory(body="领首刷礼gift请点击")
    person = StaffFactory(staff_number="S-GIFT", name="吉夫特")
    found = [offer.value for offer in queries.search_causes(" gift ")]
    assert found == [
        "campaign:gift/2", "campaign:gift/1", "script:greeting/sms/zh-hans/1", "staff:S-GIFT",
    ]  # fmt: skip
    assert queries.search_causes("  ") == queries.search_causes("nothing of it") == []
    assert [offer.value for offer in queries.search_causes("吉夫")] == ["staff:S-GIFT"]
    assert queries.cause_of("staff:S-GIFT") == rules.Cause("staff", "", person.pk)
    assert queries.cause_of("campaign:gift/2") == rules.Cause("campaign", "gift/2")
    assert queries.cause_of("process:") == rules.Cause("process")


@pytest.mark.parametrize(
    "value", ["", "campaign", "campaign:gift/3", "staff:S1", "process:x", "moon:", "script:a/b/c/1"]
)
def test_what_is_not_there_is_no_cause(value: str) -> None:
    version("gift", 1)
    assert queries.cause_of(value) is None


def complained(**values: Any) -> Complaint:
    return row_of("journeys.Complaint", **values)


def test_a_reference_of_before_is_shown_as_it_stands() -> None:
    old = complained(cause_kind="campaign", cause_reference="OLD-CASE")
    name = queries.name_of(old)
    assert name is not None
    assert (name.label, name.url) == ("OLD-CASE", "")
    assert queries.name_of(complained(cause_kind="process")) is None


def closed(opened: dt.date, days: int, kind: str, reference: str = "", **values: Any) -> Complaint:
    answered = opened + days * DAY
    return complained(
        opened_date=opened, limit_days=15, grade="simple", state="closed", remedy="已致歉",
        answered_date=answered, closed_date=answered, cause_kind=kind, cause_reference=reference,
        **values,
    )  # fmt: skip


def wanted(**values: Any) -> queries.Wanted:
    return queries.Wanted(**{"first": dt.date(2026, 1, 1), "last": ON, **values})


def test_the_evaluation_by_cause_with_rates() -> None:
    version("gift", 1)
    text = TemplateFactory()
    march = dt.date(2026, 3, 1)
    for days in (2, 4, 20):
        closed(march, days, "campaign", "gift/1")
    closed(march, 3, "script", text.reference)
    closed(march, 1, "process")
    complained(opened_date=ON, limit_days=15)  # open, not yet due
    complained(opened_date=dt.date(2026, 2, 1), limit_days=15)  # open, overdue
    closed(dt.date(2025, 12, 31), 1, "process")  # before the first day
    for origin, sent_on, number in (
        ("campaign:gift:v1", march, 4000), ("campaign:gift:v1", march - DAY, 2000),
        ("campaign:gift:v1", dt.date(2025, 12, 31), 9), ("result:approved", march, 7),
    ):  # fmt: skip
        row_of("journeys.SentCount", origin=origin, day=sent_on, template=text, messages=number)
    lines = queries.by_cause(scope=BANK, wanted=wanted(), on=ON)
    found = [
        (line.kind, line.reference, line.figures.complaints, line.share_percent,
         line.figures.on_time_percent, line.figures.median_days)
        for line in lines
    ]  # fmt: skip
    assert found == [
        ("campaign", "", 3, 43, 67, 4.0), ("campaign", "gift/1", 3, 43, 67, 4.0),
        ("", "", 2, 29, 0, None),
        ("process", "", 1, 14, 100, 1.0),
        ("script", "", 1, 14, 100, 3.0), ("script", text.reference, 1, 14, 100, 3.0),
    ]  # fmt: skip
    rates = {line.reference: line.rate for line in lines if line.rate}
    assert rates == {"gift/1": rules.Rate(3, 6000), text.reference: rules.Rate(1, 6007)}
    assert rates["gift/1"].per_10000 == 5.0
    assert rates["gift/1"].is_small
    assert lines[1].url.endswith("/")
    whole = queries.whole(scope=BANK, wanted=wanted(), on=ON)
    assert (whole.complaints, whole.decided, whole.on_time) == (7, 6, 4)
    months = queries.by_month(scope=BANK, wanted=wanted(), on=ON)
    assert [(month.month, figures.complaints) for month, figures in months] == [
        (1, 0), (2, 1), (3, 6),
    ]  # fmt: skip
    only = queries.by_cause(scope=BANK, wanted=wanted(kind="process"), on=ON)
    assert [(line.kind, line.share_percent) for line in only] == [("process", 100)]


def test_rates_count_the_messages_of_the_own_branches_only() -> None:
    version("gift", 1)
    region = BranchFactory()
    mine, other = CustomerFactory(branch=region), CustomerFactory()
    for customer in (mine, other):
        closed(ON, 1, "campaign", "gift/1", customer=customer)
        row_of("journeys.SentCount", origin="campaign:gift:v1", day=ON, branch=customer.branch,
               messages=100)  # fmt: skip
    for scope, path in ((Scope(region.path), ""), (BANK, region.path)):
        lines = queries.by_cause(scope=scope, wanted=wanted(branch_path=path), on=ON)
        assert [line.rate for line in lines] == [None, rules.Rate(1, 100)]
    assert queries.by_cause(scope=BANK, wanted=wanted(), on=ON)[1].rate == rules.Rate(2, 200)


def test_staff_is_named_by_number() -> None:
    person = StaffFactory()
    closed(ON, 1, "staff", cause_staff=person)
    lines = queries.by_cause(scope=BANK, wanted=wanted(), on=ON)
    assert [(line.reference, line.label) for line in lines][1:] == [
        (person.staff_number, person.label)
    ]
    found = queries.list_complaints(scope=BANK, cause="staff", reference=person.staff_number)
    assert found.count() == 1


kinds = st.sampled_from(["product", "process", "unfounded", ""])
rows = st.lists(
    st.tuples(kinds, st.integers(0, 59), st.none() | st.integers(0, 40), st.booleans()), max_size=12
)


@settings(max_examples=30, deadline=None)
@given(rows=rows, first=st.integers(0, 30), length=st.integers(0, 40))
def test_the_figures_are_those_of_a_naive_count(rows: Any, first: int, length: int) -> None:
    start = dt.date(2026, 1, 1)
    since, last = start + first * DAY, start + (first + length) * DAY
    with transaction.atomic():
        branches = [BranchFactory(), BranchFactory()]
        customers = [CustomerFactory(branch=branch) for branch in branches]
        facts = []
        for kind, opened, days, is_second in rows:
            day, customer = start + opened * DAY, customers[is_second]
            answered = None if days is None else day + days * DAY
            complained(
                opened_date=day, limit_days=15, grade="simple", answered_date=answered,
                customer=customer, cause_kind=kind if answered else "",
                state="answered" if answered else "open",
            )  # fmt: skip
            facts.append((kind if answered else "", day, answered, is_second))
        for scope, seen in ((BANK, facts), (Scope(branches[1].path), [f for f in facts if f[3]])):
            chosen = [fact for fact in seen if since <= fact[1] <= last]
            by_kind = {
                kind: figures_of([fact for fact in chosen if fact[0] == kind])
                for kind in {fact[0] for fact in chosen}
            }
            span = queries.Wanted(since, last)
            lines = queries.by_cause(scope=scope, wanted=span, on=ON)
            assert {line.kind: line.figures for line in lines} == by_kind
            assert queries.whole(scope=scope, wanted=span, on=ON) == figures_of(chosen)
            months = queries.by_month(scope=scope, wanted=span, on=ON)
            assert sum(figures.complaints for _month, figures in months) == len(chosen)
        transaction.set_rollback(True)


def figures_of(facts: Any) -> rules.Figures:
    answers = [(answered - day).days for _kind, day, answered, _is in facts if answered]
    overdue = [day for _kind, day, answered, _is in facts if not answered and day + 15 * DAY < ON]
    return rules.Figures(
        complaints=len(facts),
        decided=len(answers) + len(overdue),
        on_time=sum(days <= 15 for days in answers),
        median_days=float(median(answers)) if answers else None,
        broken=len(overdue) + sum(days > 15 for days in answers),
    )


def test_an_empty_evaluation() -> None:
    assert queries.by_cause(scope=BANK, wanted=wanted(), on=ON) == []
    assert queries.whole(scope=BANK, wanted=wanted(), on=ON) == rules.Figures()
    assert SentCount.objects.count() == 0


@pytest.mark.parametrize("label", ["journeys.Complaint", "journeys.ServiceCase"])
def test_what_a_customer_said_goes_along_to_another_branch(label: str) -> None:
    old, new = (BranchFactory() for _number in range(2))
    thing = row_of(label, customer=CustomerFactory(branch=old))
    Customer.objects.update(branch=new)
    is_complaint = label == "journeys.Complaint"
    many = queries.list_complaints if is_complaint else queries.list_cases
    one = queries.one_complaint if is_complaint else queries.one_case
    for branch, seen in ((old, False), (new, True)):
        scope = Scope(branch_path=branch.path)
        assert list(many(scope=scope)) == ([thing] if seen else [])
        assert (one(scope=scope, number=thing.number) is not None) == seen


def test_figures_and_the_list_behind_them_agree_after_a_move() -> None:
    """Both are for who keeps the customer now, and narrowed by the branch that took it in."""
    old, new = (BranchFactory() for _number in range(2))
    row_of("journeys.Complaint", customer=CustomerFactory(branch=old), opened_date=ON)
    Customer.objects.update(branch=new)
    found = {}
    for scope, branch in product((old, new), ("", old.path, new.path)):
        seen = Scope(branch_path=scope.path)
        figures = queries.whole(scope=seen, wanted=wanted(branch_path=branch), on=ON)
        rows = queries.list_complaints(scope=seen, first=ON, last=ON, branch_path=branch)
        found[scope, branch] = (figures.complaints, rows.count())
    assert found == {
        (old, ""): (0, 0), (old, old.path): (0, 0), (old, new.path): (0, 0),
        (new, ""): (1, 1), (new, old.path): (1, 1), (new, new.path): (0, 0),
    }  # fmt: skip
