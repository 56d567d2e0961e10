"""What a lead's priority was worked out from."""

from django.db import models
from django.db.models import Q


class LeadScore(models.Model):
    """How much a call to a lead promises, as it was known when it was scored: the chance by a
    version of the model of calls, or points of the scorecard that stands in for it. `facts` is what
    was known of the call before it is made; reasons are worked out from it again."""

    lead = models.OneToOneField(
        "journeys.Lead", models.PROTECT, primary_key=True, related_name="score"
    )
    # The newest version that the branch may use, also where it learned nothing.
    version = models.ForeignKey(
        "journeys.CallModel", models.PROTECT, null=True, related_name="+", db_index=False
    )
    chance = models.FloatField(null=True)
    points = models.PositiveSmallIntegerField(null=True)
    facts = models.JSONField()
    scored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lead_score_is_one",
                condition=Q(chance=None, points__isnull=False)
                | Q(chance__isnull=False, points=None, version__isnull=False),
            ),
            models.CheckConstraint(
                name="lead_score_in_bounds",
                condition=(Q(chance=None) | Q(chance__gte=0, chance__lte=1))
                & (Q(points=None) | Q(points__lte=100)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LeadScoring(models.Model):
    """How far the leads of a branch are scored by a version: those up to an id, and all of them
    where there is none."""

    branch = models.OneToOneField(
        "portal.Branch", models.PROTECT, primary_key=True, related_name="+"
    )
    version = models.ForeignKey(
        "journeys.CallModel", models.PROTECT, null=True, related_name="+", db_index=False
    )
    up_to = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return str(self.pk)
