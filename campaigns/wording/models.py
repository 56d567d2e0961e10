"""What the bank decided about words of advertising."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.wording.enums import Level, WordState


class WordDecision(models.Model):
    """What holds for a word, or for a rule named by its code, from a day on: it is found, allowed
    or not looked for. The latest day counts. Added to only: a trigger refuses update and delete."""

    effective_date = models.DateField(_("in force from"))
    word = models.CharField(_("word or rule"), max_length=60)
    state = models.CharField(_("decision"), max_length=8, choices=WordState.choices)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices, blank=True)
    source = models.TextField(_("source of the rule"))
    decided_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision about a word")
        verbose_name_plural = _("decisions about words")
        constraints = [
            models.UniqueConstraint(name="word_decision_once", fields=["word", "effective_date"]),
            models.CheckConstraint(
                name="word_decision_known", condition=Q(state__in=WordState.values)
            ),
            models.CheckConstraint(
                name="word_decision_level_of_found",
                condition=Q(state="found", level__in=Level.values)
                | Q(state__in=["allowed", "off"], level=""),
            ),
            models.CheckConstraint(
                name="word_decision_has_reason", condition=~Q(word="") & ~Q(source="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.effective_date}"
