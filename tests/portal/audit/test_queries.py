"""The chain is checked in one statement: every kind of tampering is found, and named."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from portal.audit import operations as audit
from portal.audit import queries
from portal.audit.rules import GENESIS
from portal.models import AuditEntry, AuditHead, AuditLink
from portal.staff.access import Scope
from tests.factories.portal import BranchFactory, StaffFactory

AT = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
EVERYTHING = Scope(branch_path="")
tampering = pytest.mark.django_db(transaction=True)


def record(count: int = 5) -> list[AuditEntry]:
    actor = StaffFactory()
    return [
        audit.record(
            action=f"test.number_{number}", actor=actor, at=AT, target=actor, reason="因为 \"x\"",
            changes={"sum": {"before": 1, "after": "2.50"}, "列表": [True, None]},
            address="10.0.0.1",
        )
        for number in range(count)
    ]  # fmt: skip


def tamper(sql: str, *values: Any) -> None:
    """As somebody who may do everything in the database: triggers and keys are off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)


def kinds(**words: Any) -> list[tuple[str, int | None, int | None]]:
    return [(fault.kind, fault.sequence, fault.entry_id) for fault in queries.faults(**words)]


@tampering
def test_an_untouched_chain_is_whole() -> None:
    assert queries.faults() == []
    assert queries.head() == (0, GENESIS)
    record()
    assert queries.faults() == []
    assert queries.head()[0] == 5


@tampering
@pytest.mark.parametrize(
    "change",
    [
        "reason = 'other'", "changes = '{}'", "at = at + interval '1 microsecond'",
        "actor_label = 'somebody'", "action = 'test.other'", "target_label = ''",
        "address = '10.0.0.2'", "role = ''", "actor_id = NULL", "branch_id = NULL",
        "target_key = ''", "target_kind = ''",
    ],
)  # fmt: skip
def test_a_changed_entry_is_found(change: str) -> None:
    entries = record()
    tamper(f"UPDATE portal_auditentry SET {change} WHERE id = %s", entries[2].pk)
    assert kinds() == [("entry_changed", 3, entries[2].pk)]


@tampering
def test_a_removed_entry_is_found_and_the_link_left_behind_named() -> None:
    entries = record()
    tamper("DELETE FROM portal_auditentry WHERE id = %s", entries[1].pk)
    assert kinds() == [("entry_removed", 2, entries[1].pk)]


@tampering
def test_an_entry_removed_with_its_link_is_found() -> None:
    entries = record()
    tamper("DELETE FROM portal_auditlink WHERE entry_id = %s", entries[1].pk)
    tamper("DELETE FROM portal_auditentry WHERE id = %s", entries[1].pk)
    assert kinds() == [("link_missing", 3, entries[2].pk)]


@tampering
def test_the_first_entry_removed_is_found() -> None:
    entries = record()
    tamper("DELETE FROM portal_auditlink WHERE entry_id = %s", entries[0].pk)
    tamper("DELETE FROM portal_auditentry WHERE id = %s", entries[0].pk)
    assert kinds() == [("link_missing", 2, entries[1].pk)]


@tampering
def test_an_entry_removed_with_its_link_and_the_numbers_closed_up_is_found() -> None:
    entries = record()
    tamper("DELETE FROM portal_auditlink WHERE entry_id = %s", entries[1].pk)
    tamper("DELETE FROM portal_auditentry WHERE id = %s", entries[1].pk)
    for entry in entries[2:]:
        tamper("UPDATE portal_auditlink SET sequence = sequence - 1 WHERE entry_id = %s", entry.pk)
    assert kinds() == [("link_broken", 2, entries[2].pk), ("head_differs", 5, None)]


@tampering
def test_a_shortened_chain_is_found() -> None:
    entries = record()
    tamper("DELETE FROM portal_auditlink WHERE entry_id = %s", entries[-1].pk)
    tamper("DELETE FROM portal_auditentry WHERE id = %s", entries[-1].pk)
    assert kinds() == [("head_differs", 5, None)]


