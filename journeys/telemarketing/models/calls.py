"""What calls come to: the tree of dispositions, how each call was wrapped up, and its draft."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing import rules
from journeys.telemarketing.enums import Mood, NextStep
from portal.kit import languages, masking

_FLAGS = (
    "is_reached", "is_interested", "is_sale", "is_refused_for_good", "is_unworkable", "is_callback",
)  # fmt: skip
_NO_FLAG: dict[str, Any] = dict.fromkeys(_FLAGS, False)
_LAST_RECYCLE = 2160  # hours: 90 days
_LATER = (NextStep.AGAIN, NextStep.CALLBACK)


def _without(*flags: str) -> Q:
    return Q(**dict.fromkeys(flags, False))


class Disposition(models.Model):
    """What a call came to, in a tree of two levels that the head office keeps: `parent` is the
    group, None for a group itself; `place` is the key that picks it among its siblings.

    A row is never changed, but for its end: another one of the same code takes its place from then
    on, so that each call says by which words and rules it was wrapped up. A trigger holds that, and
    the two levels. `recycle_hours` is how long after the call the lead may be called again, None
    for as long as the pool's policy says; with `rotates_hours` at another part of the day; after
    `most_calls` calls of the phone, over all its leads, not any more, None for no limit.
    """

    code = models.CharField(_("code"), max_length=24)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    place = models.PositiveSmallIntegerField(_("key"))
    name = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60)
    is_reached = models.BooleanField(_("the person was reached"), default=False)
    is_interested = models.BooleanField(_("the person is interested"), default=False)
    is_sale = models.BooleanField(_("the person applied"), default=False)
    is_refused_for_good = models.BooleanField(_("never to be contacted again"), default=False)
    is_unworkable = models.BooleanField(_("the lead is of no use"), default=False)
    is_callback = models.BooleanField(_("a call was promised"), default=False)
    recycle_hours = models.PositiveSmallIntegerField(_("call again after hours"), null=True)
    rotates_hours = models.BooleanField(_("at another part of the day"), default=False)
    most_calls = models.PositiveSmallIntegerField(_("calls of the phone at most"), null=True)
    source = models.CharField(_("source of the rule"), max_length=200)
    set_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        constraints = [
            models.UniqueConstraint(
                name="disposition_code_once", fields=["code"], condition=Q(ended_at=None)
            ),
            models.UniqueConstraint(
                name="disposition_key_once",
                fields=["parent", "place"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="disposition_said",
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*$", place__range=(1, 9))
                & ~Q(name="") & ~Q(name_en="") & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="disposition_group_says_nothing",
                condition=Q(parent__isnull=False)
                | Q(recycle_hours=None, most_calls=None, rotates_hours=False, **_NO_FLAG),
            ),
            # Nobody refuses for good and buys, and who was not reached says nothing.
            models.CheckConstraint(
                name="disposition_flags_agree",
                condition=(Q(is_reached=True) | _without(*_FLAGS[1:4], "is_callback"))
                & (Q(is_sale=False) | Q(is_interested=True, is_callback=False))
                & (_without("is_refused_for_good") | _without("is_interested", "is_callback"))
                & (
                    _without("is_unworkable")
                    | _without("is_interested", "is_refused_for_good", "is_callback")
                ),
            ),
            models.CheckConstraint(
                name="disposition_recycles",
                condition=Q(recycle_hours=None, rotates_hours=False, most_calls=None)
                | _without("is_sale", "is_refused_for_good", "is_unworkable")
                & (Q(recycle_hours=None) | Q(recycle_hours__range=(1, _LAST_RECYCLE)))
                & (Q(most_calls=None) | Q(most_calls__range=(1, 50))),
            ),
            models.CheckConstraint(
                name="disposition_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("set_at")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def shown_name(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if languages.reads_english() else self.name

    @property
    def steps(self) -> tuple[NextStep, ...]:
        """What may come after a call of this outcome, the usual step first."""
        return rules.steps_of(self)


class LeadCall(models.Model):
    """How a call ended: one row for each lead that somebody had in hand and called. Added to only;
    a trigger holds it against its hold and its disposition.

    `callee` is whose phone was called. With `is_last` the phone was called as often as the
    disposition allows, over all its leads; until `cools_until` nobody calls whoever was angry.
    """

    hold = models.OneToOneField("journeys.LeadHold", models.PROTECT, related_name="call")
    lead = models.ForeignKey("journeys.Lead", models.PROTECT, related_name="calls", db_index=False)
    caller = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    callee = models.BinaryField(null=True, max_length=16)
    called_at = models.DateTimeField(_("called at"))
    wrapped_at = models.DateTimeField(_("wrapped up at"))
    disposition = models.ForeignKey(
        Disposition, models.PROTECT, related_name="calls", db_index=False
    )
    next_step = models.CharField(_("next step"), max_length=12, choices=NextStep.choices)
    again_at = models.DateTimeField(_("call again from"), null=True)
    is_last = models.BooleanField(default=False)
    cools_until = models.DateTimeField(_("left in peace until"), null=True)
    mood_before = models.CharField(
        _("mood at the beginning"), max_length=8, choices=Mood.choices, blank=True, default=""
    )
    mood_after = models.CharField(
        _("mood at the end"), max_length=8, choices=Mood.choices, blank=True, default=""
    )
    # What the caller did for the mood at the beginning.
    mood_move = models.ForeignKey(
        "journeys.MoodMove", models.PROTECT, null=True, related_name="calls", db_index=False
    )
    # What the person said who is never to be contacted again; and what the caller wants to know
    # next time. Both are kept masked.
    words = models.TextField(_("words"), blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lead_call_known",
                condition=Q(
                    next_step__in=NextStep.values,
                    mood_before__in=["", *Mood.values],
                    mood_after__in=["", *Mood.values],
                ),
            ),
            models.CheckConstraint(
                name="lead_call_wrapped_after", condition=Q(wrapped_at__gte=F("called_at"))
            ),
            models.CheckConstraint(
                name="lead_call_again_has_time",
                condition=~Q(next_step__in=_LATER) & Q(again_at=None)
                | Q(next_step__in=_LATER, again_at__isnull=False) & Q(again_at__gt=F("called_at")),
            ),
            models.CheckConstraint(
                name="lead_call_refusal_has_words",
                condition=~Q(next_step=NextStep.DO_NOT_CALL) | ~Q(words=""),
            ),
            models.CheckConstraint(
                name="lead_call_last_is_closed",
                condition=Q(is_last=False) | Q(next_step=NextStep.LOST),
            ),
            models.CheckConstraint(
                name="lead_call_move_for_a_mood",
                condition=Q(mood_move=None) | ~Q(mood_before=""),
            ),
            models.CheckConstraint(
                name="lead_call_angry_cools",
                condition=~Q(mood_after=Mood.ANGRY) & Q(cools_until=None)
                | Q(mood_after=Mood.ANGRY, cools_until__isnull=False)
                & Q(cools_until__gt=F("called_at")),
            ),
        ]
        indexes = [
            models.Index(name="lead_call_of_lead", fields=["lead", "-called_at"]),
            models.Index(name="lead_call_of_caller", fields=["caller", "-called_at"]),
            models.Index(
                name="lead_call_of_mood_move",
                fields=["mood_move", "mood_before"],
                condition=Q(mood_move__isnull=False),
            ),
            # Whose phone is to be left in peace, for a while or for good.
            models.Index(
                name="lead_call_in_peace",
                fields=["callee", "cools_until"],
                condition=Q(is_last=True) | Q(cools_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.called_at}"

    @property
    def shown_note(self) -> str:
        """The caller's note, numbers and addresses masked."""
        return masking.mask_text(self.note)

    @property
    def shown_words(self) -> str:
        """What the person said, numbers and addresses masked."""
        return masking.mask_text(self.words)


class CallDraft(models.Model):
    """What somebody has typed of a wrap-up that is not sent yet, as it is typed: it survives a
    browser that dies, and the end of the hold. Gone with the call."""

    hold = models.OneToOneField("journeys.LeadHold", models.PROTECT, related_name="draft")
    said = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="call_draft_saved", fields=["saved_at"])]

    def __str__(self) -> str:
        return str(self.hold_id)
