"""What the home page shows of runs, the figures of a run that has ended, and what decisions add to
a customer's timeline."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.budgets import queries as budgets
from campaigns.eligibility import queries
from campaigns.eligibility.models import Run
from campaigns.planning.rules import plans
from campaigns.planning.rules.budget import BANK
from campaigns.wording import queries as words
from journeys.contact.enums import GateAnswer
from journeys.outreach.enums import MessageState
from portal.kit import clock, funnel, money, timeline
from portal.kit.registry import CallPart, WordingCheck, registry
from portal.kit.todo import Todo
from portal.staff import queries as staff
from portal.staff.access import Scope, staff_of
from portal.staff.enums import Permission

_SHOWN = 5


def running_runs(request: HttpRequest) -> dict[str, Any]:
    """This will show those who start runs what is going on and what ended last."""
    return {"runs": queries.latest_runs(_SHOWN)}


def not_started(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell the owner of campaigns which of them the evenings of yesterday and today did
    not start, why, and what to do; and, where no evening begins by itself, which are to be worked
    off today."""
    owner, today = staff_of(request).pk, clock.today()
    found = queries.not_started_of(owner, today=today)
    ended = [] if settings.EVENING_RUNS_FROM else queries.to_close(today=today)
    closing = [version for version in ended if version.campaign.owner_id == owner]
    if not found and not closing:
        return None
    has_more = len(found) > _SHOWN or len(closing) > _SHOWN
    codes = [version.campaign.code for version in closing]
    return {
        "todo": [_to_close(codes, today), _to_start([row.version_id for row in found])],
        "found": found[:_SHOWN],
        "closing": closing[:_SHOWN],
        "has_more": has_more,
    }


def _to_close(codes: list[str], on: dt.date) -> Todo:
    count = len(codes)
    return Todo(
        label=_("Start the live runs as of yesterday: it was the last day"),
        brief=ngettext("{count} last run to start", "{count} last runs to start", count),
        count=count,
        url=reverse("run_start_live", args=codes) if count == 1 else reverse("campaign_list"),
        due=on,
    )


def _to_start(version_ids: list[int]) -> Todo:
    count = len(version_ids)
    return Todo(
        label=_("Remove what kept campaigns from starting in the evening"),
        brief=ngettext("{count} run not started", "{count} runs not started", count),
        count=count,
        url=reverse("campaign_version", args=version_ids)
        if count == 1
        else reverse("campaign_list"),
    )


def run_figures(request: HttpRequest) -> dict[str, Any] | None:
    """This will show the others who see campaigns the figures of the latest runs."""
    if staff_of(request).may(Permission.RUN_CAMPAIGNS):
        return None
    return {"runs": queries.latest_runs(_SHOWN)}


def latest_live(request: HttpRequest) -> dict[str, Any] | None:
    """This will draw what came of the latest live run; it asks the sums of its parts only."""
    run: Any = queries.latest_live_run()
    if run is None:
        return None
    steps = [
        funnel.FunnelStep(_("Customers decided"), run.decided),
        funnel.FunnelStep(_("Qualified"), run.qualified),
        funnel.FunnelStep(_("Rewards granted"), run.granted),
        funnel.FunnelStep(_("Messages queued"), run.queued),
    ]
    title = _("From all customers to the messages")
    return {"run": run, "funnel": funnel.funnel_svg(steps, title=title)}


def figures(run: Run, *, scope: Scope, is_full: bool = False) -> dict[str, Any]:
    """This will gather what the page of a run that has ended shows; with `is_full` also tables of
    one row."""
    found = queries.figures_of(run)
    steps = [
        funnel.FunnelStep(_("All customers"), found.customers),
        *(funnel.FunnelStep(step.name, step.passed) for step in found.steps),
        *_groups(found),
    ]
    return {
        "figures": found,
        "funnel": funnel.funnel_svg(steps, title=_("Customers left after each condition")),
        "gate": [(GateAnswer(answer).label, count) for answer, count in found.gate.items()],
        "outbox": [(MessageState(state).label, n) for state, n in found.messages.items()],
        "granted_amount": money.show(found.grants.amount),
        "given_amount": money.show(found.given.amount),
        "may_be_told": found.gate.get(GateAnswer.OPEN, 0),
        "tables": _tables(run, found, scope, 1 if is_full else 2),
        "ran_out": [_ended(run, one) for one in found.ran_out],
        "ended_by_branch": _ended_by_branch(run, found, scope),
        "waits_until": queries.waits_until(run, at=clock.now()),
    }


