"""Taking back what a refund undid: a grant whose conditions hold no longer is reversed by entries,
its budget is free again, its points are taken back; a lower tier that still holds is given. Of
points that multiply spending, those are given anew that the spending left comes to."""

import datetime as dt
import enum
import itertools
import logging
from collections.abc import Sequence

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from campaigns.benefits import operations as benefits
from campaigns.benefits.enums import Taken
from campaigns.budgets import operations as budgets
from campaigns.budgets.enums import EntryKind
from campaigns.budgets.rules import weights_of
from campaigns.planning import queries as planning
from campaigns.planning.rules import naming, plans
from campaigns.rewards import queries, rules
from campaigns.rewards.models import Grant, GrantReversal, ReversalFailure, ToLookAt
from campaigns.rewards.operations import lowering
from campaigns.rewards.operations.awarding import reference_of
from journeys.outreach import operations as outreach
from journeys.outreach import queries as messages
from journeys.outreach.enums import Failure
from journeys.points import operations as points
from portal.audit import operations as audit
from portal.kit import logs

logger = logging.getLogger(__name__)

_AT_ONCE = 200  # rows to be looked at, each a card or the grants of one statement


class _Outcome(enum.Enum):
    STANDS = enum.auto()
    TAKEN = enum.auto()
    FAILED = enum.auto()
    STOPPED = enum.auto()


class _CampaignStopped(Exception):
    """Raised where a grant of a campaign that is stopped would have to be taken back."""


def reopen_grants(*, on: dt.date, at: dt.datetime) -> int:
    """This will look at the grants on whose card something was refunded up to `on`, and take back
    those whose conditions it undid. Returns how many.

    A refund undoes a grant where the rule of its version, with what its tier needs, fails at the
    end of the refund's day, or, for one that came late, of the day as of which the grant was
    decided, and would hold at the end of the same day had nothing been refunded; and where it
    held on no day after that up to `on`. So nothing is taken back because time went by, because
    the customer moved or withdrew a consent, or where new spending made up for it.

    A refund, and a grant, is looked at once (`ToLookAt`): a round takes what was noted before it
    began, the oldest first, and goes on where the one before was cut short. Each grant is a
    transaction of its own, and one that fails stands in `ReversalFailure` and comes again with
    every round until it succeeds; safe to repeat, and to run twice at once. Campaigns that are
    stopped are left alone until they are not: a lower tier could not be given.
    """
    taken, last = 0, 0
    until = queries.last_to_look_at()
    while rows := queries.to_look_at(on, after=last, until=until, limit=_AT_ONCE):
        taken += _look_at(rows, on, at)
        last = rows[-1]
    return taken


def _look_at(rows: Sequence[int], on: dt.date, at: dt.datetime) -> int:
    """Returns how many were taken back. Each row goes as soon as its grants were looked at."""
    asked = queries.refunded_grants(rows, on)
    ToLookAt.objects.filter(pk__in=set(rows) - {one.row for one in asked}).delete()
    known = planning.plans_of({one.grant.version_id for one in asked})
    taken = 0
    for row, grants in itertools.groupby(asked, key=lambda one: one.row):
        found = [(one.grant, _attempt(one, known[one.grant.version_id], on, at)) for one in grants]
        taken += sum(outcome is _Outcome.TAKEN for _grant, outcome in found)
        with transaction.atomic():
            ToLookAt.objects.filter(pk=row).delete()
            ToLookAt.objects.bulk_create(_again(found, on))
    return taken


def _again(found: Sequence[tuple[Grant, _Outcome]], on: dt.date) -> list[ToLookAt]:
    """What comes again with a later round."""
    return [
        ToLookAt(
            first_grant=grant.pk,
            last_grant=grant.pk,
            due_date=on,
            stopped_campaign=grant.campaign_id if outcome is _Outcome.STOPPED else None,
        )
        for grant, outcome in found
        if outcome in (_Outcome.FAILED, _Outcome.STOPPED)
    ]


def _attempt(one: queries.Refunded, plan: plans.Plan, on: dt.date, at: dt.datetime) -> _Outcome:
    """Takes it back where it has to be. What fails is written down and does not keep the others
    from their turn; that the round's own time is over does."""
    try:
        with transaction.atomic():
            lost = _lost(one, plan, on)
            is_taken = lost is not None and _reverse(one.grant, plan, lost, on, at)
    except SoftTimeLimitExceeded:
        raise
    except _CampaignStopped:
        return _Outcome.STOPPED
    except Exception as error:
        logger.exception("Grant %s was not taken back", one.grant.pk)
        _note(one.grant, error, at)
        return _Outcome.FAILED
    ReversalFailure.objects.filter(grant=one.grant).delete()
    return _Outcome.TAKEN if is_taken else _Outcome.STANDS


