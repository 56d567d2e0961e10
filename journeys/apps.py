"""Start-up of journeys."""

from django.apps import AppConfig


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
