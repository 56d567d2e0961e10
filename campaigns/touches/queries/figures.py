"""Figures of touch plans: what became of people at each step, who entered and why not; and what
each step was answered for one person."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import plans, touch_wording
from campaigns.planning.rules.touches import Step
from campaigns.touches.enums import Refused, StepState, words_of
from campaigns.touches.models import Enrolment, StayCount, StepCount, TouchIntake, TouchStep
from campaigns.touches.queries import comparing
from campaigns.touches.queries.comparing import Comparison, VariantFigures
from journeys.contact.enums import Channel
from portal.kit import clock, ladder

# State, answer, channel, and how many.
Counted = tuple[str, str, str, int]
SHOWN = 12


@dataclass(frozen=True)
class StepFigures:
    """What became of people at one step: counts by state, by answer, of those written to by
    channel, and of a step with variants by these."""

    code: str
    name: str
    when: str
    states: dict[str, int]
    answers: list[tuple[str, int]] = field(default_factory=list)
    variants: list[VariantFigures] = field(default_factory=list)
    channels: dict[str, int] = field(default_factory=dict)
    comparison: Comparison | None = None

    @property
    def total(self) -> int:
        return sum(self.states.values())


def step_figures(
    version: CampaignVersion, *, day: dt.date | None = None, with_variants: bool = True
) -> list[StepFigures]:
    """This will count what became of people at each step of a version, in the order of its plan; of
    one day those whose step was planned for it. The answers add up to all of them. They are read
    from counts; only variants, unless they are left out, are counted in the steps themselves."""
    plan = plans.plan_of(version.content)
    rows = StepCount.objects.filter(version=version)
    if day is not None:
        rows = rows.filter(day=day)
    counted: dict[str, list[Counted]] = {}
    found = rows.order_by().values_list("code", "state", "answer", "channel")
    for code, state, answer, channel, count in (
        found.annotate(number=Sum("steps")).exclude(number=0)
    ):  # fmt: skip
        counted.setdefault(code, []).append((state, answer, channel, count))
    steps = plan.touches.steps if plan.touches else ()
    told: Mapping[str, comparing.Told] = {}
    if with_variants and any(step.variants for step in steps):
        told = comparing.counted(_planned(version, day))
    has_goal = plan.touches is not None and plan.touches.goal is not None
    return [
        _figures(
            step, counted.get(step.code, []),
            comparing.compared(step, told.get(step.code, {}), has_goal=has_goal)
            if with_variants else ([], None),
        )
        for step in steps
    ]  # fmt: skip


def _planned(version: CampaignVersion, day: dt.date | None) -> Any:
    rows = TouchStep.objects.filter(version=version)
    if day is None:
        return rows
    first = clock.start_of(day)
    return rows.filter(planned_at__gte=first, planned_at__lt=first + dt.timedelta(days=1))


def _figures(
    step: Step, rows: Sequence[Counted], told: tuple[list[VariantFigures], Comparison | None]
) -> StepFigures:
    variants, comparison = told
    states, answers, channels = Counter[str](), Counter[str](), Counter[str]()
    for state, answer, channel, count in rows:
        states[state] += count
        answers[_words(state, answer, channel, step)] += count
        if state == StepState.SENT:
            channels[channel] += count
    return StepFigures(
        step.code, step.label, touch_wording.when(step), dict(states),
        sorted(answers.items(), key=lambda one: (-one[1], one[0])), variants,
        {one: channels[one] for one in step.channels if channels[one]}, comparison,
    )  # fmt: skip


def _words(state: str, answer: str, channel: str, step: Step) -> str:
    """An answer for the reader; of a step that has several channels, by which one."""
    words = words_of(answer, state)
    if state == StepState.WAITING and answer:
        return _("Waits: {answer}").format(answer=words)
    if state == StepState.UNSENT:
        words = f"{StepState.UNSENT.label}: {words}"
    if state in (StepState.SENT, StepState.UNSENT) and len(step.channels) > 1:
        return f"{words} · {Channel(channel).label}"
    return words


_KINDS = (
    (StepState.SENT, ladder.DONE), (StepState.WAITING, ladder.WAITING),
    (StepState.UNSENT, ladder.GONE), (StepState.SKIPPED, ladder.PASSED),
    (StepState.LEFT, ladder.GONE),
)  # fmt: skip


def picture(figures: Sequence[StepFigures]) -> Any:
    """This will draw the steps of a plan with the counts at each."""
    rungs = [ladder.Rung(one.name, one.when, _parts(one)) for one in figures]
    return ladder.ladder_svg(rungs, title=_("Touch plan"))


def _parts(one: StepFigures) -> list[ladder.Part]:
    """What became of people at a step; of those written to by several channels each by itself."""
    found = []
    for state, kind in _KINDS:
        label = str(state.label)
        if state == StepState.SENT and len(one.channels) > 1:
            found += [
                ladder.Part(f"{label} · {Channel(channel).label}", count, kind)
                for channel, count in one.channels.items()
            ]
        else:
            found.append(ladder.Part(label, one.states.get(state.value, 0), kind))
    return found


def people_of(version: CampaignVersion) -> dict[str, int]:
    """This will tell how many of a version are inside, and how many left, by the reason."""
    rows = StayCount.objects.filter(version=version).order_by()
    counted = rows.values_list("state", "left_because").annotate(number=Sum("stays"))
    return {because or state: count for state, because, count in counted.exclude(number=0)}


@dataclass(frozen=True)
class Intake:
    """One time people were let in: by what, of how many, and why the others were not."""

    row: TouchIntake
    label: str
    refused: list[tuple[str, int]]


def intakes_of(version: CampaignVersion) -> list[Intake]:
    """This will list the latest times that a version let people in, the latest first."""
    rows = TouchIntake.objects.filter(version=version).exclude(occasion__startswith="points:")
    return [
        Intake(
            row,
            _occasion(row.occasion),
            [(str(Refused(why).label), count) for why, count in sorted(row.refused.items())],
        )
        for row in rows.order_by("-id")[:SHOWN]
    ]


def _occasion(occasion: str) -> str:
    kind, _colon, name = occasion.partition(":")
    return _("Run {number}").format(number=name) if kind == "run" else name


@dataclass(frozen=True)
class StayShown:
    """One stay of a customer, and each of its steps with its name."""

    stay: Enrolment
    steps: list[tuple[str, TouchStep]]


def stays_about(customer_id: int) -> list[StayShown]:
    """This will list a customer's stays in touch plans, the latest first, each with the receipt of
    every step."""
    rows = Enrolment.objects.filter(customer=customer_id).select_related("campaign", "version")
    found = []
    for stay in rows.order_by("-entered_at", "-id")[:SHOWN]:
        plan = plans.plan_of(stay.version.content)
        names = {step.code: step.label for step in (plan.touches.steps if plan.touches else ())}
        steps = TouchStep.objects.filter(enrolment=stay).order_by("planned_at", "position", "id")
        found.append(StayShown(stay, [(names.get(one.code, one.code), one) for one in steps]))
    return found
