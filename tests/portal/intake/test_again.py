"""The very same rows a second time: they count as of their first time, and undo nothing."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from journeys.models import Application, CardProduct, Customer, Transaction
from portal.intake import operations
from portal.intake.rules import ImportReport
from portal.kit import clock, valkey
from portal.models import ImportBatch
from tests.factories.intake import AT, make_bank
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory

POSTED = "reference,card,amount,posted_date\n"
FILED = "number,customer,product,branch,filed_date,state,decided_date\n"
PEOPLE = "number,name,branch,registered_date,lawful_basis\n"
TOLD = (
    "The very same rows came before and count as of then, {time}: what was said since stays. Where"
    " they are to count anew, say as of when they hold, or that the file corrects."
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


def at(minutes: int) -> dt.datetime:
    return AT + dt.timedelta(minutes=minutes)


def told(minutes: int) -> tuple[str, ...]:
    return (TOLD.format(time=f"{timezone.localtime(at(minutes)):%Y-%m-%d %H:%M}"),)


class Desk:
    """Sends files, each a minute after the one before."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.path, self.kind, self.minutes = folder / "a.csv", kind, 0

    def send(self, content: str, **said: Any) -> ImportReport:
        self.path.write_text(content, "utf-8")
        self.minutes += 1
        with translation.override("en"):
            return operations.import_file(
                kind=self.kind, path=self.path, actor=None, at=at(self.minutes), **said
            )


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return (
        report.rows_new, report.rows_changed, report.rows_same, report.rows_older, report.rows_bad,
    )  # fmt: skip


def amount() -> Decimal:
    return Transaction.objects.get(reference="T1").amount


MARCH, CORRECTED = POSTED + "T1,K1,100.00,2026-03-10\n", POSTED + "T1,K1,80.00,2026-03-10\n"


def test_a_correction_of_a_posting_is_not_undone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "transactions")
    first = desk.send(MARCH)
    assert (counts(first), first.warnings) == ((1, 0, 0, 0, 0), ())
    assert counts(desk.send(CORRECTED)) == (0, 1, 0, 0, 0)
    again = desk.send(MARCH)
    assert (counts(again), again.warnings) == ((0, 0, 0, 1, 0), told(1))
    assert amount() == 80
    # What came last is not older than itself.
    assert counts(desk.send(CORRECTED)) == (0, 0, 1, 0, 0)


def test_where_nothing_came_since_the_rows_are_the_same(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "transactions")
    desk.send(MARCH)
    written = Transaction.objects.values_list("heard_at").get()
    assert counts(desk.send(MARCH)) == (0, 0, 1, 0, 0)
    assert Transaction.objects.values_list("heard_at").get() == written


def test_at_the_very_same_instant_what_stands_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for content in (MARCH, CORRECTED, MARCH):
        path.write_text(content)
        operations.import_file(kind="transactions", path=path, actor=None, at=AT)
    assert amount() == 80


@pytest.mark.parametrize("said", [{"as_of": AT + dt.timedelta(minutes=3)}, {"corrects": True}])
def test_somebody_may_say_that_it_counts_anew(tmp_path: Path, said: dict[str, Any]) -> None:
    desk = Desk(tmp_path, "transactions")
    desk.send(MARCH)
    desk.send(CORRECTED)
    report = desk.send(MARCH, **said)
    assert (counts(report), report.warnings, amount()) == ((0, 1, 0, 0, 0), (), 100)
    # From then on it counts as of that, and the correction as of its own time.
    assert counts(desk.send(CORRECTED)) == (0, 0, 0, 1, 0)
    assert (counts(desk.send(MARCH)), amount()) == ((0, 0, 1, 0, 0), 100)


