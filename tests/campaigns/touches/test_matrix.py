"""Each way of entering with each wait, each split and each way out: all combinations are legal, and
each does what its parts say."""

import datetime as dt
import itertools
from typing import Any

import pytest

from campaigns.eligibility import operations as eligibility
from journeys.models import Card
from tests.campaigns.touches.test_operations import holder
from tests.factories.journeys import DAY
from tests.factories.touches import on, plan_of, stay_of, step, steps_of, sweep, touched

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)
NEVER = {"kind": "points_redeemed", "days": 365, "last_day": "inside", "at_least": 9_999_999}
YOUNG = {"kind": "age", "at_most": 30}

ENTRIES: dict[str, dict[str, Any]] = {
    "event": {"by": "event", "anchor": "issue"},
    "run": {"by": "audience", "of": "run"},
    "rule": {"by": "audience", "of": "rule"},
    "schedule": {"by": "schedule", "first_date": DAY, "every_days": 30},
}
WAITS: dict[str, dict[str, Any] | None] = {
    "none": None,
    "comes": {"until": {"kind": "first_used"}, "days": 6, "then": "send", "otherwise": "skip"},
    "over": {"until": NEVER, "days": 2, "then": "skip", "otherwise": "send"},
    "leaves": {"until": NEVER, "days": 2, "then": "send", "otherwise": "leave"},
}
SPLITS = ("none", "needs")
EXITS = ("none", "goal", "exit")


@pytest.mark.parametrize(
    ("entry", "wait", "split", "way_out"),
    list(itertools.product(ENTRIES, WAITS, SPLITS, EXITS)),
)
def test_all_combinations(entry: str, wait: str, split: str, way_out: str) -> None:
    """The first step waits; two others split the people by age; the last comes after the goal."""
    waited = {"wait": WAITS[wait]} if WAITS[wait] else {}
    young = {"needs": YOUNG} if split == "needs" else {}
    old = {"needs": {"not": YOUNG}} if split == "needs" else {}
    plan = plan_of(
        step("waits", anchor="entry", **waited),
        step("young", anchor="entry", offset_days=7, **young),
        step("old", anchor="entry", offset_days=7, **old),
        step("last", anchor="entry", offset_days=9),
        entry=ENTRIES[entry],
    )
    ends = {"kind": "first_used"}
    plan |= {"goal": {"goal": ends}, "exit": {"exits": [NEVER, ends]}}.get(way_out, {})
    rule = {"kind": "activated"}
    version = touched(plan=plan, rule=rule, runs_from="2026-01-01")
    card = holder(activated_date=DAY, customer__birth_date=dt.date(2000, 1, 1))
    if entry == "run":
        run = eligibility.start_run(
            version_id=version.pk, kind="live", on=DAY, started_by=None, at=on(DAY, 9)
        )
        eligibility.work_run(run_id=run.pk, now=lambda: on(DAY, 9))
    sweep(DAY)
    assert stay_of(card.customer_id)[0] == 1
    for number in (2, 4, 7, 9):
        if number == 4:
            Card.objects.filter(pk=card.pk).update(first_used_date=DAY + 4 * DAYS)
        sweep(DAY + number * DAYS, 11)
    assert steps_of(card.customer_id) == expected(wait, split, way_out)
    left = {"leaves": "wait"}.get(wait, {"goal": "goal", "exit": "exit"}.get(way_out, "finished"))
    assert stay_of(card.customer_id) == (1, "left", left)


def expected(wait: str, split: str, way_out: str) -> dict[str, tuple[str, str]]:
    """The card is used first on the fourth day: that ends a wait, and is goal or exit."""
    ended = way_out != "none"
    sent = ("sent", "sent")
    first = {
        "none": sent,
        "comes": ("left", way_out) if ended else sent,
        "over": sent,
        "leaves": ("skipped", "wait_over"),
    }[wait]
    why = "wait" if wait == "leaves" else way_out
    if wait == "leaves" or ended:
        rest = dict.fromkeys(("young", "old", "last"), ("left", why))
    else:
        split_off = ("skipped", "needs") if split == "needs" else sent
        rest = {"young": sent, "old": split_off, "last": sent}
    return {"waits": first, **rest}
