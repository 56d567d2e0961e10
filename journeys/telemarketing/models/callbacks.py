"""Calls that were promised, and who keeps each promise."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import CallbackEnd, OwnerWhy


class Callback(models.Model):
    """A call that was promised on the telephone. Somebody always is to keep it: the `owner`, in
    whose place the `deputy` comes where the owner is away. A trigger lets nothing change but these
    two, and the end."""

    call = models.OneToOneField("journeys.LeadCall", models.PROTECT, related_name="callback")
    lead = models.ForeignKey(
        "journeys.Lead", models.PROTECT, related_name="callbacks", db_index=False
    )
    owner = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=8, choices=OwnerWhy.choices, default=OwnerWhy.PROMISED)
    deputy = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    promised_at = models.DateTimeField(_("promised for"))
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, choices=CallbackEnd.choices, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="callback_open_once", fields=["lead"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(name="callback_known", condition=Q(why__in=OwnerWhy.values)),
            models.CheckConstraint(
                name="callback_deputy_is_another",
                condition=Q(deputy=None) | ~Q(deputy=F("owner")),
            ),
            models.CheckConstraint(
                name="callback_promised_ahead", condition=Q(promised_at__gt=F("made_at"))
            ),
            models.CheckConstraint(
                name="callback_ends_whole",
                condition=Q(ended_at=None, end="")
                | Q(ended_at__isnull=False, ended_at__gte=F("made_at"), end__in=CallbackEnd.values),
            ),
        ]
        indexes = [
            models.Index(
                name="callback_of_owner",
                fields=["owner", "promised_at"],
                condition=Q(ended_at=None),
            ),
            models.Index(name="callback_open", fields=["promised_at"], condition=Q(ended_at=None)),
            models.Index(name="callback_ended", fields=["owner", "ended_at"], condition=~Q(end="")),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.promised_at}"

    @property
    def is_kept_by_manager(self) -> bool:
        """Whether nobody who calls is there to keep it."""
        return self.why == OwnerWhy.MANAGER
