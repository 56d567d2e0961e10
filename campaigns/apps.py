"""Start-up of campaigns."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.kit.outgoing import SenderList
from portal.kit.registry import (
    ApiDoor,
    ApprovalKind,
    ContactSource,
    CountGauge,
    MenuEntry,
    Panel,
    registry,
)
from portal.kit.timeline import Source as TimelineSource


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        """This will hand menu, panels, the kind of approval and figures to the house."""
        _register_pages()
        _register_panels()
        _register_run_panels()
        _register_approval()
        _register_claw_backs()
        _register_timeline()
        _register_gauges()
        _register_personal()
        _register_impersonal()
        _register_source()
        _register_flash()
        _register_benefits()
        _register_partners()
        _register_touches()
        _register_texts()
        _register_era()


def _register_pages() -> None:
    """This will add the menu entries and what can be taken out as a file."""
    from campaigns.budgets.exports import BUDGET_LEDGER
    from portal.staff.enums import Permission

    see = Permission.VIEW_CAMPAIGNS
    registry.add_menu(
        MenuEntry(_("Campaigns"), "campaign_list", see, "bullseye", 20),
        MenuEntry(_("Wording check"), "wording_check", see, "spellcheck", 21),
        MenuEntry(_("Priority and groups"), "group_list", see, "list-ol", 20),
    )
    registry.add_exportables(BUDGET_LEDGER)


def _register_panels() -> None:
    """This will add the home panels."""
    from campaigns.budgets import panels as budgets
    from campaigns.planning import panels as plans_shown
    from campaigns.rewards import panels as rewards
    from portal.staff.enums import Permission as P

    budget, twice = "campaigns/budgets/_panel.html", "campaigns/rewards/_panel.html"
    registry.add_panels(
        Panel("campaigns", "campaigns/planning/_panel.html", plans_shown.campaigns,
              P.VIEW_CAMPAIGNS, 12),
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
        Panel("latest_live", of("latest"), panels.latest_live, P.VIEW_CAMPAIGNS, 11),
        Panel("running_runs", of("runs"), panels.running_runs, P.RUN_CAMPAIGNS, 20, wide=True),
        Panel("run_figures", of("figures"), panels.run_figures, P.VIEW_CAMPAIGNS, 30, wide=True),
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
        Panel("campaigns_breaking", "campaigns/submission/_panel_breaking.html", checking.breaking,
              Permission.STOP_CAMPAIGNS, 3),
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


def _register_personal() -> None:
    """This will declare what the erasure of a person does with the columns of these tables."""
    from portal.kit.personal import PersonalTable, keep

    code = keep("a code of the bank")
    reversed_ = {"kind": code, "facts": keep("figures and days of the conditions, no names")}
    charged = {"kind": code, "tier": code, "party": code}
    tried = {"reward": code, "slot": code, "parts": keep("figures by party, no names")}
    registry.add_personal(
        PersonalTable("campaigns.Grant", _("Gifts granted"), {"reward": code, "slot": code}),
        PersonalTable("campaigns.GrantReversal", _("Rewards taken back"), reversed_),
        PersonalTable("campaigns.LowerTier", _("Lower tiers given instead"), {"answer": code}),
        PersonalTable(
            "campaigns.ReversalFailure", _("Rewards that could not be taken back"),
            {"reason": keep("what the program said, without names")},
        ),
        PersonalTable("campaigns.BudgetEntry", _("What rewards were charged with"), charged),
        PersonalTable(
            "campaigns.BudgetLimit", _("Limits for a customer"), {"kind": code, "key": code}
        ),
        PersonalTable(
            "campaigns.Decision",
            _("Decisions of campaigns"),
            {
                "facts": keep("figures and days of the conditions, no names"),
                "reached": keep("numbers of tiers"),
                "given": keep("numbers of tiers"),
                "award": code,
                "gate": code,
                "channel": code,
            },
        ),
        PersonalTable("campaigns.FlashClaim", _("Claims in flash sales"), {"state": code}),
        PersonalTable("campaigns.TrialGrant", _("What back-tests would have granted"), tried),
    )  # fmt: skip


def _register_impersonal() -> None:
    """This will declare the tables that hold nothing about a person."""
    from portal.kit.personal import ImpersonalTable

    registry.add_personal(
        ImpersonalTable("campaigns.BudgetBook", "accounts of campaigns"),
        ImpersonalTable("campaigns.ExclusiveGroup", "which campaigns exclude one another"),
        ImpersonalTable("campaigns.EraRule", "how the era of a branch is told"),
        ImpersonalTable("campaigns.JointReturn", "counts of both sides by campaign and merchant"),
        ImpersonalTable("campaigns.EraMonth", "counts of branches by month"),
        ImpersonalTable("campaigns.EraMark", "months of which facts were written"),
        ImpersonalTable("campaigns.FlashSale", "offers to many"),
        ImpersonalTable("campaigns.Campaign", "offers to many"),
        ImpersonalTable("campaigns.CampaignVersion", "offers to many"),
        ImpersonalTable("campaigns.Draft", "offers to many, being written"),
        ImpersonalTable("campaigns.DraftWriter", "who of the staff wrote"),
        ImpersonalTable("campaigns.VersionAuthor", "who of the staff wrote"),
        ImpersonalTable("campaigns.SenderName", "names under which the bank sends"),
        ImpersonalTable("campaigns.SubmissionRule", "how a campaign is submitted"),
        ImpersonalTable("campaigns.Run", "runs over all customers"),
        ImpersonalTable("campaigns.WordDecision", "words of advertising, and why"),
        ImpersonalTable("campaigns.RunChunk", "spans of customers"),
    )


def _register_source() -> None:
    """This will tell the house how versions are named as what contacts are made for."""
    from campaigns.planning import queries as plans
    from campaigns.planning.intake import KNOWN_CAUSE
    from campaigns.planning.rules import naming

    registry.add_contact_source(
        ContactSource(
            code="campaign", reference_of=naming.reference_of_origin,
            origin_of=naming.origin_of_reference, named=plans.named_versions,
            search=plans.search_versions,
        )
    )  # fmt: skip
    registry.add_import_checks("complaints", KNOWN_CAUSE)


def _register_flash() -> None:
    """This will add flash sales to the menu and their door to the JSON API."""
    from campaigns.flash.views import description
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Flash sales"), "flash_list", Permission.VIEW_CAMPAIGNS, "lightning", 21)
    )
    registry.add_api_doors(
        ApiDoor(description.CODE, _("Flash redemption: claims of customers"), description.paths)
    )


def _register_benefits() -> None:
    """This will add member benefits to the menu, the home page, timelines and erasures."""
    from campaigns.benefits import panels, queries
    from campaigns.benefits.intake import USES
    from portal.kit.personal import MARK, ImpersonalTable, PersonalTable, keep
    from portal.staff.enums import Permission as P

    registry.add_merchant_evidence(queries.evidence_of)
    registry.add_menu(
        MenuEntry(_("Member benefits"), "benefit_list", P.VIEW_CAMPAIGNS, "ticket-perforated", 21),
        MenuEntry(_("Benefit desk"), "benefit_desk", P.REDEEM_BENEFITS, "person-check", 21),
    )
    registry.add_panels(
        Panel("benefits_lost", "campaigns/benefits/_panel.html", panels.lost, P.EDIT_CAMPAIGNS, 6)
    )
    registry.add_timeline(
        TimelineSource(
            "benefits", _("Member benefits"), "ticket-perforated", P.VIEW_CAMPAIGNS, panels.story,
            82,
        )
    )  # fmt: skip
    registry.add_import_kinds(USES)
    code = keep("a code of the bank")
    registry.add_personal(
        ImpersonalTable("campaigns.BenefitCount", "counts of uses by campaign"),
        PersonalTable("campaigns.Benefit", _("Member benefits")),
        PersonalTable(
            "campaigns.PartnerUse", _("Uses of member benefits, as partners told them"),
            {"partner": code, "reference": code},
        ),
        PersonalTable(
            "campaigns.BenefitEntry", _("Uses of member benefits"),
            {"kind": code, "place": MARK, "reference": code, "reason": MARK},
        ),
        PersonalTable(
            "campaigns.UsedBefore", _("Benefits used before they were lost"),
            {"outcome": code, "words": MARK},
        ),
    )  # fmt: skip


def _register_partners() -> None:
    """This will tell what joint campaigns cost and brought about, also on partnerships' pages."""
    from campaigns.partners.queries import evidence_of, year_costs
    from portal.kit.registry import PartnershipPart
    from portal.staff.enums import Permission as P

    registry.add_merchant_evidence(evidence_of)
    registry.year_costs = year_costs
    registry.add_partnership_parts(PartnershipPart("partnership_returns", P.VIEW_MERCHANTS, 15))


