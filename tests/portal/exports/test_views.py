"""The pages of exports: what is asked, handed over, listed and found again."""

import hashlib
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.models import Export
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.portal.exports.workbooks import sheets_of
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

LIST, FIND = reverse("export_list"), reverse("export_find")
START = reverse("export_start", args=["customers"])
REASON = {"reason": "月度核对客户名单"}


def body(answer: Any) -> io.BytesIO:
    """The file of an answer, which is closed when it was read."""
    return io.BytesIO(b"".join(answer.streaming_content))


def test_a_list_is_taken_out_with_the_filters_of_its_address(client_of: Any) -> None:
    branch = BranchFactory()
    kept = CustomerFactory(branch=branch, number="C100", phone="13912345678")
    CustomerFactory(branch=branch, number="C200")
    CustomerFactory(branch=BranchFactory(), number="C101")
    client = client_of(StaffFactory(role="branch_manager", branch=branch))
    asked = client.get(f"{START}?text=c1")
    assert (asked.status_code, asked.context["filters"]) == (200, [("查找", "c1")])
    assert Export.objects.count() == 0
    answer = client.post(f"{START}?text=c1", REASON)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="customers-')
    assert "no-store" in answer.headers["Cache-Control"]
    file = body(answer)
    rows = list(sheets_of(file).values())[1][1:]
    assert [row[:4] for row in rows] == [[kept.number, "王**", "个人", "139****5678"]]
    export = Export.objects.get()
    assert (export.rows, export.filters) == (1, {"text": "c1"})
    assert export.sha256 == hashlib.sha256(file.getvalue()).hexdigest()


@pytest.mark.parametrize("reason", ["", " ", "abc", "x" * 501])
def test_without_a_reason_no_file(client_of: Any, reason: str) -> None:
    answer = client_of("compliance").post(START, {"reason": reason})
    assert (answer.status_code, answer.context["form"].errors != {}) == (422, True)
    assert Export.objects.count() == 0


def test_too_many_rows_get_a_sentence(client_of: Any, settings: Any) -> None:
    settings.EXPORT_MOST_ROWS = 1
    CustomerFactory(), CustomerFactory()
    client = client_of(StaffFactory(role="compliance", language="en"))
    answer = client.post(START, REASON)
    assert (answer.status_code, answer.context["refusal"]) == (
        422,
        "More than 1 rows: choose narrower filters and try again.",
    )
    assert Export.objects.count() == 0


def test_a_list_found_by_a_phone_is_not_taken_out(client_of: Any) -> None:
    client = client_of("compliance")
    for answer in (
        client.get(START, {"text": "13912345678"}),
        client.post(f"{START}?text=13912345678", REASON),
    ):
        assert answer.context["refusal"]
    assert Export.objects.count() == 0
    row_of("journeys.RevealRule")
    searched = client.post(reverse("customer_search"), {"text": "13912345678"})
    assert START not in searched.content.decode()


def test_a_name_that_was_searched_for_is_kept_masked(client_of: Any) -> None:
    CustomerFactory(name="王小明")
    body(client_of("compliance").post(f"{START}?text=王小", REASON))
    assert Export.objects.get().filters == {"text": "王*"}


