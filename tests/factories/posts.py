"""Posts at stores, and staff who may stand there."""

import datetime as dt
from typing import Any

from merchants.models import Post, PostCost, PostRule, Shift, StaffQualification, Store
from merchants.posts import operations
from portal.kit import clock
from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.factories.merchants import MerchantFactory, StoreFactory
from tests.factories.portal import BranchFactory, StaffFactory

# A Tuesday, and the instant at which these tests plan.
DAY = dt.date(2026, 3, 10)
AT = clock.start_of(dt.date(2026, 3, 2))
FACTS: dict[str, Any] = {
    "scenario": "dining", "seats": 1, "first_date": dt.date(2026, 3, 1),
    "last_date": dt.date(2026, 6, 30), "opens": dt.time(10), "closes": dt.time(18), "days": "all",
    "permission": "店长王某 2026-02-20 口头同意，收银台旁一桌", "duties": [],
}  # fmt: skip


def store_of(**values: Any) -> Store:
    """An open store of a partner that a relationship manager leads."""
    branch = values.pop("branch", None) or BranchFactory()
    manager = values.pop("manager", None) or StaffFactory(
        role=Role.RELATIONSHIP_MANAGER, branch=branch
    )
    merchant = values.pop("merchant", None) or MerchantFactory(
        branch=branch, manager=manager, is_partner=True
    )
    return StoreFactory(merchant=merchant, **values)


def set_rule() -> PostRule:
    """The rule as it is delivered; tests of races begin without it."""
    return PostRule.objects.get_or_create(
        effective_date=dt.date(2000, 1, 1),
        defaults={
            "needs": ["cards", "on_site"], "early_minutes": 30, "late_minutes": 10,
            "close_minutes": 60, "most_hours": 10, "source": "Board",
        },
    )[0]  # fmt: skip


def facts(**values: Any) -> operations.PostFacts:
    return operations.PostFacts(**{**FACTS, **values})


def post_at(store: Store | None = None, **values: Any) -> Post:
    """A post, opened by the merchant's manager."""
    set_rule()
    store = store or store_of()
    manager = store.merchant.manager
    assert manager is not None
    return operations.open_post(store_id=store.pk, facts=facts(**values), actor=manager, at=AT)


def leader(post: Post) -> Staff:
    """Who plans at a post."""
    manager = post.store.merchant.manager
    assert manager is not None
    return manager


def chief(branch: Branch) -> Staff:
    return StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)


def qualified(branch: Branch, **values: Any) -> Staff:
    """A telemarketer of a branch with all qualifications for the year, or as `first_date` and
    `last_date` say."""
    days = {
        "first_date": values.pop("first_date", dt.date(2026, 1, 1)),
        "last_date": values.pop("last_date", dt.date(2026, 12, 31)),
    }
    person = StaffFactory(role=Role.TELEMARKETER, branch=branch, **values)
    for kind in ("cards", "on_site"):
        StaffQualification.objects.create(
            staff=person, kind=kind, source="证书", recorded_at=AT, **days
        )
    return person


def planned(post: Post, staff: Staff | None = None, **values: Any) -> Shift:
    """A shift at a post, planned by who leads it."""
    given = {
        "on": DAY, "starts": dt.time(10), "ends": dt.time(18), "seat": None,
        "actor": leader(post), "at": AT, **values,
    }  # fmt: skip
    return operations.plan_shift(post=post, staff=staff or qualified(post.branch), **given)


def hour(time: str, on: dt.date = DAY) -> dt.datetime:
    """An instant of a day, such as "10:05"."""
    return clock.at_time(on, dt.time.fromisoformat(time))


def stood(post: Post, staff: Staff | None = None, *, on: dt.date = DAY, **values: Any) -> Shift:
    """A shift to which its person came, from `came` to `left`."""
    came, left = values.pop("came", "10:00"), values.pop("left", "18:00")
    shift = planned(post, staff, on=on, **values)
    operations.check_in(shift_id=shift.pk, actor=shift.staff, at=hour(came, on))
    operations.check_out(shift_id=shift.pk, actor=shift.staff, at=hour(left, on))
    return Shift.objects.select_related("attendance", "staff").get(pk=shift.pk)


def cost(post: Post, **values: Any) -> PostCost:
    given = {
        "first_date": dt.date(2026, 3, 1), "amount": 50, "unit": "hour", "source": "预算",
        "actor": leader(post), "at": AT, **values,
    }  # fmt: skip
    return operations.set_cost(post=post, **given)
