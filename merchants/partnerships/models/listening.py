"""From how much evidence of a kind on a move is suggested."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.partnerships.enums import EvidenceKind
from merchants.partnerships.rules import signals


class EvidenceRule(models.Model):
    """What holds for a kind of evidence from a day on; the latest of the kind that has come is in
    force. Added to only. Of a contract's end, `limit` and `over` are days before it, and fewer are
    more; of everything else they are counts."""

    kind = models.CharField(_("kind of evidence"), max_length=16, choices=EvidenceKind.choices)
    effective_date = models.DateField(_("in force from"))
    is_heard = models.BooleanField(_("suggests moves"), default=True)
    limit = models.PositiveSmallIntegerField(_("suggests from"))
    over = models.PositiveSmallIntegerField(
        _("is over at"),
        help_text=_("While there is more, kept promises do not suggest the way back."),
    )
    stake = models.PositiveSmallIntegerField(
        _("at stake (% of a year's turnover)"),
        help_text=_("By it suggestions are put in order, beside what a fall of turnover costs."),
    )
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of evidence")
        verbose_name_plural = _("rules of evidence")
        constraints = [
            models.UniqueConstraint(name="evidence_rule_once", fields=["kind", "effective_date"]),
            models.CheckConstraint(
                name="evidence_rule_bounds",
                condition=Q(kind__in=EvidenceKind.values, limit__range=(1, 1_000), stake__lte=100)
                & ~Q(source=""),
            ),
            # It is over only once there is less of it than it takes to be told.
            models.CheckConstraint(
                name="evidence_rule_has_a_gap",
                condition=Q(kind=EvidenceKind.CONTRACT, over__gte=F("limit"), over__lte=1_000)
                | ~Q(kind=EvidenceKind.CONTRACT) & Q(over__lt=F("limit")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_date}"

    @property
    def plain(self) -> signals.Rule:
        return signals.Rule(limit=self.limit, over=self.over, stake=self.stake)
