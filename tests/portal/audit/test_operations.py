"""The audit trail is chained by the database and cannot be changed."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from portal.audit import operations as audit
from portal.models import AuditEntry, AuditHead, AuditLink
from tests.factories.portal import StaffFactory

AT = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_entries_are_chained_in_order_of_commit() -> None:
    actor = StaffFactory()
    first = audit.record(action="test.first", actor=actor, at=AT, target=actor)
    second = audit.record(action="test.second", actor=None, at=AT, reason="why")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    links = list(AuditLink.objects.order_by("sequence"))
    assert [link.entry_id for link in links] == [first.pk, second.pk]
    assert links[0].previous_hash == "0" * 64
    assert links[1].previous_hash == links[0].hash
    assert AuditHead.objects.get().hash == links[1].hash


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql", ["UPDATE portal_auditentry SET reason = 'x'", "DELETE FROM portal_auditentry"]
)
def test_an_entry_cannot_be_changed(sql: str) -> None:
    audit.record(action="test.first", actor=None, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEntry.objects.get().reason == ""
