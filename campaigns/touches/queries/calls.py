"""Reading whose calls are looked for, since the person left the plan."""

import datetime as dt
from collections.abc import Sequence

from campaigns.touches.models import CallTurn, LeftCall, TouchStep


def calls_asked_until() -> dt.datetime | None:
    """This will tell the minute up to which calls were asked about in turn; None before any was."""
    return CallTurn.objects.values_list("asked_until", flat=True).first()


def versions_left_on_calls() -> list[int]:
    """This will list the versions whose people left while a call may wait for them."""
    rows = LeftCall.objects.values_list("step__enrolment__version", flat=True)
    return list(rows.order_by("step__enrolment__version").distinct())


def steps_left_on_calls(version_id: int, *, after: int, most: int) -> list[int]:
    """This will list the steps of such calls with ids above `after`, in their order."""
    rows = LeftCall.objects.filter(step__enrolment__version=version_id, step__gt=after)
    return list(rows.order_by("step").values_list("step", flat=True)[:most])


def places_of_steps(step_ids: Sequence[int]) -> dict[int, tuple[int, int, str, int]]:
    """This will tell where the causes of these steps place them: customer, campaign, code and
    rotation, by the step's id."""
    rows = TouchStep.objects.filter(pk__in=step_ids).values_list(
        "pk", "customer", "enrolment__campaign", "code", "enrolment__rotation"
    )
    return {
        step: (customer, campaign, code, rotation)
        for step, customer, campaign, code, rotation in rows
    }
