"""Start-up: targets, scorecards and pay."""

from django.utils.translation import gettext_lazy as _


def register() -> None:
    """This will fill the book of measures, and hand the house pages, panels, approvals, exports and
    what an erasure does with the tables."""
    from journeys.targets import queries
    from journeys.targets.exports import PAY_MONTHS, TARGET_PACE
    from journeys.targets.rules import measures
    from portal.kit.registry import MenuEntry, registry
    from portal.staff.enums import Permission as P

    measures.add_measures(*queries.MEASURES)
    registry.issue_targets = queries.issue_targets
    registry.add_menu(
        MenuEntry(_("Targets"), "target_pace", P.VIEW_TARGETS, "bullseye", 33),
        MenuEntry(_("My targets"), "target_mine", P.SEE_OWN_PAY, "bullseye", 33),
        MenuEntry(
            _("Scorecards"), "scorecard_list", P.VIEW_SCORECARDS, "ui-checks-grid", 34,
        ),
    )  # fmt: skip
    registry.add_exportables(TARGET_PACE, PAY_MONTHS)
    _register_panels()
    _register_approvals()
    _register_fates()


def _register_panels() -> None:
    """This will add the home panels of targets."""
    from journeys.targets import panels
    from portal.kit.registry import Panel, registry
    from portal.staff.enums import Permission as P

    folder = "journeys/targets"
    registry.add_panels(
        Panel(
            "own_targets", f"{folder}/_own_targets.html", panels.own_targets, P.SEE_OWN_PAY, 25,
            is_figures=True,
        ),
        Panel(
            "branch_targets", f"{folder}/_branch_targets.html", panels.branch_targets,
            P.VIEW_TARGETS, 25, is_figures=True,
        ),
    )  # fmt: skip


def _register_approvals() -> None:
    """This will add plans of targets and scorecards to what a second person must approve."""
    from journeys.targets import operations, queries
    from portal.kit.registry import ApprovalKind, registry
    from portal.staff.enums import Permission as P

    registry.add_approval_kind(
        ApprovalKind(
            code=operations.PLAN_APPROVAL,
            label=_("Plan of targets"),
            permission=P.APPROVE_TARGETS,
            current_hash=operations.plan_hash,
            on_approved=operations.carry_plan,
            on_returned=operations.leave_plan,
            url_name="target_page",
            digest=queries.plan_digest,
            unready=operations.plan_unready,
        )
    )
    registry.add_approval_kind(
        ApprovalKind(
            code=operations.CARD_APPROVAL,
            label=_("Scorecard"),
            permission=P.APPROVE_SCORECARDS,
            current_hash=operations.card_hash,
            on_approved=operations.carry_scorecard,
            on_returned=operations.leave_scorecard,
            url_name="scorecard_page",
            digest=queries.card_digest,
            unready=operations.card_unready,
        )
    )


def _register_fates() -> None:
    """This will say what an erasure does with the tables."""
    from portal.kit.personal import ImpersonalTable, PersonalTable
    from portal.kit.registry import registry

    brought = _("What a card brought of somebody's pay")
    registry.add_personal(
        PersonalTable("journeys.PayCard", brought, {}),
        PersonalTable("journeys.PayEntry", brought, {}),
        ImpersonalTable("journeys.TargetPlan", "what the staff aims at"),
        ImpersonalTable("journeys.TargetNode", "whose target it is: branches, teams and staff"),
        ImpersonalTable("journeys.TargetCell", "figures"),
        ImpersonalTable("journeys.Scorecard", "what staff are measured by"),
        ImpersonalTable("journeys.ScorecardMeasure", "what staff are measured by"),
        ImpersonalTable("journeys.ScorecardRule", "limits"),
        ImpersonalTable("journeys.PayMonth", "what staff are paid"),
    )
