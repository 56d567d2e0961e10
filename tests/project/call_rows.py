"""Good rows of past calls and of the model that learns from them, and rows that break a
constraint."""

import datetime as dt
from typing import Any

from django.db.models import Model

from tests.factories import portal
from tests.project.making import DAY, INSTANT, code, insert, lazy

AFTER = DAY + dt.timedelta(days=1)

CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("past_call_counts_itself", "journeys.PastCall", {"attempts": 0}),
    ("past_call_earlier_was_some", "journeys.PastCall", {"since_days": 3}),
    ("past_call_earlier_was_some", "journeys.PastCall", {"earlier_result": "success"}),
    ("past_call_age_of_a_person", "journeys.PastCall", {"age": 15}),
    ("past_call_age_of_a_person", "journeys.PastCall", {"age": 121}),
    ("past_call_result_known", "journeys.PastCall", {"result": ""}),
    ("call_model_learned_or_lacks", "journeys.CallModel", {"lacks": ""}),
    ("call_model_learned_or_lacks", "journeys.CallModel", {"learned": {"format": 1}}),
    ("call_model_days_in_order", "journeys.CallModel", {"first_day": AFTER}),
    ("call_model_held_out_of_calls", "journeys.CallModel", {"held_out": 10}),
    ("potential_model_learned_or_lacks", "journeys.PotentialModel", {"lacks": ""}),
    ("potential_model_learned_or_lacks", "journeys.PotentialModel", {"learned": {"format": 1}}),
    ("potential_model_days_in_order", "journeys.PotentialModel", {"first_day": AFTER}),
    ("potential_model_days_in_order", "journeys.PotentialModel", {"last_day": AFTER}),
    ("drift_day_of_one_version", "journeys.DriftDay", {"call_model": None}),
    (
        "drift_day_of_one_version",
        "journeys.DriftDay",
        {"potential_model": lazy("journeys.PotentialModel")},
    ),
    ("drift_day_compared_some", "journeys.DriftDay", {"compared": 0}),
    ("drift_day_compared_some", "journeys.DriftDay", {"index": -0.1}),
    ("drift_day_compared_some", "journeys.DriftDay", {"fact": ""}),
    ("traits_choice_has_a_reason", "journeys.TraitsChoice", {"reason": ""}),
]

UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("drift_day_of_calls_once", "journeys.DriftDay", ["call_model", "day"], {}),
    ("drift_day_of_people_once", "journeys.DriftDay", ["potential_model", "day"],
     {"call_model": None, "potential_model": lazy("journeys.PotentialModel")}),
]  # fmt: skip


def past_call(**values: Any) -> Model:
    return insert(
        "journeys.PastCall", values, number=code, branch=portal.BranchFactory, called_date=DAY,
        attempts=1, earlier=0, result="failure",
    )  # fmt: skip


def call_model(**values: Any) -> Model:
    return insert(
        "journeys.CallModel", values, made_at=INSTANT, with_traits=False, lacks="too_few",
        known=9, calls=9, held_out=1, first_day=DAY, last_day=DAY, figures={}, parts={},
    )  # fmt: skip


def potential_model(**values: Any) -> Model:
    return insert(
        "journeys.PotentialModel", values, made_at=INSTANT, with_traits=False, lacks="too_few",
        customers=9, held_out=4, first_day=DAY, middle_day=AFTER,
        last_day=AFTER + dt.timedelta(days=1), figures={}, parts={},
    )  # fmt: skip


def drift_day(**values: Any) -> Model:
    return insert(
        "journeys.DriftDay", values, call_model=lazy("journeys.CallModel"), day=DAY,
        counted_at=INSTANT, compared=9, fact="balance", index=0.1, facts={"balance": 0.1},
    )  # fmt: skip


def traits_choice(**values: Any) -> Model:
    return insert(
        "journeys.TraitsChoice", values, branch=portal.BranchFactory, with_traits=True,
        reason="试用", chosen_at=INSTANT, chosen_by=portal.StaffFactory,
    )  # fmt: skip