@tampering
def test_an_emptied_trail_and_a_lost_head_are_found() -> None:
    record(2)
    tamper("DELETE FROM portal_auditlink")
    tamper("DELETE FROM portal_auditentry")
    assert kinds() == [("head_differs", 2, None)]
    AuditEntry.objects.all()
    record(1)
    tamper("DELETE FROM portal_audithead")
    assert ("head_missing", 3, None) in kinds()


@tampering
def test_an_entry_put_in_without_a_link_is_found() -> None:
    record()
    tamper(
        "INSERT INTO portal_auditentry (at, actor_label, role, action, target_kind, target_key,"
        " target_label, reason, changes) VALUES (now(), 'x', '', 'x.y', '', '', '', '', '{}')"
    )
    assert kinds() == [("entry_inserted", None, AuditEntry.objects.latest("id").pk)]


REHASH = (
    "UPDATE portal_auditlink link SET hash = portal_audit_digest(link.previous_hash, entry)"
    " FROM portal_auditentry entry WHERE entry.id = link.entry_id AND entry.id = %s"
)


@tampering
def test_a_changed_entry_with_its_link_hashed_again_breaks_the_next_link() -> None:
    entries = record()
    tamper("UPDATE portal_auditentry SET reason = 'other' WHERE id = %s", entries[2].pk)
    tamper(REHASH, entries[2].pk)
    assert kinds() == [("link_broken", 4, entries[3].pk)]


@tampering
def test_the_last_link_hashed_again_is_found_by_the_head() -> None:
    entries = record()
    tamper("UPDATE portal_auditentry SET reason = 'other' WHERE id = %s", entries[-1].pk)
    tamper(REHASH, entries[-1].pk)
    assert kinds() == [("head_differs", 5, None)]


@tampering
def test_a_chain_written_anew_to_its_end_is_found_by_the_anchor_alone() -> None:
    entries = record()
    anchor = queries.head()
    tamper("UPDATE portal_auditentry SET reason = 'other' WHERE id = %s", entries[3].pk)
    tamper(REHASH, entries[3].pk)
    tamper(
        "UPDATE portal_auditlink SET previous_hash ="
        " (SELECT hash FROM portal_auditlink WHERE sequence = 4) WHERE sequence = 5"
    )
    tamper(REHASH, entries[4].pk)
    tamper(
        "UPDATE portal_audithead SET hash = (SELECT hash FROM portal_auditlink WHERE sequence = 5)"
    )
    assert kinds() == []
    assert kinds(anchor=anchor) == [("anchor_differs", 5, entries[4].pk)]


@tampering
def test_an_anchor_beyond_the_end_is_found() -> None:
    record()
    anchor = queries.head()
    record(1)
    assert kinds(anchor=anchor) == []
    assert kinds(anchor=(7, "0" * 64)) == [("anchor_missing", 7, None)]


