"""The pool of a branch: its policy, who had which lead, and how leads were assigned."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import HoldEnd, LeadState, MovePath, PoolSight

_LEAVING = (MovePath.RELEASE, MovePath.TAKE_BACK, MovePath.RETURN)
_ENTERING = (MovePath.CLAIM, MovePath.ASSIGN)
_OPEN = (LeadState.NEW, LeadState.WORKING)
# What goes back into a pool, or is called off.
BACK = (*_LEAVING, MovePath.CALL_OFF)


class PoolPolicy(models.Model):
    """What holds for the leads of a branch from a day on; without a branch, for the whole bank.

    A branch follows the nearest one above that has a policy in force; with `is_lifted` it follows
    that one again. The latest row that has come is in force. A trigger refuses update and delete.
    """

    effective_date = models.DateField(_("in force from"))
    branch = models.ForeignKey("portal.Branch", models.PROTECT, null=True, related_name="+")
    is_lifted = models.BooleanField(_("follows the branch above again"), default=False)
    sight = models.CharField(
        _("who takes leads from the pool"),
        max_length=8,
        choices=PoolSight.choices,
        default=PoolSight.BRANCH,
    )
    claim_cap = models.PositiveSmallIntegerField(_("open leads of one person at most"), default=100)
    protection_days = models.PositiveSmallIntegerField(_("days of protection"), default=15)
    extension_days = models.PositiveSmallIntegerField(
        _("days of protection after each activity"), default=10
    )
    longest_days = models.PositiveSmallIntegerField(_("days of protection at most"), default=60)
    cooldown_days = models.PositiveSmallIntegerField(
        _("days until the former owner may have it again"), default=7
    )
    hold_minutes = models.PositiveSmallIntegerField(
        _("minutes that a lead stays in hand"), default=20, db_default=20
    )
    most_attempts = models.PositiveSmallIntegerField(
        _("calls of one lead at most"), default=6, db_default=6
    )
    again_hours = models.PositiveSmallIntegerField(
        _("hours until a lead is called again"), default=20, db_default=20
    )
    source = models.CharField(_("source of the rule"), max_length=200)
    set_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("policy of a pool")
        verbose_name_plural = _("policies of pools")
        constraints = [
            models.UniqueConstraint(
                name="pool_policy_once", fields=["branch", "effective_date"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="pool_policy_lifted_of_a_branch",
                condition=Q(is_lifted=False) | Q(branch__isnull=False),
            ),
            models.CheckConstraint(
                name="pool_policy_bounds",
                condition=Q(
                    sight__in=PoolSight.values, claim_cap__range=(1, 2000),
                    protection_days__range=(1, 365), extension_days__range=(0, 365),
                    longest_days__gte=F("protection_days"), longest_days__lte=730,
                    cooldown_days__lte=365, hold_minutes__range=(2, 240),
                    most_attempts__range=(1, 50), again_hours__range=(1, 720),
                ) & ~Q(source=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.branch_id} {self.effective_date}"


class LeadAssignment(models.Model):
    """That leads of a branch were shared out among people at once: `shares` tells by whom of the
    staff, with which weight and quota, and how many each had before. Added to only."""

    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    actor = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    shares = models.JSONField()
    asked = models.PositiveIntegerField(_("leads to assign"))
    given = models.PositiveIntegerField(_("leads assigned"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lead_assignment_within", condition=Q(given__lte=F("asked"), asked__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LeadMove(models.Model):
    """One change of a lead's owner or state: who, when, from and to whom, why, by which path.

    The history is the truth: a trigger fills in from where the move goes, its number, the policy
    and the ends of protection and cool-down, refuses what the rules forbid, and writes the lead's
    own columns; another refuses every other hand on those. Added to only.
    """

    lead = models.ForeignKey("journeys.Lead", models.PROTECT, related_name="moves", db_index=False)
    number = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=12, choices=MovePath.choices)
    actor = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    from_owner = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_owner = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    from_state = models.CharField(max_length=8, choices=LeadState.choices, default=LeadState.NEW)
    to_state = models.CharField(max_length=8, choices=LeadState.choices)
    why = models.CharField(_("reason"), max_length=200, blank=True, default="")
    policy = models.ForeignKey(
        PoolPolicy, models.PROTECT, null=True, related_name="+", db_index=False
    )
    protected_until = models.DateTimeField(null=True)
    cools_until = models.DateTimeField(null=True)
    assignment = models.ForeignKey(
        LeadAssignment, models.PROTECT, null=True, related_name="moves", db_index=False
    )
    # Why an assignment gave it to this person: see `rules.Line`.
    line = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lead_move_once", fields=["lead", "number"]),
            models.CheckConstraint(
                name="lead_move_known",
                condition=Q(path__in=MovePath.values, to_state__in=LeadState.values),
            ),
            models.CheckConstraint(
                name="lead_move_enters",
                condition=~Q(path__in=_ENTERING)
                | Q(from_owner=None, to_owner__isnull=False, from_state=LeadState.NEW)
                & Q(to_state=LeadState.NEW, actor__isnull=False),
            ),
            models.CheckConstraint(
                name="lead_move_leaves",
                condition=~Q(path__in=_LEAVING)
                | Q(from_owner__isnull=False, to_owner=None, to_state=LeadState.NEW)
                & Q(cools_until__isnull=False),
            ),
            models.CheckConstraint(
                name="lead_move_by_its_owner",
                condition=~Q(path__in=[MovePath.CLAIM, MovePath.RELEASE, MovePath.WORK])
                | Q(actor__isnull=False)
                & (
                    Q(path=MovePath.CLAIM, to_owner__isnull=False, actor=F("to_owner"))
                    | Q(path=MovePath.RELEASE, from_owner__isnull=False, actor=F("from_owner"))
                    | Q(path=MovePath.WORK, to_state=LeadState.WORKING, actor=F("to_owner"))
                    & Q(from_owner__isnull=False, to_owner__isnull=False)
                    & Q(to_owner=F("from_owner"))
                ),
            ),
            models.CheckConstraint(
                name="lead_move_ends",
                condition=~Q(path__in=[MovePath.END, MovePath.CALL_OFF])
                | Q(path=MovePath.END, to_state__in=[LeadState.WON, LeadState.LOST])
                & (
                    Q(from_owner__isnull=False, to_owner__isnull=False, to_owner=F("from_owner"))
                    | Q(from_owner=None, to_owner=None)
                )
                | Q(path=MovePath.CALL_OFF, to_state=LeadState.OFF, from_owner=None, to_owner=None),
            ),
            models.CheckConstraint(
                name="lead_move_covers",
                condition=~Q(path=MovePath.COVER)
                | Q(from_owner__isnull=False, to_owner__isnull=False, to_state=F("from_state"))
                & Q(to_state__in=_OPEN)
                & ~Q(why=""),
            ),
            models.CheckConstraint(
                name="lead_move_merges",
                condition=Q(path=MovePath.MERGE, to_owner=None, to_state=LeadState.MERGED)
                | ~Q(path=MovePath.MERGE) & ~Q(to_state=LeadState.MERGED),
            ),
            models.CheckConstraint(
                name="lead_move_says_why",
                condition=~Q(path=MovePath.TAKE_BACK) | Q(actor__isnull=False) & ~Q(why=""),
            ),
            models.CheckConstraint(
                name="lead_move_of_assignment",
                condition=Q(assignment=None, line=None)
                | Q(path=MovePath.ASSIGN, assignment__isnull=False, line__isnull=False),
            ),
            models.CheckConstraint(
                name="lead_move_protects",
                condition=Q(to_owner=None, protected_until=None)
                | Q(to_state__in=[LeadState.WON, LeadState.LOST], protected_until=None)
                | Q(to_owner__isnull=False, to_state__in=_OPEN)
                & Q(protected_until__isnull=False, policy__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="lead_move_at", fields=["-at", "-id"]),
            models.Index(
                name="lead_move_of_assignment",
                fields=["assignment"],
                condition=Q(assignment__isnull=False),
            ),
            models.Index(name="lead_move_back", fields=["at"], condition=Q(path__in=BACK)),
            models.Index(
                name="lead_move_cools",
                fields=["lead", "from_owner"],
                condition=Q(cools_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.number}"


class LeadHold(models.Model):
    """That somebody had a lead in hand, from `taken_at` until `ended_at`, and whether a call was
    made. `reasons` says why this one was given. Written by whoever gives and ends it; a trigger
    refuses delete, and every change of one that has ended."""

    lead = models.ForeignKey("journeys.Lead", models.PROTECT, related_name="holds", db_index=False)
    holder = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=12, choices=HoldEnd.choices, blank=True, default="")
    reasons = models.JSONField()
    # What was known of the call when the lead was given, without personal traits: what the model of
    # calls may learn from it.
    known = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lead_hold_once", fields=["lead"], condition=Q(ended_at=None)
            ),
            models.UniqueConstraint(
                name="lead_hold_one_each", fields=["holder"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="lead_hold_ends_whole",
                condition=Q(ended_at=None, end="")
                | Q(ended_at__isnull=False, ended_at__gte=F("taken_at"), end__in=HoldEnd.values),
            ),
            models.CheckConstraint(
                name="lead_hold_called_within",
                condition=Q(called_at=None) | Q(called_at__gte=F("taken_at")),
            ),
        ]
        indexes = [
            models.Index(name="lead_hold_of_lead", fields=["lead", "-taken_at"]),
            models.Index(name="lead_hold_of_holder", fields=["holder", "-taken_at"]),
            # Who called when, and whom.
            models.Index(
                name="lead_hold_called",
                fields=["holder", "called_at"],
                include=["lead"],
                condition=Q(called_at__isnull=False),
            ),
            models.Index(
                name="lead_hold_called_on",
                fields=["called_at"],
                condition=Q(called_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.holder_id}"
