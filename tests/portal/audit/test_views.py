"""Browsing the trail: who may, what the filter does, what an entry shows."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.audit import operations as audit
from portal.models import AuditEntry, AuditLink
from portal.staff.enums import Role
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)


def record(**words: Any) -> AuditEntry:
    entry = audit.record(**{"action": "test.done", "actor": StaffFactory(), "at": AT, **words})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return entry


@pytest.mark.parametrize("role", Role.values)
def test_who_may_browse(client_of: Any, role: str) -> None:
    entry = record()
    client = client_of(role)
    wanted = 200 if role in {Role.COMPLIANCE, Role.ADMINISTRATOR} else 403
    assert client.get(reverse("audit_list")).status_code == wanted
    assert client.get(reverse("audit_page", args=[entry.pk])).status_code == wanted


def test_strangers_are_sent_to_sign_in(client: Any) -> None:
    assert client.get(reverse("audit_list")).status_code == 302


def test_a_row_says_who_what_and_why(client_of: Any) -> None:
    actor = StaffFactory(name="李娜", username="li.na")
    entry = record(
        actor=actor, target=actor, reason="调岗", changes={"role": {"before": "a", "after": "b"}}
    )
    text = client_of(Role.COMPLIANCE).get(reverse("audit_list")).content.decode()
    link = AuditLink.objects.get(entry=entry)
    for words in ["2026-03-02 12:00", "李娜 (li.na)", "test.done", "调岗", "a → b", link.hash[:12]]:
        assert words in text


def test_the_filter_is_the_address(client_of: Any) -> None:
    record(action="staff.hired")
    record(action="approval.submitted")
    client = client_of(Role.COMPLIANCE)
    query = {"action": "staff.", "first": "2026-03-02", "last": "2026-03-02"}
    answer = client.get(reverse("audit_list"), query)
    assert [entry.action for entry, _words, _changes in answer.context["rows"]] == ["staff.hired"]
    assert 'value="2026-03-02"' in answer.content.decode()
    endless = client.get(reverse("audit_list"), {"first": "0001-01-01", "last": "9999-12-31"})
    assert len(endless.context["rows"]) == 2


@pytest.mark.parametrize(
    "query", [{"first": "2026-13-99"}, {"first": "2026-03-02", "last": "2026-03-01"}]
)
def test_a_bad_filter_is_told_and_hides_nothing(client_of: Any, query: dict[str, str]) -> None:
    record()
    answer = client_of(Role.COMPLIANCE).get(reverse("audit_list"), query)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert len(answer.context["rows"]) == 1


def test_an_entry_shows_its_link(client_of: Any) -> None:
    first, second = record(), record(changes={"sum": {"before": "1.00", "after": "2.00"}})
    answer = client_of(Role.COMPLIANCE).get(reverse("audit_page", args=[second.pk]))
    text = answer.content.decode()
    for link in AuditLink.objects.filter(entry__in=[first, second]):
        assert link.hash in text
    assert "1.00" in text
    assert "2.00" in text


def test_an_entry_without_a_link_is_shouted(client_of: Any) -> None:
    entry = audit.record(action="test.unlinked", actor=None, at=AT)
    answer = client_of(Role.COMPLIANCE).get(reverse("audit_page", args=[entry.pk]))
    assert "alert-danger" in answer.content.decode()


def test_an_unknown_entry_is_a_404(client_of: Any) -> None:
    assert client_of(Role.COMPLIANCE).get(reverse("audit_page", args=[1])).status_code == 404


def test_the_list_asks_the_same_number_of_questions(client_of: Any) -> None:
    client = client_of(Role.COMPLIANCE)
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            record()
        client.get(reverse("audit_list"))
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(reverse("audit_list")).context["rows"]) in (1, 3)
        counts.append(len(queries))
    assert counts[0] == counts[1]
