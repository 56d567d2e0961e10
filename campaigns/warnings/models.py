"""Alerts with what became of them, the limits they go by, and what was read so far."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.warnings.enums import Action, Kind, Severity, State, Subject
from campaigns.warnings.rules.limits import Limits
from campaigns.warnings.rules.states import MOVES, WITH_REASON

_FIGURE: dict[str, Any] = {"max_digits": 9, "decimal_places": 2}


class WarningRule(models.Model):
    """From a day on: from which figures on a kind of warning is given. Added to only."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    effective_date = models.DateField(_("in force from"))
    days = models.PositiveSmallIntegerField(_("days looked at"))
    fewest = models.PositiveIntegerField(
        _("fewest cases"), help_text=_("Of fewer nothing is said.")
    )
    wait = models.PositiveSmallIntegerField(
        _("days a fact may take"),
        help_text=_(
            "From issue to first use, from reward to refund; the last workdays of a month. 0 where "
            "the kind asks for none."
        ),
    )
    warn = models.DecimalField(_("warning from"), **_FIGURE)
    severe = models.DecimalField(_("severe from"), **_FIGURE)
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of warnings")
        verbose_name_plural = _("rules of warnings")
        constraints = [
            models.UniqueConstraint(name="warning_rule_once", fields=["kind", "effective_date"]),
            models.CheckConstraint(name="warning_rule_kind", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="warning_rule_bounds",
                condition=Q(days__range=(1, 730), fewest__gte=1, wait__lte=365, warn__gte=0)
                & ~Q(source=""),
            ),
            # Of a budget's days fewer are worse.
            models.CheckConstraint(
                name="warning_rule_in_order",
                condition=Q(kind=Kind.BUDGET, severe__lte=F("warn"), severe__gte=0)
                | ~Q(kind=Kind.BUDGET) & Q(severe__gte=F("warn")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_date}"

    @property
    def limits(self) -> Limits:
        return Limits(self.days, self.fewest, self.wait, self.warn, self.severe)


class PausePolicy(models.Model):
    """From a day on: what follows from an alert of a kind and severity. Added to only."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    severity = models.CharField(_("severity"), max_length=6, choices=Severity.choices)
    effective_date = models.DateField(_("in force from"))
    action = models.CharField(_("what follows"), max_length=5, choices=Action.choices)
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("policy of warnings")
        verbose_name_plural = _("policies of warnings")
        constraints = [
            models.UniqueConstraint(
                name="pause_policy_once", fields=["kind", "severity", "effective_date"]
            ),
            models.CheckConstraint(
                name="pause_policy_known",
                condition=Q(
                    kind__in=Kind.values, severity__in=Severity.values, action__in=Action.values
                )
                & ~Q(source=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.severity} {self.effective_date}"


class Alert(models.Model):
    """Something that somebody must look at: one row for one fact, whatever becomes of it.

    `subject_key` is the id of the row that it is about, or the reference of a version or text;
    `period` tells several facts of one subject apart. `evidence` is as it was last seen, `weight`
    how much it weighed then, and `judged_weight` what it did when it was last dismissed or settled.
    `round` counts how often it was opened. `campaign` is the one that a policy would stop,
    `concerned` who of the staff it is about. `branch` says who may see it. State and round follow
    the moves: a trigger holds that.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    subject = models.CharField(_("about"), max_length=8, choices=Subject.choices)
    subject_key = models.CharField(max_length=80)
    period = models.CharField(max_length=20, blank=True, default="")
    severity = models.CharField(_("severity"), max_length=6, choices=Severity.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    round = models.PositiveSmallIntegerField(default=1)
    weight = models.DecimalField(_("weight"), **_FIGURE)
    judged_weight = models.DecimalField(null=True, **_FIGURE)
    judged_severity = models.CharField(max_length=6, choices=Severity.choices, blank=True)
    evidence = models.JSONField()
    owner = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, null=True, related_name="alerts"
    )
    concerned = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, null=True, related_name="+")
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    # When a policy had its campaign stopped because of it.
    paused_at = models.DateTimeField(_("campaign stopped at"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="alert_once", fields=["kind", "subject", "subject_key", "period"]
            ),
            models.CheckConstraint(
                name="alert_words_known",
                condition=Q(
                    kind__in=Kind.values, subject__in=Subject.values, state__in=State.values,
                    severity__in=Severity.values,
                )
                & ~Q(subject_key=""),
            ),
            models.CheckConstraint(
                name="alert_names_whom_it_concerns",
                condition=(
                    Q(subject=Subject.STAFF, concerned__isnull=False)
                    | ~Q(subject=Subject.STAFF) & Q(concerned=None)
                )
                & (
                    Q(subject=Subject.CUSTOMER, customer__isnull=False)
                    | ~Q(subject=Subject.CUSTOMER) & Q(customer=None)
                ),
            ),
            models.CheckConstraint(
                name="alert_not_owned_by_whom_it_concerns",
                condition=Q(concerned=None) | ~Q(owner=F("concerned")),
            ),
            models.CheckConstraint(
                name="alert_seen_in_order",
                condition=Q(last_seen_at__gte=F("first_seen_at"), round__gte=1, weight__gte=0),
            ),
            models.CheckConstraint(
                name="alert_pause_is_of_campaign",
                condition=Q(paused_at=None) | Q(campaign__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="alert_latest", fields=["-last_seen_at", "-id"]),
            models.Index(
                name="alert_waiting", fields=["owner", "-last_seen_at"],
                condition=Q(state__in=[State.OPEN, State.LOOKING]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.subject_key} {self.period}".strip()

    @property
    def is_waiting(self) -> bool:
        return self.state in {State.OPEN, State.LOOKING}

    @property
    def is_severe(self) -> bool:
        return self.severity == Severity.SEVERE

    @property
    def tone(self) -> str:
        return {
            State.OPEN: "warning", State.LOOKING: "info", State.CONFIRMED: "danger",
            State.DISMISSED: "secondary", State.SETTLED: "success",
        }[State(self.state)]  # fmt: skip

    @property
    def severity_tone(self) -> str:
        return "danger" if self.is_severe else "warning"


_ALLOWED = Q()
for _from, _to in MOVES:
    _ALLOWED |= Q(from_state=_from, to_state=_to)


class AlertMove(models.Model):
    """One step of an alert: from which state to which, by whom (nobody: by the clock) and why, with
    what it weighed. A trigger refuses one that does not begin where the alert stands, and moves the
    alert. Added to only."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="moves")
    from_state = models.CharField(max_length=9, choices=State.choices)
    to_state = models.CharField(max_length=9, choices=State.choices)
    round = models.PositiveSmallIntegerField()
    weight = models.DecimalField(**_FIGURE)
    severity = models.CharField(max_length=6, choices=Severity.choices)
    actor = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="alert_move_allowed", condition=_ALLOWED),
            models.CheckConstraint(
                name="alert_move_has_reason",
                condition=~Q(to_state__in=sorted(WITH_REASON)) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="alert_move_by_person_or_clock",
                condition=Q(from_state__in=[State.DISMISSED, State.SETTLED], to_state=State.OPEN,
                            actor=None)
                | ~Q(from_state__in=[State.DISMISSED, State.SETTLED], to_state=State.OPEN)
                & Q(actor__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                name="alert_move_judged", fields=["alert", "round", "-id"],
                condition=Q(to_state__in=[State.CONFIRMED, State.DISMISSED]),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.alert_id} {self.from_state}-{self.to_state}"


class Appeal(models.Model):
    """The word of the member of staff whom an alert concerns, once for a round of it; somebody else
    decides, and not who confirmed the alert. Decided once; a trigger refuses all other changes."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="appeals", db_index=False)
    round = models.PositiveSmallIntegerField()
    said_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    words = models.TextField(_("the person's word"))
    said_at = models.DateTimeField(_("said at"))
    decided_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    is_upheld = models.BooleanField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="appeal_once", fields=["alert", "round"]),
            models.CheckConstraint(name="appeal_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="appeal_decided_by_another",
                condition=Q(decided_by=None, decided_at=None, is_upheld=None, reason="")
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_upheld__isnull=False)
                & ~Q(decided_by=F("said_by"))
                & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id}/{self.round}"

    @property
    def is_waiting(self) -> bool:
        return self.decided_by_id is None


class Trace(models.Model):
    """What a detector noted of one customer's day at a merchant, once, so that counts over weeks
    read few rows. `band` says where the sum of split purchases lies."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    day = models.DateField()
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, related_name="+", db_index=False
    )
    # What tells rows of one customer's day apart: the campaign, or who of the staff; none is 0.
    thing = models.BigIntegerField(default=0)
    times = models.PositiveIntegerField(default=1)
    band = models.CharField(max_length=6, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="trace_once", fields=["kind", "day", "customer", "merchant", "thing"]
            ),
            models.CheckConstraint(
                name="trace_known", condition=Q(kind__in=Kind.values, times__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day} {self.customer_id} {self.merchant_id}"


class GrantHour(models.Model):
    """How many rewards a campaign gave in an hour; counted again with every reward of the hour."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="+", db_index=False
    )
    hour = models.DateTimeField()
    grants = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="grant_hour_once", fields=["campaign", "hour"]),
            models.CheckConstraint(name="grant_hour_is_some", condition=Q(grants__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.hour}: {self.grants}"


class SweepMark(models.Model):
    """Up to which row of a table, or for which day, a sweep is sure to have read everything.

    `read_id` is the last id of which no earlier one can come any more. `seen_id` was the last one
    when the transaction of `seen_number` began: when every one with a lower number is over, it
    becomes `read_id`; until then what lies between is read again.
    """

    code = models.CharField(max_length=20, unique=True)
    read_id = models.BigIntegerField(default=0)
    seen_id = models.BigIntegerField(default=0)
    seen_number = models.BigIntegerField(default=0)
    day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sweep_mark_in_order",
                condition=Q(read_id__gte=0, seen_id__gte=F("read_id"), seen_number__gte=0),
            )
        ]

    def __str__(self) -> str:
        return self.code
