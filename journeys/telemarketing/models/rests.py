"""Leads of the pool that are passed over for a while."""

from django.db import models


class LeadRest(models.Model):
    """A lead against whose call something stood when it was looked at last: the walk through the
    pool passes it over until then, and looks again. It is a note for the sake of speed: without it
    the answers are the same, and whatever it says, the gate is asked before each call."""

    lead = models.OneToOneField(
        "journeys.Lead", models.PROTECT, primary_key=True, related_name="rest", db_constraint=False
    )
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
