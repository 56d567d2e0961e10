"""Taking back what a refund undid: a grant whose conditions hold no longer is reversed by entries,
its budget is free again, its points are taken back; a lower tier that still holds is given. Of
points that multiply spending, those are given anew that the spending left comes to."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction

from campaigns.budgets import operations as budgets
from campaigns.budgets.enums import EntryKind
from campaigns.budgets.rules import weights_of
from campaigns.planning import queries as planning
from campaigns.planning.enums import TierMode
from campaigns.planning.rules import plans
from campaigns.rewards import queries, rules
from campaigns.rewards.enums import AwardAnswer, GrantDoor, LowerAnswer
from campaigns.rewards.models import Grant, GrantReversal, LowerTier, ReversalFailure
from campaigns.rewards.operations.awarding import award, reference_of
from journeys.points import operations as points
from portal.audit import operations as audit
from portal.kit import logs

logger = logging.getLogger(__name__)


def reopen_grants(*, on: dt.date, at: dt.datetime) -> int:
    """This will look at the grants on whose card something was refunded up to `on`, and take back
    those whose conditions it undid. Returns how many.

    A refund undoes a grant where the rule of its version, with what its tier needs, held the day
    before the refund and not on its day, or, for one that came late, no longer on the day as of
    which the grant was decided; and where it does not hold at the end of `on` either. So nothing
    is taken back because time went by, or where new spending made up for it. Each grant is a
    transaction of its own, and one that fails stands in `ReversalFailure` until a later round
    succeeds; safe to repeat, and to run twice at once. Campaigns that are stopped
    are left alone: a lower tier could not be given.
    """
    asked = queries.refunded_grants(on)
    known = planning.plans_of({one.grant.version_id for one in asked})
    return sum(_attempt(one, known[one.grant.version_id], on, at) for one in asked)


def _attempt(one: queries.Refunded, plan: plans.Plan, on: dt.date, at: dt.datetime) -> bool:
    """Returns whether it was taken back now. What fails is written down and does not keep the
    others from their turn; it comes again with the next round."""
    try:
        with transaction.atomic():
            lost = _lost(one, plan, on)
            is_taken = lost is not None and _reverse(one.grant, plan, lost, on, at)
    except Exception as error:
        logger.exception("Grant %s was not taken back", one.grant.pk)
        _note(one.grant, error, at)
        return False
    ReversalFailure.objects.filter(grant=one.grant).delete()
    return is_taken


def _note(grant: Grant, error: Exception, at: dt.datetime) -> None:
    reason = logs.safe_text(f"{type(error).__name__}: {error}")[:500]
    ReversalFailure.objects.update_or_create(
        grant=grant, defaults={"reason": reason, "last_at": at}, create_defaults={
            "reason": reason, "first_at": at, "last_at": at,
        },
    )  # fmt: skip


def _lost(one: queries.Refunded, plan: plans.Plan, on: dt.date) -> rules.Lost | None:
    """When and how the grant's conditions came to fail; None where they hold."""
    grant = one.grant
    tier = plan.rewards.tier(grant.reward)

    def found(day: dt.date) -> rules.Lost | None:
        return queries.failure_of(plan, tier, grant, day)

    if found(on) is None:
        days = rules.days_to_look_at(one.decided_date, one.refund_days)
        return queries.less_to_multiply(plan, tier, grant, days, on) if tier else None
    for day in rules.days_to_look_at(one.decided_date, one.refund_days):
        lost = found(day)
        is_new = day == one.decided_date or found(day - dt.timedelta(days=1)) is None
        if lost is not None and is_new:
            return lost
    return None


