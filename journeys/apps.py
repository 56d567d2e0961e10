"""Start-up of journeys."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "journeys"

    def ready(self) -> None:
        from journeys.cards.intake import APPLICATIONS, CARDS
        from journeys.customers.intake import CUSTOMERS
        from journeys.spending.intake import TRANSACTIONS
        from portal.kit.registry import registry

        # In the order in which the files are imported: each names rows of those before it.
        registry.add_import_kinds(CUSTOMERS, APPLICATIONS, CARDS, TRANSACTIONS)
