"""What becomes of each person inside when another version, or what a draft says, comes in force:
told beforehand by the same queries by which `move_people` then moves them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F

from campaigns.planning import queries as planning
from campaigns.planning.enums import Inside
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import plans
from campaigns.touches.enums import Fate, Left, StepState
from campaigns.touches.models import Enrolment, TouchStep
from campaigns.touches.queries import stays, timing
from campaigns.touches.queries.stays import Stay
from portal.staff.access import Scope

# Few at first, since a page shows few; then as many as one statement judges well.
_FEWEST, _MOST = 200, 5_000
_TONES = {Fate.STAY: "secondary", Fate.MOVE: "info", Fate.LEAVE: "warning"}
# Whose steps are all answered has none left that waits: he is through as soon as he has moved.
_THROUGH = """
SELECT stay.id FROM unnest(%(ids)s::bigint[]) AS stay(id)
WHERE NOT EXISTS (
    SELECT FROM unnest(%(codes)s::text[]) AS step(code)
    WHERE NOT EXISTS (
        SELECT FROM campaigns_touchstep had
        WHERE had.enrolment_id = stay.id AND had.code = step.code AND had.state <> 'waiting'))
"""
_NEXT = """
SELECT DISTINCT ON (enrolment_id) enrolment_id, code, planned_at FROM timed
WHERE enrolment_id = ANY(%(ids)s) AND NOT EXISTS (
    SELECT FROM campaigns_touchstep had
    WHERE had.enrolment_id = timed.enrolment_id AND had.code = timed.code
      AND had.state <> 'waiting')
