"""Service cases, complaints, their limits and their history."""

import datetime as dt

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from journeys.care.enums import (
    CareChannel,
    CareEventKind,
    CaseState,
    CauseKind,
    ComplaintState,
    Grade,
)
from journeys.care.rules import SUBJECT_LENGTH
from portal.kit import keys

_TONES: dict[str, str] = {
    ComplaintState.OPEN: "warning",
    ComplaintState.ANSWERED: "info",
    ComplaintState.CLOSED: "secondary",
}
_WITH_REFERENCE = [CauseKind.CAMPAIGN, CauseKind.SCRIPT]
# The last day on which an answer is in time.
_DUE = Least(
    ExpressionWrapper(
        F("opened_date") + F("limit_days") + F("extension_days"), output_field=models.DateField()
    ),
    F("bound_date"),
)


class ComplaintRule(models.Model):
    """The limits in force from a day on, with their source beside them. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    simple_days = models.PositiveSmallIntegerField(_("days for a simple complaint"))
    complex_days = models.PositiveSmallIntegerField(_("days for a complex or special one"))
    extension_days = models.PositiveSmallIntegerField(_("further days for a special one"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("complaint rule")
        verbose_name_plural = _("complaint rules")
        constraints = [
            models.CheckConstraint(
                name="complaint_rule_days",
                condition=Q(
                    simple_days__gte=1, complex_days__gte=F("simple_days"), extension_days__gte=1
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.effective_date)


class Complaint(models.Model):
    """A complaint with its clock. Words of the customer are kept with numbers masked.

    `opened_date` is the day from which the clock runs: that of the opening, or of the latest
    opening again; rounds that are over stand in ComplaintRound. `bound_date` is the end of a limit
    that was over before its source told of a longer one. `is_handled_here` marks what staff
    made or worked on in the portal: files of the source change it no more.
    """

    number = models.CharField(_("complaint number"), max_length=40, unique=True)
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="complaints")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=12, choices=CareChannel.choices)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=ComplaintState.choices, default=ComplaintState.OPEN
    )
    words = models.TextField(_("the customer's words"))
    opened_date = models.DateField(_("opened on"))
    limit_days = models.PositiveSmallIntegerField()
    extension_days = models.PositiveSmallIntegerField(default=0)
    bound_date = models.DateField(null=True)
    due_date = models.GeneratedField(
        expression=_DUE,
        output_field=models.DateField(_("to be answered by")),
        db_persist=True,
    )
    extension_reason = models.TextField(_("reason of the extension"), blank=True)
    extension_asked_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+"
    )
    extended_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    extended_date = models.DateField(null=True)
    answered_date = models.DateField(_("answered on"), null=True)
    closed_date = models.DateField(_("closed on"), null=True)
    as_of = models.DateTimeField(_("as of"), null=True)
    heard_at = models.DateTimeField(_("received without an instant"), null=True)
    cause_kind = models.CharField(
        _("root cause"), max_length=10, choices=CauseKind.choices, blank=True
    )
    cause_reference = models.CharField(_("reference of the cause"), max_length=80, blank=True)
    cause_staff = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    remedy = models.TextField(_("remedy"), blank=True)
    is_handled_here = models.BooleanField(default=True)

    class Meta:
        constraints = [
            keys.addressable("complaint_number_addressable"),
            models.CheckConstraint(
                name="complaint_grade_known", condition=Q(grade__in=Grade.values)
            ),
            models.CheckConstraint(
                name="complaint_state_known", condition=Q(state__in=ComplaintState.values)
            ),
            models.CheckConstraint(name="complaint_has_words", condition=~Q(words="")),
            models.CheckConstraint(name="complaint_has_limit", condition=Q(limit_days__gte=1)),
            models.CheckConstraint(
                name="complaint_answered_has_date",
                condition=Q(state="open", answered_date=None)
                | (~Q(state="open") & Q(answered_date__isnull=False)),
            ),
            models.CheckConstraint(
                name="complaint_closed_has_end",
                condition=(Q(state="closed", closed_date__isnull=False) & ~Q(remedy=""))
                | (~Q(state="closed") & Q(closed_date=None)),
            ),
            models.CheckConstraint(
                name="complaint_closed_has_cause",
                condition=~Q(state="closed") | Q(cause_kind__in=CauseKind.values),
            ),
            models.CheckConstraint(
                name="complaint_days_in_order",
                condition=(Q(answered_date=None) | Q(answered_date__gte=F("opened_date")))
                & (Q(closed_date=None) | Q(closed_date__gte=F("answered_date"))),
            ),
            models.CheckConstraint(
                name="complaint_cause_has_reference",
                condition=~Q(cause_kind__in=_WITH_REFERENCE) | ~Q(cause_reference=""),
            ),
            models.CheckConstraint(
                name="complaint_cause_names_staff",
                condition=Q(cause_kind="staff", cause_staff__isnull=False)
                | (~Q(cause_kind="staff") & Q(cause_staff=None)),
            ),
            models.CheckConstraint(
                name="complaint_extended_by_another",
                condition=Q(extension_days=0, extended_by=None)
                | (
                    Q(extension_days__gt=0, grade="special", extended_by__isnull=False)
                    & Q(extension_asked_by__isnull=False)
                    & ~Q(extension_reason="")
                    & ~Q(extended_by=F("extension_asked_by"))
                ),
            ),
            # What was overdue does not become timely.
            models.CheckConstraint(
                name="complaint_extended_in_time",
                condition=Q(extension_days=0, extended_date=None)
                | Q(
                    extension_days__gt=0,
                    extended_date__isnull=False,
                    extended_date__lte=ExpressionWrapper(
                        F("opened_date") + F("limit_days"), output_field=models.DateField()
                    ),
                ),
            ),
            # Days that are allowed in time lift what bound it.
            models.CheckConstraint(
                name="complaint_bound_or_extended",
                condition=Q(bound_date=None) | Q(extension_days=0),
            ),
        ]
        indexes = [
            models.Index(
                name="complaint_running", fields=["due_date", "id"], condition=Q(state="open")
            ),
            models.Index(name="complaint_opened", fields=["-opened_date", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether its clock runs."""
        return self.state == ComplaintState.OPEN

    @property
    def is_answered(self) -> bool:
        return self.state == ComplaintState.ANSWERED

    @property
    def first_opened(self) -> dt.date:
        """The day of its first opening, which lists of complaints tell."""
        day: dt.date = vars(self)["day_first_opened"]
        return day

    @property
    def may_be_extended(self) -> bool:
        """Whether an extension may be asked for, once."""
        return self.is_open and self.grade == Grade.SPECIAL and not self.extension_reason

    @property
    def waits_for_extension(self) -> bool:
        return bool(self.extension_reason) and not self.extension_days

    @property
    def state_tone(self) -> str:
        """The colour of its badge."""
        return _TONES.get(self.state, "secondary")