def verify(*args: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_audit", *args, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


@tampering
def test_the_command_tells_and_ends_with_a_code() -> None:
    entries = record()
    sequence, digest = queries.head()
    code, text = verify()
    assert (code, text.splitlines()[-1]) == (0, f"{sequence}:{digest}")
    assert verify("--expect", f"{sequence}:{digest}")[0] == 0
    code, text = verify("--json", "--expect", f"{sequence}:{'0' * 64}")
    assert (code, json.loads(text)["faults"]) == (
        1,
        [{"kind": "anchor_differs", "sequence": 5, "entry": entries[4].pk}],
    )
    tamper("UPDATE portal_auditentry SET reason = 'other'")
    code, text = verify("--limit", "2")
    assert code == 1
    first, second = text.splitlines()[:2]
    assert first.startswith(f"entry_changed (sequence 1, entry {entries[0].pk})")
    assert second.startswith(f"entry_changed (sequence 2, entry {entries[1].pk})")


# --- an independent calculation ---------------------------------------------------------------


def _jsonb(value: Any) -> str:
    """JSON as PostgreSQL's jsonb writes it: keys by length and then by bytes, ", " and ": "."""
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda item: (len(item[0].encode()), item[0].encode()))
        return "{" + ", ".join(f"{_jsonb(name)}: {_jsonb(inner)}" for name, inner in ordered) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_jsonb(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


@tampering
def test_an_independent_calculation_agrees() -> None:
    record(3)
    audit.record(action="test.system", actor=None, at=AT)
    previous = GENESIS
    for link in AuditLink.objects.select_related("entry").order_by("sequence"):
        entry = link.entry
        content = {
            "id": entry.pk,
            "at": entry.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
            "actor": entry.actor_id,
            "actor_label": entry.actor_label,
            "role": entry.role,
            "branch": entry.branch_id,
            "action": entry.action,
            "target_kind": entry.target_kind,
            "target_key": entry.target_key,
            "target_label": entry.target_label,
            "reason": entry.reason,
            "changes": entry.changes,
            "address": entry.address,
        }
        digest = hashlib.sha256(f"{previous}\n{_jsonb(content)}".encode()).hexdigest()
        assert (link.previous_hash, link.hash) == (previous, digest)
        previous = digest
    assert AuditHead.objects.get().hash == previous


@tampering
def test_connections_that_commit_at_once_leave_a_straight_chain() -> None:
    barrier = Barrier(4)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            for turn in range(10):
                with transaction.atomic():
                    audit.record(action=f"test.c{number}", actor=None, at=AT, reason=str(turn))
                    audit.record(action=f"test.d{number}", actor=None, at=AT, reason=str(turn))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert queries.faults() == []
    assert queries.head()[0] == 80


# --- browsing ---------------------------------------------------------------------------------


def _by_day(first: dt.date | None, last: dt.date | None) -> list[str]:
    rows = queries.entries(scope=EVERYTHING, first=first, last=last)
    return [row.action for row in rows]


@pytest.mark.django_db
def test_days_are_the_banks_and_both_ends_count() -> None:
    for action, at in [
        ("t.before", dt.datetime(2026, 3, 1, 15, 59, 59, tzinfo=dt.UTC)),
        ("t.first", dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC)),
        ("t.last", dt.datetime(2026, 3, 2, 15, 59, 59, tzinfo=dt.UTC)),
        ("t.after", dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)),
    ]:
        audit.record(action=action, actor=None, at=at)
    day = dt.date(2026, 3, 2)
    assert _by_day(day, day) == ["t.last", "t.first"]
    assert _by_day(None, day) == ["t.last", "t.first", "t.before"]
    assert _by_day(day, None) == ["t.after", "t.last", "t.first"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (lambda staff: {"actor": staff.username}, ["staff.hired"]),
        (lambda staff: {"actor": "system"}, ["approval.submitted"]),
        (lambda staff: {"action": "staff."}, ["staff.hired"]),
        (lambda staff: {"target": staff.name}, ["staff.hired"]),
        (lambda staff: {"target": str(staff.pk)}, ["staff.hired"]),
        (lambda staff: {"action": "nothing"}, []),
    ],
)
def test_filters(words: Callable[[Any], dict[str, str]], wanted: list[str]) -> None:
    staff = StaffFactory()
    audit.record(action="staff.hired", actor=staff, at=AT, target=staff)
    audit.record(action="approval.submitted", actor=None, at=AT)
    rows = queries.entries(scope=EVERYTHING, **words(staff))
    assert [row.action for row in rows] == wanted


@pytest.mark.django_db
def test_scope() -> None:
    near, far = BranchFactory(), BranchFactory()
    for branch in (near, far):
        audit.record(action="t.x", actor=StaffFactory(branch=branch), at=AT)
    audit.record(action="t.system", actor=None, at=AT)
    rows = queries.entries(scope=Scope(branch_path=near.path))
    assert [row.branch_id for row in rows] == [near.pk]
    assert queries.entries(scope=EVERYTHING).count() == 3
