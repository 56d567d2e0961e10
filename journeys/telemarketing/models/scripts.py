"""What callers say: scripts with variants, approved before anybody reads them out, and which of
them were on the screen in which call."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import FactState, ScriptMood, ScriptSegment, ScriptStage
from portal.kit import languages

_SLOT = ("product", "stage", "segment", "mood")


class CallScript(models.Model):
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
        _("in which mood"), max_length=8, choices=ScriptMood.choices, blank=True, default=""
    )
    number = models.PositiveSmallIntegerField(_("version"))
    variants = models.JSONField()
    evidence = models.CharField(_("evidence"), max_length=300, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=9, choices=FactState.choices, default=FactState.PROPOSED
    )
    proposed_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("decided at"), null=True)
    withdrawn_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_why = models.CharField(
        _("why it was withdrawn"), max_length=200, blank=True, default=""
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="call_script_place_known",
                condition=Q(stage__in=ScriptStage.values)
                & Q(segment__in=["", *ScriptSegment.values])
                & Q(mood__in=["", *ScriptMood.values]),
            ),
            # Whoever proposed it may withdraw it, and never approves it.
            models.CheckConstraint(
                name="call_script_settled",
                condition=Q(state=FactState.PROPOSED, settled_by=None, settled_at=None)
                | Q(state=FactState.REFUSED, settled_at__isnull=False)
                | Q(state__in=[FactState.APPROVED, FactState.REPLACED, FactState.WITHDRAWN])
                & Q(settled_by__isnull=False, settled_at__isnull=False)
                & ~Q(settled_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="call_script_withdrawn_whole",
                condition=~Q(state=FactState.WITHDRAWN)
                & Q(withdrawn_by=None, withdrawn_at=None, withdrawn_why="")
                | Q(state=FactState.WITHDRAWN, withdrawn_by__isnull=False)
                & Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
            ),
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
    def is_proposed(self) -> bool:
        return self.state == FactState.PROPOSED

    @property
    def is_approved(self) -> bool:
        return self.state == FactState.APPROVED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == FactState.WITHDRAWN

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
