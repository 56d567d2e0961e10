"""Counts of branches by month, the rule they are judged by, and what is to be counted anew."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.era.rules import Limits


class EraRule(models.Model):
    """From a day on: over how many months a branch is judged, how much must be known, and from
    which share on a step of the eras is reached. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    months = models.PositiveSmallIntegerField(_("whole months judged together"))
    fewest_cards = models.PositiveIntegerField(
        _("fewest cards"),
        help_text=_("With fewer cards of known origin the shares of cards are not known."),
    )
    known_percent = models.PositiveSmallIntegerField(
        _("cards of known origin at least (%)"),
        help_text=_("A card without an application on file is of unknown origin."),
    )
    fewest_customers = models.PositiveIntegerField(
        _("fewest customers"),
        help_text=_("With fewer customers in an average month the share reached is not known."),
    )
    pull_percent = models.PositiveSmallIntegerField(_("1.0 from cards by product pull (%)"))
    batch_percent = models.PositiveSmallIntegerField(_("2.0 from cards by batch acquisition (%)"))
    reached_percent = models.PositiveSmallIntegerField(
        _("3.0 from customers reached by targeted campaigns (%)")
    )
    partner_percent = models.PositiveSmallIntegerField(
        _("4.0 from spending at partners (%)"),
        help_text=_("Beside the share of 3.0: an ecosystem is one of customers that are managed."),
    )
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of eras")
        verbose_name_plural = _("rules of eras")
        constraints = [
            models.CheckConstraint(
                name="era_rule_bounds",
                condition=Q(
                    months__range=(1, 24), fewest_cards__gte=1, fewest_customers__gte=1,
                    known_percent__range=(1, 100), pull_percent__range=(1, 100),
                    batch_percent__range=(1, 100), reached_percent__range=(1, 100),
                    partner_percent__range=(1, 100),
                )
                & ~Q(source=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.effective_date)

    @property
    def limits(self) -> Limits:
        return Limits(
            fewest_cards=self.fewest_cards, known_percent=self.known_percent,
            fewest_customers=self.fewest_customers, pull=self.pull_percent,
            batch=self.batch_percent, reached=self.reached_percent, partners=self.partner_percent,
        )  # fmt: skip


class EraMonth(models.Model):
    """What a whole month of one branch came to, without those below it; counted by the clock
    (`era.operations.count_months`), so that no page reads transactions.

    Primary cards issued there, by their origin; customers kept there who held an open card at the
    month's end, and those of them whom a campaign contacted in it; purchases (CNY) with the
    branch's cards, those at a merchant of the directory, and those at partners.
    """

    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(_("month"))
    cards = models.PositiveIntegerField(_("cards issued"))
    pulled = models.PositiveIntegerField(_("by product pull"))
    batched = models.PositiveIntegerField(_("by batch acquisition"))
    brought = models.PositiveIntegerField(_("brought by a customer"))
    customers = models.PositiveIntegerField(_("customers"))
    reached = models.PositiveIntegerField(_("reached"))
    spent = models.DecimalField(_("spending (CNY)"), max_digits=18, decimal_places=2)
    placed = models.DecimalField(_("at known merchants (CNY)"), max_digits=18, decimal_places=2)
    at_partners = models.DecimalField(_("at partners (CNY)"), max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="era_month_once", fields=["month", "branch"]),
            models.CheckConstraint(name="era_month_is_whole", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="era_month_parts",
                condition=Q(
                    cards__gte=F("pulled") + F("batched") + F("brought"),
                    customers__gte=F("reached"), spent__gte=F("placed"),
                    placed__gte=F("at_partners"), at_partners__gte=0,
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.branch_id} {self.month}"


class EraMark(models.Model):
    """Facts of these months were written: from the month of `first` to before that of `end`, or
    to the last one. Triggers add marks with the facts; whoever has counted what they name takes
    them away."""

    first = models.DateField()
    end = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="era_mark_is_a_span", condition=Q(end=None) | Q(end__gt=F("first"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.first} {self.end}"
