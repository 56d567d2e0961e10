"""What callers say: scripts with variants, approved before anybody reads them out, and which of
them were on the screen in which call."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import FactState, Mood, ScriptSegment, ScriptStage
from journeys.telemarketing.models.proposals import Proposal, settled_checks
from portal.kit import languages

_SLOT = ("product", "stage", "segment", "mood")


class CallScript(Proposal):
    """A version of what is said in a part of a call: about a product or any, to a segment or
    everybody, in a mood or any. `variants` are one to three texts, each a code, a share in whole
    percent, and its words in both languages (`rules.Variant`); shares add up to 100.

    One person proposes a version and another one approves it; it is never edited: the next one of
    its place replaces it. Triggers hold that, and what variants are.
    """

    product = models.ForeignKey(
        "journeys.CardProduct", models.PROTECT, null=True, related_name="scripts"
    )
    stage = models.CharField(_("part of the call"), max_length=9, choices=ScriptStage.choices)
    segment = models.CharField(
        _("for whom"), max_length=8, choices=ScriptSegment.choices, blank=True, default=""
    )
    mood = models.CharField(
        _("in which mood"), max_length=8, choices=Mood.choices, blank=True, default=""
    )
    number = models.PositiveSmallIntegerField(_("version"))
    variants = models.JSONField()
    evidence = models.CharField(_("evidence"), max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="call_script_place_known",
                condition=Q(stage__in=ScriptStage.values)
                & Q(segment__in=["", *ScriptSegment.values])
                & Q(mood__in=["", *Mood.values]),
            ),
            *settled_checks("call_script"),
            models.UniqueConstraint(
                name="call_script_number_once", fields=[*_SLOT, "number"], nulls_distinct=False
            ),
            models.UniqueConstraint(
                name="call_script_one_proposed", fields=_SLOT, nulls_distinct=False,
                condition=Q(state=FactState.PROPOSED),
            ),
            models.UniqueConstraint(
                name="call_script_one_approved", fields=_SLOT, nulls_distinct=False,
                condition=Q(state=FactState.APPROVED),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.stage} {self.segment} {self.mood} {self.number}"

    @property
    def place(self) -> str:
        """What it is for, in words."""
        parts = [
            self.get_stage_display(), self.product.label if self.product else "",
            self.get_segment_display(), self.get_mood_display(),
        ]  # fmt: skip
        return " · ".join(filter(None, parts))

    def words_of(self, variant: dict[str, Any]) -> str:
        """The words of a variant in the reader's language."""
        return str(variant["body_en" if languages.reads_english() else "body"])


class ScriptUse(models.Model):
    """That a script was on the screen of a call, in the variant drawn for its lead. Added to
    only."""

    hold = models.ForeignKey("journeys.LeadHold", models.PROTECT, related_name="script_uses")
    script = models.ForeignKey(CallScript, models.PROTECT, related_name="uses")
    variant = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="script_use_once", fields=["hold", "script"]),
            models.CheckConstraint(
                name="script_use_variant_known", condition=Q(variant__in=["a", "b", "c"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hold_id} {self.script_id} {self.variant}"
