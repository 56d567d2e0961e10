"""Runs over all customers, cut into chunks, and the decision for each customer."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.eligibility import rules
from campaigns.eligibility.enums import ChunkState, Outcome, RunKind, RunState, WholeReason
from campaigns.planning.rules import drift
from campaigns.rewards.enums import AwardAnswer
from journeys.contact.enums import Channel, GateAnswer

_RUN_TONES = {
    RunState.RUNNING: "info",
    RunState.DONE: "success",
    RunState.FAILED: "danger",
    RunState.STOPPED: "warning",
}
_OUTCOME_TONES = {
    Outcome.QUALIFIED: "success",
    Outcome.NOT_QUALIFIED: "warning",
    Outcome.NO_TIER: "warning",
}
# The earliest day as of which a live run that is started now may be, wherever the bank is.
_EARLIEST_LIVE = ExpressionWrapper(
    TruncDate("started_at", tzinfo=dt.UTC) - 2 * rules.MOST_BEHIND,
    output_field=models.DateTimeField(),
)


class Run(models.Model):
    """One evaluation of a campaign version over all customers, as of the end of `on_date`; a
    back-test of each day from `first_date` to it. `figures` is what came of it, written down when
    the run ends, so that its page counts nothing; `measured` is what a cleared live one reaches.

    A live run may stand on an earlier one, its `base`: it decides about those alone who may have
    changed since, and the decisions of the base count for all others, `carried` of them. `mark`
    says which transactions the run is sure to have seen, see `queries.carrying`. Live runs started
    `together_with` an earlier one take turns with it, see `queries.turns`."""

    version = models.ForeignKey("campaigns.CampaignVersion", models.PROTECT, related_name="runs")
    # A trigger sets it, so that the database can see two live runs of one campaign.
    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="runs", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=RunKind.choices)
    first_date = models.DateField(_("from"), null=True)
    on_date = models.DateField(_("as of"))
    state = models.CharField(
        _("state"), max_length=8, choices=RunState.choices, default=RunState.RUNNING
    )
    started_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    # When a live run was found to be what was approved; before it gives nothing.
    cleared_at = models.DateTimeField(null=True)
    # The message texts that were approved, word for word: these it sends, and no later ones.
    texts = models.JSONField(null=True)
    figures = models.JSONField(null=True)
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    together_with = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False
    )
    mark = models.TextField(blank=True)
    whole_reason = models.CharField(max_length=10, choices=WholeReason.choices, blank=True)
    carried = models.PositiveIntegerField(default=0)
    carried_qualified = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="run_back_test_has_span",
                condition=Q(kind="back_test", first_date__isnull=False)
                & Q(first_date__lte=F("on_date"))
                | ~Q(kind="back_test") & Q(first_date=None),
            ),
            models.UniqueConstraint(
                name="run_one_live_at_a_time",
                fields=["campaign"],
                condition=Q(kind="live", state="running"),
            ),
            models.CheckConstraint(
                name="run_live_is_of_its_day",
                condition=~Q(kind="live") | Q(on_date__gte=_EARLIEST_LIVE),
            ),
            models.CheckConstraint(
                name="run_finished_has_time",
                condition=Q(state="running", finished_at=None)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="run_cleared_has_texts",
                condition=Q(cleared_at=None) | Q(texts__isnull=False),
            ),
            models.CheckConstraint(
                name="run_together_is_live",
                condition=Q(together_with=None) | Q(kind="live", together_with__lt=F("id")),
            ),
            models.CheckConstraint(
                name="run_carries_live",
                condition=Q(base=None, carried=0, carried_qualified=0)
                | Q(kind="live", base__isnull=False, whole_reason=""),
            ),
        ]
        indexes = [models.Index(name="run_started", fields=["-started_at"])]

    def __str__(self) -> str:
        return f"{self.version} {self.kind} {self.on_date}"

    @property
    def is_running(self) -> bool:
        return self.state == RunState.RUNNING

    @property
    def is_live(self) -> bool:
        return self.kind == RunKind.LIVE

    @property
    def is_preview(self) -> bool:
        return self.kind == RunKind.PREVIEW

    @property
    def is_back_test(self) -> bool:
        return self.kind == RunKind.BACK_TEST

    @property
    def has_failed(self) -> bool:
        return self.state == RunState.FAILED

    @property
    def was_stopped(self) -> bool:
        return self.state == RunState.STOPPED

    @property
    def gave_nothing(self) -> bool:
        """Whether it is a live run that was stopped before anything was given."""
        return self.is_live and self.was_stopped and self.cleared_at is None

    @property
    def outlasted(self) -> bool:
        """Whether the run was stopped because the campaign's days were over."""
        return self.was_stopped and self.failure == rules.DAYS_OVER

    @property
    def is_outdated(self) -> bool:
        """Whether the run was stopped because its day had come to be too long past."""
        return self.was_stopped and self.failure == rules.DAY_PAST

    @property
    def has_drifted(self) -> bool:
        """Whether the run was stopped because it is not what was approved."""
        return self.was_stopped and self.failure == rules.DRIFTED

    @property
    def lost_approval(self) -> bool:
        """Whether the run was stopped because its version was not approved any more."""
        return self.was_stopped and self.failure == rules.NOT_APPROVED

    @property
    def lost_text(self) -> bool:
        """Whether the run was stopped because a message text is not there any more, or is not the
        one that was approved."""
        return self.was_stopped and self.failure == rules.TEXT_WITHDRAWN

    @property
    def drift(self) -> str:
        """What moved too far from what was approved, in the active language."""
        found = (self.figures or {}).get("drift", [])
        return drift.sentences([drift.read_drift(one) for one in found])

    @property
    def seconds(self) -> float | None:
        """How long the run took; None while it is going on."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    @property
    def tone(self) -> str:
        return _RUN_TONES[RunState(self.state)]


class RunChunk(models.Model):
    """Customers with ids from `first_id` to before `end_id`, in a run that stands on another those
    of `customer_ids` alone: decided in one transaction, settled in another. `on_date` is the day of
    a back-test that the chunk is about, null in other runs. `counts` is what was found, as
    `rules.Tally` writes it."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    end_id = models.BigIntegerField()
    customer_ids = ArrayField(models.BigIntegerField(), null=True)
    on_date = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=ChunkState.choices, default=ChunkState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    settle_attempts = models.PositiveSmallIntegerField(default=0)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    decided = models.PositiveIntegerField(default=0)
    qualified = models.PositiveIntegerField(default=0)
    queued = models.PositiveIntegerField(default=0)
    granted = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="chunk_number_once", fields=["run", "number"]),
            models.CheckConstraint(name="chunk_span", condition=Q(first_id__lt=F("end_id"))),
        ]
        indexes = [
            models.Index(
                name="chunk_unfinished",
                fields=["enqueued_at"],
                condition=Q(state__in=["pending", "decided"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"

    @property
    def day(self) -> dt.date:
        """The day at whose end things are looked at."""
        return self.on_date or self.run.on_date

    @property
    def is_of_last_day(self) -> bool:
        return self.day == self.run.on_date

    @property
    def has_lost_worker(self) -> bool:
        return self.failure == rules.WORKER_LOST


class Decision(models.Model):
    """The decision for one customer in one run, with what each condition found.

    `facts` is a list, one entry per condition of the rule in order: `[met, value]`, where `met`
    is null for a condition that was not examined because a cheaper one had already failed; for
    those who meet the rule, the conditions of the tiers follow. `failed_at` is the position of the
    first condition that failed, null where none did; `reached` holds the positions of the tiers
    reached. For those who qualify, `award` is the answer of the rewards, `awarded` what it is worth
    (CNY), `given` the positions of the tiers given, null where none was, and `gate` the answer of
    the contact gate about those who have the reward. `other` is the campaign of the exclusive group
    that had given something, where that ruled the reward out.

    In a back-test, `decided_date` is the day that was looked at, and `came_at` the instant by
    which the customer had come to qualify. In a live run, `again_date` is the first day from which
    a later run has to decide anew although no fact was written since; null where there is none,
    and `rules.BOOK_DAY` where that hangs on the book of the campaign alone.

    The days of the card are those that were known then: facts that are corrected later do not
    change what a receipt says. `gap` is the sum of spending that alone was missing, and `deadline`
    the last day on which it could be made up for; null where something else was missing.
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
    reached = ArrayField(models.PositiveSmallIntegerField(), default=list)
    award = models.CharField(_("reward"), max_length=20, blank=True)
    awarded = models.DecimalField(_("awarded (CNY)"), max_digits=12, decimal_places=2, null=True)
    given = ArrayField(models.PositiveSmallIntegerField(), null=True)
    other = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, null=True, related_name="+", db_index=False
    )
    gate = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=8, blank=True)
    decided_date = models.DateField(null=True)
    came_at = models.DateTimeField(null=True)
    again_date = models.DateField(null=True)
    issued_date = models.DateField(null=True)
    filed_date = models.DateField(null=True)
    activated_date = models.DateField(null=True)
    gap = models.DecimalField(_("missing (CNY)"), max_digits=14, decimal_places=2, null=True)
    deadline = models.DateField(_("last day"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="decision_once", fields=["run", "customer"]),
            models.CheckConstraint(
                name="decision_given_is_granted", condition=Q(given=None) | Q(award="granted")
            ),
            models.CheckConstraint(
                name="decision_card_has_days",
                condition=Q(card=None) | Q(issued_date__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_near_has_deadline",
                condition=Q(gap=None, deadline=None)
                | Q(gap__gt=0, deadline__isnull=False, outcome__in=["not_qualified", "no_tier"]),
            ),
            models.CheckConstraint(
                name="decision_other_of_group",
                condition=Q(award="other_of_group", other__isnull=False)
                | ~Q(award="other_of_group") & Q(other=None),
            ),
            models.CheckConstraint(
                name="decision_award_of_qualified",
                condition=Q(award="", awarded=None)
                | ~Q(award="") & Q(outcome="qualified", awarded__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="decision_of_customer", fields=["customer", "run"]),
            models.Index(name="decision_outcome", fields=["run", "outcome", "failed_at", "id"]),
            models.Index(
                name="decision_near",
                fields=["run", "gap", "deadline", "id"],
                condition=Q(gap__isnull=False),
            ),
            models.Index(
                name="decision_again",
                fields=["run", "again_date"],
                condition=Q(again_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.customer_id}"

    @property
    def is_qualified(self) -> bool:
        return self.outcome == Outcome.QUALIFIED

    @property
    def tone(self) -> str:
        return _OUTCOME_TONES.get(Outcome(self.outcome), "secondary")

    @property
    def day(self) -> dt.date:
        """The day at whose end things were looked at."""
        return self.decided_date or self.run.on_date

    @property
    def cut_short(self) -> str:
        """That its live run ended before this decision gave anything; empty where it did not."""
        if self.run.gave_nothing:
            return gettext("This run was stopped before anything was given.")
        is_open = self.is_qualified and not self.award
        if is_open and self.run.is_live and not self.run.is_running:
            return gettext("This run ended before anything was given to this customer.")
        return ""

    @property
    def award_label(self) -> str:
        """The answer of the rewards in words; empty where they were not asked."""
        if self.other is not None:
            text = gettext("Given to by another campaign of the group: {campaign}")
            return text.format(campaign=self.other.label)
        return str(AwardAnswer(self.award).label) if self.award else ""

    @property
    def gate_label(self) -> str:
        """The gate's answer in words; empty where it was not asked."""
        return str(GateAnswer(self.gate).label) if self.gate else ""

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label) if self.channel else ""


class FactChange(models.Model):
    """That facts about a customer were written by a transaction, the latest of them of `last_date`.
    Triggers add these rows, one for each statement and customer; `customer_id` 0 stands for
    everybody, where a table changed that many facts are read with. `campaign_id` is set where a
    campaign gave something, which concerns only those that ask for it; with `customer_id` 0 it says
    that the campaign's book allows more than before. Added to only, and dropped
    once no run can stand on an earlier one any more."""

    customer_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField(null=True)
    transaction_id = models.BigIntegerField()
    last_date = models.DateField()

    class Meta:
        indexes = [
            models.Index(name="fact_change_seen", fields=["transaction_id"]),
            models.Index(name="fact_change_day", fields=["last_date"]),
            models.Index(
                name="fact_change_at_large", fields=["transaction_id"], condition=Q(customer_id=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.last_date}"
