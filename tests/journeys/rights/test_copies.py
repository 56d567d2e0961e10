"""The copy of a person's data: everything, in clear, for the person alone, kept nowhere."""

import datetime as dt
import hashlib
import io
import json
import logging
import zipfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineWorkbook

from journeys.models import Card, Customer, RightsCopy
from journeys.reveals.enums import RevealField, RevealReason
from journeys.rights import operations as rights
from portal.models import AuditEntry, Staff
from portal.staff.enums import Role
from tests.factories.journeys import INSTANT, CardFactory, CustomerFactory, TransactionFactory
from tests.factories.portal import StaffFactory
from tests.factories.rights import (
    AT,
    EMAIL,
    ID_NUMBER,
    LEAD_NUMBER,
    NAME,
    NUMBER,
    PHONE,
    fill_every_table,
    take_in,
    the_person,
)
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


def copy_of(person: Customer, form: str) -> tuple[RightsCopy, bytes]:
    request = take_in(person, kind="access")
    actor = StaffFactory(role="compliance", name="王审查")
    copy, handle = rights.make_copy(request_id=request.pk, form=form, actor=actor, at=AT)
    with handle:
        return copy, handle.read()


def test_the_copy_holds_everything_in_clear() -> None:
    person = the_person()
    fill_every_table(person)
    other = CardFactory(customer=CustomerFactory(name="别人", number="C99999999"))
    copy, content = copy_of(person, "json")
    held = json.loads(content)
    text = content.decode()
    for value in (NUMBER, NAME, PHONE, ID_NUMBER, EMAIL, LEAD_NUMBER, "1988-06-15"):
        assert value in text
    assert other.reference not in text
    assert "C99999999" not in text
    assert "王审查" not in text  # who works here is no data of the person
    names = [table["name"] for table in held["tables"]]
    assert copy.tables == len(names) == len(set(names))
    assert copy.rows == sum(len(table["rows"]) for table in held["tables"])
    assert all(len(row) == len(table["columns"]) for table in held["tables"]
               for row in table["rows"])  # fmt: skip
    assert (copy.size, copy.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_each_table_is_read_with_the_tables_that_it_names_alone() -> None:
    """Asked to follow every link, the database would plan a join of dozens of tables."""
    person = the_person()
    fill_every_table(person)
    with CaptureQueriesContext(connection) as asked:
        copy_of(person, "json")
    assert max(query["sql"].count(" JOIN ") for query in asked) <= 4


def test_the_workbook_says_the_same_as_the_json() -> None:
    person = the_person()
    fill_every_table(person)
    for _number in range(30):
        TransactionFactory(card=Card.objects.get(customer=person))
    _copy, workbook = copy_of(person, "xlsx")
    _copy, content = copy_of(person, "json")
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    tables = json.loads(content)["tables"]
    spent = next(table for table in tables if len(table["rows"]) >= 30)
    page = next(name for name in book.sheet_names if name.endswith(spent["name"]))
    rows = book.get_sheet_by_name(page).to_python()
    assert rows[0] == spent["columns"]
    assert [[_text(cell) for cell in row] for row in rows[1:]] == [
        [_text(cell) for cell in row] for row in spent["rows"]
    ]
    assert len(book.sheet_names) == len(tables) + 1


@pytest.mark.parametrize("length", [15_999, 16_000, 16_001, 32_000, 32_001, 48_500])
@pytest.mark.parametrize("sign", ["长", "\U00020bb7"])  # the second takes two units of UTF-16
def test_a_long_text_goes_on_in_the_cells_below(length: int, sign: str) -> None:
    person = the_person()
    first, last = (row_of("journeys.Complaint", customer=person, words=words)
                   for words in (sign * (length - 1) + "。", "短"))  # fmt: skip
    copy, workbook = copy_of(person, "xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    page = next(name for name in book.sheet_names if first.number in str(
        book.get_sheet_by_name(name).to_python()))  # fmt: skip
    rows = book.get_sheet_by_name(page).to_python()
    words = next(number for number, cell in enumerate(rows[1]) if str(cell).startswith(sign))
    number = next(place for place, cell in enumerate(rows[1]) if cell == first.number)
    pieces = -(-length // 16_000)
    assert [row[number] for row in rows[1:]] == [first.number, *[""] * (pieces - 1), last.number]
    assert "".join(str(row[words]) for row in rows[1:-1]) == first.words
    assert all(set(row[:words] + row[words + 1 :]) == {""} for row in rows[2:-1])
    lines = sum(len(book.get_sheet_by_name(name).to_python()) - 1 for name in book.sheet_names[1:])
    assert copy.rows == lines - (pieces - 1)  # a text that goes on is no further row


def _text(cell: Any) -> str:
    """Workbooks know one kind of number."""
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def test_a_formula_in_a_name_stays_text() -> None:
    person = the_person(name="=cmd|calc")
    _copy, workbook = copy_of(person, "xlsx")
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())


