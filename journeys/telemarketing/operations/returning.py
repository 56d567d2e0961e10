"""What the clock puts back into the pool: leads whose protection is over, and those whose owner may
not have them any more."""

import datetime as dt

from django.db import connection, transaction

from journeys.telemarketing.enums import LeadState, MovePath
from journeys.telemarketing.operations import moving
from portal.audit import operations as audit

BATCH = 500
# By `lead_protected`; what its owner has in hand at this moment is left to the next tick.
_OVER = """
SELECT id FROM journeys_lead
WHERE protected_until IS NOT NULL AND protected_until <= %(at)s AND holder_id IS NULL
ORDER BY protected_until, id LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
"""
# By `lead_owner_state`: the open leads of those who left, or have another role or place now.
_WITHOUT_OWNER = """
SELECT lead.id FROM portal_staff AS person JOIN journeys_lead AS lead ON lead.owner_id = person.id
WHERE lead.state IN ('new', 'working') AND NOT journeys_may_own_leads(person, lead.branch_id)
ORDER BY lead.id LIMIT %(batch)s FOR NO KEY UPDATE OF lead SKIP LOCKED
"""


def return_leads(*, at: dt.datetime, batch: int = BATCH) -> int:
    """This will put back into the pool, batch by batch, the leads whose protection is over at `at`
    and those whose owner may not have leads of the branch (any more), and return how many. Once
    more at the same instant it finds none."""
    returned = 0
    for due in (_OVER, _WITHOUT_OWNER):
        while count := _return_batch(due, at, batch):
            returned += count
    return returned


@transaction.atomic
def _return_batch(due: str, at: dt.datetime, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(due, {"at": at, "batch": batch})
        ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return 0
    moving.move(
        moves=[moving.Move(pk, None, LeadState.NEW) for pk in ids], path=MovePath.RETURN,
        actor=None, at=at,
    )  # fmt: skip
    audit.record(action="leads.returned", actor=None, at=at, changes={"leads": len(ids)})
    return len(ids)
