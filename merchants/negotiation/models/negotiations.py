"""Negotiations, every move between their stages, and what holds for them."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.negotiation.enums import Purpose, Stage
from merchants.negotiation.rules import limits, stages
from merchants.partnerships.enums import RequestState
from merchants.partnerships.models import Partnership


def _allowed() -> Q:
    allowed = Q()
    for before, after in stages.PAIRS:
        allowed |= Q(from_stage=before, to_stage=after)
    return allowed


class NegotiationRule(models.Model):
    """What holds for negotiations from a day on; the latest that has come is in force. Added to
    only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    most_cost_share = models.PositiveSmallIntegerField(_("bank's share of the cost up to (%)"))
    most_months = models.PositiveSmallIntegerField(_("term up to (months)"))
    most_paid = models.PositiveIntegerField(_("bank pays up to (CNY a year)"))
    most_conceded = models.PositiveIntegerField(_("bank gives up to (CNY a year)"))
    quiet_days = models.PositiveSmallIntegerField(_("days without a step"))
    renewal_days = models.PositiveSmallIntegerField(_("days before the end of a contract"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of negotiations")
        verbose_name_plural = _("rules of negotiations")
        constraints = [
            models.CheckConstraint(
                name="negotiation_rule_bounds",
                condition=Q(
                    most_cost_share__lte=100, most_months__range=(1, 120),
                    quiet_days__range=(1, 365), renewal_days__range=(1, 730),
                ) & ~Q(source=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.effective_date)

    @property
    def plain(self) -> limits.Limits:
        return limits.Limits(
            most_cost_share=self.most_cost_share,
            most_months=self.most_months,
            most_paid=self.most_paid,
            most_conceded=self.most_conceded,
            quiet_days=self.quiet_days,
            renewal_days=self.renewal_days,
        )


class Negotiation(models.Model):
    """A negotiation with the merchant of a partnership. `stage`, `since` and `moved` (the number
    of its last move) are written by the trigger of its history alone. `contract` is the one that is
    renewed or amended."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="negotiations")
    purpose = models.CharField(_("what about"), max_length=10, choices=Purpose.choices)
    contract = models.ForeignKey(
        "merchants.MerchantContract", models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened at"))
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, blank=True)
    since = models.DateField(_("in the stage since"), null=True)
    moved = models.PositiveIntegerField(default=0)
    stepped_at: dt.datetime  # of its latest step, where queries tell it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="negotiation_in_talks_once",
                fields=["partnership"],
                condition=~Q(stage__in=[Stage.REVIEW, *stages.ENDS]),
            ),
            models.CheckConstraint(
                name="negotiation_is_about_a_contract",
                condition=Q(purpose=Purpose.FIRST, contract=None)
                | Q(purpose__in=[Purpose.RENEWAL, Purpose.AMENDMENT], contract__isnull=False),
            ),
            models.CheckConstraint(
                name="negotiation_stage_is_told",
                condition=Q(stage="", since=None, moved=0)
                | Q(stage__in=Stage.values, since__isnull=False, moved__gte=1),
            ),
        ]
        indexes = [models.Index(name="negotiation_of_stage", fields=["stage", "since", "id"])]

    def __str__(self) -> str:
        return f"{self.partnership_id}: {self.stage}"

    @property
    def is_in_talks(self) -> bool:
        return self.stage in stages.IN_TALKS

    @property
    def takes_offers(self) -> bool:
        return self.stage in stages.WITH_OFFERS

    def days_in_stage(self, on: dt.date) -> int:
        """This will count the days from the move into the stage."""
        return (on - self.since).days if self.since else 0


class TermsRequest(models.Model):
    """Agreed terms beyond the limits that a second person must allow, as they were asked for after
    move number `after`."""

    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="requests")
    after = models.PositiveIntegerField()
    offer = models.ForeignKey("merchants.Offer", models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    submission = models.OneToOneField("portal.Submission", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(
        max_length=8, choices=RequestState.choices, default=RequestState.WAITING
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="terms_request_waits_once", fields=["negotiation"],
                condition=Q(state=RequestState.WAITING),
            ),
            models.CheckConstraint(
                name="terms_request_state_known", condition=Q(state__in=RequestState.values)
            ),
            models.CheckConstraint(name="terms_request_has_reason", condition=~Q(reason="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.negotiation_id}: {self.state}"


class StageChange(models.Model):
    """A move from one stage to another: only added to, each following on the one before. The move
    to agreement names the offer that both agree on, a loss what the partner said no with."""

    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    from_stage = models.CharField(max_length=10, choices=Stage.choices, blank=True)
    to_stage = models.CharField(max_length=10, choices=Stage.choices)
    on_date = models.DateField(_("on"))
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"))
    actor = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    offer = models.ForeignKey("merchants.Offer", models.PROTECT, null=True, related_name="+")
    refusal = models.ForeignKey("merchants.Refusal", models.PROTECT, null=True, related_name="+")
    approval = models.OneToOneField(
        "portal.Submission", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="stage_change_once", fields=["negotiation", "number"]),
            models.CheckConstraint(name="stage_change_allowed", condition=_allowed()),
            models.CheckConstraint(name="stage_change_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="stage_change_agrees_on_an_offer",
                condition=Q(to_stage=Stage.AGREEMENT, offer__isnull=False)
                | (~Q(to_stage=Stage.AGREEMENT) & Q(offer=None)),
            ),
            models.CheckConstraint(
                name="stage_change_lost_has_refusal",
                condition=Q(to_stage=Stage.LOST, refusal__isnull=False)
                | (~Q(to_stage=Stage.LOST) & Q(refusal=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.negotiation_id}/{self.number}: {self.to_stage}"
