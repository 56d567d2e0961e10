"""The audit trail: entries that can only be added, chained by the database at commit."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what to which thing, when and why. A trigger refuses update and delete."""

    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(_("who"), max_length=80)
    role = models.CharField(_("role"), max_length=24, blank=True)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("action"), max_length=60)
    target_kind = models.CharField(_("kind"), max_length=40, blank=True)
    target_key = models.CharField(_("key"), max_length=80, blank=True)
    target_label = models.CharField(_("what"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    changes = models.JSONField(_("changes"), default=dict)
    address = models.GenericIPAddressField(_("address"), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at"], name="audit_at"),
            models.Index(fields=["target_kind", "target_key"], name="audit_target"),
            models.Index(fields=["actor", "-at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.target_label}"


class AuditLink(models.Model):
    """An entry's place in the chain; written by the database when the entry is committed."""

    entry = models.OneToOneField(
        AuditEntry, models.DO_NOTHING, primary_key=True, related_name="link"
    )
    sequence = models.BigIntegerField(unique=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)


class AuditHead(models.Model):
    """The one row that holds the end of the chain."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_one_head", condition=models.Q(id=1))]