ORDER BY enrolment_id, planned_at NULLS LAST, position
"""


@dataclass(frozen=True)
class Coming:
    """What may come in force for those inside a campaign: its plan, and its version, None while it
    is a draft."""

    campaign_id: int
    plan: plans.Plan
    version_id: int | None = None

    @property
    def lets_stay(self) -> bool:
        touches = self.plan.touches
        return touches is not None and touches.inside == Inside.STAY


@dataclass(frozen=True)
class Fated:
    """One stay, and what becomes of it; of one that ends, why."""

    stay: Stay
    fate: Fate
    because: str = ""


@dataclass(frozen=True)
class Fates:
    """What becomes of those inside earlier versions when a version comes in force; the three add up
    to `inside`. Of those who leave, so many do since no step is left for them, and the others since
    it is not about them."""

    inside: int
    stay: int
    move: int
    leave: int
    finished: int = 0

    @property
    def uncovered(self) -> int:
        return self.leave - self.finished


def coming_of(version: CampaignVersion) -> Coming:
    """This will return a version as what may come in force."""
    return Coming(version.campaign_id, plans.plan_of(version.content), version.pk)


def fates_of(coming: Coming, *, on: dt.date, scope: Scope | None = None) -> Fates | None:
    """This will count what becomes of each person inside another version of the campaign, of all
    whom a scope reaches, as of a day; None where nobody is."""
    found = Counter((one.fate, one.because) for one in fated(coming, on=on, scope=scope))
    by = Counter[str]()
    for (fate, _because), count in found.items():
        by[fate] += count
    if not found:
        return None
    return Fates(
        found.total(), by[Fate.STAY], by[Fate.MOVE], by[Fate.LEAVE],
        found[Fate.LEAVE, Left.FINISHED.value],
    )  # fmt: skip


def fated(
    coming: Coming, *, on: dt.date, scope: Scope | None = None, fate: str = ""
) -> Iterator[Fated]:
    """This will go through those inside other versions of the campaign whom a scope reaches, the
    earliest version first and in each by stay, and tell what becomes of each as of a day; of one
    `fate` alone, where it is asked for. They are read part by part."""
    for version_id in stays.versions_with_people_of(coming.campaign_id, but=coming.version_id or 0):
        after, size = 0, _FEWEST
        while found := stays.stays_after(version_id, after, size, scope=scope):
            judged = _judged(coming, found, on)
            yield from (one for one in judged if not fate or one.fate == fate)
            if len(found) < size:
                break
            after, size = found[-1].enrolment_id, min(size * 2, _MOST)


def _judged(coming: Coming, found: Sequence[Stay], on: dt.date) -> list[Fated]:
    if coming.lets_stay:
        return [Fated(one, Fate.STAY) for one in found]
    covered = stays.covered_by(coming.plan, [one.customer_id for one in found], on=on)
    through = _through(coming, [one.enrolment_id for one in found if one.customer_id in covered])
    return [_fate(one, covered, through) for one in found]


def _fate(one: Stay, covered: set[int], through: set[int]) -> Fated:
    if one.customer_id not in covered:
        return Fated(one, Fate.LEAVE, Left.UNCOVERED.value)
    if one.enrolment_id in through:
        return Fated(one, Fate.LEAVE, Left.FINISHED.value)
    return Fated(one, Fate.MOVE)


def _through(coming: Coming, enrolment_ids: Sequence[int]) -> set[int]:
    touches = coming.plan.touches
    if not enrolment_ids or touches is None:
        return set()
    codes = [step.code for step in touches.steps]
    with connection.cursor() as cursor:
        cursor.execute(_THROUGH, {"ids": list(enrolment_ids), "codes": codes})
        return {row[0] for row in cursor.fetchall()}


# --- the step that comes next -------------------------------------------------------------------
@dataclass(frozen=True)
class Next:
    """The step that is next for a person, by its code, and when it is due; None as long as its
    anchor is not known."""

    code: str
    planned_at: dt.datetime | None


def next_steps(coming: Coming, found: Sequence[Fated], *, on: dt.date) -> dict[int, Next]:
    """This will tell to which step each of these people moves, and at which those are who stay, by
    the id of the stay: that which is due first, of those without a time the first of the plan."""
    moving = [one.stay for one in found if one.fate == Fate.MOVE]
    staying = [one.stay.enrolment_id for one in found if one.fate == Fate.STAY]
    return _next_by_plan(coming, moving, on) | _next_as_placed(staying)


def _next_by_plan(coming: Coming, moving: Sequence[Stay], on: dt.date) -> dict[int, Next]:
    if not moving:
        return {}
    timed, values = timing.timed_sql(
        coming.plan, campaign_id=coming.campaign_id, on=on,
        customer_ids=[one.customer_id for one in moving],
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(timed + _NEXT, values | {"ids": [one.enrolment_id for one in moving]})
        return {key: Next(code, planned) for key, code, planned in cursor.fetchall()}


def _next_as_placed(enrolment_ids: Sequence[int]) -> dict[int, Next]:
    if not enrolment_ids:
        return {}
    rows = TouchStep.objects.filter(enrolment__in=enrolment_ids, state=StepState.WAITING)
    first = rows.order_by("enrolment", F("planned_at").asc(nulls_last=True), "position")
    named = first.distinct("enrolment").values_list("enrolment", "code", "planned_at")
    return {key: Next(code, planned) for key, code, planned in named}


# --- as it is shown -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One person inside, and what becomes of him: on which version he is, why he leaves, and the
    step that is next for him by its name."""

    stay: Enrolment
    fated: Fated
    step: str = ""
    planned_at: dt.datetime | None = None

    @property
    def tone(self) -> str:
        return _TONES[self.fated.fate]

    @property
    def because_words(self) -> str:
        return str(Left(self.fated.because).label) if self.fated.because else ""


def lines_of(coming: Coming, found: Sequence[Fated], *, on: dt.date) -> list[Line]:
    """This will say what becomes of each of these people, with the names of steps in the language
    of the reader."""
    rows: Mapping[int, Any] = Enrolment.objects.select_related(
        "customer__branch", "version"
    ).in_bulk([one.stay.enrolment_id for one in found])
    steps = next_steps(coming, found, on=on)
    staying = {one.stay.version_id for one in found if one.fate == Fate.STAY}
    names = {key: _names_of(plan) for key, plan in planning.plans_of(staying).items()}
    own = _names_of(coming.plan)
    lines = []
    for one in found:
        step = steps.get(one.stay.enrolment_id)
        known = own if one.fate == Fate.MOVE else names.get(one.stay.version_id, {})
        lines.append(
            Line(
                rows[one.stay.enrolment_id], one, known.get(step.code, step.code) if step else "",
                step.planned_at if step else None,
            )
        )  # fmt: skip
    return lines


def _names_of(plan: plans.Plan) -> dict[str, str]:
    return {step.code: step.label for step in (plan.touches.steps if plan.touches else ())}
