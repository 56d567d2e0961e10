"""A referral that was recorded wrongly is withdrawn, once, with a reason, and stands in no way."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from journeys.models import Referral
from journeys.referrals import operations, queries
from portal.intake import operations as intake
from portal.models import AuditEntry, Staff
from portal.staff.access import Scope
from tests.factories.journeys import ApplicationFactory, CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import INSTANT, row_of

pytestmark = pytest.mark.django_db
ALL = Scope(branch_path="")


@pytest.fixture
def clerk() -> Staff:
    return StaffFactory(role="branch_manager")


@pytest.fixture
def said() -> Referral:
    return row_of("journeys.Referral", application=ApplicationFactory(number="A1"))


def withdraw(row: Referral, clerk: Staff, **more: Any) -> Referral:
    values: dict[str, Any] = {"reason": "填错邀请号", "scope": ALL, "at": INSTANT} | more
    return operations.withdraw_referral(referral_id=row.pk, actor=clerk, **values)


def test_it_stays_with_its_reason_and_the_right_one_is_recorded(
    said: Referral, clerk: Staff
) -> None:
    withdraw(said, clerk)
    said.refresh_from_db()
    assert (said.number, said.withdrawn_by, said.reason) == (None, clerk, "填错邀请号")
    assert AuditEntry.objects.get(action="referral.withdrawn").reason == "填错邀请号"
    assert queries.above(said.referred_id) == set()
    right = CustomerFactory()
    anew = operations.record_referral(
        number="A1", referrer=right.number, scope=ALL, actor=clerk, at=INSTANT
    )
    assert (anew.number, anew.referrer) == ("A1", right)
    assert Referral.objects.count() == 2
    with pytest.raises(operations.ReferralRefused):
        withdraw(said, clerk)
    # Who had been said to have brought him may be brought by him now.
    of_referrer = ApplicationFactory(number="A2", customer=said.referrer)
    operations.record_referral(
        number=of_referrer.number, referrer=said.referred.number, scope=ALL, actor=clerk,
        at=INSTANT,
    )  # fmt: skip


def test_numbers_in_its_reason_are_masked(said: Referral, clerk: Staff, client_of: Any) -> None:
    withdraw(said, clerk, reason="应为13912345678介绍" + "误" * 178 + " a@b.cn")
    said.refresh_from_db()
    assert said.reason == "应为139****5678介绍" + "误" * 178 + " a***@b"
    before = row_of("journeys.Referral", application=ApplicationFactory(number="A2"))
    Referral.objects.filter(pk=before.pk).update(
        number=None, withdrawn_at=INSTANT, withdrawn_by=clerk, reason="应为13912345679介绍"
    )
    text = client_of("compliance").get(reverse("referral_list")).content.decode()
    assert [number in text for number in ("139****5678", "139****5679")] == [True, True]
    assert [number in text for number in ("13912345678", "13912345679")] == [False, False]


def test_one_of_another_branch_is_not_found(said: Referral, clerk: Staff) -> None:
    with pytest.raises(operations.ReferralRefused):
        withdraw(said, clerk, scope=Scope(branch_path=BranchFactory().path))
    said.refresh_from_db()
    assert said.number == "A1"


def test_the_old_file_does_not_bring_it_back_and_the_right_one_comes_in(
    said: Referral, clerk: Staff
) -> None:
    withdraw(said, clerk)
    rows = [{"number": "A1", "referrer": said.referrer.number}]
    found = intake.import_rows(
        kind="referrals", rows=rows, actor=None, at=INSTANT, source_name="old"
    )
    assert found.rows_bad == 1
    right = CustomerFactory()
    intake.import_rows(
        kind="referrals", rows=[{"number": "A1", "referrer": right.number}], actor=None,
        at=INSTANT, source_name="new",
    )  # fmt: skip
    assert Referral.objects.get(number="A1").referrer == right


@pytest.mark.parametrize(
    "change",
    [
        "number = NULL",
        "withdrawn_at = now()",
        "number = NULL, withdrawn_at = now(), reason = 'x'",
        "withdrawn_at = now(), withdrawn_by_id = {staff}, reason = 'x'",
        "number = NULL, withdrawn_at = now(), withdrawn_by_id = {staff}",
        "number = NULL, withdrawn_at = now(), withdrawn_by_id = {staff}, reason = 'x',"
        " on_date = on_date - 1",
    ],
)
def test_the_database_lets_it_be_withdrawn_whole_and_nothing_else(
    said: Referral, clerk: Staff, change: str
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE journeys_referral SET {change.format(staff=clerk.pk)}")
    said.refresh_from_db()
    assert said.number == "A1"


def test_a_withdrawn_one_never_changes_again(said: Referral, clerk: Staff) -> None:
    withdraw(said, clerk)
    for change in ("reason = 'y'", "number = 'A1', withdrawn_at = NULL, reason = ''"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE journeys_referral SET {change}")
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.create(
            number=None, application=said.application, referred=said.referred,
            referrer=said.referrer, on_date=said.on_date,
        )  # fmt: skip


def test_the_page_asks_for_a_reason(client_of: Any, said: Referral) -> None:
    clerk = StaffFactory(role="compliance")
    page = reverse("referral_withdraw", args=[said.pk])
    client = client_of(clerk)
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "填错"}).status_code == 302
    said.refresh_from_db()
    assert said.is_withdrawn
    assert "填错" in client.get(reverse("referral_list")).content.decode()
    assert client.post(page, {"reason": "再次"}).status_code == 422