def test_rows_that_were_bad_the_first_time_are_taken(tmp_path: Path) -> None:
    """The usual reason to send a file again. But not over what was said since."""
    desk = Desk(tmp_path, "transactions")
    head = POSTED.strip() + ",merchant\n"
    content = head + "T1,K1,100.00,2026-03-10,M9\nT2,K1,50.00,2026-03-10,M9\nT3,K1,1,2026-03-10,\n"
    desk.send(POSTED + "T1,K1,70.00,2026-03-10\n")
    assert counts(desk.send(content)) == (1, 0, 0, 0, 2)
    desk.send(POSTED + "T2,K1,40.00,2026-03-10\n")
    MerchantFactory(number="M9")
    assert counts(desk.send(content)) == (0, 1, 1, 1, 0)
    amounts = Transaction.objects.order_by("reference").values_list("reference", "amount")
    assert list(amounts) == [("T1", 100), ("T2", 40), ("T3", 1)]
    # It counts as of its first time: what came in between is not older.
    assert counts(desk.send(POSTED + "T1,K1,70.00,2026-03-10\n")) == (0, 0, 0, 1, 0)
    assert amount() == 100


def test_the_same_rows_of_another_kind_of_file_or_on_trial_never_came(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "transactions")
    desk.send(MARCH, dry_run=True)
    desk.send(CORRECTED)
    report = desk.send(MARCH)
    assert (counts(report), report.warnings, amount()) == ((0, 1, 0, 0, 0), (), 100)


def test_a_trial_tells_the_same(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "transactions")
    desk.send(MARCH)
    desk.send(CORRECTED)
    report = desk.send(MARCH, dry_run=True)
    assert (counts(report), report.warnings) == ((0, 0, 0, 1, 0), told(1))


def test_other_rows_count_as_ever(tmp_path: Path) -> None:
    """Of files without instants that differ the last one counts."""
    desk = Desk(tmp_path, "transactions")
    desk.send(MARCH)
    desk.send(CORRECTED)
    assert counts(desk.send(MARCH + "T2,K1,5,2026-03-10\n")) == (1, 1, 0, 0, 0)
    assert amount() == 100


def test_rows_from_before_instants_were_kept_stay(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "transactions")
    desk.send(MARCH)
    desk.send(CORRECTED)
    Transaction.objects.update(heard_at=None)
    assert counts(desk.send(MARCH)) == (0, 0, 1, 0, 0)
    assert amount() == 80
    assert counts(desk.send(POSTED + "T1,K1,9,2026-03-10\n")) == (0, 1, 0, 0, 0)


# --- kinds with states ----------------------------------------------------------------------
def test_a_decision_taken_back_is_not_made_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "applications")
    approved = FILED + "A1,C1,GOLD,B001,2026-02-20,approved,2026-03-02\n"
    desk.send(approved)
    desk.send(FILED + "A1,C1,GOLD,B001,2026-02-20,filed,\n", corrects=True)
    assert counts(desk.send(approved)) == (0, 0, 0, 1, 0)
    assert Application.objects.get(number="A1").state == "filed"


def test_what_goes_further_than_what_came_since_is_taken(tmp_path: Path) -> None:
    """A decision whose row was bad, and a late file from before it, which came in between."""
    desk = Desk(tmp_path, "applications")
    approved = FILED.strip() + ",merchant\nA7,C1,GOLD,B001,2026-02-20,approved,2026-03-02,M9\n"
    assert counts(desk.send(approved)) == (0, 0, 0, 0, 1)
    desk.send(FILED + "A7,C1,GOLD,B001,2026-02-20,filed,\n")
    MerchantFactory(number="M9")
    assert counts(desk.send(approved)) == (0, 1, 0, 0, 0)
    assert Application.objects.get(number="A7").state == "approved"


def test_a_day_of_decision_that_was_corrected_does_not_come_back(tmp_path: Path) -> None:
    """Though between two ends of unknown instants the later day decides."""
    desk = Desk(tmp_path, "applications")
    line = FILED + "A1,C1,GOLD,B001,2026-02-20,{},2026-03-{}\n"
    first = line.format("approved", 12)
    for content in (first, line.format("approved", 11), line.format("refused", 11)):
        desk.send(content)
    assert counts(desk.send(first)) == (0, 0, 0, 1, 0)
    stands = Application.objects.get(number="A1")
    assert (stands.state, stands.decided_date) == ("refused", dt.date(2026, 3, 11))