def test_it_is_noted_and_kept_nowhere(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.VAR_DIR = tmp_path
    person = the_person()
    with caplog.at_level(logging.DEBUG):
        copy, _content = copy_of(person, "xlsx")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    entry = AuditEntry.objects.get(action="rights.copied")
    assert entry.changes["sha256"] == copy.sha256
    assert entry.actor_id == copy.made_by_id
    assert PHONE not in str(entry.changes)
    said = caplog.text
    assert [value for value in (PHONE, ID_NUMBER, EMAIL, NAME) if value in said] == []


def test_a_request_has_few_copies() -> None:
    request, actor = take_in(the_person(), kind="access"), StaffFactory()
    for _number in range(rights.MOST_COPIES):
        rights.make_copy(request_id=request.pk, form="json", actor=actor, at=AT)[1].close()
    with pytest.raises(rights.TooManyCopies):
        rights.make_copy(request_id=request.pk, form="json", actor=actor, at=AT)
    assert RightsCopy.objects.count() == rights.MOST_COPIES
    rights.finish_request(request_id=request.pk, words="已交付", actor=actor, at=AT)
    with pytest.raises(rights.NotInState):
        rights.make_copy(request_id=request.pk, form="json", actor=actor, at=AT)


def test_a_member_of_staff_makes_so_many_copies_a_day() -> None:
    rights.set_usual_rule(effective_date=AT.date() - dt.timedelta(days=9), at=AT)
    rights.set_rights_rule(
        effective_date=AT.date() - dt.timedelta(days=1), answer_days=15, copies_per_day=2,
        certainty="C", source="test", actor=None, at=AT,
    )  # fmt: skip
    requests = [take_in(CustomerFactory(), kind="access") for _number in range(3)]
    officer, other = StaffFactory(role="compliance"), StaffFactory(role="compliance")

    def copied(place: int, by: Staff, at: dt.datetime = AT) -> RightsCopy:
        copy, handle = rights.make_copy(request_id=requests[place].pk, form="json", actor=by, at=at)
        handle.close()
        return copy

    made = [copied(place, officer) for place in (0, 1)]
    assert [(row.number_of_day, row.allowed, row.on_date) for row in made] == [
        (1, 2, AT.date()), (2, 2, AT.date()),
    ]  # fmt: skip
    with translation.override("en"), pytest.raises(rights.DayIsFull) as full:
        copied(2, officer)
    assert str(full.value) == (
        "You have made 2 of 2 copies today. Go on tomorrow; if the answer cannot wait, ask "
        "another compliance officer."
    )
    assert RightsCopy.objects.count() == 2
    assert AuditEntry.objects.filter(action="rights.copied").count() == 2
    # Bank time: a day ends at 16:00 UTC.
    assert copied(2, other).number_of_day == 1
    assert copied(2, officer, dt.datetime(2026, 6, 1, 16, 0, tzinfo=dt.UTC)).number_of_day == 1


def test_without_a_rule_in_force_no_copy_is_made() -> None:
    request = take_in(CustomerFactory(), kind="access")
    early = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(rights.DayIsFull):
        rights.make_copy(request_id=request.pk, form="json", actor=StaffFactory(), at=early)
    assert RightsCopy.objects.count() == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_of_looks_at_values_the_copy_tells_role_time_and_value_and_no_inquiry(
    language: str,
) -> None:
    person, looked = CustomerFactory(), StaffFactory(role="relationship_manager", name="王审查")
    words = {kind: f"内部理由{place}" for place, kind in enumerate(RevealReason.values)}
    for place, (kind, said) in enumerate(words.items(), start=1):
        row_of(
            "journeys.Reveal", customer=person, actor=looked, kind=kind, words=said,
            number_of_day=place, field="id_number" if kind == "review" else "phone",
        )  # fmt: skip
    with translation.override(language):
        _copy, content = copy_of(person, "json")
        labels = {kind: str(RevealReason(kind).label) for kind in words}
        phone, number = str(RevealField.PHONE.label), str(RevealField.ID_NUMBER.label)
        role, name = str(Role.RELATIONSHIP_MANAGER.label), str(_("Values shown to staff"))
    text = content.decode()
    (table,) = [each for each in json.loads(content)["tables"] if each["name"] == name]
    at = timezone.localtime(INSTANT).strftime("%Y-%m-%d %H:%M:%S")
    assert table["rows"] == [[at, phone, role]] * 3 + [[at, number, role]]
    told = [*words.values(), *labels.values(), *words, "王审查"]
    assert [each for each in told if each in text.replace(name, "")] == []


@pytest.mark.parametrize(
    ("rules", "number", "allowed"),
    [([], 1, 5), ([(0, 5)], 6, 5), ([(0, 5)], 1, 6), ([(1, 5)], 1, 5), ([(5, 2)], 3, 2)],
)
def test_no_copy_is_made_beyond_the_rule_in_force(
    rules: list[tuple[int, int]], number: int, allowed: int
) -> None:
    """No rule, above its number, with another number than the rule's, before the rule's day."""
    for days, per_day in rules:
        day = AT.date() + dt.timedelta(days=days if days < 5 else -days)
        row_of("journeys.RightsRule", effective_date=day, copies_per_day=per_day)
    request, staff = row_of("journeys.RightsRequest"), StaffFactory()
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        RightsCopy.objects.create(
            request=request, form="json", made_at=AT, made_by=staff, tables=1, rows=1, size=1,
            sha256="0" * 64, on_date=AT.date(), number_of_day=number, allowed=allowed,
        )  # fmt: skip
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == "rights_copy_within_rule"
    assert RightsCopy.objects.count() == 0
