"""Writing to the audit trail."""

import datetime as dt
from typing import Any

from django.db import models

from portal.audit.models import AuditEntry
from portal.kit import masking
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
