"""An uploaded file from its first byte to its last: checked, looked at, imported once, removed."""

import datetime as dt
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from journeys.models import Customer, Transaction
from portal.intake import operations, queries
from portal.models import AuditEntry, ImportBatch, Staff, Upload
from tests.factories.intake import AT, make_bank
from tests.factories.portal import StaffFactory

HEADER = "reference,card,amount,posted_date\n"
MIXED = HEADER + "T1,K1,10.00,2026-03-05\nT2,K9,20.00,2026-03-04\nT3,K1,=1+1,2026-03-04\n"
CUSTOMERS = "number,name,branch,registered_date,lawful_basis,phone,id_number,email\n"
LATER = AT + dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


def english(role: str = "campaign_manager", **values: Any) -> Staff:
    return StaffFactory(role=role, language="en", **values)


def received(content: str = MIXED, kind: str = "transactions", **values: Any) -> Upload:
    """An upload as the page stores it."""
    facts = {"label": "march.csv", "by": values.pop("by", None) or english(), "at": AT, **values}
    return operations.receive_file(kind=kind, chunks=[content.encode()], **facts)


def worked(upload: Upload, at: dt.datetime = AT) -> Upload:
    operations.work_upload(upload_id=upload.pk, at=at)
    upload.refresh_from_db()
    return upload


def checked(content: str = MIXED, kind: str = "transactions", **values: Any) -> Upload:
    return worked(received(content, kind, **values))


def imported(upload: Upload) -> Upload:
    operations.start_import(upload_id=upload.pk, by=upload.by, at=AT)
    return worked(upload)


def cells(path: Path) -> list[list[Any]]:
    return python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()


# --- operations -----------------------------------------------------------------------------
def test_a_file_is_stored_for_its_owner_under_a_random_name() -> None:
    upload = received(label="C:\\files\\13812345678 march.csv")
    path = queries.path_of(upload.stored_name)
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (MIXED, 0o600)
    assert path.parent == configured.VAR_DIR / "uploads"
    assert (upload.label, len(path.stem), path.suffix) == ("138****5678 march.csv", 32, ".csv")
    assert (upload.state, upload.rows_total, upload.rows_done) == ("received", 3, 0)


def test_the_check_keeps_nothing_and_tells_everything() -> None:
    upload = checked()
    assert upload.state == "checked"
    trial = upload.trial
    assert trial is not None
    assert (trial.is_dry_run, trial.file_name, trial.by) == (True, "march.csv", upload.by)
    counts = (trial.rows_read, trial.rows_new, trial.rows_changed, trial.rows_same, trial.rows_bad)
    assert counts == (3, 1, 0, 0, 2)
    assert upload.preview["rows"][0] == [2, ["T1", "K1", "10.00", "2026-03-05"]]
    assert [finding["row"] for finding in upload.preview["findings"]] == [3, 4]
    assert Transaction.objects.count() == 0


def test_the_import_takes_the_good_rows_and_leaves_a_workbook() -> None:
    upload = imported(checked())
    assert (upload.state, upload.batch.rows_new, upload.batch.rows_bad) == ("done", 1, 2)
    assert list(Transaction.objects.values_list("reference", flat=True)) == ["T1"]
    with translation.override("en"):
        lines = cells(queries.workbook_of(upload))
    assert lines == [
        ["Row", "Column", "Value", "Reason"],
        [3.0, "card", "K9", lines[1][3]],
        [4.0, "amount", "=1+1", "There is a formula in the cell; write its value instead."],
    ]
    assert stat.S_IMODE(queries.workbook_of(upload).stat().st_mode) == 0o600


def test_personal_values_are_masked_everywhere() -> None:
    good = "C7,王小明,B001,2026-03-02,contract,13812345678,11010519491231002X,li.hua@example.com\n"
    bad = "C8,王小明,B001,2026-03-02,contract,23812345678,110105194912310020,a b@example.com\n"
    upload = checked(CUSTOMERS + good + bad, "customers")
    shown = str(upload.preview) + str(cells(queries.workbook_of(upload)))
    found = ("小明", "812345", "10519491231", "li.hua", "a b@")
    assert [secret for secret in found if secret in shown] == []
    assert upload.preview["rows"][0][1][1] == "王**"


def test_a_refused_file_says_why_and_is_removed(
    django_capture_on_commit_callbacks: Any,
) -> None:
    upload = received("a,b\n1,2\n")
    with django_capture_on_commit_callbacks(execute=True):
        worked(upload)
    assert (upload.state, upload.trial, upload.finished_at) == ("refused", None, AT)
    assert upload.failure.startswith("Unknown column: “a”, “b”.")
    assert not queries.path_of(upload.stored_name).exists()


