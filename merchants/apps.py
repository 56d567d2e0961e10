"""Start-up of merchants."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MerchantsConfig(AppConfig):
    name = "merchants"

    def ready(self) -> None:
        """This will hand the house what the topics of merchants have to show."""
        from portal.kit.registry import MenuEntry, registry
        from portal.staff.enums import Permission

        registry.add_menu(
            MenuEntry(_("Merchants"), "merchant_list", Permission.VIEW_MERCHANTS, "shop", 40),
            MenuEntry(
                _("Acquiring partners"), "prospect_funnel", Permission.VIEW_MERCHANTS, "funnel", 41
            ),
        )
        _register_partnerships()
        _register_negotiations()
        _register_import_kinds()
        _register_partners()
        _register_evidence()
        _register_posts()
        _register_comparison()
        _register_funds()
        _register_refusals()
        _register_windows()


def _register_import_kinds() -> None:
    """This will add the kinds of file, in the order in which they are imported."""
    from merchants.allocation.intake import RESPONSE_LEVELS
    from merchants.directory.intake import CONTACTS, CONTRACTS, MERCHANTS, STORES
    from merchants.evidence.intake import MERCHANT_TURNOVER
    from merchants.posts.intake import SHIFTS
    from merchants.prospects.intake import DEALS, LEADS
    from portal.kit.registry import registry

    registry.add_import_kinds(
        MERCHANTS, STORES, CONTACTS, CONTRACTS, LEADS, DEALS, MERCHANT_TURNOVER, SHIFTS,
        RESPONSE_LEVELS,
    )  # fmt: skip


def _register_evidence() -> None:
    """This will show what a merchant's turnover speaks for, and let it be exported."""
    from merchants.evidence.exports import MERCHANT_FIGURES, MERCHANT_WEEKS
    from portal.kit.registry import MerchantPart, registry
    from portal.staff.enums import Permission

    registry.add_exportables(MERCHANT_WEEKS, MERCHANT_FIGURES)
    registry.add_merchant_parts(MerchantPart("merchant_evidence", Permission.VIEW_MERCHANTS, 6))


def _register_comparison() -> None:
    """This will let partnerships be compared, and rivals' offers be known of a merchant."""
    from merchants.comparison.exports import COMPARISON
    from merchants.comparison.queries import evidence_of
    from portal.kit.personal import ImpersonalTable
    from portal.kit.registry import MenuEntry, registry
    from portal.staff.enums import Permission

    see = Permission.VIEW_MERCHANTS
    registry.add_menu(
        MenuEntry(_("Comparison of merchants"), "comparison_list", see, "bar-chart-steps", 42)
    )
    registry.add_exportables(COMPARISON)
    registry.add_merchant_evidence(evidence_of)
    registry.add_personal(
        ImpersonalTable("merchants.RivalOffer", "the bank's work with merchants"),
        ImpersonalTable("merchants.CityTier", "cities, as the census counted them"),
    )


def _register_partners() -> None:
    """This will let a second person decide who is a partner."""
    from merchants.directory import operations, queries
    from merchants.directory.operations.partners import current_hash
    from portal.kit.personal import ImpersonalTable
    from portal.kit.registry import ApprovalKind, registry
    from portal.staff.enums import Permission

    registry.add_approval_kind(
        ApprovalKind(
            code=operations.APPROVAL_KIND,
            label=_("Partnership of a merchant"),
            permission=Permission.APPROVE_PARTNERS,
            current_hash=current_hash,
            on_approved=operations.carry_partner,
            on_returned=operations.leave_partner,
            url_name="merchant_page",
            digest=queries.digest_of,
        )
    )
    registry.add_personal(
        ImpersonalTable("merchants.MerchantsApart", "which companies are not the same")
    )