def _reverse(
    grant: Grant, plan: plans.Plan, lost: rules.Lost, on: dt.date, at: dt.datetime
) -> bool:
    """Returns whether it was taken back now, and not by somebody else before."""
    if planning.is_stopped(grant.campaign_id, lock=True):
        return False
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
    reversal = GrantReversal.objects.create(
        grant=grant,
        kind=lost.kind,
        on_date=lost.day,
        failed_at=lost.failed_at,
        facts=lost.facts,
        at=at,
    )
    charged = queries.charged_for({grant.pk: weights_of(plan.budget.parties)}).get(grant.pk)
    if charged:
        opened.purse.undo(charged.booked)
        line = budgets.Line(
            grant.pk, grant.customer_id, charged.branch_id, charged.day, charged.booked,
            EntryKind.RELEASE.value,
        )  # fmt: skip
        budgets.write(opened=opened, lines=[line], at=at)
        budgets.note_refusal(opened=opened, kind="", at=at)
    points.take_back(references=[reference_of(grant.pk)], at=at)
    audit.record(
        action="reward.taken_back",
        actor=None,
        at=at,
        target=grant.version,
        changes={"grant": grant.pk, "on": str(lost.day), "failed_at": lost.failed_at},
    )
    if lost.left is None:
        _give_lower(reversal, plan, on, at)
    else:
        _give_rest(reversal, plan, lost.left, at)
    return True


def _give_rest(reversal: GrantReversal, plan: plans.Plan, left: Decimal, at: dt.datetime) -> None:
    """Of multiplied points, those that the spending left comes to are given anew: as of the day of
    the first grant, since it is that grant put right, so that neither a limit nor a card that was
    closed since stands in the way, and the points expire when they would have."""
    grant = reversal.grant
    answer: str = LowerAnswer.VETOED
    given = None
    if not planning.is_vetoed(grant.version_id):
        place = [tier.code for tier in plan.rewards.tiers].index(grant.reward)
        answer, given = _ask(grant, plan, (place,), grant.granted_date, at, spent={place: left})
    LowerTier.objects.create(reversal=reversal, answer=answer, grant=given, at=at)


def _give_lower(reversal: GrantReversal, plan: plans.Plan, on: dt.date, at: dt.datetime) -> None:
    """Where the highest tier counts alone, the highest of those below that still hold is given.

    It was promised together with the one that is taken back, to somebody who reached it on the
    campaign's days: it is given although these are over, and although the version's approval went
    since or another version came; not by a version that was vetoed. What came of it is kept.
    """
    grant = reversal.grant
    if plan.rewards.mode != TierMode.HIGHEST or grant.reward == plan.rewards.tiers[0].code:
        return
    answer, given = _lower_of(grant, plan, reversal.on_date, on, at)
    LowerTier.objects.create(reversal=reversal, answer=answer, grant=given, at=at)


def _lower_of(
    grant: Grant, plan: plans.Plan, day: dt.date, on: dt.date, at: dt.datetime
) -> tuple[str, Grant | None]:
    if planning.is_vetoed(grant.version_id):
        return LowerAnswer.VETOED, None
    lower = _still_reached(grant, plan, day)
    if not lower:
        return LowerAnswer.NOT_REACHED, None
    return _ask(grant, plan, tuple(lower), on, at, met=queries.met_on(plan, grant, day))


def _ask(
    grant: Grant,
    plan: plans.Plan,
    reached: tuple[int, ...],
    on: dt.date,
    at: dt.datetime,
    spent: Mapping[int, Decimal] | None = None,
    met: tuple[bool, ...] = (),
) -> tuple[str, Grant | None]:
    """Asks for tiers instead of a grant that was taken back; the answer and what was given."""
    (one,) = award(
        book=rules.Book(
            grant.campaign_id,
            grant.version_id,
            grant.run_id,
            True,
            GrantDoor.LOWER.value,
            puts_right=spent is not None,
        ),
        plan=plan,
        candidates=[
            rules.Candidate(
                grant.customer_id,
                grant.card_id,
                grant.customer.branch_id,
                reached,
                spent or {},
                met=met,
            )
        ],
        on=on,
        granted_date=on,
        at=at,
    )
    if one.answer != AwardAnswer.GRANTED:
        return one.answer, None
    given = queries.grant_of(customer_id=grant.customer_id, campaign_id=grant.campaign_id)
    return one.answer, given


def _still_reached(grant: Grant, plan: plans.Plan, day: dt.date) -> Sequence[int]:
    codes = [tier.code for tier in plan.rewards.tiers]
    return [
        place
        for place, tier in enumerate(plan.rewards.tiers[: codes.index(grant.reward)])
        if queries.failure_of(plan, tier, grant, day) is None
    ]