def _register_touches() -> None:
    """This will have touch plans asked before their messages are sent, and declare what an erasure
    does with their tables."""
    from campaigns.touches import operations as touches
    from campaigns.touches.queries import BREACHES
    from portal.kit import clock
    from portal.kit.personal import ImpersonalTable, PersonalTable, keep

    code = keep("a code of the bank")
    registry.add_personal(
        PersonalTable("campaigns.Enrolment", _("Stays in touch plans"), {"occasion": code}),
        PersonalTable(
            "campaigns.TouchStep",
            _("Steps of touch plans"),
            {
                "code": code,
                "answer": code,
                "channel": code,
                "variant": code,
                "tried": code,
                "reasons": keep("figures and days of the conditions, no names"),
            },
        ),
        PersonalTable("campaigns.LeftCall", _("Calls to be taken out of the pool"), {}),
        ImpersonalTable("campaigns.StepCount", "counts of steps by version"),
        ImpersonalTable("campaigns.StayCount", "counts of stays by version"),
        ImpersonalTable("campaigns.TouchIntake", "counts of those who entered touch plans"),
        ImpersonalTable("campaigns.NotStarted", "campaigns that an evening left out"),
        ImpersonalTable("campaigns.TouchMark", "customers about whom a day moved, for seconds"),
        ImpersonalTable("campaigns.CallTurn", "the minute up to which calls were asked about"),
    )
    registry.add_breach_rules(*BREACHES)
    registry.add_asks_before_sending(
        lambda causes: touches.left_before_sending(causes=causes, at=clock.now())
    )
    registry.add_told_unsent(lambda unsent, at: touches.note_unsent(unsent=unsent, at=at))