def test_each_reader_reads_the_record_in_the_own_language(client_of: Any) -> None:
    branch = BranchFactory(name="杭州分行", name_en="Hangzhou Branch")
    maker = StaffFactory(role="compliance", language="zh-hans")
    url = reverse("export_start", args=["complaints"])
    body(client_of(maker).post(f"{url}?state=open&branch={branch.code}", REASON))
    export = Export.objects.get()
    assert export.filters == {"state": "open", "branch": branch.code}
    assert export.columns[:2] == ["Complaint", "State"]
    # Of before: the words of the maker.
    row_of("portal.Export", filters=[["查找", "王*"]], columns=["姓名"], by=maker)
    told = {}
    for language in ("zh-hans", "en"):
        reader = StaffFactory(role="compliance", language=language)
        old, new = sorted(
            client_of(reader).get(reverse("export_list")).context["rows"],
            key=lambda each: each.row.pk,
            reverse=True,
        )
        assert (old.filters, old.columns) == ([["查找", "王*"]], ["姓名"])
        told[language] = (new.filters, new.columns[1])
    assert told == {
        "zh-hans": ([("状态", "未答复投诉"), ("网点", "杭州分行")], "状态"),
        "en": ([("State", "Open complaint"), ("Branch", "Hangzhou Branch")], "State"),
    }


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        ("analyst", "stage_funnel", 200),
        ("analyst", "customers", 403),
        ("analyst", "open_applications", 403),
        ("analyst", "complaints", 403),
        ("campaign_manager", "customers", 200),
        ("campaign_manager", "complaints", 403),
        ("branch_manager", "complaints", 200),
        ("compliance", "nothing", 404),
    ],
)
def test_each_kind_has_its_people(client_of: Any, role: str, kind: str, status: int) -> None:
    client = client_of(role)
    url = reverse("export_start", args=[kind])
    assert client.get(url).status_code == status
    answer = client.post(url, REASON)
    assert answer.status_code == status
    if status == 200:
        body(answer)
    assert Export.objects.count() == (status == 200)


@pytest.mark.parametrize(
    ("page", "kind", "role"),
    [
        ("customer_list", "customers", "branch_manager"),
        ("application_clock", "open_applications", "branch_manager"),
        ("complaint_list", "complaints", "branch_manager"),
        ("stage_funnel", "stage_funnel", "analyst"),
    ],
)
def test_the_button_takes_the_filters_along(
    client_of: Any, page: str, kind: str, role: str
) -> None:
    text = client_of(role).get(reverse(page), {"page": "1", "x": "1"}).content.decode()
    assert f'href="{reverse("export_start", args=[kind])}?x=1"' in text


def test_everybody_sees_the_own_exports_and_compliance_all(client_of: Any) -> None:
    manager = StaffFactory(role="branch_manager")
    own, other = row_of("portal.Export", by=manager), row_of("portal.Export")
    assert list(client_of(manager).get(LIST).context["page"].rows) == [own]
    seen = client_of("compliance").get(LIST).context["page"].rows
    assert {row.pk for row in seen} == {own.pk, other.pk}


def test_an_export_is_found_by_its_code_its_fingerprint_or_its_file(client_of: Any) -> None:
    manager = StaffFactory(role="branch_manager")
    content = b"what was taken out"
    digest = hashlib.sha256(content).hexdigest()
    wanted = row_of("portal.Export", by=manager, sha256=digest, code="7KQF3MXD")
    row_of("portal.Export", by=manager)
    client = client_of(manager)

    def found(answer: Any) -> list[Export]:
        assert answer.status_code == 200
        return list(answer.context["page"].rows)

    def compared(data: bytes) -> list[Export]:
        return found(client.post(FIND, {"file": SimpleUploadedFile("a.xlsx", data)}))

    assert found(client.get(LIST, {"find": "7kqf-3mxd"})) == [wanted]
    assert found(client.get(LIST, {"find": digest.upper()})) == [wanted]
    assert found(client.get(LIST, {"find": "nothing"})) == []
    assert compared(content) == [wanted]
    assert compared(content + b"!") == []
    assert found(client.post(FIND)) == []
    stranger = client_of("analyst")
    assert found(stranger.get(LIST, {"find": "7KQF3MXD"})) == []


def test_a_compared_file_needs_the_token_of_the_page(client_of: Any) -> None:
    client = client_of("compliance")
    client.handler.enforce_csrf_checks = True
    file = SimpleUploadedFile("a.xlsx", b"x")
    assert client.post(FIND, {"file": file}).status_code == 403
    client.get(LIST)
    token = client.cookies["csrftoken"].value
    file = SimpleUploadedFile("a.xlsx", b"x")
    answer = client.post(FIND, {"file": file, "csrfmiddlewaretoken": token})
    assert answer.status_code == 200
