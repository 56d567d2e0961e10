"""Rows of touch plans."""

from typing import Any

from django.db.models import Model

from campaigns.models import CampaignVersion
from portal.models import Branch
from tests.factories import journeys, touches
from tests.project.making import BUILDERS, INSTANT, code, insert, lazy, number, row_of


def _enrolment(**values: Any) -> Model:
    version = values.pop("version", None) or row_of("campaigns.CampaignVersion")
    campaign = values.pop("campaign", None) or version.campaign
    return insert(
        "campaigns.Enrolment", values, campaign=campaign, version=version,
        customer=journeys.CustomerFactory, rotation=lambda: number() % 9_999 + 1, occasion=code,
        entered_at=INSTANT, ends_at=INSTANT,
    )  # fmt: skip


def _touch_step(**values: Any) -> Model:
    stay = values.pop("enrolment", None) or row_of("campaigns.Enrolment")
    return insert(
        "campaigns.TouchStep", values, enrolment=stay, version=stay.version,
        customer=stay.customer, code=code, position=0,
    )  # fmt: skip


def _touch_intake(**values: Any) -> Model:
    return insert(
        "campaigns.TouchIntake", values, version=lazy("campaigns.CampaignVersion"), occasion=code,
        begun_at=INSTANT,
    )  # fmt: skip


def someone_inside(branch: Branch) -> None:
    """One person more of a branch, inside the touch plan of a version that is being edited."""
    first = CampaignVersion.objects.filter(campaign__code="inside").order_by("number").first()
    if first is None:
        first = touches.touched(code="inside")
        touches.drafted(touches.plan_of(touches.step("other")), code="inside")
    card = journeys.CardFactory(customer__branch=branch)
    row_of("campaigns.Enrolment", version=first, customer=card.customer)


BUILDERS.update(
    {
        "campaigns.Enrolment": _enrolment,
        "campaigns.TouchIntake": _touch_intake,
        "campaigns.TouchStep": _touch_step,
        "campaigns.StepCount": lambda **values: insert(
            "campaigns.StepCount",
            values,
            version=lazy("campaigns.CampaignVersion"),
            code=code,
            state="waiting",
            steps=1,
        ),
        "campaigns.StayCount": lambda **values: insert(
            "campaigns.StayCount",
            values,
            version=lazy("campaigns.CampaignVersion"),
            state="inside",
            stays=1,
        ),
        "campaigns.CallTurn": lambda **values: insert(
            "campaigns.CallTurn", values, asked_until=INSTANT
        ),
        "campaigns.LeftCall": lambda **values: insert(
            "campaigns.LeftCall", values, step=lazy("campaigns.TouchStep")
        ),
        "campaigns.TouchMark": lambda **values: insert(
            "campaigns.TouchMark", values, customer_id=1
        ),
    }
)
