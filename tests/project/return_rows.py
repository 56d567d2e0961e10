"""Rows of what joint campaigns brought about, and those that break their constraints."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model

from tests.project import effect_rows
from tests.project.making import BUILDERS, DAY, INSTANT, insert, lazy


def _joint_return(**values: Any) -> Model:
    return insert(
        "campaigns.JointReturn", values, campaign=lazy("campaigns.Campaign"),
        merchant=lazy("merchants.Merchant"), first_date=DAY, end_date=DAY + dt.timedelta(days=30),
        control_percent=10, reached_people=900, reached_payers=90, reached_amount=Decimal(9_000),
        reached_squares=Decimal(1_000_000), held_people=100, held_payers=8,
        held_amount=Decimal(700), held_squares=Decimal(70_000), counted_at=INSTANT,
    )  # fmt: skip


BUILDERS.update({"campaigns.JointReturn": _joint_return})
_RETURN = "campaigns.JointReturn"
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    *effect_rows.CHECKS,
    ("joint_return_is_a_span", _RETURN, {"end_date": DAY}),
    ("joint_return_share_is_a_share", _RETURN, {"control_percent": 51}),
    *(
        ("joint_return_sides", _RETURN, broken)
        for side in ("reached", "held")
        for broken in (
            {f"{side}_payers": 901},
            {f"{side}_squares": Decimal(-1)},
            {f"{side}_payers": 0, f"{side}_squares": 0},
            {f"{side}_payers": 0, f"{side}_amount": 0},
        )
    ),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    *effect_rows.UNIQUES,
    ("joint_return_once", _RETURN, ["campaign", "merchant"], {}),
]
ONLY_ADDED_TO = effect_rows.ONLY_ADDED_TO
