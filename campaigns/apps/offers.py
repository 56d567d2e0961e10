"""Start-up: what customers are offered, given and told."""

from django.utils.translation import gettext_lazy as _

from portal.kit.outgoing import SenderList
from portal.kit.registry import (
    ApiDoor,
    ApprovalKind,
    Figures,
    MenuEntry,
    Panel,
    registry,
)
from portal.kit.timeline import Source as TimelineSource


def register() -> None:
    """This will hand the house what customers are offered, given and told."""
    _register_flash()
    _register_benefits()
    _register_partners()
    _register_touches()
    _register_texts()
    _register_era()


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
    from campaigns.era.exports import BRANCH_MONTHS, ERAS
    from campaigns.era.panels import months_of_branches, own_era
    from portal.staff.enums import Permission as P

    see = P.VIEW_CAMPAIGNS
    registry.add_menu(MenuEntry(_("Eras of branches"), "era_list", see, "bar-chart-steps", 23))
    registry.add_panels(
        Panel("era", "campaigns/era/_panel.html", own_era, see, 40, is_figures=True)
    )
    registry.add_exportables(ERAS, BRANCH_MONTHS)
    registry.add_figures(
        Figures("months", _("Branches side by side, month by month"),
                "campaigns/era/_figures.html", months_of_branches, see, 15)
    )  # fmt: skip
