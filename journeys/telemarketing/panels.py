"""Home panels about leads, and what the house is handed of what callers are shown."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from journeys.customers.enums import Source
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import LeadState
from journeys.telemarketing.intake import telephone
from portal.kit import clock
from portal.kit.registry import ApiDoor, ApprovalKind, MenuEntry, Panel, registry
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Permission, Role

_FIRST = 5
_COUNTED = 99  # more calls to read are not counted
_MOST_FREE = 999  # and more free leads
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
    promised = queries.promises_of_day(scope=scope, at=at, staff_id=staff.pk)
    open_now = mine.filter(Q(call_from=None) | Q(call_from__lte=at)).count()
    free = queries.told_free(scope=scope, at=at)
    return {
        "todo": [
            *_promised(
                queries.told_promises([row.promised_at for row in promised], at=at),
                "lead_desk",
                gettext("Make the promised calls that are overdue"),
            ),
            _own_leads(open_now),
            _of_the_pool(free),
        ],
        "refused": queries.refused_of_owner(staff_id=staff.pk),
        "resting": queries.resting_of_owner(staff_id=staff.pk, at=at),
        # What is called off, or merged, has nobody on it.
        "counts": [
            (LeadState(state).label, counts.get(state, 0))
            for state in LeadState.values
            if state not in (LeadState.OFF, LeadState.MERGED)
        ],
        "free": free,
        "leads": list(mine[:_FIRST]),
    }


def _own_leads(count: int) -> Todo:
    return Todo(
        label=gettext("Call your own leads"),
        brief=ngettext("{count} own lead to call", "{count} own leads to call", count),
        count=count,
        url=reverse("lead_desk"),
    )


def _of_the_pool(free: int | str) -> Todo:
    count = int(str(free).removesuffix("+"))
    return Todo(
        label=gettext("Take leads of the pool at the call desk"),
        brief=ngettext("{count} lead in the pool", "{count} leads in the pool", count),
        count=count,
        url=reverse("lead_desk"),
        is_more=isinstance(free, str),
    )


def _promised(found: queries.Promised, url_name: str, overdue: str) -> list[Todo]:
    """Promised calls: those that are overdue, and those of the rest of the day."""
    late, due, url = found.overdue, found.due, reverse(url_name)
    return [
        Todo(
            label=overdue,
            brief=ngettext("{count} promise overdue", "{count} promises overdue", late),
            count=late,
            url=url,
            due=found.overdue_since,
            is_late=True,
        ),
        Todo(
            label=gettext("Keep the calls that are promised for today"),
            brief=ngettext("{count} promise for today", "{count} promises for today", due),
            count=due,
            url=url,
            due=found.next_at,
        ),
    ]


def leads_today(request: HttpRequest) -> dict[str, Any]:
    """This will tell those who assign leads which promises of the branches are overdue or for
    today, how many leads of the pools nobody has, and which leads look like one."""
    scope, at = scope_of(staff_of(request)), clock.now()
    free = queries.free_of_pools(scope=scope, most=_MOST_FREE)
    pairs = queries.pairs_waiting(scope=scope).order_by().values("pk")[:_COUNTED].count()
    lines = [
        *_promised(
            queries.promised_within(scope=scope, at=at),
            "lead_watch",
            gettext("Have the overdue promised calls made"),
        ),
        Todo(
            label=gettext("Have somebody call the leads that nobody has"),
            brief=ngettext("{count} lead without anyone", "{count} leads without anyone", free),
            count=min(free, _MOST_FREE),
            url=reverse("lead_pool"),
            is_more=free > _MOST_FREE,
        ),
        Todo(
            label=gettext("Decide which leads are one and the same"),
            brief=ngettext("{count} pair of leads alike", "{count} pairs of leads alike", pairs),
            count=pairs,
            url=reverse("lead_same_list"),
            is_more=pairs == _COUNTED,
        ),
    ]
    return {"todo": lines}


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
    disputes = queries.open_disputes(reader=reader).count() if may_decide else 0
    count, is_more = min(found, _COUNTED), found > _COUNTED
    return {
        "count": count,
        "is_more": is_more,
        "disputes": disputes,
        "todo": [
            Todo(
                label=gettext("Decide about disputed results of calls"),
                brief=ngettext(
                    "{count} dispute about a call", "{count} disputes about calls", disputes
                ),
                count=disputes,
                url=reverse("quality_list"),
            ),
            Todo(
                label=gettext("Read the calls that were drawn"),
                brief=ngettext("{count} call to read", "{count} calls to read", count),
                count=count,
                url=reverse("quality_list"),
                is_more=is_more,
            ),
        ],
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
    count = len(facts)
    if not count:
        return None
    line = Todo(
        label=gettext("Renew the facts about cards that end"),
        brief=ngettext("{count} fact about cards ends", "{count} facts about cards end", count),
        count=count,
        url=reverse("fact_list"),
        due=facts[0].valid_until,
        is_more=count == _FIRST,
    )
    return {"facts": facts, "todo": [line]}


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