def test_a_new_name_stays(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "customers")
    old = PEOPLE + "C1,王小明,B001,2026-03-02,contract\n"
    desk.send(old)
    desk.send(PEOPLE + "C1,王大明,B001,2026-03-02,contract\n")
    assert counts(desk.send(old)) == (0, 0, 0, 1, 0)
    assert Customer.objects.get(number="C1").name == "王大明"


def test_a_product_that_was_taken_off_stays_off(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "card_products")
    head = "code,name,issuer,is_own,is_active\n"
    desk.send(head + "GOLD,金卡,本行,true,true\n")
    desk.send(head + "GOLD,金卡,本行,true,false\n")
    assert counts(desk.send(head + "GOLD,金卡,本行,true,true\n")) == (0, 0, 0, 1, 0)
    assert not CardProduct.objects.get(code="GOLD").is_active


# --- instants of postings -------------------------------------------------------------------
@pytest.mark.parametrize("column", [True, False])
def test_a_late_posting_that_says_when_changes_nothing(tmp_path: Path, *, column: bool) -> None:
    desk = Desk(tmp_path, "transactions")

    def send(text: str, day: int) -> ImportReport:
        held = dt.datetime(2026, 3, day, tzinfo=dt.UTC)
        if not column:
            return desk.send(POSTED + f"T1,K1,{text},2026-03-10\n", as_of=held)
        head = POSTED.strip() + ",as_of\n"
        return desk.send(head + f"T1,K1,{text},2026-03-10,{held.isoformat()}\n")

    assert counts(send("80.00", 12)) == (1, 0, 0, 0, 0)
    assert counts(send("100.00", 11)) == (0, 0, 0, 1, 0)
    assert amount() == 80
    assert counts(send("70.00", 13)) == (0, 1, 0, 0, 0)
    assert amount() == 70


def test_what_another_clock_says_to_be_ahead_stands_until_then(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "transactions")
    desk.send(CORRECTED, as_of=at(600))
    assert (counts(desk.send(MARCH)), amount()) == ((0, 0, 1, 0, 0), 80)
    desk.minutes = 600
    assert (counts(desk.send(POSTED + "T1,K1,70.00,2026-03-10\n")), amount()) == (
        (0, 1, 0, 0, 0),
        70,
    )


# --- every way in ---------------------------------------------------------------------------
def test_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    for content in (MARCH, CORRECTED, MARCH):
        path.write_text(content)
        with translation.override("en"):
            call_command("import_data", "transactions", str(path))
    assert "The very same rows came before and count as of then" in capsys.readouterr().out
    assert amount() == 80
    with translation.override("en"):
        call_command("import_data", "transactions", str(path), "--corrects")
    assert "came before" not in capsys.readouterr().out
    assert amount() == 100


def test_the_upload_page_says_so(client_of: Callable[..., Client]) -> None:
    staff = StaffFactory(role="campaign_manager", language="en")
    for minutes, content in enumerate((MARCH, CORRECTED, MARCH)):
        upload = operations.receive_file(
            kind="transactions", label="march.csv", chunks=[content.encode()], by=staff,
            at=at(minutes),
        )  # fmt: skip
        operations.work_upload(upload_id=upload.pk, at=at(minutes))
        text = client_of(staff).get(f"/imports/upload/{upload.pk}/").content.decode()
        assert ("The very same rows came before" in text) == (minutes == 2)
        if minutes < 2:
            operations.start_import(upload_id=upload.pk, by=staff, at=at(minutes))
            operations.work_upload(upload_id=upload.pk, at=at(minutes))
    assert amount() == 80