def _note(grant: Grant, error: Exception, at: dt.datetime) -> None:
    reason = logs.safe_text(f"{type(error).__name__}: {error}")[:500]
    ReversalFailure.objects.update_or_create(
        grant=grant, defaults={"reason": reason, "last_at": at}, create_defaults={
            "reason": reason, "first_at": at, "last_at": at,
        },
    )  # fmt: skip


def _lost(one: queries.Refunded, plan: plans.Plan, on: dt.date) -> rules.Lost | None:
    """When and how refunds undid the grant, or the withdrawal of the referral that it is for; None
    where nothing did."""
    grant = one.grant
    if one.withdrawn_date is not None:
        return rules.Lost(one.withdrawn_date, None, [])
    tier = plan.rewards.tier(grant.reward)
    lost = queries.undone(
        plan, tier, grant, decided=one.decided_date, refund_days=one.refund_days, on=on
    )
    if lost is not None or tier is None or tier.multiple is None:
        return lost
    if queries.failure_of(plan, tier, grant, on) is not None:
        return None
    days = rules.days_to_look_at(one.decided_date, one.refund_days)
    return queries.less_to_multiply(plan, tier, grant, days, on)


def _reverse(
    grant: Grant, plan: plans.Plan, lost: rules.Lost, on: dt.date, at: dt.datetime
) -> bool:
    """Returns whether it was taken back now, and not by somebody else before."""
    if planning.is_stopped(grant.campaign_id, lock=True):
        raise _CampaignStopped
    opened = budgets.open_book(
        campaign_id=grant.campaign_id,
        version_id=grant.version_id,
        run_id=None,
        plan=plan,
        customer_ids=[grant.customer_id],
        day=grant.granted_date,
        at=at,
    )
    if GrantReversal.objects.filter(grant=grant).exists():
        return False
    taken = benefits.take_back(grant_id=grant.pk, amount=grant.amount, lost_date=lost.day, at=at)
    if taken is not Taken.ALL:
        # What was used stays given, and charged; somebody is told.
        return taken is Taken.REST
    reversal = GrantReversal.objects.create(
        grant=grant, kind=lost.kind, on_date=lost.day, failed_at=lost.failed_at,
        facts=lost.facts, at=at,
    )  # fmt: skip
    freed = charge_of(grant, plan)
    points.take_back(references=[reference_of(grant.pk)], at=at)
    audit.record(
        action="reward.taken_back",
        actor=None,
        at=at,
        target=grant.version,
        changes={"grant": grant.pk, "on": str(lost.day), "failed_at": lost.failed_at},
    )
    if lost.left is None:
        is_freed = lowering.give_lower(reversal, plan, freed, on=on, at=at)
    else:
        is_freed = lowering.give_rest(reversal, plan, freed, lost.left, on=on, at=at)
    if freed and not is_freed:
        give_back(opened=opened, freed=freed, at=at)
    tell_what_is_left(grant=grant, at=at)
    return True


def charge_of(grant: Grant, plan: plans.Plan) -> budgets.Line | None:
    """This will return what a grant was charged with, to be given back; None where it is from
    before there were budgets."""
    charged = queries.charged_for({grant.pk: weights_of(plan.budget.parties)}).get(grant.pk)
    if charged is None:
        return None
    return budgets.Line(
        grant.pk, grant.customer_id, charged.branch_id, charged.day, charged.booked,
        EntryKind.RELEASE.value,
    )  # fmt: skip


def give_back(*, opened: budgets.OpenBook, freed: budgets.Line, at: dt.datetime) -> None:
    """This will write into an open book that it has again what a grant was charged with."""
    opened.purse.undo(freed.booked)
    budgets.write(opened=opened, lines=[freed], at=at)
    budgets.note_refusal(opened=opened, kind="", at=at)


def tell_what_is_left(*, grant: Grant, at: dt.datetime) -> None:
    """This will have a message about the campaign that still waits say what the customer has now,
    or, where that is nothing, call it off: a grant that comes later is told under another cause."""
    (key,) = messages.causes_now(
        customer_ids=[grant.customer_id],
        dedup_key=naming.dedup_key_of(grant.version.campaign.code),
    )
    given = queries.given_to(campaign_id=grant.campaign_id, customer_ids=[grant.customer_id])
    if given:
        told = queries.told(given[grant.customer_id], planning.tiers_of(grant.campaign_id))
        outreach.reword(customer_id=grant.customer_id, dedup_key=key, context=told, at=at)
    else:
        outreach.call_off(causes=[(grant.customer_id, key)], failure=Failure.REPLACED, at=at)
