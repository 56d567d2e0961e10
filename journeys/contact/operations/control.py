"""The bank's control group: one person proposes it, another one approves it, nobody edits it."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from journeys.contact import queries
from journeys.contact.enums import ControlState
from journeys.contact.models import ControlGroup
from journeys.contact.rules import control_fault
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.models import Staff

CONTROL_APPROVAL = "control_group"


class ControlNotAllowed(Exception):
    """Raised for a control group that cannot be; its text is a sentence for a person, `field` the
    field of the form that it is about, "" for none."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def propose_control_group(
    *,
    starts: dt.date,
    ends: dt.date,
    permille: int,
    keeps_people: bool,
    reason: str,
    maker: Staff,
    at: dt.datetime,
) -> ControlGroup:
    """This will put a control group before another person: `permille` of all persons, from `starts`
    until before `ends`. Once approved it takes the place of the one in force on its first day.

    With `keeps_people` the people of the group before it stay in it (where the share is smaller,
    some of them leave); otherwise it is drawn anew. Raises ControlNotAllowed.
    """
    _check(starts, ends, permille, clock.bank_day(at))
    row = ControlGroup(
        starts_date=starts, ends_date=ends, permille=permille, proposed_by=maker, proposed_at=at,
        reason=masking.mask_text(reason.strip()), salt=_salt(starts, keeps_people),
    )  # fmt: skip
    _add(row)
    approvals.submit(
        kind=CONTROL_APPROVAL,
        target_key=str(row.pk),
        title=_title(row, "zh-hans"),
        title_en=_title(row, "en"),
        summary=row.reason,
        snapshot=_snapshot(row),
        maker=maker,
        at=at,
    )
    return row


def _check(starts: dt.date, ends: dt.date, permille: int, today: dt.date) -> None:
    field, fault = control_fault(starts=starts, ends=ends, permille=permille, today=today)
    if fault:
        raise ControlNotAllowed(fault, field)
    if later := _later(starts, ends):
        raise ControlNotAllowed(
            _("From {day} on another one is approved; let this one end before it.").format(
                day=later.starts_date
            ),
            "ends_date",
        )


def _add(row: ControlGroup) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as refused:
        if "control_group_one_proposed" not in str(refused):
            raise
        raise ControlNotAllowed(
            _("Another one waits for approval. Decide about that one first, or withdraw it.")
        ) from refused


def _later(starts: dt.date, ends: dt.date) -> ControlGroup | None:
    """One that is approved and begins while this one would be in force."""
    rows = ControlGroup.objects.filter(
        state=ControlState.APPROVED, starts_date__gt=starts, starts_date__lt=ends
    )
    return next((row for row in rows.order_by("starts_date") if row.until > row.starts_date), None)


def _salt(starts: dt.date, keeps_people: bool) -> bytes:
    """Nobody chooses it: whoever could would choose who is in the group."""
    if not keeps_people:
        return secrets.token_bytes(16)
    before = queries.group_before(starts)
    if before is None:
        raise ControlNotAllowed(
            _("There is no control group before it whose people could stay in it."), "people"
        )
    return bytes(before.salt)


def _title(row: ControlGroup, language: str) -> str:
    """Those who decide read it in languages of their own."""
    with translation.override(language):
        return _("Control group {share}, {first} to {last}").format(
            share=row.percent, first=row.starts_date, last=row.last_day
        )


def _snapshot(row: ControlGroup) -> dict[str, Any]:
    salts = ControlGroup.objects.filter(state=ControlState.APPROVED, salt=bytes(row.salt))
    return {
        "first_day": row.starts_date.isoformat(),
        "last_day": (row.ends_date - dt.timedelta(days=1)).isoformat(),
        "permille": row.permille,
        "keeps_people": salts.exclude(pk=row.pk).exists(),
        "draw": hashlib.sha256(bytes(row.salt)).hexdigest()[:16],
        "reason": row.reason,
    }


def current_control_hash(target_key: str) -> str:
    """This will return the hash of a proposed control group as it stands."""
    return approval_rules.snapshot_hash(_snapshot(ControlGroup.objects.get(pk=target_key)))


def carry_control_group(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will put a control group that `checker` approved into force from its first day on, and
    cut short the one that is in force by then."""
    row = ControlGroup.objects.select_for_update().get(pk=target_key)
    before = ControlGroup.objects.filter(
        Q(cut_date=None) | Q(cut_date__gt=row.starts_date),
        state=ControlState.APPROVED, starts_date__lte=row.starts_date,
        ends_date__gt=row.starts_date,
    )  # fmt: skip
    before.update(cut_date=row.starts_date)
    _settle(row, ControlState.APPROVED, checker, at)


def leave_control_group(target_key: str, actor: Staff | None, at: dt.datetime) -> None:
    """This will note that a control group was returned, withdrawn or void: it never comes in
    force."""
    row = ControlGroup.objects.select_for_update().get(pk=target_key)
    if row.state == ControlState.PROPOSED:
        _settle(row, ControlState.REFUSED, actor, at)


def _settle(row: ControlGroup, state: ControlState, actor: Staff | None, at: dt.datetime) -> None:
    row.state, row.settled_by, row.settled_at = state, actor, at
    row.save(update_fields=["state", "settled_by", "settled_at"])
    audit.record(
        action=f"control_group.{state.value}",
        actor=actor,
        at=at,
        target=row,
        reason=row.reason,
        changes=_snapshot(row),
    )
