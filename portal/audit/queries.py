"""Reading the audit trail and checking its chain."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.db.models import F, Model, Q, QuerySet

from portal.audit.models import AuditEntry, AuditHead
from portal.audit.rules import GENESIS, Fault
from portal.kit import clock
from portal.staff.access import Scope
from portal.staff.models import Staff

# One statement, so that entries added meanwhile cannot look like faults. {limit} is a number.
_FAULTS = """
WITH chain AS (
    SELECT entry_id, sequence, previous_hash,
           lag(sequence, 1, 0::bigint) OVER w AS before_sequence,
           lag(hash, 1, repeat('0', 64)::varchar) OVER w AS before_hash
      FROM portal_auditlink WINDOW w AS (ORDER BY sequence)
), tail AS (
    SELECT sequence, hash FROM portal_auditlink ORDER BY sequence DESC LIMIT 1
), faults AS (
    SELECT CASE WHEN entry.id IS NULL THEN 'entry_removed' ELSE 'entry_changed' END AS kind,
           link.sequence, link.entry_id
      FROM portal_auditlink link LEFT JOIN portal_auditentry entry ON entry.id = link.entry_id
     WHERE entry.id IS NULL OR portal_audit_digest(link.previous_hash, entry) <> link.hash
       -- Words that an erasure took out are vouched for by a later entry of the same chain.
       AND NOT EXISTS (
           SELECT FROM portal_auditentry cut JOIN portal_auditlink later ON later.entry_id = cut.id
            WHERE cut.target_kind = 'portal.auditentry' AND cut.target_key = entry.id::text
              AND cut.action = 'audit.cut' AND later.sequence > link.sequence
              AND cut.changes ->> 'digest' = portal_audit_digest(link.previous_hash, entry))
    UNION ALL
    SELECT CASE WHEN sequence <> before_sequence + 1 THEN 'link_missing' ELSE 'link_broken' END,
           sequence, entry_id
      FROM chain WHERE sequence <> before_sequence + 1 OR previous_hash <> before_hash
    UNION ALL
    SELECT 'entry_inserted', NULL, entry.id FROM portal_auditentry entry
     WHERE NOT EXISTS (SELECT FROM portal_auditlink link WHERE link.entry_id = entry.id)
    UNION ALL
    SELECT 'head_differs', head.sequence, NULL
      FROM portal_audithead head LEFT JOIN tail ON true
     WHERE (head.sequence, head.hash)
           IS DISTINCT FROM (coalesce(tail.sequence, 0), coalesce(tail.hash, repeat('0', 64)))
    UNION ALL
    SELECT 'head_missing', tail.sequence, NULL FROM tail
     WHERE NOT EXISTS (SELECT FROM portal_audithead)
    UNION ALL
    SELECT 'anchor_missing', %(sequence)s, NULL
     WHERE %(sequence)s > coalesce((SELECT sequence FROM tail), 0)
    UNION ALL
    SELECT 'anchor_differs', sequence, entry_id FROM portal_auditlink
     WHERE sequence = %(sequence)s AND hash <> %(hash)s
)
SELECT kind, sequence, entry_id FROM faults ORDER BY sequence NULLS LAST, entry_id, kind
 LIMIT %(limit)s
"""


def faults(*, anchor: tuple[int, str] | None = None, limit: int = 20) -> list[Fault]:
    """This will check the whole chain and return what is wrong, at most `limit` faults.

    `anchor` is a sequence and its hash that was kept elsewhere: without one, somebody who may do
    everything in the database could rewrite the chain to its end unnoticed.
    """
    sequence, digest = anchor or (0, GENESIS)
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS, {"sequence": sequence, "hash": digest, "limit": limit})
        return [Fault(*row) for row in cursor.fetchall()]


def head() -> tuple[int, str]:
    """This will return the sequence and hash at the end of the chain."""
    found = AuditHead.objects.first()
    return (found.sequence, found.hash) if found else (0, GENESIS)


def latest(*, action: str, target: Model) -> AuditEntry | None:
    """This will return the last entry of an action on a thing."""
    rows = AuditEntry.objects.filter(
        target_kind=target._meta.label_lower, target_key=str(target.pk), action=action
    )
    return rows.order_by("-at", "-id").first()


def actors_on(*, actions: Sequence[str], target: Model) -> list[Staff]:
    """This will list the people who did one of these actions to a thing, by their ids."""
    rows = AuditEntry.objects.filter(
        target_kind=target._meta.label_lower, target_key=str(target.pk), action__in=actions
    )
    return list(Staff.objects.filter(pk__in=rows.values("actor")).order_by("pk"))


def latest_of_each(*, action: str, kind: str, keys: Sequence[str]) -> dict[str, AuditEntry]:
    """This will return the last entry of an action on each of some things of a kind
    ("journeys.messagetemplate"), by their keys."""
    rows = AuditEntry.objects.filter(target_kind=kind, target_key__in=keys, action=action)
    latest = rows.order_by("target_key", "-at", "-id").distinct("target_key")
    return {row.target_key: row for row in latest}


def entries(
    *,
    scope: Scope,
    first: dt.date | None = None,
    last: dt.date | None = None,
    actor: str = "",
    action: str = "",
    target: str = "",
) -> QuerySet[AuditEntry]:
    """This will return entries, the newest first, with `sequence` and `link_hash`.

    `first` and `last` are bank days, both inside; `actor` is part of a name, `action` the
    beginning of an action, `target` part of a label or a whole key.
    """
    rows = AuditEntry.objects.filter(scope.branches("branch"))
    if first:
        rows = rows.filter(at__gte=clock.start_of(first))
    if last and last < dt.date.max:
        rows = rows.filter(at__lt=clock.start_of(last + dt.timedelta(days=1)))
    if actor:
        rows = rows.filter(actor_label__icontains=actor)
    if action:
        rows = rows.filter(action__startswith=action)
    if target:
        rows = rows.filter(Q(target_label__icontains=target) | Q(target_key=target))
    return rows.annotate(sequence=F("link__sequence"), link_hash=F("link__hash")).order_by(
        "-at", "-id"
    )