class ComplaintRound(models.Model):
    """A round of a complaint that is over (`is_over`), because it was opened again: its clock, and
    how it ended. One that staff ended by opening the complaint again is written by a trigger, and
    added to only.

    Of each clock that files of a source told, the present one too, there is one row: when it was
    told first and last, and how it stood at last. Which of them are over, and what binds them,
    follows from them all, in whatever order they came (`journeys_tell_complaint_clock`).

    The day of the answer is missing where nobody told it.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="rounds")
    opened_date = models.DateField()
    limit_days = models.PositiveSmallIntegerField()
    extension_days = models.PositiveSmallIntegerField()
    bound_date = models.DateField(null=True)
    due_date = models.GeneratedField(
        expression=_DUE,
        output_field=models.DateField(),
        db_persist=True,
    )
    answered_date = models.DateField(null=True)
    closed_date = models.DateField(null=True)
    cause_kind = models.CharField(max_length=10, choices=CauseKind.choices, blank=True)
    cause_reference = models.CharField(max_length=80, blank=True)
    cause_staff = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    is_over = models.BooleanField(db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="complaint_round_told_once",
                fields=["complaint", "opened_date", "limit_days"],
                condition=Q(last_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_round_has_limit", condition=Q(limit_days__gte=1)
            ),
            models.CheckConstraint(
                name="complaint_round_told_or_over",
                condition=Q(first_at=None, last_at=None, is_over=True)
                | Q(first_at__isnull=False, last_at__gte=F("first_at"), extension_days=0),
            ),
            models.CheckConstraint(
                name="complaint_round_in_order",
                condition=(Q(answered_date=None) | Q(answered_date__gte=F("opened_date")))
                & (
                    Q(closed_date=None)
                    | Q(answered_date=None)
                    | Q(closed_date__gte=F("answered_date"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint.number} ({self.opened_date})"


class ServiceCase(models.Model):
    """What a customer asked of the bank, short of a complaint."""

    number = models.CharField(_("case number"), max_length=40, unique=True)
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="cases")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=12, choices=CareChannel.choices)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    state = models.CharField(
        _("state"), max_length=8, choices=CaseState.choices, default=CaseState.OPEN
    )
    owner = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    opened_date = models.DateField(_("opened on"))
    closed_date = models.DateField(_("closed on"), null=True)
    as_of = models.DateTimeField(_("as of"), null=True)
    heard_at = models.DateTimeField(_("received without an instant"), null=True)
    is_handled_here = models.BooleanField(default=True)

    class Meta:
        constraints = [
            keys.addressable("case_number_addressable"),
            models.CheckConstraint(
                name="case_state_known", condition=Q(state__in=CaseState.values)
            ),
            models.CheckConstraint(name="case_has_subject", condition=~Q(subject="")),
            models.CheckConstraint(
                name="case_closed_has_date",
                condition=Q(state="closed", closed_date__gte=F("opened_date"))
                & Q(closed_date__isnull=False)
                | (~Q(state="closed") & Q(closed_date=None)),
            ),
        ]
        indexes = [models.Index(name="case_opened", fields=["-opened_date", "-id"])]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state == CaseState.OPEN

    @property
    def state_tone(self) -> str:
        """The colour of its badge."""
        return "info" if self.is_open else "secondary"


class CareEvent(models.Model):
    """One step in the history of a complaint or a case. Added to only."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="events")
    case = models.ForeignKey(ServiceCase, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(_("step"), max_length=20, choices=CareEventKind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="care_event_of_one_thing",
                condition=Q(complaint=None, case__isnull=False)
                | Q(complaint__isnull=False, case=None),
            ),
            models.CheckConstraint(
                name="care_event_kind_known", condition=Q(kind__in=CareEventKind.values)
            ),
        ]

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """The step in words. An opening was the first one when it came in; where an earlier one
        came later (`is_again`), it was an opening again."""
        is_again = vars(self).get("is_again", False)
        return str(CareEventKind(CareEventKind.REOPENED if is_again else self.kind).label)

    @property
    def told_words(self) -> str:
        """The words for who reads them: as somebody wrote them."""
        return self.words
