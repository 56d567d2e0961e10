"""What a checker needs to know before signing, and what came back to its owner."""

import contextlib
from decimal import Decimal
from typing import Any

import redis
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.budgets import queries as budgets
from campaigns.budgets.enums import LimitKind
from campaigns.eligibility import panels as runs
from campaigns.eligibility import queries as eligibility
from campaigns.planning import queries as planning
from campaigns.planning.rules import drift, issuing, plans
from campaigns.submission import queries
from campaigns.touches import queries as touches
from portal.kit import clock, money
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role

_SHOWN = 5
# From this much of a limit on (percent) a checker is told.
_NEAR = 80
_KEPT_SECONDS = 600


def sent_back(request: HttpRequest) -> dict[str, Any] | None:
    """This will show a person which of the own campaigns came back, and why."""
    found = queries.sent_back(staff_of(request).pk)
    if not found:
        return None
    count, [first, *_others] = len(found), [version for version, _submission in found]
    line = Todo(
        label=_("Mend the campaigns that came back, and submit them again"),
        brief=ngettext("{count} campaign came back", "{count} campaigns came back", count),
        count=count,
        url=reverse("campaign_version", args=[first.pk])
        if count == 1
        else reverse("campaign_list"),
    )
    return {"returned": found[:_SHOWN], "has_more": count > _SHOWN, "todo": [line]}


def breaking(_request: HttpRequest) -> dict[str, Any] | None:
    """This will show who can stop campaigns which of those that run break a rule of today."""
    found = queries.breaking(on=clock.today())
    if not found:
        return None
    label = _("Have the campaigns mended that break a rule of today, or stop them")
    line = _breaking_line(label, len(found))
    return {"found": found[:_SHOWN], "count": len(found), "todo": [line]}


def not_to_offer(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a branch manager how many campaigns break a rule of today, as it was within
    ten minutes: the branch's people would go on to offer them."""
    if staff_of(request).role != Role.BRANCH_MANAGER:
        return None
    label = _("Offer nobody the campaigns that break a rule of today")
    return {"todo": [_breaking_line(label, _count_breaking())]}


def _breaking_line(label: str, count: int) -> Todo:
    return Todo(
        label=label,
        brief=ngettext("{count} campaign breaks a rule", "{count} campaigns break a rule", count),
        count=count,
        url=reverse("campaigns_breaking"),
    )


def _count_breaking() -> int:
    """Every rule is asked about every campaign that runs: not at each visit of each branch manager.
    Without Valkey it is looked up."""
    on = clock.today()
    key = f"campaigns.breaking:{on}"
    with contextlib.suppress(redis.RedisError):
        if (kept := cache.get(key)) is not None:
            return int(kept)
    count = len(queries.breaking(on=on))
    with contextlib.suppress(redis.RedisError):
        cache.set(key, count, _KEPT_SECONDS)
    return count


def issuing_stopped(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a person which of the own campaigns that bring new cards do not go on, since
    the bank may issue none, and why."""
    on = clock.today()
    why = planning.why_no_cards(on)
    if not why:
        return None
    own = staff_of(request).pk
    found = [
        row
        for row, plan in planning.running_on(on)
        if row.campaign.owner_id == own and issuing.brings_cards(plan)
    ]
    return {"why": why, "found": found} if found else None


def evidence(request: HttpRequest, target_key: str, snapshot: dict[str, Any]) -> dict[str, Any]:
    """This will gather what was submitted with a version: whom it reaches, what that costs, how it
    differs from what was approved before, and what its wording check found."""
    run = queries.run_as_submitted(snapshot)
    version = planning.version(int(target_key))
    before = queries.approved_before(target_key)
    context: dict[str, Any] = {
        "run": run,
        "before": before,
        "changes": planning.changes_between(
            plans.plan_of(before.content), plans.plan_of(snapshot["content"])
        )
        if before
        else [],
        "faults": planning.faults_of(version, on=clock.today()),
        "rivals": _rivals(snapshot),
        "code": version.campaign.code,
        "version_id": version.pk,
        **(_standing(target_key, snapshot) if version.is_waiting else {}),
    }
    if run is None:
        return context
    figures = snapshot["figures"]
    measured = drift.read_measured(figures)
    shown = runs.figures(run, scope=scope_of(staff_of(request)), is_full=True)
    return context | {
        "shown": shown,
        "audience": measured.audience,
        "worth": money.show(measured.worth),
        "at_most": figures["at_most"] and money.show(Decimal(figures["at_most"])),
        "bounds": drift.read_bounds(figures["bounds"]).sentence if "bounds" in figures else "",
        "inside": _inside(figures.get("inside")),
        "touched": _touched(figures.get("inside")),
        "near": _near(snapshot, version.campaign_id),
    }


def _rivals(snapshot: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The campaigns of the group as they stand now, each with the day of its last live run."""
    if "content" not in snapshot:
        return []
    found = planning.rivals_of(plans.plan_of(snapshot["content"]))
    last = eligibility.last_live_days({one.version.campaign_id for one in found})
    return [(one, last.get(one.version.campaign_id)) for one in found]


def _inside(found: dict[str, Any] | None) -> list[tuple[str, str]]:
    """What becomes of everyone inside, as it was submitted."""
    if not found:
        return []
    held = f"{found['holders']:,} · {money.show(Decimal(found['amount']))}"
    lines = [
        (_("Have a reward and keep it"), held),
        (_("of these, do not meet the new rule"), f"{found['without']:,}"),
        (_("Messages that wait; they go out as written"), f"{found['waiting']:,}"),
    ]
    if found["live_on"] is None:
        return lines
    on = found["live_on"]
    return [
        *lines,
        (_("Qualified in the live run of {day} and do so still").format(day=on),
         f"{found['staying']:,}"),
        (_("Qualified then, and do not any more"), f"{found['leaving']:,}"),
        (_("Qualify for the first time"), f"{found['joining']:,}"),
    ]  # fmt: skip


def _touched(found: dict[str, Any] | None) -> touches.Fates | None:
    """What becomes of those inside the touch plan, as it was counted when it was submitted."""
    counted = (found or {}).get("touched")
    return touches.Fates(**counted) if counted else None


def _standing(target_key: str, snapshot: dict[str, Any]) -> dict[str, str]:
    """What keeps a version that waits from being approved now."""
    return {
        "changed": queries.changed_since(target_key, snapshot),
        "moved": queries.drift_since(target_key, snapshot),
        "unready": queries.unready_since(target_key, snapshot, clock.now()),
    }


def _near(snapshot: dict[str, Any], campaign_id: int) -> list[str]:
    """Limits of which most is used up after the dry run, what was given before included."""
    plan = plans.plan_of(snapshot["content"])
    used = budgets.used_at_end(campaign_id=campaign_id, run_id=snapshot["figures"]["run"])
    limits: list[tuple[str, Any, Any]] = [
        (_("Budget"), plan.budget.total, used.get((LimitKind.CAMPAIGN.value, ""), 0))
    ]
    for tier in plan.rewards.tiers:
        taken = used.get((LimitKind.STOCK.value, tier.code), 0)
        limits.append((_("Stock of {tier}").format(tier=tier.label), tier.stock, taken))
    return [
        _("{limit}: {percent} % would be used up today.").format(
            limit=name, percent=int(taken * 100 / limit)
        )
        for name, limit, taken in limits
        if limit and taken * 100 >= limit * _NEAR
    ]
