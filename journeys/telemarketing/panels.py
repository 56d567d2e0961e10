"""Home panels about leads, and what the house is handed of what callers are shown."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from journeys.customers.enums import Source
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import LeadState
from journeys.telemarketing.intake import telephone
from portal.kit import clock
from portal.kit.registry import ApiDoor, ApprovalKind, MenuEntry, Panel, registry
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Permission, Role

_FIRST = 5
_COUNTED = 99  # more calls to read are not counted
_DAYS = 14


def my_leads(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a telemarketer the counts of the own leads and the youngest of those that are
    open and may be contacted."""
    staff = staff_of(request)
    if staff.role != Role.TELEMARKETER:
        return None
    at = clock.now()
    counts = queries.counts_of_owner(staff_id=staff.pk, at=at)
    scope = scope_of(staff)
    mine = queries.callable_leads(scope=scope, at=at).filter(owner=staff)
    return {
        "refused": queries.refused_of_owner(staff_id=staff.pk),
        "resting": queries.resting_of_owner(staff_id=staff.pk, at=at),
        # What is called off, or merged, has nobody on it.
        "counts": [
            (LeadState(state).label, counts.get(state, 0))
            for state in LeadState.values
            if state not in (LeadState.OFF, LeadState.MERGED)
        ],
        "free": queries.told_free(scope=scope, at=at),
        "leads": list(mine[:_FIRST]),
    }


def leads_by_source(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a branch manager the leads of the branch by source."""
    staff = staff_of(request)
    if staff.role != Role.BRANCH_MANAGER:
        return None
    found = queries.counts_by_source(scope=scope_of(staff))
    rows = [
        {"source": Source(code).label, "count": count, "won": won} for code, count, won in found
    ]
    return {"rows": rows, "most": max((count for _code, count, _won in found), default=0)}


def calls_to_read(request: HttpRequest) -> dict[str, Any] | None:
    """This will give how many drawn calls somebody may read, and to compliance how many disputes
    wait."""
    reader = staff_of(request)
    rows = queries.cases_to_read(scope=scope_of(reader), reader=reader).values("pk")
    found = len(rows[: _COUNTED + 1])
    may_decide = reader.may(Permission.DECIDE_CALLS)
    return {
        "count": min(found, _COUNTED),
        "is_more": found > _COUNTED,
        "disputes": queries.open_disputes(reader=reader).count() if may_decide else 0,
    }


def my_calls_read(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a telemarketer the latest own calls that were read within some days, with what
    became of disputes."""
    since = clock.now() - dt.timedelta(days=_DAYS)
    rows = queries.closed_of(caller=staff_of(request), since=since)[:_FIRST]
    return {"rows": [(case, queries.score_of(case)) for case in rows], "days": _DAYS}


def facts_ending(_request: HttpRequest) -> dict[str, Any] | None:
    """This will warn those who write facts about cards of the ones that end within 30 days and have
    no successor."""
    facts = list(queries.expiring_facts(at=clock.now())[:_FIRST])
    return {"facts": facts} if facts else None


def register_screen() -> None:
    """This will hand the house what callers are shown: menu, what another person must approve, the
    panel of those who write it, and the door of the telephone system."""
    may = Permission.VIEW_SCRIPTS
    registry.add_menu(
        MenuEntry(_("Cards against rivals"), "fact_list", may, "credit-card", 46),
        MenuEntry(_("Scripts of calls"), "script_list", may, "chat-left-text", 46),
    )
    registry.add_panels(
        Panel(
            "facts_ending", "journeys/telemarketing/_facts_ending.html", facts_ending,
            Permission.EDIT_SCRIPTS, 7,
        )
    )  # fmt: skip
    registry.add_api_doors(
        ApiDoor(telephone.CODE, _("Telephone system: what to dial, and calls"), telephone.paths)
    )
    registry.add_approval_kind(
        ApprovalKind(
            code=operations.FACT_APPROVAL,
            label=_("Fact about a card against a rival's"),
            permission=Permission.APPROVE_CAMPAIGNS,
            current_hash=operations.current_fact_hash,
            on_approved=operations.carry_fact,
            on_returned=operations.leave_fact,
            url_name="fact_page",
            digest=queries.fact_digest,
            unready=queries.fact_unready,
        )
    )
    registry.add_approval_kind(
        ApprovalKind(
            code=operations.SCRIPT_APPROVAL,
            label=_("Script of calls"),
            permission=Permission.APPROVE_CAMPAIGNS,
            current_hash=operations.current_script_hash,
            on_approved=operations.carry_script,
            on_returned=operations.leave_script,
            url_name="script_page",
            digest=queries.script_digest,
            unready=queries.script_unready,
        )
    )
