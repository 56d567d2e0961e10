"""Start-up of campaigns: a module for each part of the house that is told of it."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        """This will hand the house what the topics of campaigns have to show."""
        from campaigns.apps import effects, offers, plans, rows, warnings

        for part in (plans, rows, offers, effects, warnings):
            part.register()
