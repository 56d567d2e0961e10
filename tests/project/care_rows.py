"""Rows of complaints and service cases."""

import datetime as dt
from typing import Any

from django.db.models import Model

from tests.factories import journeys
from tests.project.making import DAY, INSTANT, code, insert, lazy, number


def complaint_rule(**values: Any) -> Model:
    """The limits of complaints."""
    days = number()
    return insert(
        "journeys.ComplaintRule", values, effective_date=DAY + dt.timedelta(days=days),
        simple_days=15, complex_days=30, extension_days=30, source="test",
    )  # fmt: skip


def complaint(**values: Any) -> Model:
    """An open special complaint."""
    customer = values.pop("customer", None) or journeys.CustomerFactory()
    return insert(
        "journeys.Complaint", values, number=code, customer=customer, branch=customer.branch,
        channel="hotline", grade="special", words="答复太慢", opened_date=DAY, limit_days=30,
    )  # fmt: skip


def complaint_round(**values: Any) -> Model:
    """A round that is over."""
    return insert(
        "journeys.ComplaintRound", values, complaint=lazy("journeys.Complaint"),
        opened_date=DAY, limit_days=15, extension_days=0, answered_date=DAY,
    )  # fmt: skip


def case(**values: Any) -> Model:
    """An open service case."""
    customer = values.pop("customer", None) or journeys.CustomerFactory()
    return insert(
        "journeys.ServiceCase", values, number=code, customer=customer, branch=customer.branch,
        channel="hotline", subject="补寄账单", opened_date=DAY,
    )  # fmt: skip


def care_event(**values: Any) -> Model:
    """The opening of a complaint."""
    return insert(
        "journeys.CareEvent", values, complaint=lazy("journeys.Complaint"), kind="opened",
        at=INSTANT,
    )  # fmt: skip
