"""Start-up of journeys: a module for each part of the house that is told of it."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "journeys"

    def ready(self) -> None:
        """This will hand the house what the topics of journeys have to show."""
        from journeys.apps import activity, contact, figures, intake, pages, rights, targets

        for part in (intake, pages, contact, figures, rights, activity, targets):
            part.register()
