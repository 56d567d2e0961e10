"""What an evening could not start, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.eligibility.enums import Hindrance


class NotStarted(models.Model):
    """That the live run of a version was not started in the evening of a day, once for each cause:
    `since` tells it from others of its kind. It is the instant at which the campaign was stopped,
    the approval went, or was given with a text that was withdrawn since; for what may pass by
    waiting, the beginning of the day."""

    version = models.ForeignKey(
        "campaigns.CampaignVersion", models.PROTECT, related_name="+", db_index=False
    )
    on_date = models.DateField(_("as of"))
    why = models.CharField(max_length=10, choices=Hindrance.choices)
    since = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="not_started_once", fields=["version", "why", "since"])
        ]
        indexes = [models.Index(name="not_started_day", fields=["on_date"])]

    def __str__(self) -> str:
        return f"{self.version_id} {self.on_date} {self.why}"

    @property
    def hindrance(self) -> Hindrance:
        return Hindrance(self.why)
