"""Imports of files: what came in, from whom, and how many rows were good."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.intake.enums import ImportState, TokenState, UploadState

_UNCHECKED = [UploadState.RECEIVED, UploadState.CHECKING]
_CHECKED = [UploadState.CHECKED, UploadState.IMPORTING, UploadState.DONE]
_COUNTS = ("rows_read", "rows_new", "rows_changed", "rows_same", "rows_bad", "rows_older")
_ENDED = [UploadState.DONE, UploadState.REFUSED]


class ImportBatch(models.Model):
    """One file that was read, with the counts of its rows."""

    kind = models.CharField(_("kind"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    file_hash = models.CharField(max_length=64)
    by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    is_dry_run = models.BooleanField(_("dry run"), default=False)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.RUNNING)
    # As of when somebody said that the whole of it holds, where its rows do not say it.
    as_of = models.DateTimeField(_("as of"), null=True)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(null=True)
    rows_read = models.BigIntegerField(_("rows read"), default=0)
    rows_new = models.BigIntegerField(_("new"), default=0)
    rows_changed = models.BigIntegerField(_("changed"), default=0)
    rows_same = models.BigIntegerField(_("unchanged"), default=0)
    rows_bad = models.BigIntegerField(_("bad"), default=0)
    rows_older = models.BigIntegerField(_("older, kept as is"), default=0, db_default=0)
    failure = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-started_at"], name="import_started"),
            # Whether the very same rows came before.
            models.Index(
                fields=["kind", "file_hash"],
                condition=Q(state=ImportState.DONE, is_dry_run=False),
                name="import_same_rows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def counts(self) -> dict[str, int]:
        """The counts of its rows by what became of them."""
        return {name: getattr(self, name) for name in _COUNTS}

    @property
    def tone(self) -> str:
        """How the state is coloured: bad rows call for a look."""
        if self.state == ImportState.FAILED:
            return "danger"
        return "warning" if self.rows_bad else "success"


class Upload(models.Model):
    """A file that a person uploaded: checked by a dry run, looked at, then imported once.

    The file lies under `stored_name`, which is random, until it is imported or given up.
    `preview` holds what the page shows of it, masked.
    """

    kind = models.CharField(_("kind"), max_length=40)
    label = models.CharField(_("file"), max_length=200)
    stored_name = models.CharField(max_length=60)
    by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=UploadState.choices, default=UploadState.RECEIVED
    )
    as_of = models.DateTimeField(_("as of"), null=True)
    corrects = models.BooleanField(_("corrects what stands"), default=False, db_default=False)
    rows_total = models.BigIntegerField(null=True)
    rows_done = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField(_("received at"))
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    files_removed_at = models.DateTimeField(null=True)
    trial = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    preview = models.JSONField(default=dict)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="upload_state_known", condition=Q(state__in=UploadState.values)
            ),
            models.CheckConstraint(
                name="upload_checked_has_trial",
                condition=Q(state__in=_CHECKED, trial__isnull=False)
                | Q(state__in=_UNCHECKED, trial=None)
                | ~Q(state__in=[*_CHECKED, *_UNCHECKED]),
            ),
            models.CheckConstraint(
                name="upload_done_has_batch",
                condition=Q(state=UploadState.DONE, batch__isnull=False)
                | (~Q(state=UploadState.DONE) & Q(batch=None)),
            ),
            models.CheckConstraint(
                name="upload_ended_has_time",
                condition=Q(state__in=_ENDED, finished_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(finished_at=None)),
            ),
            models.CheckConstraint(
                name="upload_refused_has_reason",
                condition=(Q(state=UploadState.REFUSED) & ~Q(failure=""))
                | (~Q(state=UploadState.REFUSED) & Q(failure="")),
            ),
            models.UniqueConstraint(name="upload_stored_once", fields=["stored_name"]),
            models.UniqueConstraint(name="upload_batch_once", fields=["batch"]),
        ]
        indexes = [
            models.Index(
                name="upload_unfinished",
                fields=["asked_at"],
                condition=Q(state__in=[*_UNCHECKED, UploadState.IMPORTING]),
            ),
            models.Index(
                name="upload_with_files",
                fields=["received_at"],
                condition=Q(files_removed_at=None),
            ),
            models.Index(name="upload_newest", fields=["by", "-received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"

    @property
    def is_working(self) -> bool:
        """Whether a worker has it, or will."""
        return self.state in {*_UNCHECKED, UploadState.IMPORTING}

    @property
    def is_checked(self) -> bool:
        return self.state == UploadState.CHECKED

    @property
    def is_done(self) -> bool:
        return self.state == UploadState.DONE

    @property
    def is_refused(self) -> bool:
        return self.state == UploadState.REFUSED

    @property
    def is_importing(self) -> bool:
        return self.state == UploadState.IMPORTING

    @property
    def figures(self) -> ImportBatch | None:
        """The counts to show: those of the import, before it those of the check."""
        return self.batch or self.trial

    @property
    def changes_something(self) -> bool:
        """Whether the check found rows that an import would add or change."""
        return bool(self.figures and self.figures.rows_new + self.figures.rows_changed)

    @property
    def confirms_something(self) -> bool:
        """Whether an import would only note that rows still hold as of a later instant: without
        it what comes late could take them back."""
        says_instants = self.as_of is not None or "as_of" in self.preview.get("names", ())
        is_same = bool(self.figures and self.figures.rows_same)
        return says_instants and is_same and not self.changes_something

    @property
    def has_workbook(self) -> bool:
        """Whether there is a workbook of bad rows to fetch."""
        return bool(
            self.state in {UploadState.CHECKED, UploadState.DONE}
            and self.figures
            and self.figures.rows_bad
            and self.files_removed_at is None
        )

    @property
    def tone(self) -> str:
        if self.state == UploadState.REFUSED:
            return "danger"
        if self.state not in {UploadState.CHECKED, UploadState.DONE}:
            return "info"
        return "warning" if self.figures and self.figures.rows_bad else "success"


class ApiToken(models.Model):
    """What lets another system send rows of certain kinds for a time; only its hash is known."""

    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64)
    kinds = ArrayField(models.CharField(max_length=40))
    created_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    revoke_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="api_token_revoked_with_reason",
                condition=Q(revoked_at=None, revoked_by=None, revoke_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
            ),
            models.UniqueConstraint(name="api_token_name_once", fields=["name"]),
            models.CheckConstraint(
                name="api_token_is_hashed", condition=Q(("token_hash__regex", r"^[0-9a-f]{64}$"))
            ),
            models.CheckConstraint(name="api_token_has_kinds", condition=Q(kinds__len__gt=0)),
            models.CheckConstraint(
                name="api_token_expires_later", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state_at(self, at: dt.datetime) -> TokenState:
        """This will tell whether it lets anybody in at an instant."""
        if self.revoked_at is not None:
            return TokenState.REVOKED
        return TokenState.IN_FORCE if at < self.expires_at else TokenState.EXPIRED


class ApiCall(models.Model):
    """Rows that another system sent, with the answer it got: the same key gets the same again."""

    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="calls")
    kind = models.CharField(max_length=40)
    idempotency_key = models.CharField(max_length=200, blank=True)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="api_call_key_once",
                fields=["token", "idempotency_key"],
                condition=~Q(idempotency_key=""),
            ),
            models.CheckConstraint(
                name="api_call_taken_has_batch",
                condition=Q(status=200, batch__isnull=False) | Q(status=422, batch=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
