"""The points ledger: the balance is the sum of its entries."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.points.enums import PointsKind


class PointsEntry(models.Model):
    """Points earned (positive), redeemed or expired (negative). A trigger refuses change."""

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="points", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PointsKind.choices)
    points = models.BigIntegerField(_("points"))
    on_date = models.DateField(_("on"))
    expires_date = models.DateField(_("expire on"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_sign_follows_kind",
                condition=Q(kind=PointsKind.EARNED, points__gt=0)
                | (~Q(kind=PointsKind.EARNED) & Q(points__lt=0)),
            ),
        ]
        indexes = [
            # In the place of the foreign key's own: the latest entries, and the balance, from it.
            models.Index(
                name="points_customer_day", fields=["customer", "on_date", "id"],
                include=["points"],
            ),
        ]  # fmt: skip
