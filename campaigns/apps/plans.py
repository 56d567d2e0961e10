"""Start-up: campaigns and what is decided about them."""

from django.utils.translation import gettext_lazy as _

from portal.kit.registry import (
    ApprovalKind,
    CountGauge,
    Figures,
    MenuEntry,
    Panel,
    registry,
)
from portal.kit.timeline import Source as TimelineSource


def register() -> None:
    """This will hand the house campaigns and what is decided about them."""
    _register_pages()
    _register_panels()
    _register_run_panels()
    _register_approval()
    _register_claw_backs()
    _register_timeline()
    _register_gauges()


def _register_pages() -> None:
    """This will add the menu entries and what can be taken out as a file."""
    from campaigns.budgets.exports import BUDGET_DAYS, BUDGET_LEDGER
    from campaigns.design.exports import PEOPLE_INSIDE
    from campaigns.liability.exports import LIABILITIES
    from portal.staff.enums import Permission

    see = Permission.VIEW_CAMPAIGNS
    registry.add_menu(
        MenuEntry(_("Campaigns"), "campaign_list", see, "bullseye", 20),
        MenuEntry(_("Wording check"), "wording_check", see, "spellcheck", 21),
        MenuEntry(_("Priority and groups"), "group_list", see, "list-ol", 20),
    )
    registry.add_exportables(BUDGET_LEDGER, BUDGET_DAYS, LIABILITIES, PEOPLE_INSIDE)


def _register_panels() -> None:
    """This will add the home panels."""
    from campaigns.budgets import panels as budgets
    from campaigns.planning import panels as plans_shown
    from campaigns.rewards import panels as rewards
    from portal.staff.enums import Permission as P

    budget, twice = "campaigns/budgets/_panel.html", "campaigns/rewards/_panel.html"
    registry.add_figures(
        Figures("budgets", _("What is left of the budgets"), "campaigns/budgets/_figures.html",
                budgets.burning, P.VIEW_CAMPAIGNS, 30, is_of_days=True),
    )  # fmt: skip
    registry.add_panels(
        Panel("campaigns", "campaigns/planning/_panel.html", plans_shown.campaigns,
              P.VIEW_CAMPAIGNS, 12, is_figures=True),
        Panel("budgets_refusing", budget, budgets.refusing, P.VIEW_CAMPAIGNS, 5),
        Panel("given_twice", twice, rewards.twice, P.VIEW_CUSTOMERS, 6),
    )  # fmt: skip


def _register_run_panels() -> None:
    """This will add the home panels about runs."""
    from campaigns.eligibility import panels
    from portal.staff.enums import Permission as P

    panels.lend_to_calls()
    of = "campaigns/eligibility/_panel_{}.html".format
    registry.add_panels(
        Panel("runs_not_started", of("not_started"), panels.not_started, P.VIEW_CAMPAIGNS, 4),
        Panel(
            "latest_live", of("latest"), panels.latest_live, P.VIEW_CAMPAIGNS, 11, is_figures=True
        ),
        Panel(
            "running_runs",
            of("runs"),
            panels.running_runs,
            P.RUN_CAMPAIGNS,
            20,
            wide=True,
            is_figures=True,
        ),
        Panel(
            "run_figures",
            of("figures"),
            panels.run_figures,
            P.VIEW_CAMPAIGNS,
            30,
            wide=True,
            is_figures=True,
        ),
    )


