"""Touch plans of the known case, and what is needed to run them."""

import datetime as dt
from typing import Any

from campaigns.models import CampaignVersion, Enrolment, TouchStep
from campaigns.touches import operations as touches
from journeys.models import MessageTemplate
from tests.factories.campaigns import approved, draft

# The instants of these tests are mornings in the bank's time, within the hours of contact.
MORNING = dt.timedelta(hours=2)
SPENT = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "500.00"}


def step(code: str = "one", **changes: Any) -> dict[str, Any]:
    """One step: an SMS on the day of issue, with a text that everybody can be sent."""
    return {
        "code": code, "name": f"步骤{code}", "name_en": f"Step {code}", "anchor": "issue",
        "channels": ["sms"], "template": "nudge",
    } | changes  # fmt: skip


def plan_of(*steps: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A touch plan that whoever is issued a card enters."""
    return {"entry": {"by": "event", "anchor": "issue"}, "steps": list(steps or [step()])} | changes


def texts(**bodies: str) -> None:
    """The text of the steps, and others by their code, in Chinese for both channels."""
    for code, body in ({"nudge": "【信用卡中心】{name}您好。拒收请回复R"} | bodies).items():
        for channel in ("sms", "email"):
            MessageTemplate.objects.get_or_create(
                code=code, channel=channel, language="zh-hans", version=1,
                defaults={"subject": "您好" if channel == "email" else "", "body": body},
            )  # fmt: skip


def touched(*steps: dict[str, Any], plan: dict[str, Any] | None = None, **changes: Any
            ) -> CampaignVersion:  # fmt: skip
    """An approved version of the known case with a touch plan."""
    texts(**changes.pop("bodies", {}))
    return approved(touches=plan or plan_of(*steps), **changes)


def drafted(plan: dict[str, Any], **changes: Any) -> CampaignVersion:
    """A version with a touch plan that nobody has submitted."""
    texts(**changes.pop("bodies", {}))
    return draft(touches=plan, **changes)


def on(day: dt.date, hour: int = 10) -> dt.datetime:
    """An instant of the bank's day."""
    zone = dt.timezone(dt.timedelta(hours=8))
    return dt.datetime.combine(day, dt.time(hour), tzinfo=zone)


def sweep(day: dt.date, hour: int = 10) -> int:
    return touches.sweep_touches(at=on(day, hour))


def steps_of(customer_id: int) -> dict[str, tuple[str, str]]:
    """State and answer of each step of a customer's latest stay, by code."""
    stay = Enrolment.objects.filter(customer=customer_id).order_by("-rotation").first()
    rows = TouchStep.objects.filter(enrolment=stay).order_by("position", "id")
    return {row.code: (row.state, row.answer) for row in rows}


def stay_of(customer_id: int) -> tuple[int, str, str]:
    """Number, state and reason of a customer's latest stay."""
    stay = Enrolment.objects.filter(customer=customer_id).order_by("-rotation").first()
    return (stay.rotation, stay.state, stay.left_because) if stay else (0, "", "")
