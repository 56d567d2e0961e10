"""Offers, the figures by which they are reckoned, and terms that were signed."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.negotiation.enums import DataTerm, Exclusivity, FigureCode, Side
from merchants.negotiation.models.negotiations import Negotiation
from merchants.negotiation.rules import terms

_PERCENT = (Decimal(0), Decimal(100))


class Offer(models.Model):
    """One side's set of terms in a round, immutable. What each of them means says
    `merchants.negotiation.rules.terms`."""

    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(_("round"))
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    cost_share = models.DecimalField(max_digits=5, decimal_places=2)
    gain_share = models.DecimalField(max_digits=5, decimal_places=2)
    discount = models.DecimalField(max_digits=5, decimal_places=2)
    exclusivity = models.CharField(max_length=8, choices=Exclusivity.choices)
    months = models.PositiveSmallIntegerField()
    posts = models.PositiveSmallIntegerField()
    minimum_turnover = models.DecimalField(max_digits=14, decimal_places=2)
    data_clause = models.CharField(max_length=8, choices=DataTerm.choices)
    words = models.TextField(_("remarks"), blank=True)
    on_date = models.DateField(_("on"))
    at = models.DateTimeField(_("at"))
    recorded_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="offer_number_once", fields=["negotiation", "number"]),
            models.UniqueConstraint(
                name="offer_of_round_once", fields=["negotiation", "round", "side"]
            ),
            models.CheckConstraint(
                name="offer_shares_are_shares",
                condition=Q(
                    cost_share__range=_PERCENT, gain_share__range=_PERCENT, discount__range=_PERCENT
                ),
            ),
            models.CheckConstraint(
                name="offer_terms_bounded",
                condition=Q(months__range=(1, 120), posts__lte=50, minimum_turnover__gte=0),
            ),
            models.CheckConstraint(
                name="offer_words_known",
                condition=Q(
                    side__in=Side.values,
                    exclusivity__in=Exclusivity.values,
                    data_clause__in=DataTerm.values,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.negotiation_id}/{self.number}: {self.side}"

    @property
    def plain(self) -> terms.Terms:
        return terms.Terms(**{name: getattr(self, name) for name in terms.NAMES})


class TermsFigure(models.Model):
    """A figure (CNY a year) by which terms are reckoned, and who says so; the latest of a code
    holds. Added to only."""

    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="figures")
    code = models.CharField(_("figure"), max_length=12, choices=FigureCode.choices)
    value = models.DecimalField(_("CNY a year"), max_digits=14, decimal_places=2)
    source = models.CharField(_("source"), max_length=200)
    at = models.DateTimeField(_("at"))
    entered_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="terms_figure_has_source",
                condition=Q(code__in=FigureCode.values, value__gte=0) & ~Q(source=""),
            ),
        ]
        indexes = [models.Index(name="terms_figure_latest", fields=["negotiation", "code", "id"])]

    def __str__(self) -> str:
        return f"{self.negotiation_id} {self.code}: {self.value}"


class SignedTerms(models.Model):
    """The offer that was signed, from when to when it holds, and what it set: the contract and the
    clause of the directory, and the move of the partnership. Changed by nobody: an amendment is
    another negotiation."""

    negotiation = models.OneToOneField(Negotiation, models.PROTECT, related_name="signed")
    offer = models.OneToOneField(Offer, models.PROTECT, related_name="+")
    contract = models.OneToOneField(
        "merchants.MerchantContract", models.PROTECT, related_name="signed_terms"
    )
    clause = models.ForeignKey(
        "merchants.DataClause", models.PROTECT, null=True, related_name="signed_terms"
    )
    change = models.OneToOneField(
        "merchants.PhaseChange", models.PROTECT, null=True, related_name="+"
    )
    signed_date = models.DateField(_("signed on"))
    first_date = models.DateField(_("holds from"))
    last_date = models.DateField(_("last day"))
    at = models.DateTimeField(_("at"))
    signed_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signed_terms_days_in_order",
                condition=Q(last_date__gt=F("first_date"), signed_date__lte=F("last_date")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.negotiation_id}: {self.first_date}"
