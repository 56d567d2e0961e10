"""Training versions of the models of calls and of potential, and saying what may be read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as QueueDown

from journeys.scoring import queries
from journeys.scoring.enums import CallResult, Lack, PotentialLack
from journeys.scoring.models import CallModel, DriftDay, PastCall, PotentialModel, TraitsChoice
from journeys.scoring.rules import SPAN_DAYS
from portal.audit import operations as audit
from portal.celery import app as queue
from portal.kit import clock
from portal.staff.models import Staff

# Below these there is nothing to learn from that would hold.
LEAST_CALLS, LEAST_OF_EACH = 1_000, 50
# Of the calls, the last are held out for the figures: as many as are known of, or a fifth.
HELD_OUT = 1_293
# From so many new calls on the clock trains anew.
NEW_CALLS = 500
TRAIN = "journeys.train_call_models"
# What customers will do is learned anew every month, from so many of them at least.
LEAST_PEOPLE, NEW_AFTER = 1_000, dt.timedelta(days=30)
TRAIN_POTENTIAL = "journeys.train_potential_models"
_DAY = dt.timedelta(days=1)
NO_CALLS = _("There are no calls yet: import a file of the kind “Past calls” first.")


class Refused(Exception):
    """Raised where something cannot be done; the text is for a person."""

    def __init__(self, text: str | Promise) -> None:
        super().__init__(str(text))


@dataclass(frozen=True)
class OwnCall:
    """A call that was made here: `known` is what was known before it, as values of `queries.Asked`
    without personal traits."""

    number: str
    branch_id: int
    customer_id: int | None
    called_at: dt.datetime
    known: dict[str, Any]
    is_won: bool


@transaction.atomic
def keep_calls(*, calls: Sequence[OwnCall], at: dt.datetime) -> int:
    """This will keep calls that were made here beside those that files tell, and return how many:
    one that is kept stays as it is."""
    rows = [_past_call(one) for one in calls]
    if not rows:
        return 0
    PastCall.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record(action="past_calls.kept", actor=None, at=at, changes={"calls": len(rows)})
    return len(rows)


def _past_call(one: OwnCall) -> PastCall:
    asked = queries.asked_of(one.known)
    columns = (
        "attempts", "since_days", "earlier", "earlier_result", "channel", "balance", "in_default",
        "has_housing_loan", "has_loan",
    )  # fmt: skip
    return PastCall(
        number=one.number, branch_id=one.branch_id, customer_id=one.customer_id,
        called_date=clock.bank_day(one.called_at),
        result=CallResult.SUCCESS if one.is_won else CallResult.FAILURE,
        **{name: getattr(asked, name) for name in columns},
    )  # fmt: skip


def train_if_due(*, at: dt.datetime) -> list[CallModel]:
    """This will train new versions where enough calls have come in since the last."""
    with transaction.atomic():
        if not _is_alone():
            return []
        newest = queries.newest_model(with_traits=False)
        known = PastCall.objects.count()
        if known == 0 or (newest is not None and abs(known - newest.known) < NEW_CALLS):
            return []
        return train_call_models(at=at, actor=None)


def train_as_asked(*, asked_by: int, at: dt.datetime) -> list[CallModel]:
    """This will train as somebody asked; where there are no calls nothing is made."""
    if not PastCall.objects.exists():
        return []
    return train_call_models(at=at, actor=Staff.objects.get(pk=asked_by))


def ask_for_training(*, actor: Staff) -> None:
    """This will ask a worker to train new versions at once."""
    if not PastCall.objects.exists():
        raise Refused(NO_CALLS)
    _send(TRAIN, actor)


def ask_for_potential(*, actor: Staff) -> None:
    """This will ask a worker to train new versions of the model of potential at once."""
    _send(TRAIN_POTENTIAL, actor)


def _send(task: str, actor: Staff) -> None:
    try:
        queue.send_task(task, [actor.pk], retry=False)
    except QueueDown as down:
        raise Refused(_("The workers do not answer; try again in a minute.")) from down


@transaction.atomic
def train_call_models(*, at: dt.datetime, actor: Staff | None) -> list[CallModel]:
    """This will train a version without and one with personal traits on the latest calls, measure
    each on the last of them, and write down both; where a version is not good enough it says so,
    and the scorecard stands in. Who comes second leaves it to the first: a worker that waited
    would send nothing meanwhile."""
    if not _is_alone():
        return []
    calls = queries.latest_calls()
    if not len(calls):
        raise Refused(NO_CALLS)
    known = PastCall.objects.count()
    made = [
        CallModel.objects.create(
            made_at=at, made_by=actor, with_traits=with_traits, known=known,
            calls=len(calls), first_day=_day(calls.day[0]), last_day=_day(calls.day[-1]),
            **_trained(calls, with_traits=with_traits),
        )
        for with_traits in (False, True)
    ]  # fmt: skip
    for one in made:
        audit.record(
            action="call_model.trained", actor=actor, at=at, target=one,
            changes={"calls": one.calls, "with_traits": one.with_traits, "lacks": one.lacks},
        )  # fmt: skip
        _keep_day(one, at=at)
    return made


def train_potential_if_due(*, at: dt.datetime) -> list[PotentialModel]:
    """This will train new versions of the model of potential where the last are a month old."""
    with transaction.atomic():
        if not _is_alone():
            return []
        newest = queries.newest_potential(with_traits=False)
        if newest is not None and newest.made_at > at - NEW_AFTER:
            return []
        return train_potential(at=at, actor=None)


def train_potential_as_asked(*, asked_by: int, at: dt.datetime) -> list[PotentialModel]:
    """This will train the model of potential as somebody asked."""
    return train_potential(at=at, actor=Staff.objects.get(pk=asked_by))


@transaction.atomic
def train_potential(*, at: dt.datetime, actor: Staff | None) -> list[PotentialModel]:
    """This will train a version without and one with personal traits on customers as they were two
    spans ago and what came by the end of the next, measure each on what came in the span after
    that, and write down both; where a version is not good enough it says so, and the scorecard
    stands in. Without customers nothing is made."""
    if not _is_alone():
        return []
    last = clock.bank_day(at) - _DAY
    middle = last - dt.timedelta(days=SPAN_DAYS)
    first = middle - dt.timedelta(days=SPAN_DAYS)
    earlier, later = (queries.past_of(on=on, with_traits=True) for on in (first, middle))
    if not later.facts:
        return []
    made = [
        PotentialModel.objects.create(
            made_at=at, made_by=actor, with_traits=with_traits, first_day=first,
            middle_day=middle, last_day=last, customers=len(earlier.facts) + len(later.facts),
            held_out=len(later.facts), **_promised(earlier, later, with_traits=with_traits),
        )
        for with_traits in (False, True)
    ]  # fmt: skip
    for one in made:
        audit.record(
            action="potential_model.trained", actor=actor, at=at, target=one,
            changes={"with_traits": one.with_traits, "lacks": one.lacks},
        )  # fmt: skip
        _keep_day(one, at=at)
    return made


def _promised(earlier: Any, later: Any, *, with_traits: bool) -> dict[str, Any]:
    """What a version of the model of potential holds."""
    import numpy as np

    from journeys.scoring.rules import drift, model, promise, showing

    before, after = (promise.people_of(one.facts, one.later) for one in (earlier, later))
    found: dict[str, Any] = {
        "learned": None, "figures": {},
        "parts": drift.parts_of_people(after, with_traits=with_traits),
    }  # fmt: skip
    counts = [np.bincount(one.kept.astype(int), minlength=2).min() for one in (before, after)]
    if len(before) < LEAST_PEOPLE or min(counts) < LEAST_OF_EACH:
        return found | {"lacks": PotentialLack.TOO_FEW}
    measured = promise.learn(before, np.ones(len(before)), with_traits=with_traits)
    found["figures"] = promise.figures_of(measured, after, promise.card_of(later.facts))
    if not showing.is_better(found["figures"]):
        return found | {"lacks": PotentialLack.NOT_BETTER}
    # What came last counts double.
    weights = np.repeat([0.5, 1.0], [len(before), len(after)])
    learned = promise.learn(promise.together(before, after), weights, with_traits=with_traits)
    return found | {"learned": model.plain_of(learned), "lacks": ""}


@transaction.atomic
def keep_drift(*, at: dt.datetime) -> list[DriftDay]:
    """This will keep, once for each day that is over, how far things have moved since the newest
    versions learned from them. Where one is beyond the limit from this day on, the audit trail says
    so, and the home page of who answers for it tells."""
    if not _is_alone():
        return []
    on = clock.bank_day(at) - _DAY
    kept = [_keep_day(version, at=at) for version in queries.not_compared(on)]
    return [day for day in kept if day is not None]


def _keep_day(version: CallModel | PotentialModel, *, at: dt.datetime) -> DriftDay | None:
    """What was kept of the last day that is over; None where nothing was there to compare."""
    on = clock.bank_day(at) - _DAY
    of: dict[str, Any]
    if isinstance(version, CallModel):
        of, found = {"call_model": version}, queries.drift_of(version, on=on)
    else:
        of, found = {"potential_model": version}, queries.moved_since(version, on=on)
    if not found.number or not found.moved:
        return None
    before, farthest = queries.day_before(version, on=on), found.moved[0]
    made = DriftDay.objects.create(
        **of, day=on, counted_at=at, compared=found.number, fact=farthest.fact,
        index=round(farthest.index, 6),
        facts={one.fact: round(one.index, 6) for one in found.moved},
    )  # fmt: skip
    if made.is_beyond and (before is None or not before.is_beyond):
        action = "call_model.moved" if made.call_model_id else "potential_model.moved"
        changes = {"fact": made.fact, "index": f"{made.index:.2f}", "day": str(on)}
        audit.record(action=action, actor=None, at=at, target=version, changes=changes)
    return made


@transaction.atomic
def choose_traits(
    *, branch: Any, with_traits: bool, reason: str, actor: Staff, at: dt.datetime
) -> TraitsChoice:
    """This will say whether calls of a branch, and of those below it, are scored with personal
    traits."""
    if not reason.strip():
        raise Refused(_("Say why."))
    made = TraitsChoice.objects.create(
        branch=branch, with_traits=with_traits, reason=reason.strip(), chosen_at=at, chosen_by=actor
    )
    audit.record(
        action="call_traits.chosen", actor=actor, at=at, target=branch, reason=reason,
        changes={"with_traits": with_traits},
    )  # fmt: skip
    return made


def _trained(calls: Any, *, with_traits: bool) -> dict[str, Any]:
    """What a version of these calls holds: what it learned or lacks, figures, and spread."""
    import numpy as np

    from journeys.scoring.rules import drift, learning, model, showing

    held = min(HELD_OUT, len(calls) // 5)
    first = len(calls) - held
    counts = np.bincount(calls.won[:first].astype(int), minlength=2)
    found: dict[str, Any] = {
        "learned": None, "held_out": held, "figures": {},
        "parts": drift.parts_of(calls, with_traits=with_traits),
    }  # fmt: skip
    if len(calls) < LEAST_CALLS or counts.min() < LEAST_OF_EACH:
        return found | {"lacks": Lack.TOO_FEW}
    measured = learning.learn(calls.part(slice(0, first)), with_traits=with_traits)
    found["figures"] = showing.figures_of(measured, calls, first)
    if not showing.is_better(found["figures"]):
        return found | {"lacks": Lack.NOT_BETTER}
    learned = learning.learn(calls, with_traits=with_traits)
    return found | {"learned": model.plain_of(learned), "lacks": ""}


def _day(ordinal: Any) -> dt.date:
    return dt.date.fromordinal(int(ordinal))


def _is_alone() -> bool:
    """Whether nobody else trains; nobody else does until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('scoring:train', 0))")
        return bool(cursor.fetchone()[0])