def test_import_is_asked_once_and_by_its_own_person() -> None:
    upload = checked()
    with pytest.raises(Upload.DoesNotExist):
        operations.start_import(upload_id=upload.pk, by=english("administrator"), at=AT)
    operations.start_import(upload_id=upload.pk, by=upload.by, at=AT)
    with pytest.raises(operations.UploadNotReady):
        operations.start_import(upload_id=upload.pk, by=upload.by, at=AT)
    assert AuditEntry.objects.filter(action="upload.import_asked").count() == 1


def test_what_is_done_is_left_alone() -> None:
    upload = imported(checked())
    batches = ImportBatch.objects.count()
    worked(upload, LATER)
    assert (upload.state, ImportBatch.objects.count()) == ("done", batches)


def test_a_file_that_kills_its_worker_is_given_up_at_the_fourth_time() -> None:
    upload = received()
    Upload.objects.filter(pk=upload.pk).update(state="checking", attempts=2)
    assert worked(upload).state == "checked"
    other = received()
    Upload.objects.filter(pk=other.pk).update(state="checking", attempts=3)
    worked(other)
    assert (other.state, other.failure) == (
        "refused", "Three attempts to read this file failed; ask the operator.",
    )  # fmt: skip


def test_old_files_go_and_rows_stay() -> None:
    done, waiting, fresh = imported(checked()), checked(), checked(at=AT + dt.timedelta(days=1))
    operations.sweep_uploads(at=AT + dt.timedelta(days=7, seconds=1))
    for upload in (done, waiting, fresh):
        upload.refresh_from_db()
    assert [upload.state for upload in (done, waiting, fresh)] == ["done", "refused", "checked"]
    assert not done.has_workbook
    left = {path.name for path in queries.path_of("x").parent.iterdir()}
    mine = {upload.stored_name for upload in (done, waiting, fresh)}
    assert {name for name in left if name[:36] in mine} == {
        fresh.stored_name, f"{fresh.stored_name}.errors.xlsx",
    }  # fmt: skip


# --- pages ----------------------------------------------------------------------------------
def send(client: Client, content: bytes, name: str = "march.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/imports/upload/", {"kind": "transactions", "file": file})


def test_from_the_form_to_the_workbook(client_of: Callable[..., Client]) -> None:
    client = client_of(english())
    address = send(client, MIXED.encode()).headers["Location"]
    upload = Upload.objects.get()
    assert address == f"/imports/upload/{upload.pk}/"
    page = client.get(address).content.decode()
    assert (page.count("<progress"), page.count('hx-headers=\'{"X-Poll": "1"}\'')) == (1, 1)
    worked(upload)
    progress = client.get(f"{address}progress/")
    assert (progress.headers["HX-Refresh"], progress.content.count(b"<progress")) == ("true", 0)
    page = client.get(address).content.decode()
    assert page.count(f'action="{address}import/"') == 1
    assert client.post(f"{address}import/").headers["Location"] == address
    worked(upload)
    answer = client.get(f"{address}errors/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="march.csv.errors.xlsx"'
    assert answer.content[:2] == b"PK"
    assert AuditEntry.objects.filter(action="upload.errors_taken").count() == 1
    assert client.get(address).content.decode().count(f'action="{address}import/"') == 0


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00", "1899-12-31T23:59", "9999-12-31T00:00"])
def test_a_year_that_nobody_means_is_refused_and_the_page_still_opens(
    client_of: Callable[..., Client], as_of: str
) -> None:
    client = client_of(english())
    file = SimpleUploadedFile("march.csv", MIXED.encode())
    answer = client.post("/imports/upload/", {"kind": "cards", "file": file, "as_of": as_of})
    assert "Give a day between 1900 and 2100." in answer.content.decode()
    assert not Upload.objects.exists()
    assert client.get("/imports/upload/").status_code == 200


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_in_utf16_without_a_mark_is_refused_at_once_with_a_sentence(encoding: str) -> None:
    upload = operations.receive_file(
        kind="transactions", label="march.csv", chunks=[MIXED.encode(encoding)], by=english(), at=AT
    )
    worked(upload)
    assert (upload.state, upload.failure) == (
        "refused",
        "There are zero bytes in the header: the file is UTF-16 without a byte order mark, or"
        " damaged. Save it as “CSV UTF-8”.",
    )
    assert ImportBatch.objects.get().failure == upload.failure


def test_a_null_sign_in_a_cell_is_shown_on_the_page_as_a_bad_cell() -> None:
    upload = checked(HEADER + "T1\0,K1,10.00,2026-03-05\n")
    assert (upload.state, upload.trial.rows_bad) == ("checked", 1)
    assert upload.preview["rows"] == [[2, ["T1 ", "K1", "10.00", "2026-03-05"]]]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "march.pdf",
            b"x",
            "Only .csv and .xlsx files can be read; save the file as one of these.",
        ),
        ("march.csv", b"", "The file is empty."),
        ("march.csv", b"x" * 200_000, "At most 0 MB; split the file."),
    ],
)
def test_what_is_no_file_for_us(
    client_of: Callable[..., Client], settings: Any, name: str, content: bytes, sentence: str
) -> None:
    settings.UPLOAD_MOST_BYTES = 100_000
    answer = send(client_of(english()), content, name)
    with translation.override("en"):
        assert answer.context["form"].errors["file"] == [sentence]
    assert Upload.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        ("campaign_manager", [404, 404, 404, 404]),
        ("compliance", [200, 200, 200, 403]),
        ("administrator", [200, 200, 200, 404]),
        ("analyst", [403, 403, 403, 403]),
    ],
)
def test_the_upload_of_somebody_else(
    client_of: Callable[..., Client], role: str, answers: list[int]
) -> None:
    upload = checked()
    client, address = client_of(english(role)), f"/imports/upload/{upload.pk}/"
    found = [client.get(f"{address}{part}") for part in ("", "progress/", "errors/")]
    found.append(client.post(f"{address}import/"))
    assert [answer.status_code for answer in found] == answers
    upload.refresh_from_db()
    assert upload.state == "checked"


