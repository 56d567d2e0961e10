"""Which files were taken out of the portal, by whom and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Letters and digits that nobody confuses when reading them from paper.
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Export(models.Model):
    """One file that was made: what it held and its fingerprint, never the file itself.

    `code` is printed on every page of it. `filters` holds values by the names of fields and
    `columns` the headings in English: both are told in the reader's language. In exports of before,
    both are the words of the person who made them. A trigger refuses update and delete.
    """

    code = models.CharField(max_length=8)
    kind = models.CharField(max_length=40)
    by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", verbose_name=_("who"))
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reason = models.TextField()
    filters = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="export_code_once", fields=["code"]),
            models.CheckConstraint(
                name="export_code_plain", condition=Q(code__regex=f"^[{CODE_LETTERS}]{{8}}$")
            ),
            models.CheckConstraint(
                name="export_hash_is_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="export_has_reason", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(name="export_newest", fields=["-made_at", "-id"]),
            models.Index(name="export_own", fields=["by", "-made_at"]),
            models.Index(name="export_sha256", fields=["sha256"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
