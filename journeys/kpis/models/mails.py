"""Who of the staff gets the daily sales report by mail, and which went out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.kpis.enums import MailState


class ReportWish(models.Model):
    """What somebody of the staff said about the report by mail. Branch managers who said nothing
    get it, others do not."""

    staff = models.OneToOneField("portal.Staff", models.PROTECT, related_name="+")
    is_wanted = models.BooleanField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.staff_id} {self.is_wanted}"


class ReportMail(models.Model):
    """The report of a day to one person, once: the row is there before the mail server is asked."""

    day = models.DateField(_("day"))
    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=8, choices=MailState.choices)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)
    tried_at = models.DateTimeField(_("tried at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="report_mail_once", fields=["day", "staff"]),
            models.CheckConstraint(
                name="report_mail_sent_has_time",
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | Q(state__in=[MailState.SENDING, MailState.FAILED], sent_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.staff_id}"
