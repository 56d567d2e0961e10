"""Rows that come late: what is older than what stands is left out; what a file lacks stays."""

import contextlib
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from journeys.models import Application, Card, Complaint, Customer, MarketingPause, ServiceCase
from portal.intake import operations
from portal.intake.rules import FileRefused, ImportReport, openapi
from portal.kit import clock, valkey
from portal.kit.registry import registry
from portal.models import AuditEntry, Upload
from tests.factories.intake import AT, counts_of, make_bank
from tests.factories.journeys import ConsentTextFactory, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.portal.intake.full_rows import (
    APPLICATION,
    CARD,
    CASE,
    COMPLAINT,
    FILED,
    FULL,
    OPEN,
    Row,
    make_named,
)
from tests.project.benefit_rows import known_benefit
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    make_named()
    CustomerFactory(number="C2")
    known_benefit(900_001, "C9")
    row_of("journeys.ComplaintRule", effective_date=dt.date(2020, 1, 1))
    row_of(
        "journeys.MessageTemplate", code="first_gift", channel="sms", language="zh-hans", version=1
    )


# Before the instants that the tests give: a row without one counts as of when it comes in.
EARLY = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def send(kind: str, *rows: Row, at: dt.datetime = AT, **how: Any) -> ImportReport:
    return operations.import_rows(
        kind=kind, rows=rows, actor=None, at=at, source_name="test", shown=50, **how
    )


def stands() -> tuple[str, Any, Any]:
    row = Application.objects.get(number="ZA1")
    return row.state, row.supplemented_date and str(row.supplemented_date), row.decided_date


def test_without_an_instant_states_only_go_forward() -> None:
    send("applications", APPLICATION)
    before = stands()
    report = send("applications", FILED)
    assert (counts_of(report), report.rows_older) == ((0, 0, 0, 0), 1)
    assert send("applications", FILED | {"state": "supplemented",
                "supplemented_date": "2026-05-28"}).rows_older == 1  # fmt: skip
    assert stands() == before
    refused = APPLICATION | {"state": "refused"}
    assert send("applications", refused | {"decided_date": "2026-05-19"}).rows_older == 1
    assert send("applications", APPLICATION | {"supplemented_date": None}).rows_same == 1
    assert stands() == before
    assert send("applications", refused | {"decided_date": "2026-05-21"}).rows_changed == 1
    assert stands()[0] == "refused"


def test_an_older_file_of_cards_empties_no_day() -> None:
    send("cards", CARD)
    report = send("cards", CARD | {"activated_date": None, "closed_date": None})
    assert (report.rows_older, report.rows_changed) == (1, 0)
    later = CARD | {"activated_date": None, "branch": "B001", "closed_date": "2026-05-31"}
    assert send("cards", later).rows_older == 1
    assert send("cards", CARD | {"closed_date": "2026-05-31"}).rows_changed == 1
    card = Card.objects.get(reference="ZK1")
    assert (str(card.activated_date), str(card.closed_date)) == ("2026-05-25", "2026-05-31")


def test_a_later_instant_takes_a_state_back_and_an_earlier_one_does_not() -> None:
    send("applications", APPLICATION | {"as_of": "2026-05-20 18:00:00"})
    for late in ("2026-05-20", "2026-05-20 17:59:59", "2026-05-20T09:59:59+00:00"):
        assert send("applications", FILED | {"as_of": late}).rows_older == 1
    same = send("applications", FILED | {"as_of": "2026-05-20T18:00:00+08:00"})
    assert same.rows_older == 1  # of one instant the further state counts
    assert send("applications", FILED | {"as_of": "2026-05-21"}).rows_changed == 1
    assert stands() == ("filed", None, None)
    assert send("applications", APPLICATION | {"as_of": "2026-05-20 19:00"}).rows_older == 1
    assert Application.objects.get(number="ZA1").as_of == dt.datetime(
        2026, 5, 20, 16, tzinfo=dt.UTC
    )


def test_a_row_that_still_holds_later_is_the_same_and_remembered() -> None:
    send("applications", APPLICATION | {"as_of": "2026-05-20"})
    again = send("applications", APPLICATION | {"as_of": "2026-05-28"})
    assert counts_of(again) == (0, 0, 1, 0)
    refused = APPLICATION | {"state": "refused", "decided_date": "2026-05-22"}
    assert send("applications", refused | {"as_of": "2026-05-23"}).rows_older == 1
    assert stands()[0] == "approved"


def test_the_instant_of_the_file_holds_for_rows_that_say_none() -> None:
    then = dt.datetime(2026, 5, 22, tzinfo=dt.UTC)
    send("applications", APPLICATION, as_of=then)
    hour = dt.timedelta(hours=1)
    assert send("applications", FILED, as_of=then - hour).rows_older == 1
    own = FILED | {"as_of": "2026-05-23"}
    assert send("applications", own, as_of=then - hour).rows_changed == 1


