"""The points ledger: the balance is the sum of its entries. Beside it, what is left of each batch
of earned points."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.points.enums import HOUSE_PREFIXES, PointsKind

_GAINED = [PointsKind.EARNED, PointsKind.RESTORED]


class PointsEntry(models.Model):
    """Points earned or given back (positive), redeemed or expired (negative), or corrected (either
    way). A trigger refuses change.

    Each earned entry is a batch. The house itself lets the rest of a batch expire, gives back what
    proves to have been used in time, and corrects what a month's spending earned: such entries name
    their `batch`. They are dated by the batch's last day, corrections by its first, so that
    balances do not depend on when they were written.
    """

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="points", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PointsKind.choices)
    points = models.BigIntegerField(_("points"))
    on_date = models.DateField(_("on"))
    expires_date = models.DateField(_("expire on"), null=True)
    batch = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_sign_follows_kind",
                condition=Q(kind__in=_GAINED, points__gt=0)
                | (Q(kind=PointsKind.ADJUSTED) & ~Q(points=0))
                | (~Q(kind__in=[*_GAINED, PointsKind.ADJUSTED]) & Q(points__lt=0)),
            ),
            models.CheckConstraint(
                name="points_only_batches_expire",
                condition=Q(expires_date=None)
                | Q(kind=PointsKind.EARNED, expires_date__gt=F("on_date")),
            ),
            models.CheckConstraint(
                name="points_batch_follows_kind",
                condition=Q(
                    kind__in=[PointsKind.RESTORED, PointsKind.ADJUSTED], batch__isnull=False
                )
                | Q(kind=PointsKind.EXPIRED)
                | Q(kind__in=[PointsKind.EARNED, PointsKind.REDEEMED], batch=None),
            ),
            # What the house writes is found by its reference; no source may write one like it.
            models.CheckConstraint(
                name="points_house_references",
                condition=~Q(reference__regex=f"^({'|'.join(HOUSE_PREFIXES)}):")
                | Q(kind=PointsKind.EARNED, reference__regex="^earned:[0-9]+:[0-9]{4}-[0-9]{2}$")
                | Q(kind=PointsKind.EARNED, reference__regex="^reward:[0-9]+$")
                | Q(kind=PointsKind.EXPIRED, batch__isnull=False, reference__regex="^expired:")
                | Q(kind=PointsKind.RESTORED, reference__regex="^restored:")
                | Q(kind=PointsKind.ADJUSTED, reference__regex="^adjusted:"),
            ),
        ]  # fmt: skip
        indexes = [
            # In the place of the foreign key's own: the latest entries, and the balance, from it.
            models.Index(
                name="points_customer_day", fields=["customer", "on_date", "id"],
                include=["points"],
            ),
            # Batches that spending earned, by the day on which they began.
            models.Index(
                name="points_of_spending",
                fields=["on_date"],
                condition=Q(reference__startswith="earned:"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference


class PointsBatch(models.Model):
    """What became of a batch of earned points: `points` are its worth with corrections, `used` by
    redemptions, first in first out, and `expired` by the house. It follows from the ledger and is
    written by triggers and by `points.operations.expire_points` alone."""

    entry = models.OneToOneField(
        PointsEntry, models.PROTECT, primary_key=True, related_name="batch_state"
    )
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="points_batches")
    on_date = models.DateField(_("earned on"))
    expires_date = models.DateField(_("expire on"), null=True)
    points = models.BigIntegerField(_("points"))
    used = models.BigIntegerField(_("used"), default=0)
    expired = models.BigIntegerField(_("expired"), default=0)
    changes = models.PositiveIntegerField(default=0)  # entries that the house wrote for it

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_batch_adds_up",
                condition=Q(used__gte=0, expired__gte=0, points__gte=F("used") + F("expired")),
            ),
            models.CheckConstraint(
                name="points_batch_expires", condition=Q(expired=0) | Q(expires_date__isnull=False)
            ),
        ]
        indexes = [
            # Only what can still expire: the nightly task finds it, whatever the ledger's size.
            models.Index(
                name="points_batch_due",
                fields=["expires_date"],
                condition=Q(points__gt=F("used") + F("expired"), expires_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.left}"

    @property
    def left(self) -> int:
        """What is neither used nor expired."""
        return self.points - self.used - self.expired