def test_a_mapped_file_is_another_by_another_mapping(tmp_path: Path) -> None:
    rule, path = tmp_path / "rule.yaml", tmp_path / "a.csv"
    text = (
        "lawful_basis: contract\nsource: file\nimports:\n  - kind: transactions\n    columns:\n"
        '      reference: "{{ID}}"\n      card: K1\n      amount: "{amount}"\n'
        '      posted_date: "2026-03-10"\n'
    )
    path.write_text("ID\nT1\n")
    found = []
    for minutes, value in enumerate(("100", "80", "100", "90")):
        rule.write_text(text.format(amount=value), "utf-8")
        mapping = operations.load_mapping(rule)
        operations.import_mapped(mapping=mapping, path=path, actor=None, at=at(minutes))
        found.append(amount())
    assert found == [100, 80, 80, 90]


# --- the API --------------------------------------------------------------------------------
ADDRESS = "/api/v1/imports/transactions/"


@pytest.fixture
def secret() -> str:
    admin = StaffFactory(role="administrator")
    made = operations.create_token(
        name="core", kinds=["transactions"], last_day=clock.today(), by=admin, at=clock.now()
    )
    with valkey.connect() as client:
        client.delete(f"portal:rate:api:{made[0].pk}")
    return made[1]


def call(secret: str, value: str, address: str = ADDRESS, key: str = "", **more: str) -> Any:
    row = {"reference": "T1", "card": "K1", "amount": value, "posted_date": "2026-03-05"} | more
    headers = {"Idempotency-Key": key} if key else {}
    given = {"Authorization": f"Bearer {secret}", "Accept-Language": "en", **headers}
    body, kind = json.dumps([row]), "application/json"
    return Client().post(address, body, content_type=kind, headers=given).json()


def test_rows_sent_again_by_the_api_undo_nothing(secret: str) -> None:
    answers = [call(secret, value) for value in ("100.00", "80.00", "100.00")]
    assert [(one["rows_changed"], one["rows_older"]) for one in answers] == [(0, 0), (1, 0), (0, 1)]
    assert [len(one["warnings"]) for one in answers] == [0, 0, 1]
    assert amount() == 80
    later = clock.now() + dt.timedelta(minutes=1)
    answer = call(secret, "100.00", f"{ADDRESS}?as_of={later:%Y-%m-%dT%H:%M:%SZ}")
    assert (answer["rows_changed"], answer["warnings"], amount()) == (1, [], 100)


def test_under_a_key_of_its_own_a_call_says_its_rows_anew(secret: str) -> None:
    """Else a system could not say that a value is again what it was."""
    values = ("100.00", "80.00", "100.00")
    for place, value in enumerate(values):
        answer = call(secret, value, key=f"k{place}")
        assert (answer["warnings"], amount()) == ([], Decimal(value))
    # The same call again gets its own answer, and does nothing.
    assert call(secret, "80.00", key="k1")["rows_changed"] == 1
    assert amount() == 100
    assert ImportBatch.objects.count() == 3


def test_a_call_with_a_key_is_remembered_where_the_same_rows_come_without_one(secret: str) -> None:
    calls = [("100.00", "k1"), ("80.00", "k2"), ("100.00", "")]
    answers = [call(secret, value, key=key) for value, key in calls]
    assert [(one["rows_changed"], one["rows_older"]) for one in answers] == [(0, 0), (1, 0), (0, 1)]
    assert ([len(one["warnings"]) for one in answers], amount()) == ([0, 0, 1], 80)


def test_rows_said_anew_by_a_key_count_as_of_that_from_then_on(secret: str) -> None:
    """They were bad each time, and something else was said in between."""
    assert call(secret, "100.00", key="k1", merchant="M9")["rows_bad"] == 1
    call(secret, "80.00", key="k2")
    assert call(secret, "100.00", key="k3", merchant="M9")["rows_bad"] == 1
    MerchantFactory(number="M9")
    assert call(secret, "100.00", merchant="M9")["rows_changed"] == 1
    assert amount() == 100


def test_a_trial_with_a_key_is_not_remembered(secret: str) -> None:
    call(secret, "100.00", f"{ADDRESS}?trial=true", key="k1")
    call(secret, "80.00", key="k2")
    assert (call(secret, "100.00")["rows_changed"], amount()) == (1, 100)
