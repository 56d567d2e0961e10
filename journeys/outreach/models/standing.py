"""Halts of origins, what is called off after a stop, and how fast gateways may be given
messages."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel
from journeys.outreach.enums import HaltKind


class OriginHalt(models.Model):
    """That the messages of an origin are not sent: paused until somebody ends the pause, or stopped
    for good. It binds the very next claim. A trigger refuses delete, and every change but the one
    end of a pause."""

    origin = models.CharField(_("origin"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=HaltKind.choices)
    reason = models.CharField(_("reason"), max_length=200)
    halted_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    halted_at = models.DateTimeField(_("halted at"))
    ended_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="halt_open_once", fields=["origin"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(name="halt_kind_known", condition=Q(kind__in=HaltKind.values)),
            models.CheckConstraint(name="halt_has_reason", condition=~Q(reason="") & ~Q(origin="")),
            models.CheckConstraint(
                name="halt_ends_whole",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__gte=F("halted_at"), ended_by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="halt_latest", fields=["-halted_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.origin}: {self.kind}"

    @property
    def is_stop(self) -> bool:
        return self.kind == HaltKind.STOP


class CallingOff(models.Model):
    """That what waits of an origin is being cancelled since it was stopped, and how far that is:
    `messages` are cancelled; the calls up to the message `calls_after` were looked at, all of them
    where it is empty. A trigger refuses delete, and every change but going on."""

    origin = models.CharField(_("origin"), max_length=80)
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField(_("asked at"))
    calls_after = models.BigIntegerField(null=True, default=0, db_default=0)
    messages = models.PositiveIntegerField(default=0, db_default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="calling_off_open_once", fields=["origin"], condition=Q(done_at=None)
            ),
            models.CheckConstraint(
                name="calling_off_has_reason", condition=~Q(reason="") & ~Q(origin="")
            ),
            models.CheckConstraint(
                name="calling_off_done_whole",
                condition=Q(done_at=None) | Q(done_at__gte=F("asked_at"), calls_after__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin}: {self.messages}"


class SendingRate(models.Model):
    """How many messages a minute a channel's gateway may be given, in force from a day on; `burst`
    of them at once. `gateway` is its host, "" for whichever there is. Without a row there is no
    limit. A trigger refuses update and delete."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    gateway = models.CharField(_("gateway"), max_length=120, blank=True)
    effective_date = models.DateField(_("in force from"))
    per_minute = models.PositiveIntegerField(_("messages in a minute"))
    burst = models.PositiveIntegerField(_("at once, at most"))
    source = models.CharField(_("source of the rule"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sending_rate_once", fields=["channel", "gateway", "effective_date"]
            ),
            models.CheckConstraint(
                name="sending_rate_lets_through", condition=Q(per_minute__gte=1, burst__gte=1)
            ),
            models.CheckConstraint(name="sending_rate_has_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.effective_date} {self.channel}: {self.per_minute}"
