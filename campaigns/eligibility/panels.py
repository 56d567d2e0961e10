"""What the home page shows of runs, the figures of a run that has ended, and what decisions add to
a customer's timeline."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.eligibility import queries
from campaigns.eligibility.models import Run
from journeys.contact.enums import GateAnswer
from journeys.outreach.enums import MessageState
from portal.kit import clock, funnel, money, timeline
from portal.staff.access import staff_of
from portal.staff.enums import Permission

_SHOWN = 5


def running_runs(request: HttpRequest) -> dict[str, Any]:
    """This will show those who start runs what is going on and what ended last."""
    return {"runs": queries.latest_runs(_SHOWN)}


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


def figures(run: Run) -> dict[str, Any]:
    """This will gather what the page of a run that has ended shows."""
    found = queries.figures_of(run)
    steps = [
        funnel.FunnelStep(_("All customers"), found.customers),
        *(funnel.FunnelStep(step.name, step.passed) for step in found.steps),
    ]
    return {
        "figures": found,
        "funnel": funnel.funnel_svg(steps, title=_("Customers left after each condition")),
        "gate": [(GateAnswer(answer).label, count) for answer, count in found.gate.items()],
        "outbox": [(MessageState(state).label, n) for state, n in found.messages.items()],
        "granted_amount": money.show(found.grants.amount),
        "waits_until": queries.waits_until(run, at=clock.now()),
    }


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
            detail=" · ".join(part for part in (row.gate_label, row.channel_label) if part),
            tone=row.tone,
            url=reverse("decision_page", args=[row.pk]),
        )
        for row in timeline.latest(rows, asked, at="run__started_at", key="run_id")
    ]
