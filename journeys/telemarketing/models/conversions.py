"""Which application came of which lead."""

from django.db import models
from django.db.models import Q


class LeadConversion(models.Model):
    """That an application came of a lead, and who called it last before. Written when the
    application comes in (`intake.crediting`); a trigger refuses update and delete."""

    lead = models.OneToOneField("journeys.Lead", models.PROTECT, related_name="conversion")
    application = models.OneToOneField(
        "journeys.Application", models.PROTECT, related_name="of_lead"
    )
    caller = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    called_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lead_conversion_caller_called",
                condition=Q(caller=None, called_at=None)
                | Q(caller__isnull=False, called_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} → {self.application_id}"
