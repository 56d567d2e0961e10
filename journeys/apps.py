"""Start-up of journeys."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "journeys"

    def ready(self) -> None:
        from journeys.cards.intake import APPLICATIONS, CARDS
        from journeys.customers.intake import CUSTOMERS
        from journeys.spending.intake import TRANSACTIONS
        from portal.kit.registry import CountGauge, registry

        # In the order in which the files are imported: each names rows of those before it.
        registry.add_import_kinds(CUSTOMERS, APPLICATIONS, CARDS, TRANSACTIONS)

        registry.add_gauges(
            CountGauge(
                name="portal_outbox_messages",
                help="Messages of the outbox that are not done with, by state.",
                model="journeys.Message",
                by="state",
                where={"state__in": ["queued", "sending", "failed", "in_doubt", "parked"]},
            )
        )
