"""Plans of targets: what is aimed at in each month, split down the tree of branches, teams and
persons."""

import datetime as dt
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.targets.enums import Level, Period, PlanState
from journeys.targets.rules import measures, splitting


class TargetPlan(models.Model):
    """What a branch aims at by one measure, for a year, a quarter or a month from `first_date` on.

    `basis` says in words what it was planned from. It may derive from a node of another plan: then
    its root has what that node has. While it is a draft it may change; triggers hold everything of
    it from its submission on. One that `replaces` another is its next version. Of a measure that
    adds up (`is_additive`) parts never come to more than their whole.
    """

    name = models.CharField(_("name"), max_length=80)
    measure = models.CharField(_("measure"), max_length=40)
    is_additive = models.BooleanField()
    product = models.ForeignKey("journeys.CardProduct", models.PROTECT, null=True, related_name="+")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    owner = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    period = models.CharField(_("period"), max_length=8, choices=Period.choices)
    first_date = models.DateField(_("first day"))
    basis = models.CharField(_("what it was planned from"), max_length=300)
    derives_from = models.ForeignKey(
        "journeys.TargetNode", models.PROTECT, null=True, related_name="plans"
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="versions")
    why = models.CharField(_("why it is replaced"), max_length=300, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=8, choices=PlanState.choices, default=PlanState.DRAFT
    )
    submission = models.OneToOneField(
        "portal.Submission", models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="target_plan_said", condition=~Q(name="") & ~Q(measure="") & ~Q(basis="")
            ),
            models.CheckConstraint(
                name="target_plan_known",
                condition=Q(period__in=Period.values, state__in=PlanState.values),
            ),
            models.CheckConstraint(name="target_plan_from_a_month", condition=Q(first_date__day=1)),
            models.CheckConstraint(
                name="target_plan_version_with_reason",
                condition=Q(version=1, replaces=None, why="")
                | Q(version__gt=1, replaces__isnull=False) & ~Q(why=""),
            ),
            models.CheckConstraint(
                name="target_plan_submitted",
                condition=Q(state=PlanState.DRAFT) | Q(submission__isnull=False),
            ),
            models.UniqueConstraint(
                name="target_plan_one_in_force",
                fields=["measure", "branch", "product", "period", "first_date"],
                condition=Q(state=PlanState.APPROVED),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(name="target_plan_newest", fields=["-first_date", "-id"])]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"TP{self.pk:06d}"

    @property
    def months(self) -> list[dt.date]:
        """The first days of its months."""
        return splitting.months_of(self.first_date, splitting.MONTHS_OF[self.period])

    @property
    def end_date(self) -> dt.date:
        """The day after its last one."""
        return splitting.next_month(self.months[-1])

    @property
    def last_day(self) -> dt.date:
        return self.end_date - dt.timedelta(days=1)

    @property
    def of_measure(self) -> measures.Measure | None:
        """Its measure, None where the book has it no more."""
        return measures.find_measure(self.measure)

    @property
    def measure_name(self) -> str:
        found = self.of_measure
        return str(found.name) if found else self.measure

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT

    @property
    def is_waiting(self) -> bool:
        return self.state == PlanState.WAITING

    @property
    def is_approved(self) -> bool:
        return self.state == PlanState.APPROVED

    @property
    def is_replaced(self) -> bool:
        return self.state == PlanState.REPLACED


class TargetNode(models.Model):
    """Whose target it is: a branch, a team of one, or a person. The root of a plan has no parent.
    Where it says neither team nor person it is the branch itself, with those below it."""

    plan = models.ForeignKey(TargetPlan, models.PROTECT, related_name="nodes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    team = models.ForeignKey("portal.Team", models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")

    # Value by month, as `queries.tree_of` tells.
    values: dict[dt.date, Decimal]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="target_node_once",
                fields=["plan", "branch", "team", "staff"],
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="target_node_one_root", fields=["plan"], condition=Q(parent=None)
            ),
            models.CheckConstraint(
                name="target_node_of_one", condition=Q(team=None) | Q(staff=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.level}"

    @property
    def level(self) -> Level:
        if self.staff_id is not None:
            return Level.PERSON
        return Level.BRANCH if self.team_id is None else Level.TEAM

    @property
    def subject_id(self) -> int:
        """The id of the branch, team or person that it is about."""
        return self.staff_id or self.team_id or self.branch_id

    @property
    def label(self) -> str:
        """The name of whom it is about."""
        return str(self.staff or self.team or self.branch)

    @property
    def total(self) -> Decimal:
        """All its months together."""
        return sum(self.values.values(), Decimal(0))


class TargetCell(models.Model):
    """What a node aims at in a month."""

    node = models.ForeignKey(TargetNode, models.CASCADE, related_name="cells", db_index=False)
    month = models.DateField(_("month"))
    value = models.DecimalField(_("target"), max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="target_cell_once", fields=["node", "month"]),
            models.CheckConstraint(name="target_cell_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(name="target_cell_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.month}: {self.value}"