def _register_partnerships() -> None:
    """This will add pages and panels of partnerships, what a second person must allow, and what an
    erasure does with the tables."""
    from merchants.partnerships import operations as partnerships
    from merchants.partnerships import panels
    from merchants.partnerships.queries.digests import digest_of
    from portal.kit.personal import ImpersonalTable
    from portal.kit.registry import ApprovalKind, MenuEntry, MerchantPart, Panel, registry
    from portal.staff.enums import Permission

    see, lead = Permission.VIEW_MERCHANTS, Permission.EDIT_PARTNERSHIPS
    registry.add_menu(
        MenuEntry(
            _("Partnerships"), "partnership_board", see, "kanban", 41, below="partnership_list"
        ),
        MenuEntry(_("Partnerships today"), "partnership_mine", lead, "list-check", 42),
        MenuEntry(_("Playbooks"), "playbook_list", Permission.VIEW_PLAYBOOKS, "journal-text", 43),
    )
    registry.add_panels(
        Panel(
            "my_partnerships", "merchants/partnerships/_my_partnerships.html",
            panels.my_partnerships, lead, 18, wide=True,
        )
    )  # fmt: skip
    registry.add_merchant_parts(MerchantPart("merchant_partnership", see, 5))
    registry.add_manager_followers(partnerships.follow_manager)
    registry.add_approval_kind(
        ApprovalKind(
            code=partnerships.APPROVAL_KIND,
            label=_("Move of a partnership"),
            permission=Permission.APPROVE_PARTNERSHIPS,
            current_hash=partnerships.current_hash,
            on_approved=partnerships.carry_allowed,
            on_returned=partnerships.carry_refused,
            url_name="partnership_page",
            unready=partnerships.still_barred,
            digest=digest_of,
            evidence=panels.why_asked,
            evidence_template="merchants/partnerships/_why_asked.html",
        )
    )
    why = "the bank's work with merchants"
    tables = (
        "EvidenceRule", "ManagerChange", "MoveRequest", "Partnership", "PartnershipRule",
        "PartnershipTask", "PhaseChange", "PhaseSuggestion", "Playbook",
    )  # fmt: skip
    registry.add_personal(*(ImpersonalTable(f"merchants.{table}", why) for table in tables))


def _register_negotiations() -> None:
    """This will add pages and the panel of negotiations, terms that a second person must allow,
    what can be taken out, and what an erasure does with the tables."""
    from merchants.negotiation import operations as negotiations
    from merchants.negotiation import panels, queries
    from merchants.negotiation.exports import NEGOTIATION_TERMS
    from portal.kit.personal import ImpersonalTable
    from portal.kit.registry import ApprovalKind, MenuEntry, Panel, registry
    from portal.staff.enums import Permission

    see, lead = Permission.VIEW_MERCHANTS, Permission.EDIT_PARTNERSHIPS
    registry.add_menu(
        MenuEntry(_("Negotiations"), "negotiation_list", see, "chat-square-text", 42),
        MenuEntry(_("Renewals"), "renewal_calendar", see, "calendar-event", 42),
    )
    registry.add_panels(
        Panel(
            "my_negotiations",
            "merchants/negotiation/_my_negotiations.html",
            panels.my_negotiations,
            lead,
            19,
            wide=True,
        )
    )
    registry.add_exportables(NEGOTIATION_TERMS)
    registry.add_merchant_evidence(queries.promised_known)
    registry.add_approval_kind(
        ApprovalKind(
            code=negotiations.APPROVAL_KIND,
            label=_("Terms of a negotiation"),
            permission=Permission.APPROVE_PARTNERSHIPS,
            current_hash=negotiations.current_hash,
            on_approved=negotiations.carry_terms,
            on_returned=negotiations.leave_terms,
            url_name="negotiation_page",
            digest=queries.digest_of,
            evidence=panels.why_asked,
            evidence_template="merchants/negotiation/_why_asked.html",
        )
    )
    why = "the bank's work with merchants"
    tables = (
        "Negotiation", "NegotiationRule", "Offer", "Reminder", "SignedTerms", "StageChange",
        "TermsFigure", "TermsRequest",
    )  # fmt: skip
    registry.add_personal(*(ImpersonalTable(f"merchants.{table}", why) for table in tables))