def _register_approval() -> None:
    """This will add the kind of approval, and what calls a campaign's messages off."""
    from campaigns.planning import operations as planning
    from campaigns.planning import queries as plans
    from campaigns.planning.rules import naming
    from campaigns.submission import panels as checking
    from campaigns.submission import queries as submissions
    from portal.staff.enums import Permission

    registry.add_approval_kind(
        ApprovalKind(
            code=naming.APPROVAL_KIND,
            label=_("Campaign"),
            permission=Permission.APPROVE_CAMPAIGNS,
            current_hash=submissions.current_hash,
            change=submissions.changed_since,
            on_approved=planning.carry_approved,
            on_returned=planning.carry_returned,
            url_name="campaign_version",
            digest=plans.digest_of,
            drift=submissions.drift_since,
            unready=submissions.unready_since,
            measured=submissions.measured_in,
            evidence=checking.evidence,
            evidence_template="campaigns/submission/_evidence.html",
            veto_permission=Permission.STOP_CAMPAIGNS,
            on_vetoed=planning.carry_vetoed,
            measures=(("cost", _("Cost at most (CNY)")), ("audience", _("Customers reached"))),
        )
    )
    registry.add_calls_off(plans.stopped_origins)
    registry.add_panels(
        Panel("campaigns_sent_back", "campaigns/submission/_panel.html", checking.sent_back,
              Permission.EDIT_CAMPAIGNS, 4),
        Panel("issuing_stopped", "campaigns/submission/_panel_issuing.html",
              checking.issuing_stopped, Permission.EDIT_CAMPAIGNS, 3),
        Panel("campaigns_breaking", "campaigns/submission/_panel_breaking.html", checking.breaking,
              Permission.STOP_CAMPAIGNS, 3),
        Panel("campaigns_not_to_offer", "", checking.not_to_offer, Permission.VIEW_CAMPAIGNS, 3),
    )  # fmt: skip


def _register_claw_backs() -> None:
    """This will have a second person decide about rewards that are to be claimed back."""
    from campaigns.rewards import operations as rewards
    from campaigns.rewards import queries
    from portal.kit.personal import MARK, PersonalTable, keep
    from portal.staff.enums import Permission

    code, numbers = keep("a code of the bank"), keep("numbers of grants")
    registry.add_approval_kind(
        ApprovalKind(
            code=rewards.CLAW_BACK_APPROVAL, label=_("Reward to be claimed back"),
            permission=Permission.APPROVE_CAMPAIGNS, current_hash=rewards.current_claw_back_hash,
            change=rewards.claw_back_change, on_approved=rewards.carry_claw_back,
            on_returned=rewards.leave_claw_back, url_name="claw_back_page",
            digest=queries.claw_back_digest,
        )
    )  # fmt: skip
    claimed, looked = _("Rewards claimed back"), _("Rewards held twice that were looked at")
    registry.add_personal(
        PersonalTable("campaigns.ClawBack", claimed, {"state": code, "reason": MARK}),
        PersonalTable("campaigns.LookedAt", looked, {"grants": numbers, "reason": MARK}),
    )


def _register_timeline() -> None:
    """This will add decisions, touch plans and rewards to the timeline of a customer."""
    from campaigns.eligibility import panels as eligibility
    from campaigns.flash import panels as flash
    from campaigns.rewards import panels as rewards
    from campaigns.touches import panels as touches
    from portal.staff.enums import Permission as P

    registry.add_timeline(
        TimelineSource(
            "decisions", _("Campaign decisions"), "bullseye", P.VIEW_CAMPAIGNS, eligibility.story,
            70, P.VIEW_CUSTOMERS,
        ),
        TimelineSource("grants", _("Rewards"), "gift", P.VIEW_CAMPAIGNS, rewards.story, 80),
        TimelineSource("flash", _("Flash sales"), "lightning", P.VIEW_CAMPAIGNS, flash.story, 85),
        TimelineSource(
            "touches", _("Touch plans"), "signpost", P.VIEW_CAMPAIGNS, touches.story, 75,
        ),
    )  # fmt: skip


def _register_gauges() -> None:
    """This will add the figures for the metrics page."""
    registry.add_gauges(
        CountGauge(
            name="portal_run_chunks_unfinished",
            help="Chunks of campaign runs that are still to be worked off.",
            model="campaigns.RunChunk", by="state",
            where={"state__in": ["pending", "decided"]},
        ),
        CountGauge(
            name="portal_reversals_failed",
            help="Grants that could not be looked at after a refund.",
            model="campaigns.ReversalFailure", by="grant__campaign__code", where={},
        ),
    )  # fmt: skip
