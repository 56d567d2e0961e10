"""Reading calls for their quality: the draw of each day, readings, disputes and decisions."""

import datetime as dt
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.telemarketing import queries, rules
from journeys.telemarketing.enums import QualityReason
from journeys.telemarketing.models import (
    QualityCase,
    QualityDecision,
    QualityDispute,
    QualityDraw,
    QualityReview,
)
from journeys.telemarketing.operations.moving import refuse_without
from journeys.telemarketing.operations.refusing import LeadRefused, in_words
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.enums import Permission
from portal.staff.models import Staff

# A day is drawn from this hour of the next one on, with what was told in between; and days that
# nobody drew, because nothing ran, are made good for so long.
_FROM, _BACK = dt.time(5), 7
_MOST_WORDS = 2000


def draw_calls(*, at: dt.datetime) -> int:
    """This will draw the calls to read of each branch's day that is over, once each, and return how
    many. Without a policy or a form nothing is drawn. Two at once draw each day once."""
    last = clock.bank_day(at) - dt.timedelta(days=1)
    if clock.bank_time(at).time() < _FROM:
        last -= dt.timedelta(days=1)
    first = last - dt.timedelta(days=_BACK - 1)
    done = set(
        QualityDraw.objects.filter(called_date__gte=first).values_list("branch", "called_date")
    )
    found = 0
    for branch_id, on, _calls in queries.days_of_calls(first=first, last=last):
        if (branch_id, on) not in done:
            found += _draw_day(branch_id, on, at)
    return found


def _draw_day(branch_id: int, on: dt.date, at: dt.datetime) -> int:
    try:
        with in_words(), transaction.atomic():
            return _draw(branch_id, on, at)
    except LeadRefused as refused:
        if refused.rule != "quality_draw_once":
            raise
        return 0


def _draw(branch_id: int, on: dt.date, at: dt.datetime) -> int:
    policy, form = queries.quality_policy_on(on), queries.quality_form_on(on)
    if policy is None or form is None:
        return 0
    calls = queries.calls_of_day(branch_id=branch_id, on=on, policy=policy, at=at)
    if not calls:
        return 0
    seed = secrets.token_hex(16)
    drawn = rules.drawn(
        [rules.DrawnFrom(one.hold_id, one.risks) for one in calls],
        seed=seed, shares=queries.shares_of(policy),
    )  # fmt: skip
    random = sum(one.reason == QualityReason.RANDOM for one in drawn)
    made = QualityDraw.objects.create(
        branch_id=branch_id, called_date=on, seed=seed, policy=policy, form=form,
        holds=[one.hold_id for one in calls], calls=len(calls), random=random,
        by_risk=len(drawn) - random, drawn_at=at,
    )  # fmt: skip
    of = {one.hold_id: one for one in calls}
    QualityCase.objects.bulk_create(
        QualityCase(
            draw=made, hold_id=one.hold_id, branch_id=branch_id, reason=one.reason,
            wants=one.wants, caller_id=of[one.hold_id].caller_id,
            called_at=of[one.hold_id].called_at,
        )
        for one in drawn
    )  # fmt: skip
    audit.record(
        action="quality.drawn", actor=None, at=at, target=made,
        changes={"on": str(on), "calls": len(calls), "random": random, "by_risk": made.by_risk},
    )  # fmt: skip
    return len(drawn)


@transaction.atomic
def read_call(
    *, case_id: int, reader: Staff, marks: Mapping[str, str], words: str, at: dt.datetime
) -> QualityReview:
    """This will keep what somebody found in a call: a mark for each criterion of its form. Of two
    readers at once each counts where the call needs two, and else the first. Raises
    LeadRefused."""
    refuse_without(actor=reader, permission=Permission.READ_CALLS)
    with in_words():
        row = QualityReview.objects.create(
            case_id=case_id, reader=reader, caller=reader, marks=dict(marks), at=at,
            words=masking.mask_text(words.strip())[:_MOST_WORDS],
        )  # fmt: skip
    row.refresh_from_db()
    audit.record(
        action="quality.read", actor=reader, at=at, target=row,
        changes={"case": case_id, "number": row.number, "score": row.score},
    )  # fmt: skip
    return row


@transaction.atomic
def dispute_call(*, case_id: int, by: Staff, words: str, at: dt.datetime) -> QualityDispute:
    """This will keep that the caller disputes the result of the own call, in words, once and within
    the policy's days. Raises LeadRefused."""
    refuse_without(actor=by, permission=Permission.WORK_LEADS)
    with in_words():
        row = QualityDispute.objects.create(case_id=case_id, by=by, words=_said(words), at=at)
    audit.record(action="quality.disputed", actor=by, at=at, target=row, changes={"case": case_id})
    return row


@transaction.atomic
def decide_dispute(
    *, dispute_id: int, by: Staff, verdict: str, words: str, at: dt.datetime
) -> QualityDecision:
    """This will keep what compliance decides about a dispute, once; whoever read the call does not
    decide. The caller sees it on the own pages. Raises LeadRefused."""
    refuse_without(actor=by, permission=Permission.DECIDE_CALLS)
    with in_words():
        row = QualityDecision.objects.create(
            dispute_id=dispute_id, by=by, verdict=verdict, words=_said(words), at=at
        )
    audit.record(
        action="quality.decided", actor=by, at=at, target=row, changes={"verdict": verdict}
    )
    return row


def _said(words: str) -> str:
    if not words.strip():
        raise LeadRefused(_("Say in words what this is about."))
    return masking.mask_text(words.strip())[:_MOST_WORDS]
