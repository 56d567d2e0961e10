"""Start-up of journeys."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "journeys"

    def ready(self) -> None:
        """This will hand the house what the topics of journeys have to show."""
        _register_import_kinds()
        _register_gauges()


def _register_import_kinds() -> None:
    from journeys.cards.intake import APPLICATIONS, CARDS
    from journeys.customers.intake import CUSTOMERS
    from journeys.spending.intake import TRANSACTIONS
    from portal.kit.registry import registry

    # In the order in which the files are imported: each names rows of those before it.
    registry.add_import_kinds(CUSTOMERS, APPLICATIONS, CARDS, TRANSACTIONS)


def _register_gauges() -> None:
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