def _register_posts() -> None:
    """This will add posts, their rota and results to the menu, the home page, a merchant's page and
    to what can be taken out."""
    from merchants.posts import panels
    from merchants.posts.exports import POST_RESULTS, POST_SHIFTS
    from portal.kit.personal import ImpersonalTable
    from portal.kit.registry import MenuEntry, MerchantPart, Panel, registry
    from portal.staff.enums import Permission

    see, stand = Permission.VIEW_MERCHANTS, Permission.STAND_AT_POSTS
    keep = Permission.KEEP_QUALIFICATIONS
    registry.add_menu(
        MenuEntry(_("Posts"), "post_rota", see, "calendar-week", 43, below="post_list"),
        MenuEntry(_("My shifts"), "post_mine", stand, "person-check", 43),
        MenuEntry(_("Staff at posts"), "post_staff_list", keep, "person-badge", 43),
    )
    registry.add_panels(
        Panel("my_shift", "merchants/posts/_my_shift.html", panels.my_shift, stand, 2),
        Panel("posts_today", "merchants/posts/_today.html", panels.posts_today, see, 19, wide=True),
    )
    registry.add_merchant_parts(MerchantPart("merchant_posts", see, 8))
    registry.add_exportables(POST_RESULTS, POST_SHIFTS)
    why = "the bank's work with merchants"
    tables = (
        "Attendance", "Post", "PostAbsence", "PostCost", "PostRule", "Shift", "ShiftCount",
        "ShiftTask", "StaffQualification",
    )  # fmt: skip
    registry.add_personal(*(ImpersonalTable(f"merchants.{table}", why) for table in tables))


def _register_funds() -> None:
    """This will add the pages of promotion money, its approval, its file, and what can be taken
    out."""
    from merchants.allocation import operations as funds
    from merchants.allocation.exports import FUND_PLANS
    from merchants.allocation.queries.digests import digest_of
    from portal.kit.personal import ImpersonalTable
    from portal.kit.registry import ApprovalKind, MenuEntry, PartnershipPart, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Promotion money"), "fund_list", Permission.VIEW_MERCHANTS, "piggy-bank", 43)
    )
    registry.add_approval_kind(
        ApprovalKind(
            code=funds.APPROVAL_KIND,
            label=_("Plan of promotion money"),
            permission=Permission.APPROVE_FUNDS,
            current_hash=funds.current_hash,
            on_approved=funds.carry_plan,
            on_returned=funds.leave_plan,
            url_name="fund_page",
            unready=funds.not_ready,
            measures=(("budget", _("Budget (CNY)")),),
            measured=funds.measured_in,
            digest=digest_of,
        )
    )
    registry.add_exportables(FUND_PLANS)
    why = "the bank's money for merchants"
    tables = (
        "FundAccount", "FundEntry", "FundLine", "FundPlan", "FundShare", "ResponseLevel",
    )  # fmt: skip
    registry.add_partnership_parts(
        PartnershipPart("partnership_funds", Permission.VIEW_MERCHANTS, 30)
    )
    registry.add_personal(*(ImpersonalTable(f"merchants.{table}", why) for table in tables))


def _register_refusals() -> None:
    """This will add the pages of refusals, their part of a partnership's page, and their file."""
    from merchants.refusals.exports import REFUSALS
    from portal.kit.personal import ImpersonalTable
    from portal.kit.registry import MenuEntry, PartnershipPart, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(
            _("Reasons for refusing"), "refusal_reasons", Permission.VIEW_PLAYBOOKS,
            "chat-left-dots", 43,
        ),
    )  # fmt: skip
    registry.add_partnership_parts(
        PartnershipPart("partnership_refusals", Permission.VIEW_MERCHANTS, 20)
    )
    registry.add_exportables(REFUSALS)
    why = "what merchants say to the bank"
    tables = ("AnswerTry", "Refusal", "RefusalAnswer", "RefusalReason")
    registry.add_personal(*(ImpersonalTable(f"merchants.{table}", why) for table in tables))


def _register_windows() -> None:
    """This will add the pages of windows and meetings, and what is known of promises."""
    from merchants.windows import panels
    from merchants.windows.queries import promises_known
    from portal.kit.personal import ImpersonalTable
    from portal.kit.registry import MenuEntry, Panel, PartnershipPart, registry
    from portal.staff.enums import Permission

    lead = Permission.EDIT_PARTNERSHIPS
    registry.add_menu(MenuEntry(_("Meetings"), "meeting_list", lead, "calendar-event", 42))
    registry.add_panels(
        Panel(
            "coming_meetings", "merchants/windows/_coming_meetings.html", panels.coming_meetings,
            lead, 19, wide=True,
        )
    )  # fmt: skip
    registry.add_partnership_parts(
        PartnershipPart("partnership_window", Permission.VIEW_MERCHANTS, 10)
    )
    registry.add_merchant_evidence(promises_known)
    why = "needs, meetings and promises of merchants; persons there stand by key alone"
    tables = ("Meeting", "MeetingPerson", "PartnerPromise", "WindowMove", "WindowNote")
    registry.add_personal(*(ImpersonalTable(f"merchants.{table}", why) for table in tables))