def test_who_says_that_a_file_corrects_takes_a_state_back() -> None:
    send("applications", APPLICATION | {"as_of": "2026-05-28"})
    report = send("applications", FILED, corrects=True)
    assert (report.rows_changed, report.rows_older, stands()) == (1, 0, ("filed", None, None))
    again = send("applications", APPLICATION | {"as_of": "2026-05-28"})
    assert (again.rows_older, stands()[0]) == (1, "filed")
    send("cards", CARD)
    assert send("cards", CARD | {"closed_date": None}, corrects=True).rows_changed == 1
    assert Card.objects.get(reference="ZK1").closed_date is None


def test_a_file_may_tell_of_several_states_of_one_row() -> None:
    report = send(
        "applications", APPLICATION | {"as_of": "2026-05-20"}, FILED | {"as_of": "2026-05-01"},
        FILED | {"as_of": "2026-05-01"}, FILED | {"as_of": "2026-05-02"},
    )  # fmt: skip
    assert (counts_of(report), report.rows_older) == ((1, 0, 0, 0), 3)
    twice = send(
        "applications", APPLICATION | {"as_of": "2026-05-28"}, FILED | {"as_of": "2026-05-28"}
    )
    assert (counts_of(twice), list(twice.reasons)) == ((0, 0, 1, 1), ["repeated"])


def test_an_instant_that_has_not_come_yet_is_bad() -> None:
    report = send("applications", APPLICATION | {"as_of": "2026-06-03"})
    assert (report.rows_bad, list(report.reasons)) == (1, ["not_yet"])
    assert list(send("applications", APPLICATION | {"as_of": "gestern"}).reasons) == [
        "not_an_instant"
    ]
    assert send("applications", APPLICATION | {"as_of": "2026-06-02"}).rows_new == 1


def test_a_customer_as_of_an_earlier_instant_is_left_out() -> None:
    row = {"number": "C1", "name": "李华", "branch": "B001", "registered_date": "2020-01-01",
           "lawful_basis": "contract"}  # fmt: skip
    assert send("customers", row | {"as_of": "2026-05-20"}).rows_changed == 1
    assert send("customers", row | {"name": "旧名", "as_of": "2026-05-19"}).rows_older == 1
    assert Customer.objects.get(number="C1").name == "李华"
    assert send("customers", row | {"name": "新名"}).rows_changed == 1


def test_a_closed_complaint_or_case_is_opened_again_by_a_later_instant_alone() -> None:
    send("complaints", COMPLAINT, at=EARLY + 12 * DAY)
    send("service_cases", CASE, at=EARLY + 12 * DAY)
    assert send("complaints", OPEN).rows_older == 1
    assert send("complaints", OPEN | {"as_of": "2026-05-11"}).rows_older == 1
    assert Complaint.objects.get().state == "closed"
    assert send("complaints", OPEN | {"as_of": "2026-05-20"}).rows_changed == 1
    assert Complaint.objects.get().state == "open"
    opened = CASE | {"state": "open", "closed_date": None}
    assert send("service_cases", opened).rows_older == 1
    assert send("service_cases", opened | {"as_of": "2026-05-20"}).rows_changed == 1
    assert ServiceCase.objects.get().closed_date is None


OPTIONAL = [
    (code, column.name)
    for code, kind in registry.import_kinds.items()
    for column in kind.columns
    if not column.is_needed
]


def _rows_of(code: str) -> list[dict[str, Any]]:
    kind = registry.import_kinds[code]
    (model,) = (model for model in apps.get_models() if model._meta.db_table == kind.table)
    keys = [row[kind.key] for row in FULL[code]]
    rows = model._default_manager.filter(**{f"{kind.key}__in": keys}).order_by("pk").values()
    return [
        {name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()}
        for row in rows
    ]


def test_every_kind_is_tried() -> None:
    assert FULL.keys() == registry.import_kinds.keys()
    for code, rows in FULL.items():
        said = {name for row in rows for name, text in row.items() if text}
        assert said | {"as_of"} >= set(registry.import_kinds[code].names), code


@pytest.mark.parametrize(("code", "lacking"), OPTIONAL)
def test_a_column_that_a_file_lacks_stays_as_it_stands(code: str, lacking: str) -> None:
    ConsentTextFactory()
    names = {name: None for row in FULL[code] for name in row}
    rows = [names | row | {"as_of": "2026-05-20"} for row in FULL[code]]
    if "as_of" not in registry.import_kinds[code].names:
        rows = [{name: text for name, text in row.items() if name != "as_of"} for row in rows]
    assert send(code, *rows).rows_bad == 0
    before = _rows_of(code)
    assert len(before) == len(rows)
    report = send(code, *[{n: t for n, t in row.items() if n != lacking} for row in rows])
    assert (report.rows_new, report.rows_changed) == (0, 0)
    after = _rows_of(code)
    if lacking == "as_of":  # beside an instant it is kept when a row came in that says none
        assert [row.pop("heard_at") for row in after] == [AT] * len(rows)
        assert [row.pop("heard_at") for row in before] == [None] * len(rows)
    assert after == before
    assert report.rows_bad == 0 or code in ("consents", "leads", "merchant_contracts")


