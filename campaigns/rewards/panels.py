"""What rewards add to a customer's timeline and to the home page."""

import contextlib
from typing import Any

import redis
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.rewards import queries
from campaigns.rewards.models import Grant, GrantReversal
from portal.kit import timeline
from portal.kit.todo import Todo
from portal.staff.access import Scope, scope_of, staff_of
from portal.staff.enums import Permission

_TAKEN = 1
# Whoever is on file twice is looked for in all customers: not at each visit of the home page.
_KEPT_SECONDS = 600
_SHOWN = 20


def twice(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell those who stop campaigns, and those who run them, how many persons hold a
    reward twice, because a file made two customer numbers one person."""
    staff = staff_of(request)
    if not (staff.may(Permission.STOP_CAMPAIGNS) or staff.may(Permission.RUN_CAMPAIGNS)):
        return None
    found = _count(scope_of(staff))
    if not found:
        return None
    count, has_more = min(found, _SHOWN), found > _SHOWN
    line = Todo(
        label=_("Decide about rewards that one person holds twice"),
        brief=ngettext("{count} person rewarded twice", "{count} persons rewarded twice", count),
        count=count,
        url=reverse("given_twice"),
        is_more=has_more,
    )
    return {"count": count, "has_more": has_more, "todo": [line]}


def _count(scope: Scope) -> int:
    """As it was within ten minutes; without Valkey it is looked up."""
    key = f"campaigns.twice:{scope.branch_path}"
    with contextlib.suppress(redis.RedisError):
        if (kept := cache.get(key)) is not None:
            return int(kept)
    count = queries.count_twice(scope=scope, most=_SHOWN + 1)
    with contextlib.suppress(redis.RedisError):
        cache.set(key, count, _KEPT_SECONDS)
    return count


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell what a customer was given, and what stands no longer."""
    rows = Grant.objects.filter(customer_id=asked.customer_id)
    rows = rows.select_related("version", "campaign", "reversal", "instead_of__reversal__grant")
    found = timeline.latest(rows, asked, at="granted_at")
    if not found and asked.is_from_end:
        return []  # who was never given anything lost nothing either
    backs = GrantReversal.objects.filter(grant__customer_id=asked.customer_id)
    given = [
        timeline.Row(
            at=row.granted_at,
            id=row.pk,
            title=_("Reward granted: {name}").format(name=queries.reward_of(row)),
            detail=" · ".join(
                filter(
                    None,
                    [
                        row.campaign.label,
                        row.points and _("Points: {number}").format(number=f"{row.points:,}"),
                        row.get_door_display(),
                        queries.history_of(row),
                    ],
                )
            ),
            amount=row.amount,
            tone="success",
        )
        for row in found
    ]
    taken = [
        timeline.Row(
            at=row.at,
            id=timeline.part_of(_TAKEN, row.pk),
            title=_("Reward stands no longer: {name}").format(name=queries.reward_of(row.grant)),
            detail=f"{row.grant.campaign.label} · {row.get_kind_display()}",
            amount=-row.grant.amount,
            tone="warning",
        )
        for row in timeline.latest(
            backs.select_related("grant__version", "grant__campaign"), asked, at="at", part=_TAKEN
        )
    ]
    return timeline.cut([*given, *taken], asked)
