"""Why merchants refuse: a tree of reasons, what answers each, what merchants said, and what was
tried."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.refusals.enums import AnswerKind, Outcome, RefusalState, Root
from merchants.refusals.rules import shape
from portal.kit import languages

_RETIRED = Q(retired_date=None, retired_by=None, retired_why="") | (
    Q(retired_date__isnull=False, retired_by__isnull=False) & ~Q(retired_why="")
)


class _Spoken(models.Model):
    """Words in both languages that stay as they are until they are retired."""

    name = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=120)
    text = models.TextField(_("text in Chinese"))
    text_en = models.TextField(_("text in English"))
    added_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("added at"))
    retired_date = models.DateField(_("retired on"), null=True)
    retired_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    retired_why = models.TextField(_("why it was retired"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name

    @property
    def words(self) -> str:
        return self.text_en if languages.reads_english() else self.text

    @property
    def is_retired(self) -> bool:
        return self.retired_date is not None


class RefusalReason(_Spoken):
    """A reason for refusing, below one of the three roots; its text says how it is recognised.
    Triggers set `root` and `depth` from the parent, keep its place and its words, and let it be
    retired, once; a reason has no cycle above it, since its parent is there first and stays."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    root = models.CharField(max_length=12, choices=Root.choices)
    depth = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refusal_reason_roots_stand",
                condition=Q(parent=None, depth=0, retired_date=None)
                | Q(parent__isnull=False, depth__gte=1),
            ),
            models.CheckConstraint(
                name="refusal_reason_not_too_deep", condition=Q(depth__lte=shape.MOST_DEPTH)
            ),
            models.CheckConstraint(
                name="refusal_reason_root_known", condition=Q(root__in=Root.values)
            ),
            models.CheckConstraint(
                name="refusal_reason_in_both",
                condition=~Q(name="") & ~Q(name_en="") & ~Q(text="") & ~Q(text_en=""),
            ),
            models.CheckConstraint(name="refusal_reason_retired_whole", condition=_RETIRED),
            models.UniqueConstraint(
                name="refusal_reason_root_once", fields=["root"], condition=Q(parent=None)
            ),
            models.UniqueConstraint(
                name="refusal_reason_named_once",
                fields=["parent", "name"],
                condition=Q(retired_date=None),
            ),
        ]


class RefusalAnswer(_Spoken):
    """A talk track or a counter-move for a reason and all those below it; its text is what is said
    or done. Its words stay; it may be retired, once."""

    reason = models.ForeignKey(RefusalReason, models.PROTECT, related_name="answers")
    kind = models.CharField(_("kind"), max_length=4, choices=AnswerKind.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refusal_answer_kind_known", condition=Q(kind__in=AnswerKind.values)
            ),
            models.CheckConstraint(
                name="refusal_answer_in_both",
                condition=~Q(name="") & ~Q(name_en="") & ~Q(text="") & ~Q(text_en=""),
            ),
            models.CheckConstraint(name="refusal_answer_retired_whole", condition=_RETIRED),
            models.UniqueConstraint(
                name="refusal_answer_named_once",
                fields=["reason", "name"],
                condition=Q(retired_date=None),
            ),
        ]


class Refusal(models.Model):
    """What a partner or a lead said no with: the reason, in their words, on a day, and the person
    there who said it by key alone. What was said stays; what became of it is told once."""

    partnership = models.ForeignKey(
        "merchants.Partnership", models.PROTECT, null=True, related_name="refusals"
    )
    lead = models.ForeignKey(
        "merchants.MerchantLead", models.PROTECT, null=True, related_name="refusals"
    )
    reason = models.ForeignKey(RefusalReason, models.PROTECT, related_name="refusals")
    words = models.TextField(_("in their words"))
    contact = models.ForeignKey(
        "merchants.MerchantContact", models.PROTECT, null=True, related_name="+"
    )
    said_date = models.DateField(_("said on"))
    recorded_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))
    state = models.CharField(max_length=9, choices=RefusalState.choices, default=RefusalState.OPEN)
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_why = models.TextField(_("why"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refusal_of_one",
                condition=Q(partnership__isnull=False, lead=None)
                | Q(partnership=None, lead__isnull=False, contact=None),
            ),
            models.CheckConstraint(name="refusal_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="refusal_settled_whole",
                condition=Q(
                    state=RefusalState.OPEN, settled_by=None, settled_at=None, settled_why=""
                )
                | Q(
                    state=RefusalState.OVERCOME,
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                )
                | (
                    Q(
                        state__in=[RefusalState.LET_BE, RefusalState.WITHDRAWN],
                        settled_by__isnull=False,
                        settled_at__isnull=False,
                    )
                    & ~Q(settled_why="")
                ),
            ),
        ]
        indexes = [
            models.Index(name="refusal_newest", fields=["-said_date", "-id"]),
            models.Index(
                name="refusal_open", fields=["partnership"], condition=Q(state=RefusalState.OPEN)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said_date} {self.reason_id}"

    @property
    def is_open(self) -> bool:
        return self.state == RefusalState.OPEN


class AnswerTry(models.Model):
    """An answer that was tried at a refusal, and its outcome, which is told once."""

    refusal = models.ForeignKey(Refusal, models.PROTECT, related_name="tries")
    answer = models.ForeignKey(RefusalAnswer, models.PROTECT, related_name="tries")
    tried_date = models.DateField(_("tried on"))
    tried_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    tried_at = models.DateTimeField(_("recorded at"))
    outcome = models.CharField(max_length=6, choices=Outcome.choices, default=Outcome.OPEN)
    outcome_date = models.DateField(_("outcome on"), null=True)
    outcome_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    outcome_at = models.DateTimeField(null=True)
    note = models.TextField(_("what came of it"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="answer_try_settled_whole",
                condition=Q(
                    outcome=Outcome.OPEN,
                    outcome_date=None,
                    outcome_by=None,
                    outcome_at=None,
                    note="",
                )
                | Q(
                    outcome__in=[Outcome.WORKED, Outcome.FAILED],
                    outcome_date__isnull=False,
                    outcome_date__gte=models.F("tried_date"),
                    outcome_by__isnull=False,
                    outcome_at__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                name="answer_try_open_once",
                fields=["refusal", "answer"],
                condition=Q(outcome=Outcome.OPEN),
            ),
        ]
        indexes = [models.Index(name="answer_try_counted", fields=["answer", "outcome"])]

    def __str__(self) -> str:
        return f"{self.refusal_id}: {self.answer_id}"

    @property
    def is_open(self) -> bool:
        return self.outcome == Outcome.OPEN
