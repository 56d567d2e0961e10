"""A file is marked throughout, recorded before it leaves, and holds texts as texts."""

import datetime as dt
import hashlib
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext

from portal.exports import operations as exports
from portal.kit.registry import BadFilter, Exportable, Exported
from portal.models import AuditEntry, Export, Staff
from portal.staff.enums import Permission
from tests.factories.portal import StaffFactory
from tests.portal.exports.workbooks import parts_of, sheets_of

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)


def kind_of(rows: Iterable[Sequence[Any]], **other: Any) -> Exportable:
    """A kind with three columns that gives these rows."""
    usual = {"code": "test", "label": "测试", "permission": Permission.VIEW_CUSTOMERS}
    return Exportable(
        list_url="customer_list",
        columns=(("A", 10), ("B", 10), ("C", 10)),
        read=lambda _staff, asked, _on: Exported({"x": asked["x"]} if "x" in asked else {}, rows),
        words_of=lambda: lambda given: list(given.items()),
        **{**usual, **other},
    )


@pytest.fixture
def officer() -> Staff:
    return StaffFactory(role="compliance", name="李&娜", name_en="", username="li.na")


def make(kind: Exportable, staff: Staff, query: str = "") -> exports.Made:
    return exports.make_export(
        kind=kind, asked=QueryDict(query), reason="月度核对 13912345678", staff=staff, at=AT
    )


def test_the_file_is_recorded_with_its_fingerprint(officer: Staff) -> None:
    with make(kind_of([("a", 1, None)]), officer, "x=1").file as file:
        content = file.read()
    export = Export.objects.get()
    assert (export.kind, export.by, export.branch) == ("test", officer, officer.branch)
    assert (export.rows, export.bytes, export.made_at) == (1, len(content), AT)
    assert export.sha256 == hashlib.sha256(content).hexdigest()
    assert (export.filters, export.columns) == ({"x": "1"}, ["A", "B", "C"])
    assert export.reason == "月度核对 139****5678"
    entry = AuditEntry.objects.get(action="export.made")
    assert (entry.actor, entry.target_label) == (officer, f"test {export.code}")
    assert entry.changes == {
        "kind": "test",
        "rows": 1,
        "filters": {"x": "1"},
        "sha256": export.sha256,
    }


def test_texts_are_texts_numbers_numbers_and_days_days(officer: Staff) -> None:
    formula = '=HYPERLINK("http://x.example","x")'
    rows = [
        (formula, "+1", "http://x.example"),
        (1, Decimal("2.50"), 3.5),
        (dt.date(2026, 3, 2), True, None),
    ]
    with make(kind_of(rows), officer).file as file:
        data = list(sheets_of(file).values())[1]
        xml = parts_of(file)["xl/worksheets/sheet2.xml"]
    mark = data[1][3]
    assert data == [
        ["A", "B", "C", gettext("Mark")],
        [formula, "+1", "http://x.example", mark],
        [1, 2.5, 3.5, mark],
        [dt.date(2026, 3, 2), "True", "", mark],
    ]
    assert ("<f>" in xml, "hyperlink" in xml) == (False, False)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_place_bears_code_person_and_time(officer: Staff, language: str) -> None:
    with translation.override(language):
        made = make(kind_of([("a", "b", "c")] * 3), officer, "x=y")
    with made.file as file:
        sheets, parts = sheets_of(file), parts_of(file)
    mark = f"{made.export.code[:4]}-{made.export.code[4:]}"
    about, data = sheets.values()
    assert [row[3] for row in data[1:]] == [mark] * 3
    facts = [cell for row in about for cell in row]
    with translation.override(language):
        labels = {gettext(text) for text in ("Code of the file", "Made by", "Reason", "Handling")}
    assert mark in facts
    assert "月度核对 139****5678" in facts
    assert "x: y" in facts
    assert labels <= set(facts)
    for name in ("sheet1", "sheet2"):
        # "&" begins a code of the header's own language: that of a name is doubled.
        printed = parts[f"xl/worksheets/{name}.xml"]
        assert f"&amp;L{mark}&amp;C李&amp;&amp;娜 (li.na)&amp;R2026-06-01 10:00" in printed
        assert f"<oddFooter>&amp;L{mark}" in printed
    core, custom = parts["docProps/core.xml"], parts["docProps/custom.xml"]
    assert (mark in core, "li.na" in core, made.export.code in custom) == (True, True, True)


def test_more_rows_than_allowed_are_refused_whole(officer: Staff, settings: Any) -> None:
    settings.EXPORT_MOST_ROWS = 3
    make(kind_of([("a", "b", "c")] * 3), officer).file.close()
    with pytest.raises(exports.TooManyRows):
        make(kind_of([("a", "b", "c")] * 4), officer)
    assert Export.objects.count() == 1
    assert AuditEntry.objects.filter(action="export.made").count() == 1


def test_an_empty_list_is_a_file_too(officer: Staff) -> None:
    with make(kind_of([]), officer).file as file:
        assert len(list(sheets_of(file).values())[1]) == 1
    assert Export.objects.get().rows == 0


@pytest.mark.parametrize(
    ("role", "permission", "is_about_customers"),
    [
        ("analyst", Permission.VIEW_STAGES, True),  # figures only
        ("campaign_manager", Permission.VIEW_CARE, True),  # may not see the list
        ("telemarketer", Permission.VIEW_LEADS, False),  # takes nothing out
        ("administrator", Permission.VIEW_IMPORTS, False),
    ],
)
def test_who_may_not_is_refused(role: str, permission: str, is_about_customers: bool) -> None:
    kind = kind_of([], permission=permission, is_about_customers=is_about_customers)
    with pytest.raises(exports.NotAllowed):
        make(kind, StaffFactory(role=role))
    assert Export.objects.count() == 0


def test_the_analyst_takes_out_figures() -> None:
    analyst = StaffFactory(role="analyst")
    kind = kind_of([], permission=Permission.VIEW_STAGES, is_about_customers=False)
    make(kind, analyst).file.close()
    assert Export.objects.get().by == analyst


def test_a_fault_in_the_middle_records_nothing(officer: Staff) -> None:
    def broken() -> Iterator[Sequence[Any]]:
        yield "a", "b", "c"
        raise BadFilter("x")

    with pytest.raises(BadFilter):
        make(kind_of(broken()), officer)
    assert (Export.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_memory_does_not_grow_with_the_rows(officer: Staff, settings: Any) -> None:
    settings.EXPORT_MOST_ROWS = 10**6

    def peak(rows: int) -> int:
        lines = ((f"文字 {number}", number, "x" * 50) for number in range(rows))
        tracemalloc.start()
        make(kind_of(lines), officer).file.close()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is loaded at the first time is not counted
    few, many = peak(500), peak(10_000)
    assert many < few + 1_000_000
