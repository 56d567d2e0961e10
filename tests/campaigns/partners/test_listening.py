"""Complaints traced to joint campaigns suggest to agree on terms anew."""

import datetime as dt

import pytest

from campaigns.planning.rules import naming
from merchants.models import Partnership
from tests.factories import campaigns as plans
from tests.factories import partnerships as made
from tests.merchants.partnerships.test_listening import reasons
from tests.merchants.partnerships.test_proposing import BEGUN, kept, run
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 3)


def complained(row: Partnership, *backs: int) -> None:
    """Complaints that were closed so many days ago, of a campaign with the partnership's
    merchant."""
    version = plans.draft(code=f"joint-{row.pk}", merchants=[row.merchant.number])
    for back in backs:
        row_of(
            "journeys.Complaint", state="closed", cause_kind="campaign", remedy="x",
            opened_date=ON - dt.timedelta(days=120), answered_date=ON - dt.timedelta(days=110),
            closed_date=ON - dt.timedelta(days=back),
            cause_reference=naming.reference_of(f"joint-{row.pk}", version.number),
        )  # fmt: skip


def test_complaints_suggest_adjustment_from_their_limit_on_and_while_they_are_recent() -> None:
    made.hear("complaints", limit=3, over=1)
    row, below, old = (made.in_phase("confirmed", on=BEGUN) for _place in range(3))
    complained(row, 1, 2, 90)
    complained(below, 1, 2)
    complained(old, 1, 2, 91)
    assert run() == [(row.pk, "suggested")]
    assert kept() == [(row.pk, "adjustment", "open")]
    assert reasons(row) == [
        {
            "code": "complaints", "count": 3, "limit": 3, "first": "2026-03-05",
            "last": "2026-06-02",
        }
    ]  # fmt: skip
