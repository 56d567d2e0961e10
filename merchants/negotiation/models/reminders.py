"""What the night reminds a manager of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.negotiation.enums import ReminderKind, ReminderState
from merchants.negotiation.models.negotiations import Negotiation
from merchants.partnerships.models import Partnership


class Reminder(models.Model):
    """A contract that comes to its end and is not talked about, or a negotiation that stands still;
    `key` names the cause, of which people are reminded once."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=8, choices=ReminderKind.choices)
    key = models.CharField(max_length=60, unique=True)
    contract = models.ForeignKey(
        "merchants.MerchantContract", models.PROTECT, null=True, related_name="+"
    )
    negotiation = models.ForeignKey(Negotiation, models.PROTECT, null=True, related_name="+")
    raised_date = models.DateField(_("raised on"))
    due_date = models.DateField(_("due on"))
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.OPEN
    )
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    words = models.TextField(_("why it was set aside"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reminder_names_its_cause",
                condition=Q(kind=ReminderKind.RENEWAL, contract__isnull=False, negotiation=None)
                | Q(kind=ReminderKind.QUIET, contract=None, negotiation__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_settled_whole",
                condition=Q(state=ReminderState.OPEN, settled_at=None, settled_by=None, words="")
                | Q(state=ReminderState.DONE, settled_at__isnull=False, words="")
                | (
                    Q(
                        state=ReminderState.DISMISSED,
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                    )
                    & ~Q(words="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="reminder_open", fields=["partnership", "due_date"],
                condition=Q(state=ReminderState.OPEN),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key

    @property
    def is_renewal(self) -> bool:
        return self.kind == ReminderKind.RENEWAL
