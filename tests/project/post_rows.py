"""One good row of each model of posts, and what its constraints refuse."""

import datetime as dt
from typing import Any

from django.db.models import Model

from merchants.models import Post, Shift
from portal.models import Branch, Staff
from tests.factories import posts as made
from tests.factories.portal import StaffFactory
from tests.project.making import BUILDERS, INSTANT, insert, lazy, number, row_of

DAY = made.DAY
BEFORE = DAY - dt.timedelta(days=1)


def _rule(**values: Any) -> Model:
    day = dt.date(2001, 1, 1) + dt.timedelta(days=number())
    return insert(
        "merchants.PostRule", values, effective_date=day, needs=["cards", "on_site"],
        early_minutes=30, late_minutes=10, close_minutes=60, most_hours=10, source="Board",
    )  # fmt: skip


def _post(**values: Any) -> Model:
    made.set_rule()
    store = values.pop("store", None) or made.store_of(
        branch=values.get("branch"), manager=values.pop("manager", None)
    )
    usual = {**made.FACTS, "branch": store.merchant.branch}
    return insert(
        "merchants.Post", values, store=store, number=lambda: f"Z{number()}", **usual
    )  # fmt: skip


def _cost(**values: Any) -> Model:
    return insert(
        "merchants.PostCost", values, post=lazy("merchants.Post"), first_date=DAY, amount=50,
        unit="hour", source="预算", recorded_by=StaffFactory, recorded_at=INSTANT,
    )  # fmt: skip


def _qualification(**values: Any) -> Model:
    return insert(
        "merchants.StaffQualification", values, staff=StaffFactory, kind="cards", first_date=DAY,
        last_date=DAY, source="证书", recorded_at=INSTANT,
    )  # fmt: skip


def _absence(**values: Any) -> Model:
    return insert(
        "merchants.PostAbsence", values, staff=StaffFactory, kind="leave", first_date=DAY,
        last_date=DAY, recorded_by=StaffFactory, recorded_at=INSTANT,
    )  # fmt: skip


def _shift(**values: Any) -> Model:
    branch = values.pop("branch", None)
    post: Post = values.pop("post", None) or row_of(
        "merchants.Post", **({"branch": branch} if branch else {})
    )
    staff: Staff = values.pop("staff", None) or made.qualified(post.branch)
    return insert(
        "merchants.Shift", values, post=post, staff=staff, number=lambda: f"R{number()}", seat=1,
        on_date=DAY, starts_at=made.hour("10:00"), ends_at=made.hour("18:00"),
    )  # fmt: skip


def a_shift(branch: Branch, on: dt.date, **values: Any) -> Model:
    """A shift of a day in a branch, to which nobody came."""
    span = {"first_date": on, "last_date": on}
    post = row_of("merchants.Post", branch=branch, **span, **values)
    return row_of(
        "merchants.Shift", post=post, staff=made.qualified(branch, **span), on_date=on,
        starts_at=made.hour("10:00", on), ends_at=made.hour("18:00", on),
    )  # fmt: skip


def _attendance(**values: Any) -> Model:
    return insert(
        "merchants.Attendance", values, shift=lazy("merchants.Shift"), in_at=made.hour("10:00")
    )


def _task(**values: Any) -> Model:
    return insert(
        "merchants.ShiftTask", values, shift=lazy("merchants.Shift"), place=1, words="摆台"
    )


def _count(**values: Any) -> Model:
    shift: Shift = values.pop("shift", None) or row_of("merchants.Attendance").shift
    last = shift.counts.order_by("-number").first()
    return insert(
        "merchants.ShiftCount", values, shift=shift, number=last.number + 1 if last else 1,
        kind="lead", step=1, at=INSTANT,
    )  # fmt: skip


BUILDERS.update(
    {
        "merchants.PostRule": _rule,
        "merchants.Post": _post,
        "merchants.PostCost": _cost,
        "merchants.StaffQualification": _qualification,
        "merchants.PostAbsence": _absence,
        "merchants.Shift": _shift,
        "merchants.Attendance": _attendance,
        "merchants.ShiftTask": _task,
        "merchants.ShiftCount": _count,
    }
)

