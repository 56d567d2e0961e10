"""Keeping the tree of dispositions, at the head office."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.telemarketing.models import Disposition
from journeys.telemarketing.operations.moving import refuse_without
from journeys.telemarketing.operations.refusing import LeadRefused, in_words
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.enums import BranchLevel, Permission
from portal.staff.models import Staff


@dataclass(frozen=True)
class OutcomeFacts:
    """What is said of an outcome, see `Disposition`."""

    name: str
    name_en: str
    place: int
    is_reached: bool
    is_interested: bool
    is_sale: bool
    is_refused_for_good: bool
    is_unworkable: bool
    is_callback: bool
    recycle_hours: int | None
    rotates_hours: bool
    most_calls: int | None


@transaction.atomic
def set_disposition(
    *, code: str, group: str, facts: OutcomeFacts, source: str, actor: Staff, at: dt.datetime
) -> Disposition:
    """This will set what calls may come to under a code, in a group, from now on; what stood there
    before ends, and stays with the calls that it was said of. Raises LeadRefused."""
    _refuse_elsewhere(actor)
    if not source.strip():
        raise LeadRefused(_("Say where this rule comes from."))
    above = Disposition.objects.filter(code=group, parent=None, ended_at=None).first()
    if above is None:
        raise LeadRefused(_("Choose a group of the list."))
    with in_words():
        _end(code, at)
        row = Disposition.objects.create(
            code=code, parent=above, source=masking.mask_text(source.strip())[:200], set_by=actor,
            set_at=at, **asdict(facts),
        )  # fmt: skip
    changes = {"code": code, **asdict(facts)}
    audit.record(
        action="disposition.set", actor=actor, at=at, target=row, reason=row.source, changes=changes
    )
    return row


@transaction.atomic
def end_disposition(*, code: str, actor: Staff, at: dt.datetime) -> None:
    """This will take an outcome off the list. Raises LeadRefused, also for the only one left by
    which a person is never contacted again."""
    _refuse_elsewhere(actor)
    row = _end(code, at)
    if row is None:
        raise LeadRefused(_("This outcome is not on the list (any more)."))
    others = Disposition.objects.filter(ended_at=None, is_refused_for_good=True)
    if row.is_refused_for_good and not others.exists():
        raise LeadRefused(_("One outcome must stand for “never to be contacted again”."))
    audit.record(action="disposition.ended", actor=actor, at=at, target=row)


def _end(code: str, at: dt.datetime) -> Disposition | None:
    rows = Disposition.objects.filter(code=code, ended_at=None, parent__isnull=False)
    row = rows.select_for_update(of=("self",)).first()
    if row is not None:
        row.ended_at = max(at, row.set_at)
        row.save(update_fields=["ended_at"])
    return row


def _refuse_elsewhere(actor: Staff) -> None:
    refuse_without(actor=actor, permission=Permission.ASSIGN_LEADS)
    if actor.branch.level != BranchLevel.HEAD_OFFICE:
        raise LeadRefused(_("The list of outcomes is kept at the head office."))
