"""What another system says of how active its customers are."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ActivitySnapshot(models.Model):
    """How active a customer was with a product as of a day, as the source counted it; under the
    source's own number of the row."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="+")
    product = models.ForeignKey(
        "journeys.CardProduct", models.PROTECT, related_name="+", db_index=False
    )
    taken_date = models.DateField(_("as of"))
    months_inactive = models.PositiveSmallIntegerField(_("months inactive"))
    months_on_book = models.PositiveSmallIntegerField(_("months on book"), null=True)
    contacts = models.PositiveIntegerField(_("contacts"), null=True)
    purchases = models.PositiveBigIntegerField(_("purchases"), null=True)
    amount = models.DecimalField(_("spending (CNY)"), max_digits=14, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="activity_snapshot_inactive", condition=Q(months_inactive__lte=600)
            ),
        ]
        indexes = [
            models.Index(
                name="activity_snapshot_day", fields=["taken_date", "product", "months_inactive"]
            ),
        ]

    def __str__(self) -> str:
        return self.number
