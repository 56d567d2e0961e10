"""Writing to the audit trail."""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from portal.audit.models import AuditEntry
from portal.kit import masking
from portal.kit.personal import ERASED
from portal.staff.models import Staff


def record(
    *,
    action: str,
    actor: Staff | None,
    at: dt.datetime,
    target: models.Model | None = None,
    reason: str = "",
    changes: dict[str, Any] | None = None,
    address: str | None = None,
) -> AuditEntry:
    """This will add one entry to the trail, inside the caller's transaction.

    `action` is `topic.verb_past`, such as "campaign.submitted"; `actor` is None for the system
    itself; `changes` holds plain JSON values, never personal data in clear; numbers and addresses
    of persons in `reason`, which people write, are masked. The database chains the entry when the
    transaction commits.
    """
    return AuditEntry.objects.create(
        at=at,
        actor=actor,
        actor_label=f"{actor.name} ({actor.username})" if actor else "system",
        role=actor.role if actor else "",
        branch_id=actor.branch_id if actor else None,
        action=action,
        target_kind=target._meta.label_lower if target else "",
        target_key=str(target.pk) if target else "",
        target_label=str(target)[:200] if target else "",
        reason=masking.mask_text(reason),
        changes=changes or {},
        address=address,
    )


_DIGEST = """
SELECT portal_audit_digest(link.previous_hash, entry) FROM portal_auditentry entry
JOIN portal_auditlink link ON link.entry_id = entry.id WHERE entry.id = %s
"""
_BATCH = 1_000


def take_names_out(
    *,
    targets: Mapping[str, Sequence[str]],
    pattern: str,
    actor: Staff | None,
    at: dt.datetime,
) -> int:
    """This will take a person out of the trail, within an erasure that the database allows.

    Entries about the person's own rows (`targets`: keys by kind) lose their reason; out of these
    and of all others, whatever `pattern` finds is cut. For each changed entry the trail gets
    another one with its digest as it now stands, so that the chain still holds and shows which
    entries lost words, when, and by whom. Returns how many were changed.
    """
    wanted, own = re.compile(pattern), _about(targets)
    found = AuditEntry.objects.annotate(changed=Cast("changes", TextField())).filter(
        Q(pk__in=own)
        | Q(reason__regex=pattern)
        | Q(target_label__regex=pattern)
        | Q(changed__regex=pattern)
    )
    number = 0
    for entry in list(found.select_for_update(of=("self",)).order_by("id")):
        cut = _without(entry, wanted, is_own=entry.pk in own)
        if cut:
            AuditEntry.objects.filter(pk=entry.pk).update(**cut)
            _note_cut(entry.pk, actor, at)
            number += 1
    return number


def _about(targets: Mapping[str, Sequence[str]]) -> set[int]:
    found: set[int] = set()
    for kind, keys in targets.items():
        for start in range(0, len(keys), _BATCH):
            rows = AuditEntry.objects.filter(
                target_kind=kind, target_key__in=keys[start : start + _BATCH]
            )
            found.update(rows.values_list("pk", flat=True))
    return found


def _without(entry: AuditEntry, wanted: re.Pattern[str], *, is_own: bool) -> dict[str, Any]:
    """The columns of an entry that change."""
    before = json.dumps(entry.changes, ensure_ascii=False)
    after = {
        "target_label": wanted.sub(ERASED, entry.target_label)[:200],
        "reason": ERASED if is_own and entry.reason else wanted.sub(ERASED, entry.reason),
        "changes": json.loads(wanted.sub(ERASED, before)),
    }
    return {name: value for name, value in after.items() if value != getattr(entry, name)}


def _note_cut(entry_id: int, actor: Staff | None, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [entry_id])
        found = cursor.fetchone()
        if found is None:
            # It was written in this very transaction: the database chains it now, not at commit.
            cursor.execute("SET CONSTRAINTS audit_chain IMMEDIATE")
            cursor.execute("SET CONSTRAINTS audit_chain DEFERRED")
            cursor.execute(_DIGEST, [entry_id])
            found = cursor.fetchone()
    record(
        action="audit.cut",
        actor=actor,
        at=at,
        target=AuditEntry.objects.get(pk=entry_id),
        changes={"digest": found[0]},
    )
