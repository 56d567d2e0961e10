"""Uses of member benefits by the files of partners: once by each receipt, by the same rules as at a
desk, with a sentence for each row that is refused."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.benefits import operations as benefits
from campaigns.benefits import queries
from campaigns.benefits.intake import USES
from campaigns.models import Benefit, BenefitCount, BenefitEntry, PartnerUse
from merchants.models import Merchant
from portal.intake import operations as intake
from portal.intake.rules import ImportReport
from portal.kit import clock, valkey
from portal.models import AuditEntry
from tests.campaigns.benefits.test_operations import MASKED, SAID
from tests.factories import benefits as made
from tests.factories.benefits import DAY, LAST
from tests.factories.benefits import USES as ALL_USES
from tests.factories.journeys import DAY as ISSUED
from tests.factories.journeys import CustomerFactory, TransactionFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory
from tests.factories.rewards import AT, ON

pytestmark = pytest.mark.django_db
ROW = {"partner": "M1", "reference": "R1", "used_date": str(ON), "units": "", "place": "T2"}


@pytest.fixture
def row() -> Benefit:
    MerchantFactory(number="M1")
    return made.given()


def line(row: Benefit, **changes: Any) -> dict[str, str]:
    own = {"customer": row.customer.number, "benefit": str(row.pk)}
    return ROW | own | {name: str(value) for name, value in changes.items()}


def send(lines: Iterable[dict[str, str]], at: dt.datetime = AT, **more: Any) -> ImportReport:
    values: dict[str, Any] = {"actor": None, "source_name": "uses", "shown": 50} | more
    return intake.import_rows(kind="benefit_uses", rows=list(lines), at=at, **values)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.rows_new, report.rows_changed, report.rows_same, report.rows_bad


def entries(row: Benefit) -> list[tuple[str, int]]:
    return list(row.entries.order_by("id").values_list("kind", "units"))


def at_noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC)


def test_a_use_is_recorded_as_a_desk_would(row: Benefit) -> None:
    assert counts(send([line(row, units=2)])) == (1, 0, 0, 0)
    entry = BenefitEntry.objects.get()
    assert (
        entry.benefit, entry.customer, entry.kind, entry.units, entry.used_date,
        entry.merchant.number, entry.place, entry.reference, entry.recorded_by, entry.at,
    ) == (row, row.customer, "use", -2, ON, "M1", "T2", "R1", None, AT)  # fmt: skip
    row.refresh_from_db()
    assert row.left == ALL_USES - 2
    told = PartnerUse.objects.get()
    assert (told.partner, told.reference, told.benefit, told.units) == ("M1", "R1", row, 2)
    assert AuditEntry.objects.filter(action="import.done").count() == 1


def test_numbers_of_persons_in_a_place_are_masked_as_at_a_desk(row: Benefit) -> None:
    report = send([
        line(row, place=f"贵宾厅 {SAID}"), line(row, reference="R2", place=SAID, units="x")
    ])  # fmt: skip
    assert BenefitEntry.objects.get().place == f"贵宾厅 {MASKED}"
    assert report.rows_bad == 1
    assert "13912345678" not in f"{report} {AuditEntry.objects.latest('id').changes}"


def test_a_page_shows_no_number_that_a_file_of_before_brought(row: Benefit, client_of: Any) -> None:
    send([line(row, place="T2")])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE campaigns_benefitentry SET place = %s", [SAID])
        cursor.execute("SET LOCAL session_replication_role = origin")
    clerk = StaffFactory(role="branch_manager", branch=row.customer.branch)
    page = client_of(clerk).get(reverse("benefit_customer", args=[row.customer.number]))
    text = page.content.decode()
    assert (MASKED in text, "13912345678" in text) == (True, False)


def test_the_same_receipt_counts_once_and_another_partners_is_another(row: Benefit) -> None:
    MerchantFactory(number="M2")
    first = [line(row)]
    send(first)
    longer = [*first, line(row, partner="M2", place="T1")]
    assert counts(send(longer)) == (1, 0, 1, 0)
    assert counts(send(longer)) == (0, 0, 2, 0)
    assert entries(row) == [("use", -1), ("use", -1)]
    twice = line(row, partner="M2", reference="R2")
    report = send([twice, twice])
    assert (counts(report), report.reasons) == ((1, 0, 0, 1), {"repeated": 1})
    row.refresh_from_db()
    assert row.left == 0


def test_a_use_that_was_undone_does_not_come_back_with_the_file(row: Benefit) -> None:
    clerk = StaffFactory(role="branch_manager")
    send([line(row)])
    entry = BenefitEntry.objects.get()
    benefits.undo_use(entry_id=entry.pk, reason="Mistyped", scope=made.ALL, actor=clerk, at=AT)
    assert counts(send([line(row)])) == (0, 0, 1, 0)
    assert entries(row) == [("use", -1), ("undo", 1)]


def lost(row: Benefit) -> None:
    TransactionFactory(card=row.grant.card, amount=600, posted_date=ISSUED)
    benefits.take_back(grant_id=row.grant_id, amount=row.grant.amount, lost_date=ON, at=AT)


def expire(row: Benefit) -> None:
    benefits.expire_benefits(on=LAST + DAY, at=at_noon(LAST + DAY))


def at_a_desk(row: Benefit) -> None:
    merchant = Merchant.objects.get(number="M1")
    made.use(row, StaffFactory(role="branch_manager"), merchant_id=merchant.pk, reference="R1")


def before(row: Benefit) -> None:
    send([line(row)])


def nothing(row: Benefit) -> None:
    pass


AFTER = at_noon(LAST + 2 * DAY)


@pytest.mark.parametrize(("happened", "changes", "at", "column", "reason"), [
    (nothing, {"benefit": 999_999}, AT, "benefit", "unknown_benefit"),
    (nothing, {"partner": "M9"}, AT, "partner", "unknown_merchant"),
    (nothing, {"customer": "C-NOBODY"}, AT, "customer", "unknown_customer"),
    (nothing, {"customer": "C-OTHER"}, AT, "customer", "other_holder"),
    (nothing, {"used_date": ON + DAY}, AT, "used_date", "too_late"),
    (nothing, {"used_date": ON - DAY}, AT, "used_date", "not_its_days"),
    (nothing, {"used_date": LAST + DAY}, AFTER, "used_date", "not_its_days"),
    (expire, {"used_date": LAST + DAY}, AFTER, "used_date", "not_its_days"),
    (nothing, {"units": 4}, AT, "units", "used_up"),
    (expire, {"units": 4}, AFTER, "units", "used_up"),
    (lost, {}, AT, "benefit", "benefit_lost"),
    (at_a_desk, {}, AT, "reference", "told_at_desk"),
    (before, {"units": 2}, AT, "units", "stands_otherwise"),
    (before, {"used_date": ON - DAY}, AT, "reference", "stands_otherwise"),
    (nothing, {"units": 0}, AT, "units", "not_a_count"),
    (nothing, {"reference": ""}, AT, "reference", "missing"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(
    row: Benefit, happened: Any, changes: dict[str, Any], at: dt.datetime, column: str, reason: str
) -> None:
    CustomerFactory(number="C-OTHER")
    happened(row)
    stood = entries(row)
    report = send([line(row, **changes)], at=at)
    assert counts(report) == (0, 0, 0, 1)
    assert report.reasons == {reason: 1}
    (finding,) = report.findings
    assert (finding.row, finding.column) == (1, column)
    assert len(finding.reason) > 8
    assert entries(row) == stood


def test_only_who_takes_part_in_the_campaign_reports_its_benefits() -> None:
    MerchantFactory(number="M1")
    MerchantFactory(number="M2")
    shares = {"total": "1000.00", "shares": {"bank": "50.00", "M1": "50.00"}}
    row = made.given(made.version_of_lounge(budget=shares))
    report = send([line(row), line(row, partner="M2")])
    assert (report.rows_new, report.reasons) == (1, {"not_taking_part": 1})


def test_a_merged_partner_and_the_one_it_was_merged_into_report_as_one() -> None:
    kept = MerchantFactory(number="M2")
    MerchantFactory(number="M1", merged_into=kept)
    other = MerchantFactory(number="M3")
    MerchantFactory(number="M4", merged_into=other)
    shares = {"total": "1000.00", "shares": {"bank": "50.00", "M1": "50.00"}}
    row = made.given(made.version_of_lounge(budget=shares))
    report = send([line(row, partner="M2"), line(row, partner="M3"), line(row, partner="M4")])
    assert (report.rows_new, report.reasons) == (1, {"not_taking_part": 2})


def test_a_use_of_before_comes_late_and_reopens_what_expired(row: Benefit) -> None:
    expire(row)
    assert counts(send([line(row, units=2, used_date=LAST)], at=AFTER)) == (1, 0, 0, 0)
    assert entries(row) == [("expire", -3), ("reopen", 3), ("use", -2)]
    row.refresh_from_db()
    assert row.left == 1
    benefits.expire_benefits(on=LAST + 2 * DAY, at=AFTER)
    row.refresh_from_db()
    assert row.left == 0


def test_the_rows_of_one_file_share_what_is_left(row: Benefit) -> None:
    """What fits is taken, in the order of the rows; what could never fit uses nothing up."""
    lines = [line(row, reference=f"R{at}", units=units) for at, units in enumerate([2, 4, 1, 1])]
    report = send(lines)
    assert counts(report) == (2, 0, 0, 2)
    assert [(one.row, one.column) for one in report.findings] == [(2, "units"), (4, "benefit")]
    assert counts(send(lines)) == (0, 0, 2, 2)
    assert [units for _kind, units in entries(row)] == [-2, -1]


def test_a_preview_records_nothing(row: Benefit, tmp_path: Any) -> None:
    path = tmp_path / "uses.csv"
    names = list(line(row))
    path.write_text("\n".join([",".join(names), ",".join(line(row).values())]))
    report = intake.import_file(kind="benefit_uses", path=path, actor=None, at=AT, dry_run=True)
    assert counts(report) == (1, 0, 0, 0)
    assert not BenefitEntry.objects.exists()
    assert not PartnerUse.objects.exists()
    assert counts(intake.import_file(kind="benefit_uses", path=path, actor=None, at=AT)) == (
        1, 0, 0, 0,
    )  # fmt: skip


def test_programs_send_it_by_the_api_with_a_token_of_its_own(row: Benefit) -> None:
    admin, at = StaffFactory(role="administrator"), clock.now()
    address = "/api/v1/imports/benefit_uses/"
    answers = []
    for kind in ("points", "benefit_uses"):
        token, secret = intake.create_token(
            name=kind, kinds=[kind], last_day=clock.bank_day(at), by=admin, at=at
        )
        with valkey.connect() as client:
            client.delete(f"portal:rate:api:{token.pk}")
        headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
        body = json.dumps([line(row), line(row, reference="R2", benefit=999_999)])
        answer = Client().post(address, body, content_type="application/json", headers=headers)
        answers.append((answer.status_code, answer.json()))
    assert [status for status, _said in answers] == [403, 200]
    said = answers[1][1]
    assert (said["rows_new"], said["rows_bad"]) == (1, 1)
    assert "There is no benefit with this number" in json.dumps(said)
    assert entries(row) == [("use", -1)]


def test_a_person_uploads_it_and_sees_which_rows_are_bad(row: Benefit, client_of: Any) -> None:
    client = client_of("administrator")
    page = client.get(reverse("import_kinds")).content.decode()
    assert str(USES.label) in page
    assert "benefit_uses" in page


def test_what_a_partner_told_stays(row: Benefit) -> None:
    send([line(row)])
    told = PartnerUse.objects.all()
    for change in (lambda: told.update(units=2), lambda: told.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert told.get().units == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["desk", "file", "undo", "expire"]), st.integers(0, 3), st.integers(1, 3)
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=list(HealthCheck), database=None)
@given(steps=STEPS)
def test_by_desk_and_by_file_no_more_is_used_than_was_granted(steps: list[Any]) -> None:
    """Against plain counting; and what the page of figures says is what the uses add up to."""
    with transaction.atomic():
        MerchantFactory(number="M1")
        clerk, row = StaffFactory(role="branch_manager"), made.given()
        used: dict[str, int] = {}
        for number, (step, which, units) in enumerate(steps):
            key, free = f"R{which}", ALL_USES - sum(used.values())
            if step == "file":
                fits = key in used or units <= free
                seen = PartnerUse.objects.filter(reference=key).first()
                report = send([line(row, reference=key, units=units)])
                if seen is None and key not in used and fits:
                    used[key] = units
                    assert report.rows_new == 1
                else:
                    assert report.rows_new == 0
            elif step == "desk" and units <= free:
                made.use(row, clerk, units=units)
                used[f"desk {number}"] = units
            elif step == "undo" and used:
                entry = BenefitEntry.objects.filter(kind="use", undone_by=None).latest("id")
                benefits.undo_use(entry_id=entry.pk, reason="x", scope=made.ALL, actor=clerk, at=AT)
                used.popitem()
            if number % 2:
                benefits.gather_counts()
            row.refresh_from_db()
            assert row.left == ALL_USES - sum(used.values())
            (figures,) = queries.figures()
            assert (figures.used, figures.left, figures.uses) == (
                sum(used.values()), row.left, ALL_USES,
            )  # fmt: skip
        transaction.set_rollback(True)


def test_counts_are_gathered_into_one_row_and_stay_the_same(row: Benefit) -> None:
    other = made.given(row.grant.version)
    send([line(row, units=2), line(other, reference="R2")])
    expire(row)
    before = queries.figures()
    (figures,) = before
    assert (
        figures.grants, figures.uses, figures.used, figures.expired, figures.taken_back,
        figures.left, str(figures.unused.quantize(queries.rules.CENT)),
    ) == (2, 6, 3, 3, 0, 0, "90.00")  # fmt: skip
    assert BenefitCount.objects.count() > 1
    assert benefits.gather_counts() == 1
    assert BenefitCount.objects.count() == 1
    assert queries.figures() == before
    assert benefits.gather_counts() == 1