def _groups(found: queries.Figures) -> list[funnel.FunnelStep]:
    """A step for each group of checks at which somebody fell."""
    names = {
        "control": _("Outside the control group"),
        "reward": _("Has the reward"),
        "contact": _("May be contacted"),
    }
    left = {check.group: check.left for check in found.checks}
    return [funnel.FunnelStep(names[group], count) for group, count in left.items()]


def _tables(run: Run, found: queries.Figures, scope: Scope, least: int) -> list[dict[str, Any]]:
    """Number and value of the rewards by tier, branch, party and day, of branches those in the
    scope; a table of fewer than `least` rows, which says what the tiles say, is left out."""
    tiers = plans.plan_of(run.version.content).rewards
    branches = staff.branch_labels(list(found.branches), path=scope.branch_path)
    parties, called = found.parties, dict(budgets.party_names(list(found.parties)))
    shown: list[tuple[str, str, list[tuple[Any, int, Any]]]] = [
        (_("Rewards by tier"), _("Tier"), [
            (getattr(tiers.tier(code), "label", code), *one) for code, one in found.tiers.items()
        ]),
        (_("Rewards by branch"), _("Branch"), sorted(
            ((branches[key], *one) for key, one in found.branches.items() if key in branches),
            key=lambda row: row[2], reverse=True,
        )),
        (_("Cost by party"), _("Party"), [
            (_("Bank") if party == BANK else called[party], found.given.count, amount)
            for party, amount in parties.items()
        ]),
        (_("Rewards by day"), _("Day"), [
            (day.isoformat(), *one) for day, one in found.days.items()
        ]),
    ]  # fmt: skip
    return [
        {"title": title, "of": of, "rows": [(a, n, money.show(amount)) for a, n, amount in rows]}
        for title, of, rows in shown
        if len(rows) >= least
    ]


def _tier_name(run: Run, code: str) -> str:
    tier = plans.plan_of(run.version.content).rewards.tier(code)
    return tier.label if tier else code


def _ended_by_branch(run: Run, found: queries.Figures, scope: Scope) -> list[dict[str, Any]]:
    """For each tier whose stock ended the branches of the scope: how many of their customers had
    it, in the evening of which day the last, and by when these had come to qualify."""
    ids = sorted({branch for one in found.ran_out for branch in one.branches})
    names = staff.branch_labels(ids, path=scope.branch_path)
    tables = []
    for one in found.ran_out:
        most_first = sorted(one.branches.items(), key=lambda pair: -pair[1].given)
        rows = [
            (names[branch], ended.given, ended.day, _minute(ended.at))
            for branch, ended in most_first
            if branch in names
        ]
        if rows:
            title = _("{tier}: where the stock ended").format(tier=_tier_name(run, one.tier))
            tables.append({"title": title, "rows": rows})
    return tables


def _minute(at: dt.datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _ended(run: Run, one: queries.RanOut) -> str:
    name = _tier_name(run, one.tier)
    if one.at is None or one.day is None:
        return _("{tier}: the stock ends with this run, after {count}.").format(
            tier=name, count=one.given
        )
    text = _(
        "{tier}: the last of {count} would be given in the evening of {day}; so many had come to "
        "qualify by {time}."
    )
    return text.format(tier=name, count=one.given, day=one.day, time=_minute(one.at))


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell what campaign runs decided about a customer."""
    rows = queries.decided_about(asked.customer_id)
    return [
        timeline.Row(
            at=row.run.started_at,
            id=row.run_id,
            title=_("{campaign}, {kind}: {outcome}").format(
                campaign=row.run.version.campaign.label,
                kind=row.run.get_kind_display(),
                outcome=row.get_outcome_display(),
            ),
            detail=" · ".join(
                part
                for part in (row.cut_short, row.award_label, row.gate_label, row.channel_label)
                if part
            ),
            tone=row.tone,
            url=reverse("decision_page", args=[row.pk]),
        )
        for row in timeline.latest(rows, asked, at="run__started_at", key="run_id")
    ]


def lend_to_calls() -> None:
    """This will lend callers the check of wording, for what they say, and show them what campaigns
    offer a customer."""
    registry.wording = WordingCheck(
        forbidden=lambda texts, on: words.forbidden_in(texts, on=on),
        claims=lambda texts, on: words.claims_in(texts, on=on),
        excused=lambda texts, on: words.excused_by(texts, on=on),
    )
    registry.add_call_parts(CallPart("call_offers", Permission.WORK_LEADS, 10))
