"""Start-up of campaigns."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        """This will hand the figures of unfinished runs to the metrics page."""
        from portal.kit.registry import CountGauge, registry

        registry.add_gauges(
            CountGauge(
                name="portal_run_chunks_unfinished",
                help="Chunks of campaign runs that are still to be worked off.",
                model="campaigns.RunChunk",
                by="state",
                where={"state": "pending"},
            )
        )
