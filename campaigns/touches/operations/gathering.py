"""Gathering: once for each occasion a version looks for people to enter, over all customers or over
those of a run, part by part; how far it is stands in its row, so that a crash loses nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from campaigns.eligibility import queries as eligibility
from campaigns.planning.enums import Anchor, Audience, EntryBy
from campaigns.planning.rules import plans
from campaigns.touches import queries
from campaigns.touches.models import TouchIntake
from campaigns.touches.operations import entering, following
from portal.kit import clock

SLICE = 5_000


def gather(*, version: Any, at: dt.datetime) -> int:
    """This will let in who enters a version today by its audience, its schedule, or an event that
    came before the plan did, and return how many. Once a day, or once a run, whoever asks."""
    plan = plans.plan_of(version.content)
    touches = plan.touches
    if touches is None or not plan.runs_on(clock.bank_day(at)):
        return 0
    day = clock.bank_day(at)
    entered = 0
    if touches.entry.by == EntryBy.AUDIENCE and touches.entry.of == Audience.RUN:
        run = queries.newest_live_run(version.pk)
        if run is not None:
            entered += _over_run(version, plan, run, at)
    elif touches.entry.by != EntryBy.SCHEDULE or touches.entry.is_day(day):
        entered += _over_all(version, plan, f"day:{day}", at)
    if any(step.anchor == Anchor.POINTS_EXPIRING for step in touches.steps):
        _place_points(version, plan, f"points:{day}", at)
    return entered


def _over_all(version: Any, plan: plans.Plan, occasion: str, at: dt.datetime) -> int:
    intake = _open(version, occasion, at)
    if intake is None:
        return 0
    entered = 0
    for span in eligibility.customer_spans():
        if span[1] > intake.next_id:
            entered += _part(version, plan, intake.pk, span[1], {"span": span}, at)
    _close(intake.pk, at)
    return entered


def _over_run(version: Any, plan: plans.Plan, run: Any, at: dt.datetime) -> int:
    intake = _open(version, f"run:{run.pk}", at)
    if intake is None:
        return 0
    entered, after = 0, intake.next_id
    while ids := queries.qualified_in(run, after=after, most=SLICE):
        after = ids[-1]
        entered += _part(version, plan, intake.pk, after, {"among": ids}, at)
    _close(intake.pk, at)
    return entered


def _open(version: Any, occasion: str, at: dt.datetime) -> TouchIntake | None:
    """The row of an occasion that is not finished; None where it is."""
    row, _is_new = TouchIntake.objects.get_or_create(
        version_id=version.pk, occasion=occasion, defaults={"begun_at": at}
    )
    return None if row.finished_at else row


@transaction.atomic
def _part(
    version: Any, plan: plans.Plan, intake_id: int, upto: int, whom: dict[str, Any], at: dt.datetime
) -> int:
    following.take_turn()
    intake = TouchIntake.objects.select_for_update().get(pk=intake_id)
    if intake.next_id >= upto:
        return 0  # somebody else was here
    found = entering.enter(version=version, plan=plan, occasion=intake.occasion, at=at, **whom)
    intake.next_id = upto
    intake.audience += found.audience
    intake.entered += len(found.enrolment_ids)
    intake.refused = dict(Counter(intake.refused) + Counter(found.refused))
    intake.save()
    return len(found.enrolment_ids)


def _close(intake_id: int, at: dt.datetime) -> None:
    TouchIntake.objects.filter(pk=intake_id, finished_at=None).update(finished_at=at)


def _place_points(version: Any, plan: plans.Plan, occasion: str, at: dt.datetime) -> None:
    """Points come and are used every day, and leave no mark: once a day the steps that are counted
    from their last day are set anew."""
    intake = _open(version, occasion, at)
    if intake is None:
        return
    after = intake.next_id
    while stays := queries.stays_after(version.pk, after, SLICE):
        after = stays[-1].enrolment_id
        _place_part(plan, stays, intake.pk, after, at)
    _close(intake.pk, at)


@transaction.atomic
def _place_part(
    plan: plans.Plan, stays: Sequence[queries.Stay], intake_id: int, upto: int, at: dt.datetime
) -> None:
    following.take_turn()
    known = {stays[0].version_id: plan}
    following.place_again(stays=stays, known=known, at=at)
    TouchIntake.objects.filter(pk=intake_id).update(next_id=upto)
