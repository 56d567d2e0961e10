"""Setting how many calls are read, and by which form."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.telemarketing.models import QualityForm, QualityPolicy
from journeys.telemarketing.operations.moving import refuse_without
from journeys.telemarketing.operations.refusing import LeadRefused, in_words
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.enums import Permission
from portal.staff.models import Staff


@dataclass(frozen=True)
class QualityFacts:
    """What a policy of calls that are read says."""

    random_percent: int
    random_least: int
    random_most: int
    risk_most: int
    short_seconds: int
    sale_seconds: int
    new_days: int
    second_percent: int
    dispute_days: int


@dataclass(frozen=True)
class Criterion:
    """One line of a form."""

    code: str
    name: str
    name_en: str
    weight: int
    grave: bool


@transaction.atomic
def set_quality_policy(
    *, facts: QualityFacts, effective_date: dt.date, source: str, actor: Staff, at: dt.datetime
) -> QualityPolicy:
    """This will set how many calls of each branch's day are read, from today on at the earliest.
    What is drawn stays as it is. Raises LeadRefused."""
    said = _said(effective_date, source, actor, at)
    with in_words():
        row = QualityPolicy.objects.create(
            effective_date=effective_date, source=said, set_by=actor, set_at=at, **asdict(facts)
        )
    changes = {"from": str(effective_date), **asdict(facts)}
    audit.record(
        action="quality_policy.set", actor=actor, at=at, target=row, reason=said, changes=changes
    )
    return row


@transaction.atomic
def set_quality_form(
    *,
    criteria: Sequence[Criterion],
    effective_date: dt.date,
    source: str,
    actor: Staff,
    at: dt.datetime,
) -> QualityForm:
    """This will set the form by which calls made from a day on are read, from today on at the
    earliest. Raises LeadRefused."""
    said = _said(effective_date, source, actor, at)
    lines = [asdict(one) for one in criteria]
    with in_words():
        row = QualityForm.objects.create(
            effective_date=effective_date, criteria=lines, source=said, set_by=actor, set_at=at
        )
    changes = {"from": str(effective_date), "criteria": [one.code for one in criteria]}
    audit.record(
        action="quality_form.set", actor=actor, at=at, target=row, reason=said, changes=changes
    )
    return row


def _said(effective_date: dt.date, source: str, actor: Staff, at: dt.datetime) -> str:
    """Where it comes from, masked."""
    refuse_without(actor=actor, permission=Permission.DECIDE_CALLS)
    if effective_date < clock.bank_day(at):
        raise LeadRefused(_("It holds from today on at the earliest: choose a later day."))
    if not source.strip():
        raise LeadRefused(_("Say where this rule comes from."))
    return masking.mask_text(source.strip())[:200]
