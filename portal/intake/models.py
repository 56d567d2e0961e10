"""Imports of files: what came in, from whom, and how many rows were good."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.intake.enums import ImportState


class ImportBatch(models.Model):
    """One file that was read, with the counts of its rows."""

    kind = models.CharField(_("kind"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    file_hash = models.CharField(max_length=64)
    by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    is_dry_run = models.BooleanField(_("dry run"), default=False)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.RUNNING)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(null=True)
    rows_read = models.BigIntegerField(_("rows read"), default=0)
    rows_new = models.BigIntegerField(_("new"), default=0)
    rows_changed = models.BigIntegerField(_("changed"), default=0)
    rows_same = models.BigIntegerField(_("unchanged"), default=0)
    rows_bad = models.BigIntegerField(_("bad"), default=0)
    failure = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="import_started")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def tone(self) -> str:
        """How the state is coloured: bad rows call for a look."""
        if self.state == ImportState.FAILED:
            return "danger"
        return "warning" if self.rows_bad else "success"
