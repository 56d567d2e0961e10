"""What a figure of active cards means, and the limit of sleeping ones: data with a day and a
source."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.activity.enums import Counted
from journeys.activity.rules import Exclusions, SleepLimits
from portal.kit import languages


class ActiveDefinition(models.Model):
    """What a rate of active cards means from a day on: a version of the definition of this code.
    Added to only, held by a trigger."""

    code = models.SlugField(_("code"), max_length=20, db_index=False)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    effective_date = models.DateField(_("in force from"))
    counted = models.CharField(_("what is counted"), max_length=10, choices=Counted.choices)
    window_days = models.PositiveSmallIntegerField(_("window (days)"))
    leaves_closed = models.BooleanField(_("cancelled cards"), default=True)
    leaves_unactivated = models.BooleanField(_("cards never activated"), default=False)
    leaves_supplementary = models.BooleanField(_("supplementary cards"), default=False)
    policy_products = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("products with an added policy function"),
        default=list,
    )
    source = models.TextField(_("source of the rule"))
    set_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("definition of active cards")
        verbose_name_plural = _("definitions of active cards")
        constraints = [
            models.UniqueConstraint(
                name="active_definition_once", fields=["code", "effective_date"]
            ),
            # Rests that are shorter are not kept: see CardRest.
            models.CheckConstraint(
                name="active_definition_window", condition=Q(window_days__range=(30, 1096))
            ),
            models.CheckConstraint(name="active_definition_has_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.effective_date}"

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name

    @property
    def left_out(self) -> list[str]:
        """What is left out, in words."""
        flags = ("leaves_closed", "leaves_unactivated", "leaves_supplementary")
        words = [_words_of(self, name) for name in flags if getattr(self, name)]
        if self.policy_products:
            words.append(
                f"{_words_of(self, 'policy_products')} ({', '.join(self.policy_products)})"
            )
        return words

    @property
    def exclusions(self) -> Exclusions:
        return Exclusions(
            self.leaves_closed, self.leaves_unactivated, self.leaves_supplementary,
            tuple(self.policy_products),
        )  # fmt: skip


def _words_of(row: models.Model, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


class SleepRule(models.Model):
    """After how many months without a transaction a card sleeps, and how high the share of such
    cards may be, from a day on. Added to only, held by a trigger."""

    effective_date = models.DateField(_("in force from"), unique=True)
    months = models.PositiveSmallIntegerField(_("months without a transaction"))
    ceiling_percent = models.DecimalField(_("ceiling (%)"), max_digits=5, decimal_places=2)
    near_percent = models.DecimalField(_("warn from (%)"), max_digits=5, decimal_places=2)
    policy_products = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("products with an added policy function"),
        default=list,
    )
    source = models.TextField(_("source of the rule"))
    set_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("limit of sleeping cards")
        verbose_name_plural = _("limits of sleeping cards")
        constraints = [
            models.CheckConstraint(
                name="sleep_rule_bounds",
                condition=Q(
                    months__range=(6, 60), near_percent__gt=0, ceiling_percent__lte=100,
                    near_percent__lte=F("ceiling_percent"),
                ),
            ),
            models.CheckConstraint(name="sleep_rule_has_source", condition=~Q(source="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.effective_date)

    @property
    def limits(self) -> SleepLimits:
        return SleepLimits(
            self.months, self.ceiling_percent, self.near_percent, tuple(self.policy_products)
        )
