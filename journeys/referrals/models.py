"""Who brought whom: an applicant named the customer by whom the bank was recommended."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Referral(models.Model):
    """A customer, `referrer`, brought the applicant of an application, `referred`, on `on_date`.

    `number` is that of the application, by which files know it. A person is brought once, by the
    first application on which that was said. Rows are added only: triggers refuse change, an
    application of somebody else, and circles, in which a person would have been brought by one whom
    he brought himself.
    """

    number = models.CharField(_("application number"), max_length=40, unique=True)
    application = models.OneToOneField(
        "journeys.Application", models.PROTECT, related_name="referral"
    )
    referred = models.OneToOneField("journeys.Customer", models.PROTECT, related_name="brought_by")
    referrer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="brought", db_index=False
    )
    on_date = models.DateField(_("brought on"))
    recorded_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referral_not_of_oneself", condition=~Q(referrer=F("referred"))
            ),
        ]
        indexes = [models.Index(name="referral_of_referrer", fields=["referrer", "on_date"])]

    def __str__(self) -> str:
        return self.number
