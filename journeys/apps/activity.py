"""Start-up: active and sleeping cards."""

from django.utils.translation import gettext_lazy as _


def register() -> None:
    """This will hand the house the figures of active and sleeping cards."""
    _register_pages()
    _register_files()
    _register_personal()


def _register_pages() -> None:
    """This will add the menu entry and the home panels, and lend what may stop the issue of
    cards."""
    from journeys.activity import panels, queries
    from portal.kit.registry import MenuEntry, Panel, registry
    from portal.staff.enums import Permission

    see, folder = Permission.VIEW_STAGES, "journeys/activity"
    registry.add_menu(
        MenuEntry(_("Active and sleeping cards"), "activity_page", see, "moon-stars", 39)
    )
    registry.add_panels(
        Panel("sleep_near", f"{folder}/_panel_near.html", panels.sleep_near, see, 4),
        Panel(
            "activity", f"{folder}/_panel.html", panels.activity, see, 32, is_figures=True
        ),
    )  # fmt: skip
    registry.why_no_cards = queries.why_no_cards


def _register_files() -> None:
    """This will add the kind of file, and what can be taken out."""
    from journeys.activity.exports import ACTIVITY_COHORTS, ACTIVITY_DAYS, SLEEPING_CARDS
    from journeys.activity.intake import SNAPSHOTS
    from portal.kit.registry import registry

    registry.add_import_kinds(SNAPSHOTS)
    registry.add_exportables(ACTIVITY_DAYS, ACTIVITY_COHORTS, SLEEPING_CARDS)


def _register_personal() -> None:
    """This will declare what an erasure does with the tables of activity."""
    from portal.kit.personal import TOKEN, ImpersonalTable, PersonalTable
    from portal.kit.registry import registry

    registry.add_personal(
        PersonalTable("journeys.CardRest", _("Days without use of a card"), {}),
        PersonalTable("journeys.ActivitySnapshot", _("Snapshots of activity"), {"number": TOKEN}),
        ImpersonalTable("journeys.CardMark", "ids of cards about which something was written"),
        ImpersonalTable("journeys.ActiveDefinition", "what figures mean"),
        ImpersonalTable("journeys.SleepRule", "limits"),
        ImpersonalTable("journeys.ActivityCount", "what was counted when"),
        ImpersonalTable("journeys.ActivityDay", "counts"),
        ImpersonalTable("journeys.SleepDay", "counts"),
        ImpersonalTable("journeys.SleepFlow", "counts"),
        ImpersonalTable("journeys.CohortMonth", "counts"),
        ImpersonalTable("journeys.ActivityProof", "counts of branches, as kept and as counted"),
    )