def test_the_state_of_a_complaint_stays_with_all_that_hangs_on_it() -> None:
    """Also where everything about its end is lacking, and something else changes."""
    send("complaints", COMPLAINT)
    few = {"number": "ZC1", "customer": "C1", "grade": "simple", "opened_date": "2026-05-01",
           "words": "短信太多了"}  # fmt: skip
    assert send("complaints", few).rows_changed == 1
    row = Complaint.objects.get()
    assert (row.state, row.remedy, str(row.closed_date), row.cause_reference, row.words) == (
        "closed", "已致歉", "2026-05-12", "first_gift/sms/zh-hans/1", "短信太多了",
    )  # fmt: skip
    assert not MarketingPause.objects.filter(customer=row.customer, until=None).exists()


def _written(folder: Path, *rows: Row) -> Path:
    path = folder / "applications.csv"
    lines = [",".join(rows[0]), *(",".join(text or "" for text in row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_the_command_says_as_of_when_a_file_holds_and_that_it_corrects(
    tmp_path: Path, capsys: Any
) -> None:
    def run(row: Row, *how: str) -> str:
        with translation.override("en"), contextlib.suppress(SystemExit):
            call_command("import_data", "applications", str(_written(tmp_path, row)), *how)
        done = capsys.readouterr()
        return str(done.out + done.err)

    run(APPLICATION, "--as-of", "2026-05-22T10:00")
    assert "Older, kept as is: 1." in run(FILED, "--as-of", "2026-05-22 09:59")
    assert "Older" not in run(FILED, "--corrects")
    assert stands()[0] == "filed"
    assert AuditEntry.objects.filter(action="import.done", changes__corrects=True).count() == 1
    assert "--as-of: This is neither a day" in run(FILED, "--as-of", "soon")
    assert "without --mapping" in run(FILED, "--mapping", "m.yaml", "--corrects")


def test_the_api_says_as_of_when_its_rows_hold_and_counts_older_ones() -> None:
    token, secret = operations.create_token(
        name="core", kinds=["applications", "points"], last_day=clock.today(),
        by=StaffFactory(role="administrator"), at=clock.now(),
    )  # fmt: skip
    with valkey.connect() as client:
        client.delete(f"portal:rate:api:{token.pk}")

    def call(row: Row, as_of: str, kind: str = "applications") -> Any:
        return Client().post(
            f"/api/v1/imports/{kind}/?as_of={as_of}", json.dumps([row]), "application/json",
            headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "k" + as_of[:10],
                     "Accept-Language": "en"},
        )  # fmt: skip

    assert call(APPLICATION, "2026-05-22T10:00:00%2B08:00").json()["rows_new"] == 1
    answer = call(FILED, "2026-05-21").json()
    assert (answer["rows_older"], answer["rows_changed"]) == (1, 0)
    assert call(FILED, "2026-05-21T01:00").status_code == 422  # the same key for other rows
    assert "neither a day" in call(FILED, "soon").json()["detail"]
    entry = {"reference": "P1", "customer": "C1", "kind": "earned", "points": "1",
             "on_date": "2026-05-02"}  # fmt: skip
    assert "do not go on" in call(entry, "2026-05-20", "points").json()["detail"]
    paths = openapi.document(registry.import_kinds.values())["paths"]
    named = {
        code: [one["name"] for one in paths[f"/imports/{code}/"]["post"]["parameters"]]
        for code in ("applications", "transactions", "points")
    }
    assert named == {
        "applications": ["Idempotency-Key", "as_of", "trial"],
        "transactions": ["Idempotency-Key", "as_of", "trial"],
        "points": ["Idempotency-Key", "trial"],
    }  # fmt: skip


def test_the_upload_page_takes_both_and_shows_what_was_older(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path
    staff = StaffFactory(role="administrator", language="en")
    client = Client()
    client.force_login(staff, "portal.staff.access.backend.StaffBackend")
    send("applications", APPLICATION | {"as_of": "2026-05-22 10:00"})
    pages = []
    for how in ({"as_of": "2026-05-22T09:59"}, {"corrects": "on"}):
        file = SimpleUploadedFile("late.csv", _written(tmp_path, FILED).read_bytes())
        answer = client.post(reverse("upload_start"), {"kind": "applications", "file": file, **how})
        upload = Upload.objects.latest("pk")
        operations.work_upload(upload_id=upload.pk, at=AT)
        pages.append(client.get(answer.headers["Location"]).content.decode())
    assert "Older, kept as is" in pages[0]
    assert "As of 2026-05-22 09:59" in pages[0]
    assert "Older, kept as is" not in pages[1]
    assert "This file corrects what stands" in pages[1]
    operations.start_import(upload_id=upload.pk, by=staff, at=AT)
    operations.work_upload(upload_id=upload.pk, at=AT)
    assert stands()[0] == "filed"
    assert "Older, kept as is" in client.get(reverse("import_list")).content.decode()


def test_a_whole_file_as_of_the_future_is_bad_row_by_row() -> None:
    later = AT + dt.timedelta(days=2)
    assert send("applications", APPLICATION, as_of=later).rows_bad == 1
    with pytest.raises(FileRefused):
        send("unknown", APPLICATION)
