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
        _register_import_kinds()
        _register_partners()
        _register_evidence()
        _register_funds()


def _register_import_kinds() -> None:
    """This will add the kinds of file, in the order in which they are imported."""
    from merchants.allocation.intake import RESPONSE_LEVELS
    from merchants.directory.intake import CONTACTS, MERCHANTS, STORES
    from merchants.evidence.intake import MERCHANT_TURNOVER
    from merchants.prospects.intake import DEALS, LEADS
    from portal.kit.registry import registry

    registry.add_import_kinds(
        MERCHANTS, STORES, CONTACTS, LEADS, DEALS, MERCHANT_TURNOVER, RESPONSE_LEVELS
    )


def _register_evidence() -> None:
    """This will show what a merchant's turnover speaks for, and let it be exported."""
    from merchants.evidence.exports import MERCHANT_WEEKS
    from portal.kit.registry import MerchantPart, registry
    from portal.staff.enums import Permission

    registry.add_exportables(MERCHANT_WEEKS)
    registry.add_merchant_parts(MerchantPart("merchant_evidence", Permission.VIEW_MERCHANTS, 6))


def _register_partners() -> None:
    """This will let a second person decide who is a partner."""
    from merchants.directory import operations, queries
    from merchants.directory.operations.partners import current_hash
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
        MenuEntry(_("Partnerships"), "partnership_board", see, "kanban", 41),
        MenuEntry(_("Partnerships today"), "partnership_mine", lead, "list-check", 42),
        MenuEntry(_("Playbooks"), "playbook_list", Permission.VIEW_PLAYBOOKS, "journal-text", 43),
    )
    registry.add_panels(
        Panel(
            "my_partnerships",
            "merchants/partnerships/_my_partnerships.html",
            panels.my_partnerships,
            lead,
            18,
            wide=True,
        )
    )
    registry.add_merchant_parts(MerchantPart("merchant_partnership", see, 5))
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
        )
    )
    why = "the bank's work with merchants"
    tables = (
        "Partnership", "PartnershipRule", "PartnershipTask", "PhaseChange", "PhaseSuggestion",
        "MoveRequest", "Playbook",
    )  # fmt: skip
    registry.add_personal(*(ImpersonalTable(f"merchants.{table}", why) for table in tables))


def _register_funds() -> None:
    """This will add the pages of promotion money, its approval, its file, and what can be taken
    out."""
    from merchants.allocation import operations as funds
    from merchants.allocation.exports import FUND_PLANS
    from merchants.allocation.queries.digests import digest_of
    from portal.kit.personal import ImpersonalTable
    from portal.kit.registry import ApprovalKind, MenuEntry, registry
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
            digest=digest_of,
        )
    )
    registry.add_exportables(FUND_PLANS)
    why = "the bank's money for merchants"
    tables = (
        "FundAccount", "FundEntry", "FundLine", "FundPlan", "FundShare", "ResponseLevel",
    )  # fmt: skip
    registry.add_personal(*(ImpersonalTable(f"merchants.{table}", why) for table in tables))
