"""Runs over all customers, cut into chunks, and the decision for each customer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.eligibility.enums import ChunkState, Outcome, RunKind, RunState


class Run(models.Model):
    """One evaluation of a campaign version over all customers, as of the end of `on_date`."""

    version = models.ForeignKey("campaigns.CampaignVersion", models.PROTECT, related_name="runs")
    kind = models.CharField(_("kind"), max_length=8, choices=RunKind.choices)
    on_date = models.DateField(_("as of"))
    state = models.CharField(
        _("state"), max_length=8, choices=RunState.choices, default=RunState.RUNNING
    )
    started_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="run_one_live_at_a_time",
                fields=["version"],
                condition=Q(kind="live", state="running"),
            ),
            models.CheckConstraint(
                name="run_finished_has_time",
                condition=Q(state="running", finished_at=None)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="run_started", fields=["-started_at"])]


class RunChunk(models.Model):
    """Customers with ids from `first_id` to before `end_id`, worked off in one transaction."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    end_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=ChunkState.choices, default=ChunkState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    decided = models.PositiveIntegerField(default=0)
    qualified = models.PositiveIntegerField(default=0)
    queued = models.PositiveIntegerField(default=0)
    granted = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="chunk_number_once", fields=["run", "number"]),
            models.CheckConstraint(name="chunk_span", condition=Q(first_id__lt=F("end_id"))),
        ]
        indexes = [
            models.Index(
                name="chunk_unfinished", fields=["enqueued_at"], condition=Q(state="pending")
            ),
        ]


class Decision(models.Model):
    """The decision for one customer in one run, with what each condition found.

    `facts` is a list, one entry per condition of the rule in order: `[met, value]`, where `met`
    is null for a condition that was not examined because a cheaper one had already failed.
    `failed_at` is the position of the first condition that failed, null where none did.
    `gate` is the answer of the contact gate in a live or preview run for those who qualify.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="decisions", db_index=False)
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="+", db_index=False
    )
    card = models.ForeignKey(
        "journeys.Card", models.PROTECT, null=True, related_name="+", db_index=False
    )
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome.choices)
    failed_at = models.PositiveSmallIntegerField(null=True)
    facts = models.JSONField(default=list)
    gate = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="decision_once", fields=["run", "customer"])]
        indexes = [
            models.Index(name="decision_of_customer", fields=["customer", "run"]),
            models.Index(name="decision_outcome", fields=["run", "outcome", "failed_at", "id"]),
        ]
