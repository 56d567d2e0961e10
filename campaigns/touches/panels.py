"""What touch plans add to a customer's timeline."""

from typing import Any

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.planning.rules import plans
from campaigns.touches.enums import StepState, words_of
from campaigns.touches.models import Enrolment, TouchStep
from portal.kit import timeline

_ENTERED, _LEFT, _STEP = range(3)
_TONES = {StepState.SENT: "success", StepState.WAITING: "info"}


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell of a customer's stays in touch plans: when each began and ended, what became
    of its steps and why, and for when those are planned that still wait. Steps whose day is not
    known stand with the beginning of their stay.

    All of it is found by the customer's stays, of which there are few.
    """
    names = _Names()
    stays = Enrolment.objects.filter(customer=asked.customer_id)
    stays = stays.select_related("campaign", "version")
    entered = timeline.latest(stays, asked, at="entered_at", part=_ENTERED)
    if not entered and asked.is_from_end:
        return []  # most people: who was never let in has no steps
    steps = TouchStep.objects.filter(enrolment__customer=asked.customer_id)
    dated = steps.annotate(stood_at=Coalesce("answered_at", "due_at")).filter(
        stood_at__isnull=False
    )
    undated = _undated(steps.filter(state=StepState.WAITING, due_at=None))
    left = stays.filter(left_at__isnull=False)
    return timeline.cut(
        [
            *(
                _entered(row, [names.of(row.version, code) for code in undated.get(row.pk, [])])
                for row in entered
            ),
            *(_left(row) for row in timeline.latest(left, asked, at="left_at", part=_LEFT)),
            *(
                _step(row, names.of(row.version, row.code))
                for row in timeline.latest(
                    dated.select_related("version", "enrolment__campaign"), asked, at="stood_at",
                    part=_STEP,
                )
            ),
        ],
        asked,
    )  # fmt: skip


class _Names:
    """What the steps of versions are called; each version's plan is read once."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, str]] = {}

    def of(self, version: Any, code: str) -> str:
        """The name of a step; its code where the version has no such step."""
        if version.pk not in self._known:
            self._known[version.pk] = _labels(version)
        return self._known[version.pk].get(code, code)


def _labels(version: Any) -> dict[str, str]:
    try:
        touches = plans.plan_of(version.content).touches
    except plans.PlanWrong:  # a form of plan that is read no longer
        return {}
    return {step.code: step.label for step in (touches.steps if touches else ())}


def _undated(steps: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for stay, code in steps.order_by("position", "id").values_list("enrolment", "code"):
        found.setdefault(stay, []).append(code)
    return found


def _entered(row: Enrolment, undated: list[str]) -> timeline.Row:
    words = [_("Stay {number}").format(number=row.rotation)]
    if undated:
        words.append(_("The day is not known yet: {steps}").format(steps=", ".join(undated)))
    return timeline.Row(
        at=row.entered_at,
        id=timeline.part_of(_ENTERED, row.pk),
        title=_("Touch plan entered: {campaign}").format(campaign=row.campaign.label),
        detail=" · ".join(words),
        tone="info",
        url=reverse("touch_page", args=[row.version_id]),
    )


def _left(row: Any) -> timeline.Row:
    return timeline.Row(
        at=row.left_at,
        id=timeline.part_of(_LEFT, row.pk),
        title=_("Touch plan left: {campaign}").format(campaign=row.campaign.label),
        detail=row.left_words,
        tone="secondary",
        url=reverse("touch_page", args=[row.version_id]),
    )


def _step(row: Any, name: str) -> timeline.Row:
    words = [str(StepState(row.state).label), _why(row), row.channel_words, _when(row)]
    return timeline.Row(
        at=row.stood_at,
        id=timeline.part_of(_STEP, row.pk),
        title=f"{row.enrolment.campaign.label}: {name}",
        detail=" · ".join(word for word in words if word),
        tone=_TONES.get(row.state, "secondary"),
        url=reverse("touch_page", args=[row.version_id]),
    )


def _why(row: TouchStep) -> str:
    """The reason; that a message was written, or that nothing was answered yet, says the state."""
    return "" if row.was_written or not row.answer else words_of(row.answer, row.state)


def _when(row: TouchStep) -> str:
    if row.next_free is None:
        return ""
    instant = f"{timezone.localtime(row.next_free):%Y-%m-%d %H:%M}"
    if row.was_written:
        return _("planned for {when}").format(when=instant)
    return _("next free instant: {when}").format(when=instant)