_POST, _SHIFT, _RULE = "merchants.Post", "merchants.Shift", "merchants.PostRule"
_QUALIFIED, _ABSENT = "merchants.StaffQualification", "merchants.PostAbsence"
_CANCELLED = {"state": "cancelled", "cancelled_at": INSTANT}
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("post_rule_bounds", _RULE, {"early_minutes": 241}),
    ("post_rule_bounds", _RULE, {"late_minutes": 241}),
    ("post_rule_bounds", _RULE, {"close_minutes": 14}),
    ("post_rule_bounds", _RULE, {"most_hours": 17}),
    ("post_rule_bounds", _RULE, {"source": ""}),
    ("post_rule_needs_known", _RULE, {"needs": []}),
    ("post_rule_needs_known", _RULE, {"needs": ["juggling"]}),
    ("post_number_addressable", _POST, {"number": "Z/1"}),
    ("post_choices_known", _POST, {"scenario": "moon"}),
    ("post_choices_known", _POST, {"days": "never"}),
    ("post_seats", _POST, {"seats": 0}),
    ("post_seats", _POST, {"seats": 10}),
    ("post_ends_after_start", _POST, {"last_date": dt.date(2026, 2, 28)}),
    ("post_closes_after_opening", _POST, {"closes": dt.time(10)}),
    ("post_is_permitted", _POST, {"permission": ""}),
    ("post_cost_said", "merchants.PostCost", {"amount": -1}),
    ("post_cost_said", "merchants.PostCost", {"unit": "moon"}),
    ("post_cost_said", "merchants.PostCost", {"source": ""}),
    ("qualification_said", _QUALIFIED, {"kind": "juggling"}),
    ("qualification_said", _QUALIFIED, {"source": ""}),
    ("qualification_ends_after_start", _QUALIFIED, {"last_date": BEFORE}),
    ("qualification_withdrawn_whole", _QUALIFIED, {"withdrawn_date": DAY}),
    ("qualification_withdrawn_whole", _QUALIFIED, {"withdrawn_why": "x"}),
    ("post_absence_kind_known", _ABSENT, {"kind": "moon"}),
    ("post_absence_ends_after_start", _ABSENT, {"last_date": BEFORE}),
    ("shift_number_addressable", _SHIFT, {"number": "R/1"}),
    ("shift_ends_after_start", _SHIFT, {"ends_at": made.hour("10:00")}),
    ("shift_seat", _SHIFT, {"seat": 0}),
    ("shift_cancelled_whole", _SHIFT, {"state": "cancelled"}),
    ("shift_cancelled_whole", _SHIFT, _CANCELLED),
    ("shift_cancelled_whole", _SHIFT, {"cancelled_why": "x"}),
    ("attendance_out_after_in", "merchants.Attendance", {"out_at": made.hour("09:59")}),
    ("attendance_closed_has_end", "merchants.Attendance", {"is_closed_by_clock": True}),
    ("shift_task_says", "merchants.ShiftTask", {"words": ""}),
    ("shift_count_is_a_step", "merchants.ShiftCount", {"step": 2}),
    ("shift_count_is_a_step", "merchants.ShiftCount", {"kind": "moon"}),
    ("lead_of_post_says_so", "journeys.Lead", {"post": lazy(_POST)}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("post_cost_once", "merchants.PostCost", ["post", "first_date"], {}),
    ("shift_task_once", "merchants.ShiftTask", ["shift", "place"], {}),
    ("qualification_no_overlap", _QUALIFIED, ["staff"], {}),
    ("post_absence_no_overlap", _ABSENT, ["staff"], {}),
]
# Said elsewhere than in the table of second rows.
ELSEWHERE = {
    "qualification_not_by_oneself",  # tests/merchants/posts/test_guards.py
    "application_of_post_has_merchant",  # the same
    "shift_staff_once",  # the same
    "shift_seat_once",  # the same
    "shift_count_once",  # the trigger says it first: the same
}
ONLY_ADDED_TO = [
    ("merchants.PostRule", "source"),
    ("merchants.PostCost", "source"),
    ("merchants.ShiftCount", "kind"),
]