def test_a_stranger_stores_nothing(client_of: Callable[..., Client]) -> None:
    assert send(client_of("analyst"), MIXED.encode()).status_code == 403
    assert send(Client(), MIXED.encode()).status_code == 302
    assert Upload.objects.count() == 0


def test_the_customer_keeps_what_the_check_found() -> None:
    """A check of customers changes nothing, the one that is known included."""
    before = Customer.objects.get(number="C1").name
    line = "C1,李华,B001,2026-03-02,contract,,,\n"
    upload = checked(CUSTOMERS + line, "customers")
    assert upload.trial.rows_changed == 1
    assert Customer.objects.get(number="C1").name == before


# --- what the import would do, and did ---------------------------------------------------------
def page_of(client_of: Callable[..., Client], upload: Upload) -> Any:
    client = client_of(Staff.objects.get(pk=upload.by_id))
    return client.get(f"/imports/upload/{upload.pk}/")


def counted(page: Any) -> dict[str, int]:
    return {one.code: one.rows for one in page.context["outcomes"]}


def test_the_page_tells_what_would_become_of_the_rows_in_numbers_and_a_picture(
    client_of: Callable[..., Client],
) -> None:
    line = "{},K1,{},2026-03-05\n"
    stands = [line.format(f"T{place}", "10.00") for place in range(3)]
    imported(checked(HEADER + "".join(stands), by=english()))
    rows = [*stands[:2], line.format("T2", "12.00"), line.format("T9", "1.00"),
            line.format("T8", "x")]  # fmt: skip
    upload = checked(HEADER + "".join(rows), by=english())
    page = page_of(client_of, upload)
    text = page.content.decode()
    assert counted(page) == {
        "new": 1, "changed": 1, "same": 2, "bad": 1,
    }  # fmt: skip
    assert "What the import would do. New rows: 1; Changed rows: 1; " in text
    assert "would change a row that stands." in text
    done = page_of(client_of, imported(upload))
    assert counted(done) == counted(page)
    assert "changed a row that stood." in done.content.decode()
    assert done.context["expected"] == []


def test_where_the_import_finds_other_rows_than_the_check_the_page_says_so(
    client_of: Callable[..., Client],
) -> None:
    upload = checked(by=english())
    imported(checked(by=english()))
    page = page_of(client_of, imported(upload))
    assert counted(page)["new"] == 0
    assert {one.code: one.rows for one in page.context["expected"]}["new"] > 0
    assert "Rows that stand changed between the check and the import." in page.content.decode()


def test_a_file_that_only_confirms_as_of_later_can_be_imported(
    client_of: Callable[..., Client],
) -> None:
    """Else a row from between would come through afterwards."""
    line = "C1,李华,B001,2026-03-02,contract,,,\n"
    imported(checked(CUSTOMERS + line, "customers", by=english()))
    plain = checked(CUSTOMERS + line, "customers", by=english())
    assert "Nothing would be imported" in page_of(client_of, plain).content.decode()
    upload = checked(CUSTOMERS + line, "customers", by=english(), as_of=LATER)
    text = page_of(client_of, upload).content.decode()
    assert ("it is noted that they still hold" in text, "/import/" in text) == (True, True)
    imported(upload)
    assert Customer.objects.get(number="C1").as_of == LATER
