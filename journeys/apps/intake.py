"""Start-up: kinds of file, lists and what can be taken out."""

from django.utils.translation import gettext_lazy as _


def register() -> None:
    """This will hand the house kinds of file, lists and what can be taken out."""
    _register_import_kinds()
    _register_lists()
    _register_exports()


def _register_import_kinds() -> None:
    """This will add the kinds of file."""
    from journeys.cards.intake import CARDS, PRODUCTS
    from journeys.care.intake import COMPLAINTS, SERVICE_CASES
    from journeys.contact.intake import CONSENTS, DO_NOT_CONTACT
    from journeys.customers.intake import CUSTOMERS
    from journeys.points.intake import POINTS
    from journeys.referrals.intake import REFERRALS
    from journeys.rights.intake import held_to_rights
    from journeys.scoring.intake import CALLS
    from journeys.spending.intake import TRANSACTIONS
    from journeys.telemarketing.intake import APPLICATIONS, LEADS
    from portal.kit.registry import registry

    # In the order in which the files are imported: each names rows of those before it.
    kinds = (
        CUSTOMERS, PRODUCTS, APPLICATIONS, CARDS, TRANSACTIONS, POINTS, COMPLAINTS, SERVICE_CASES,
        CONSENTS, DO_NOT_CONTACT, REFERRALS, CALLS, LEADS,
    )  # fmt: skip
    registry.wrap_import_kinds(held_to_rights)
    registry.add_import_kinds(*kinds)


def _register_lists() -> None:
    """This will add customers, applications, stages and leads to the menu."""
    from portal.kit.registry import MenuEntry, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Customers"), "customer_list", Permission.VIEW_CUSTOMERS, "people", 35),
        MenuEntry(_("Stages"), "stage_funnel", Permission.VIEW_STAGES, "signpost-split", 38),
        MenuEntry(
            _("Application clock"), "application_clock", Permission.VIEW_CUSTOMERS,
            "hourglass-split", 36,
        ),
        MenuEntry(_("Referrals"), "referral_list", Permission.VIEW_CUSTOMERS, "people-fill", 44),
        MenuEntry(_("Leads"), "lead_list", Permission.VIEW_LEADS, "telephone", 45),
        MenuEntry(_("Call desk"), "lead_desk", Permission.WORK_LEADS, "headset", 44),
        MenuEntry(_("Lead pool"), "lead_pool", Permission.ASSIGN_LEADS, "water", 44),
        MenuEntry(_("At work now"), "lead_watch", Permission.ASSIGN_LEADS, "display", 44),
        MenuEntry(_("Calls to read"), "quality_list", Permission.READ_CALLS, "ear", 46),
        MenuEntry(_("My calls that were read"), "my_calls_list", Permission.WORK_LEADS, "ear", 45),
        MenuEntry(
            _("Model of calls"), "call_models", Permission.KEEP_MODELS, "telephone-forward", 46
        ),
        MenuEntry(
            _("Record a referral"), "referral_new", Permission.RECORD_REFERRALS, "person-plus", 46
        ),
    )  # fmt: skip


def _register_exports() -> None:
    """This will add what can be taken out as a file."""
    from journeys.cards.exports import OPEN_APPLICATIONS
    from journeys.care.exports import COMPLAINTS
    from journeys.customers.exports import CUSTOMERS
    from journeys.stages.exports import STAGE_FUNNEL
    from portal.kit.registry import registry

    registry.add_exportables(CUSTOMERS, OPEN_APPLICATIONS, COMPLAINTS, STAGE_FUNNEL)
