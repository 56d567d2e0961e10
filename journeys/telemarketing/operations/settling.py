"""What callers are shown and say is proposed by one person and settled by another: what facts about
cards and scripts have in common."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from journeys.telemarketing.enums import FactState
from journeys.telemarketing.models.proposals import Proposal
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.enums import Permission
from portal.staff.models import Staff


class TextRefused(Exception):
    """Raised for what is not to be told or said, or is not this person's to write; its text is a
    sentence for a person, `field` the field of the form that it is about, "" for none."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def refuse_others(*, actor: Staff, withdraws: bool = False) -> None:
    """This will refuse whoever may only read what callers are shown. Raises TextRefused."""
    may = actor.may(Permission.EDIT_SCRIPTS)
    if not may and not (withdraws and actor.may(Permission.WITHDRAW_TEXTS)):
        raise TextRefused(_("You may read what callers are shown and say, not change it."))


def settle(
    *,
    row: Proposal,
    state: FactState,
    actor: Staff | None,
    at: dt.datetime,
    action: str,
    changes: Any,
) -> None:
    """This will note what became of what was proposed."""
    row.state, row.settled_by, row.settled_at = state, actor, at
    row.save(update_fields=["state", "settled_by", "settled_at"])
    audit.record(action=f"{action}.{state.value}", actor=actor, at=at, target=row, changes=changes)


def withdraw(
    *, row: Proposal, reason: str, actor: Staff, at: dt.datetime, action: str, changes: Any
) -> None:
    """This will take what is in use out of use at once, with a reason. Raises TextRefused."""
    refuse_others(actor=actor, withdraws=True)
    if not row.is_approved:
        raise TextRefused(_("This is not in use (any more): there is nothing to withdraw."))
    why = masking.mask_text(reason.strip())[:200]
    if not why:
        raise TextRefused(_("Give a reason: it stays in the audit trail."), "reason")
    row.state, row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = (
        FactState.WITHDRAWN, actor, at, why,
    )  # fmt: skip
    row.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_why"])
    audit.record(
        action=f"{action}.withdrawn", actor=actor, at=at, target=row, reason=why, changes=changes
    )
