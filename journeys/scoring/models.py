"""Calls that were made, with what was known before each and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.scoring.enums import (
    CallResult,
    EarlierResult,
    Lack,
    PhoneKind,
    PotentialLack,
)
from journeys.scoring.rules.moved import LARGE, Drift, farthest_first


class PastCall(models.Model):
    """A call under the number of its source, as known on its day before the phone rang, and its
    result. What is not known stays empty. How long it took has no column: a model could learn from
    it what nobody knows beforehand.
    """

    number = models.CharField(_("call number"), max_length=40, unique=True)
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, null=True, related_name="+")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    called_date = models.DateField(_("called on"))
    attempts = models.PositiveSmallIntegerField(_("calls in this campaign, this one with them"))
    since_days = models.PositiveSmallIntegerField(
        _("days since the last contact of an earlier campaign"), null=True
    )
    earlier = models.PositiveSmallIntegerField(_("contacts in earlier campaigns"))
    earlier_result = models.CharField(
        _("result of the earlier campaign"), max_length=8, choices=EarlierResult.choices, blank=True
    )
    channel = models.CharField(
        _("kind of phone"), max_length=8, choices=PhoneKind.choices, blank=True
    )
    result = models.CharField(_("result"), max_length=8, choices=CallResult.choices)
    balance = models.DecimalField(
        _("average balance (CNY)"), max_digits=14, decimal_places=2, null=True
    )
    in_default = models.BooleanField(_("a credit is in default"), null=True)
    has_housing_loan = models.BooleanField(_("has a housing loan"), null=True)
    has_loan = models.BooleanField(_("has another loan"), null=True)
    age = models.PositiveSmallIntegerField(_("age"), null=True)
    job = models.CharField(_("occupation"), max_length=40, blank=True)
    marital = models.CharField(_("marital status"), max_length=40, blank=True)
    education = models.CharField(_("education"), max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(name="past_call_day", fields=["called_date", "id"])]
        constraints = [
            models.CheckConstraint(name="past_call_counts_itself", condition=Q(attempts__gte=1)),
            models.CheckConstraint(
                name="past_call_earlier_was_some",
                condition=Q(earlier__gte=1) | Q(since_days=None, earlier_result=""),
            ),
            models.CheckConstraint(
                name="past_call_age_of_a_person",
                condition=Q(age=None) | Q(age__gte=16, age__lte=120),
            ),
            models.CheckConstraint(
                name="past_call_result_known", condition=Q(result__in=CallResult.values)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CallModel(models.Model):
    """A version of the model of calls: what it learned, as numbers (`rules.model`), or what it
    lacks. Its figures are those of a training without the last calls, measured on them. Rows are
    only added."""

    made_at = models.DateTimeField(_("trained at"))
    made_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    with_traits = models.BooleanField(_("with personal traits"))
    learned = models.JSONField(_("what it learned"), null=True)
    lacks = models.CharField(_("what it lacks"), max_length=10, choices=Lack.choices, blank=True)
    known = models.PositiveIntegerField(_("calls on file at the time"))
    calls = models.PositiveIntegerField(_("calls it learned from"))
    held_out = models.PositiveIntegerField(_("calls it was measured on"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    figures = models.JSONField(_("figures"))
    parts = models.JSONField(_("how its calls were spread"))

    class Meta:
        indexes = [models.Index(name="call_model_newest", fields=["with_traits", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="call_model_learned_or_lacks",
                condition=Q(learned=None, lacks__in=Lack.values)
                | Q(learned__isnull=False, lacks=""),
            ),
            models.CheckConstraint(
                name="call_model_days_in_order", condition=Q(first_day__lte=models.F("last_day"))
            ),
            models.CheckConstraint(
                name="call_model_held_out_of_calls", condition=Q(held_out__lte=models.F("calls"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class PotentialModel(models.Model):
    """A version of the model of potential: what it learned, as numbers (`rules.model`), or what it
    lacks. Its figures are those of a training on `first_day` with what came by `middle_day`,
    measured on `middle_day` with what came by `last_day`. Rows are only added."""

    made_at = models.DateTimeField(_("trained at"))
    made_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    with_traits = models.BooleanField(_("with personal traits"))
    learned = models.JSONField(_("what it learned"), null=True)
    lacks = models.CharField(
        _("what it lacks"), max_length=10, choices=PotentialLack.choices, blank=True
    )
    customers = models.PositiveIntegerField(_("customers it learned from"))
    held_out = models.PositiveIntegerField(_("customers it was measured on"))
    first_day = models.DateField(_("first day"))
    middle_day = models.DateField(_("day it was measured on"))
    last_day = models.DateField(_("last day"))
    figures = models.JSONField(_("figures"))
    parts = models.JSONField(_("how its customers were spread"))

    class Meta:
        indexes = [models.Index(name="potential_model_newest", fields=["with_traits", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="potential_model_learned_or_lacks",
                condition=Q(learned=None, lacks__in=PotentialLack.values)
                | Q(learned__isnull=False, lacks=""),
            ),
            models.CheckConstraint(
                name="potential_model_days_in_order",
                condition=Q(
                    first_day__lt=models.F("middle_day"), middle_day__lt=models.F("last_day")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class DriftDay(models.Model):
    """How far things were at the end of a day from those that a version learned from, of calls or
    of potential: the index of stability of each fact, and of the one that moved farthest. Rows are
    only added."""

    call_model = models.ForeignKey(
        CallModel, models.PROTECT, null=True, related_name="days", db_index=False
    )
    potential_model = models.ForeignKey(
        PotentialModel, models.PROTECT, null=True, related_name="days", db_index=False
    )
    day = models.DateField(_("day"))
    counted_at = models.DateTimeField(_("counted at"))
    compared = models.PositiveIntegerField(_("calls or customers that were compared"))
    fact = models.CharField(_("fact that moved farthest"), max_length=20)
    index = models.FloatField(_("its index of stability"))
    facts = models.JSONField(_("index of stability of each fact"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="drift_day_of_calls_once", fields=["call_model", "day"]),
            models.UniqueConstraint(
                name="drift_day_of_people_once", fields=["potential_model", "day"]
            ),
            models.CheckConstraint(
                name="drift_day_of_one_version",
                condition=Q(call_model=None, potential_model__isnull=False)
                | Q(call_model__isnull=False, potential_model=None),
            ),
            models.CheckConstraint(
                name="drift_day_compared_some",
                condition=Q(compared__gt=0, index__gte=0) & ~Q(fact=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.index:.2f}"

    @property
    def is_beyond(self) -> bool:
        """Whether something moved so far that the version wants looking at."""
        return self.index >= LARGE

    @property
    def version_id(self) -> int | None:
        return self.call_model_id or self.potential_model_id

    @property
    def moved(self) -> list[Drift]:
        """Each fact, the one that moved farthest first."""
        return farthest_first([Drift(fact, index) for fact, index in self.facts.items()])


class TraitsChoice(models.Model):
    """Whether calls of a branch, and of those below it without a word of their own, are scored by
    the model that reads personal traits. The latest counts; rows are only added."""

    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    with_traits = models.BooleanField(_("with personal traits"))
    reason = models.TextField(_("reason"))
    chosen_at = models.DateTimeField(_("chosen at"))
    chosen_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(name="traits_choice_newest", fields=["branch", "-id"])]
        constraints = [
            models.CheckConstraint(name="traits_choice_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.branch_id}: {self.with_traits}"
