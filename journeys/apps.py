"""Start-up of journeys."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "journeys"

    def ready(self) -> None:
        """This will hand the figures of the outbox to the metrics page."""
        from portal.kit.registry import CountGauge, registry

        registry.add_gauges(
            CountGauge(
                name="portal_outbox_messages",
                help="Messages of the outbox that are not done with, by state.",
                model="journeys.Message",
                by="state",
                where={"state__in": ["queued", "sending", "failed", "in_doubt", "parked"]},
            )
        )
        _register_outreach()


def _register_outreach() -> None:
    """This will add the outbox and the practice gateways to the menu and the home page."""
    from journeys.outreach import panels
    from portal.kit.registry import MenuEntry, Panel, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Outbox"), "outbox_page", Permission.VIEW_OUTBOX, "send", 60),
    )
    if settings.SANDBOX_HTTP_PORT:
        registry.add_menu(
            MenuEntry(_("Practice gateways"), "sandbox_page", Permission.VIEW_SANDBOX, "phone", 65),
        )
    registry.add_panels(
        Panel(
            "outbox",
            "journeys/outreach/_panel.html",
            panels.outbox,
            Permission.VIEW_OUTBOX,
            40,
        ),
    )
