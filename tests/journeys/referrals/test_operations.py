"""Recording who brought whom: by page, once, and never in a circle; the database says so too."""

from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from journeys.models import Application, Customer, Referral
from journeys.referrals import operations, queries
from portal.models import AuditEntry, Staff
from portal.staff.access import Scope, scope_of
from tests.factories.journeys import DAY, INSTANT, ApplicationFactory, CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ALL = Scope(branch_path="")


def applicant(number: str = "A1", **fields: Any) -> Application:
    return ApplicationFactory(number=number, filed_date=DAY, **fields)


def record(number: str, referrer: str, scope: Scope = ALL, actor: Staff | None = None) -> Referral:
    return operations.record_referral(
        number=number, referrer=referrer, scope=scope, actor=actor or StaffFactory(), at=INSTANT
    )


def test_it_is_recorded_with_its_day_and_who_recorded_it() -> None:
    application, friend, clerk = applicant(), CustomerFactory(number="C2"), StaffFactory()
    row = record("A1", "C2", actor=clerk)
    assert (row.referred, row.referrer, row.on_date, row.recorded_by) == (
        application.customer, friend, DAY, clerk,
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="referral.recorded")
    assert entry.changes == {"application": "A1", "referrer": "C2"}


def test_what_is_refused_says_where_and_changes_nothing() -> None:
    me = applicant("A1", customer__number="C1").customer
    applicant("A2", customer=me)
    applicant("A3", customer__number="C3")
    CustomerFactory(number="C2")
    record("A1", "C2")
    record("A3", "C1")
    refused = {
        ("A9", "C2"): "number", ("A3", "C9"): "referrer", ("A2", "C2"): "number",
        ("A2", "C1"): "referrer",
    }  # fmt: skip
    applicant("A4", customer=Customer.objects.get(number="C2"))
    refused[("A4", "C3")] = "referrer"  # brought by C1, whom C2 brought
    refused[("A4", "C2")] = "referrer"
    for (number, referrer), field in refused.items():
        with pytest.raises(operations.ReferralRefused) as why:
            record(number, referrer)
        assert (why.value.field, str(why.value) != "") == (field, True)
    assert Referral.objects.count() == 2
    assert queries.above(Customer.objects.get(number="C3").pk) == {
        me.pk, Customer.objects.get(number="C2").pk,
    }  # fmt: skip


ID = "440305198806150034"
OTHER_ID = "440305199001010017"


def test_one_person_under_two_numbers_is_one_for_referrals() -> None:
    applicant("A1", customer__number="C1", customer__id_number=ID)
    applicant("A2", customer__number="C2", customer__id_number=ID)
    applicant("A3", customer__number="C3", customer__id_number=OTHER_ID)
    applicant("A4", customer__number="C4", customer__id_number=OTHER_ID)
    refused = {("A1", "C2"): "referrer", ("A2", "C1"): "referrer"}  # oneself
    record("A3", "C1")
    refused |= {
        ("A4", "C1"): "number",  # brought already
        ("A2", "C3"): "referrer", ("A1", "C4"): "referrer", ("A2", "C4"): "referrer",  # circles
    }  # fmt: skip
    for (number, referrer), field in refused.items():
        with pytest.raises(operations.ReferralRefused) as why:
            record(number, referrer)
        assert why.value.field == field, (number, referrer)
    assert Referral.objects.count() == 1


def test_the_database_knows_one_person_under_two_numbers() -> None:
    me = applicant("A1", customer__id_number=ID)
    again = applicant("A2", customer__id_number=ID)
    other = applicant("A3", customer__id_number=OTHER_ID)
    assert refused_by(application=me, referrer=again.customer) == "referral_not_of_same_person"
    row_of("journeys.Referral", application=me, referrer=other.customer)
    assert refused_by(application=again) == "referral_once_for_bearer"
    assert refused_by(application=other, referrer=again.customer) == "referral_in_no_circle"
    third = applicant("A4", customer__id_number=OTHER_ID)
    assert refused_by(application=third, referrer=again.customer) == "referral_in_no_circle"
    assert Referral.objects.count() == 1


def test_an_application_of_another_branch_is_not_there() -> None:
    applicant()
    CustomerFactory(number="C2")
    clerk = StaffFactory(role="telemarketer", branch=BranchFactory())
    with pytest.raises(operations.ReferralRefused) as why:
        record("A1", "C2", scope=scope_of(clerk))
    assert why.value.field == "number"
    assert not Referral.objects.exists()


def refused_by(**values: Any) -> str | None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row_of("journeys.Referral", **values)
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def test_the_database_keeps_one_referral_of_an_application_and_of_a_person() -> None:
    first = row_of("journeys.Referral")
    assert refused_by(application=first.application) is not None
    again = ApplicationFactory(customer=first.referred)
    assert refused_by(application=again) == "referral_once_for_person"


def test_the_database_refuses_oneself_circles_and_the_application_of_another() -> None:
    application, other = applicant(), applicant("A2")
    assert refused_by(application=application, referrer=application.customer) == (
        "referral_not_of_oneself"
    )
    assert refused_by(application=application, referred=other.customer) == (
        "referral_of_its_applicant"
    )
    assert refused_by(application=application, number="A7") == "referral_of_its_applicant"
    row_of("journeys.Referral", application=application, referrer=other.customer)
    assert refused_by(application=other, referrer=application.customer) == "referral_in_no_circle"
    third = applicant("A3")
    row_of("journeys.Referral", application=third, referrer=application.customer)
    assert refused_by(application=other, referrer=third.customer) == "referral_in_no_circle"
    assert Referral.objects.count() == 2


def test_a_telemarketer_records_by_the_page_and_is_told_what_is_wrong(client_of: Any) -> None:
    client = client_of("telemarketer")
    clerk = Staff.objects.get(role="telemarketer")
    applicant(customer__branch=clerk.branch)
    CustomerFactory(number="C2")
    client.post(reverse("set_language"), {"language": "en"})
    url = reverse("referral_new")
    wrong = client.post(url, {"number": "A1", "referrer": "C9"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "There is no customer with this invitation number." in text
    assert 'value="A1"' in text
    assert not Referral.objects.exists()
    assert client.post(url, {"number": "A1", "referrer": "C2"}).status_code == 302
    assert Referral.objects.get().recorded_by == clerk


def test_the_list_shows_own_applicants_and_hides_who_is_elsewhere(client_of: Any) -> None:
    mine = BranchFactory()
    client = client_of(StaffFactory(role="branch_manager", branch=mine))
    near = CustomerFactory(number="NEAR", branch=mine)
    far = CustomerFactory(number="FAR", branch=BranchFactory())
    row_of("journeys.Referral", application=applicant("A1", customer__branch=mine), referrer=near)
    row_of("journeys.Referral", application=applicant("A2", customer__branch=mine), referrer=far)
    row_of("journeys.Referral", application=applicant("A3", customer__branch=far.branch))
    with translation.override("en"):
        page = client.get(reverse("referral_list"))
    text = page.content.decode()
    assert [row.number for row in page.context["page"].rows] == ["A2", "A1"]
    assert ("NEAR" in text, "FAR" in text) == (True, False)
    only = client.get(reverse("referral_list"), {"customer": "NEAR"})
    assert [row.number for row in only.context["page"].rows] == ["A1"]