def _register_texts() -> None:
    """This will add message texts to the menu, and the next wording of one to what a second person
    must approve."""
    from campaigns.texts import operations as texts
    from campaigns.texts import panels, queries, rules
    from portal.staff.enums import Permission as P

    registry.senders = SenderList(queries.senders_on, queries.withdrawn_on)
    registry.add_breach_rules(queries.SENDER_GONE)
    text_list = MenuEntry(_("Message texts"), "text_list", P.VIEW_CAMPAIGNS, "chat-left-text", 22)
    registry.add_menu(text_list)
    registry.add_approval_kind(
        ApprovalKind(
            code=rules.APPROVAL_KIND, label=_("Message text"), permission=P.APPROVE_CAMPAIGNS,
            current_hash=queries.current_hash, change=queries.change_of, unready=queries.unready,
            on_approved=texts.carry_text, on_returned=texts.leave_text, url_name="text_of",
            digest=queries.digest_of, evidence=panels.evidence,
            evidence_template="campaigns/texts/_evidence.html",
        )
    )  # fmt: skip


def _register_era() -> None:
    """This will add the eras of branches to the menu, the home page and what can be taken out."""
    from campaigns.era.exports import ERAS
    from campaigns.era.panels import own_era
    from portal.staff.enums import Permission as P

    see = P.VIEW_CAMPAIGNS
    registry.add_menu(MenuEntry(_("Eras of branches"), "era_list", see, "bar-chart-steps", 23))
    registry.add_panels(Panel("era", "campaigns/era/_panel.html", own_era, see, 40))
    registry.add_exportables(ERAS)
