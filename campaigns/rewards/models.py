"""Grants: what was given to whom, and what was taken back. A trigger refuses a gift before
activation and first use."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from campaigns.rewards.enums import (
    BY_REFUND,
    AwardAnswer,
    ClawBackState,
    GrantDoor,
    LowerAnswer,
    ReversalKind,
)


class Grant(models.Model):
    """One reward given to one customer, once per campaign and slot, whatever its versions.

    `slot` is empty where the highest tier counts alone, so that one grant stands for a customer;
    where each tier adds it is the tier's code. Where a tier is given for each person brought
    (`referral`), `place` numbers what the customer was given so, up to `most`, and stands in the
    slot: so nobody is given more, nor anything twice for one person. `round` counts the grants of a
    slot, or of a place, by whatever codes the versions of the campaign call the tier: a trigger
    refuses the next one until the one before was taken back. `run` is who found
    that the customer qualifies, `door` who gave it: that run, a sale that goes by it, or what came
    of a refund. Where the version is of an exclusive `group`, `held` are the days on which its
    other campaigns may give the customer nothing: an exclusion constraint holds that, whatever runs
    at once. It is empty where a grant that was taken back is only put right. The database refuses a
    grant whose card is not both activated and used by `granted_date`: Measures for the Supervision
    of Credit Card Business (2011), article 49.
    """

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="grants")
    version = models.ForeignKey("campaigns.CampaignVersion", models.PROTECT, related_name="+")
    run = models.ForeignKey("campaigns.Run", models.PROTECT, related_name="grants")
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="grants")
    card = models.ForeignKey("journeys.Card", models.PROTECT, related_name="+")
    reward = models.CharField(_("reward"), max_length=40)
    slot = models.CharField(max_length=46, blank=True, default="")
    round = models.PositiveSmallIntegerField(default=1)
    amount = models.DecimalField(_("value (CNY)"), max_digits=12, decimal_places=2)
    points = models.PositiveIntegerField(_("points"), null=True)
    door = models.CharField(
        _("given by"), max_length=5, choices=GrantDoor.choices, default=GrantDoor.RUN
    )
    referral = models.ForeignKey(
        "journeys.Referral", models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.PositiveSmallIntegerField(null=True)
    most = models.PositiveSmallIntegerField(null=True)
    group = models.ForeignKey(
        "campaigns.ExclusiveGroup", models.PROTECT, null=True, related_name="+", db_index=False
    )
    held = DateRangeField(null=True)
    granted_date = models.DateField(_("granted on"))
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="grant_once", fields=["customer", "campaign", "slot", "round"]
            ),
            models.CheckConstraint(name="grant_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="grant_slot_is_its_tier",
                condition=Q(slot="")
                | Q(slot=F("reward"))
                | Q(
                    place__isnull=False,
                    slot=Concat(F("reward"), Value(":"), Cast("place", models.CharField())),
                ),
            ),
            models.CheckConstraint(
                name="grant_for_person_within_most",
                condition=Q(referral=None, place=None, most=None)
                | Q(referral__isnull=False, most__isnull=False, place__gte=1, place__lte=F("most")),
            ),
            models.UniqueConstraint(
                name="grant_once_for_person",
                fields=["referral", "campaign"],
                condition=Q(referral__isnull=False),
            ),
            models.UniqueConstraint(
                name="grant_once_for_place",
                fields=["customer", "campaign", "place", "round"],
                condition=Q(place__isnull=False),
            ),
            models.CheckConstraint(name="grant_round_counts", condition=Q(round__gte=1)),
            models.CheckConstraint(
                name="grant_points_positive", condition=Q(points=None) | Q(points__gt=0)
            ),
            ExclusionConstraint(
                name="grant_one_campaign_of_group",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("customer", RangeOperators.EQUAL),
                    ("campaign", RangeOperators.NOT_EQUAL),
                    ("held", RangeOperators.OVERLAPS),
                ],
                condition=Q(group__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_held_of_group",
                condition=Q(group=None, held=None) | Q(group__isnull=False, held__isnull=False),
            ),
            models.CheckConstraint(name="grant_door_known", condition=Q(door__in=GrantDoor.values)),
        ]
        # The grants of an hour, in a table that grows by the minute.
        indexes = [BrinIndex(name="grant_by_time", fields=["granted_at"], autosummarize=True)]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.customer_id} {self.reward}"


class TrialGrant(models.Model):
    """What a back-test gave on one of its evenings, so that the later ones go by it as live runs go
    by grants. Nothing is granted by it. `parts` is what each party would bear, in cents;
    `is_over` tells that it was exchanged for more."""

    run = models.ForeignKey(
        "campaigns.Run", models.PROTECT, related_name="trial_grants", db_index=False
    )
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="+", db_index=False
    )
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    reward = models.CharField(_("reward"), max_length=40)
    slot = models.CharField(max_length=46, blank=True, default="")
    round = models.PositiveSmallIntegerField(default=1)
    amount = models.DecimalField(_("value (CNY)"), max_digits=12, decimal_places=2)
    points = models.PositiveIntegerField(_("points"), null=True)
    referral = models.ForeignKey(
        "journeys.Referral", models.PROTECT, null=True, related_name="+", db_index=False
    )
    granted_date = models.DateField(_("granted on"))
    parts = models.JSONField(default=dict)
    is_over = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="trial_grant_once", fields=["customer", "run", "slot", "round"]
            ),
            models.CheckConstraint(name="trial_grant_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.customer_id} {self.reward}"


class GrantReversal(models.Model):
    """A reward that stands no longer, and why; only added, once for a grant.

    `on_date` is the day as of whose end the condition failed, `failed_at` its position in the
    version's rule with the tier's needs behind it, and `facts` what each condition found then.
    Where less spending is left to multiply, it is that of the spending, which may still suffice:
    the points that are left are granted anew.
    """

    grant = models.OneToOneField(Grant, models.PROTECT, related_name="reversal")
    kind = models.CharField(_("reason"), max_length=14, choices=ReversalKind.choices)
    claw_back = models.OneToOneField(
        "campaigns.ClawBack", models.PROTECT, null=True, related_name="reversal"
    )
    on_date = models.DateField(_("as of"))
    failed_at = models.PositiveSmallIntegerField(null=True)
    facts = models.JSONField(default=list)
    at = models.DateTimeField(_("taken back at"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reversal_has_reason",
                condition=Q(
                    kind__in=[ReversalKind.EXCHANGED, ReversalKind.NOT_BROUGHT],
                    failed_at=None,
                    claw_back=None,
                )
                | Q(kind=ReversalKind.GIVEN_TWICE, failed_at=None, claw_back__isnull=False)
                | Q(kind__in=BY_REFUND, failed_at__isnull=False, claw_back=None),
            )
        ]
        indexes = [models.Index(name="reversal_latest", fields=["-at", "-id"])]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.kind}"

    @property
    def is_by_refund(self) -> bool:
        return self.kind in BY_REFUND


class ClawBack(models.Model):
    """One of the rewards that a person holds under several numbers is to be claimed back: one
    person asks for it, with a reason, another one approves it; decided once, and never edited. A
    trigger lets a reversal name it only for its own grant, and once it was approved."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="claw_backs")
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(
        _("state"), max_length=8, choices=ClawBackState.choices, default=ClawBackState.ASKED
    )
    asked_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked for at"))
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="claw_back_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="claw_back_by_two",
                condition=Q(state=ClawBackState.ASKED, settled_by=None, settled_at=None)
                | Q(state=ClawBackState.REFUSED, settled_at__isnull=False)
                | Q(state__in=[ClawBackState.DONE, ClawBackState.USED])
                & Q(settled_at__isnull=False, settled_by__isnull=False)
                & ~Q(settled_by=F("asked_by")),
            ),
            models.UniqueConstraint(
                name="claw_back_asked_once",
                fields=["grant"],
                condition=Q(state=ClawBackState.ASKED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == ClawBackState.ASKED


class LookedAt(models.Model):
    """Somebody looked at what a person holds under several numbers and leaves it so, for a reason:
    these `grants`, in the order of their ids, of which `grant` is the last. When another one comes,
    or one goes, it is to be looked at again. Added to only."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="+", db_index=False)
    grants = ArrayField(models.BigIntegerField())
    of_group = models.BooleanField()
    reason = models.CharField(_("reason"), max_length=200)
    looked_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(_("looked at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="looked_at_once", fields=["grant", "grants", "of_group"]),
            models.CheckConstraint(name="looked_at_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="looked_at_names_several",
                condition=Q(grants__len__gte=2),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grants}"


class ReversalFailure(models.Model):
    """A grant that could not be looked at after a refund, and why: it is tried again every round,
    and the row goes when that succeeds."""

    grant = models.OneToOneField(Grant, models.PROTECT, related_name="reversal_failure")
    reason = models.CharField(_("reason"), max_length=500)
    first_at = models.DateTimeField(_("failed first at"))
    last_at = models.DateTimeField(_("failed last at"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reversal_failure_in_order", condition=Q(last_at__gte=F("first_at"))
            ),
            models.CheckConstraint(name="reversal_failure_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id}: {self.reason}"


class ToLookAt(models.Model):
    """A card on which something was refunded, or a span of grants that were given: whether a refund
    undid what stands is looked at from `due_date` on, and the row goes once that was done.

    Triggers write it in the transaction that writes the refund or the grants. So whichever of the
    two commits last, its own row is looked at when both are there, and nothing slips through.
    `stopped_campaign` keeps a grant for when its campaign is not stopped any more. Ids are no
    references: a row neither holds nor outlives what it names.
    """

    card_id = models.BigIntegerField(null=True)
    first_grant = models.BigIntegerField(null=True)
    last_grant = models.BigIntegerField(null=True)
    stopped_campaign = models.BigIntegerField(null=True)
    due_date = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="to_look_at_card_or_grants",
                condition=Q(card_id__isnull=False, first_grant=None, last_grant=None)
                | Q(card_id=None, first_grant__isnull=False, last_grant__gte=F("first_grant")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} from {self.due_date}"


class LowerTier(models.Model):
    """What was given instead of a reward that a refund undid, where the highest tier reached counts
    alone; or why nothing was. Once for a reversal, only added."""

    reversal = models.OneToOneField(GrantReversal, models.PROTECT, related_name="lower")
    answer = models.CharField(
        _("answer"), max_length=20, choices=[*AwardAnswer.choices, *LowerAnswer.choices]
    )
    grant = models.OneToOneField(Grant, models.PROTECT, null=True, related_name="instead_of")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lower_granted_has_grant",
                condition=Q(answer=AwardAnswer.GRANTED, grant__isnull=False)
                | ~Q(answer=AwardAnswer.GRANTED) & Q(grant=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reversal_id} {self.answer}"
