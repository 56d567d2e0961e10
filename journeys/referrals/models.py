"""Who brought whom: an applicant named the customer by whom the bank was recommended."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kit import masking

REASON_LENGTH = 200


class Referral(models.Model):
    """A customer, `referrer`, brought the applicant of an application, `referred`, on `on_date`.

    `number` is that of the application, by which files know it. A person is brought once, by the
    first application on which that was said. Rows are added only: triggers refuse change, an
    application of somebody else, and circles, in which a person would have been brought by one
    whom he brought himself; whoever bears the same ID number under several customer numbers is one
    person. One that was recorded wrongly is withdrawn, once and with a reason: it
    stays, without the number, and stands in the way of none.
    """

    number = models.CharField(_("application number"), max_length=40, unique=True, null=True)
    application = models.ForeignKey(
        "journeys.Application", models.PROTECT, related_name="referrals"
    )
    referred = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="brought_by")
    referrer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="brought", db_index=False
    )
    on_date = models.DateField(_("brought on"))
    recorded_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )

    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.CharField(
        _("why it was withdrawn"), max_length=REASON_LENGTH, blank=True, default="", db_default=""
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="referral_once_for_application", fields=["application"],
                condition=Q(withdrawn_at=None),
            ),
            models.UniqueConstraint(
                name="referral_once_for_person", fields=["referred"],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="referral_withdrawn_whole",
                condition=Q(
                    number__isnull=False, withdrawn_at=None, withdrawn_by=None, reason=""
                )
                | Q(number=None, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="referral_not_of_oneself", condition=~Q(referrer=F("referred"))
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="referral_of_referrer", fields=["referrer", "on_date"])]

    def __str__(self) -> str:
        return self.number or f"{self.application_id} -"

    @property
    def shown_reason(self) -> str:
        """Why it was withdrawn, numbers and addresses masked."""
        return masking.mask_text(self.reason)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
