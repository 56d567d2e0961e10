"""The window between the bank and a merchant: notes of needs and interests, the meetings at which
they are shared and learnt, and what was promised there."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.windows.enums import MeetingState, NoteKind, Pane, PromiseState, Side
from merchants.windows.rules import panes


def _pairs(known: list[tuple[str, str]]) -> Q:
    allowed = Q()
    for before, after in known:
        allowed |= Q(from_pane=before, to_pane=after)
    return allowed


class Meeting(models.Model):
    """A meeting with a partner: on a day, with persons there by key alone, for a purpose. What
    became of it is told once."""

    partnership = models.ForeignKey(
        "merchants.Partnership", models.PROTECT, related_name="meetings"
    )
    on_date = models.DateField(_("day"))
    at_time = models.TimeField(_("hour"), null=True)
    purpose = models.CharField(_("aim"), max_length=200)
    planned_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(_("planned at"))
    state = models.CharField(
        max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    result = models.TextField(_("what came of it"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="meeting_has_purpose", condition=~Q(purpose="")),
            models.CheckConstraint(
                name="meeting_settled_whole",
                condition=Q(state=MeetingState.PLANNED, settled_by=None, settled_at=None, result="")
                | (
                    Q(
                        state__in=[MeetingState.HELD, MeetingState.CALLED_OFF],
                        settled_by__isnull=False,
                        settled_at__isnull=False,
                    )
                    & ~Q(result="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="meeting_coming",
                fields=["on_date", "id"],
                condition=Q(state=MeetingState.PLANNED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on_date} {self.partnership_id}"

    @property
    def is_planned(self) -> bool:
        return self.state == MeetingState.PLANNED


class MeetingPerson(models.Model):
    """A person of the merchant with whom a meeting is."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="people")
    contact = models.ForeignKey("merchants.MerchantContact", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="meeting_person_once", fields=["meeting", "contact"]),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.contact_id}"


class WindowNote(models.Model):
    """A need or an interest of one side. `pane` and `moved` (the number of its last move) are
    written by the trigger of its moves alone; its words stay."""

    partnership = models.ForeignKey("merchants.Partnership", models.PROTECT, related_name="notes")
    side = models.CharField(_("whose"), max_length=8, choices=Side.choices)
    kind = models.CharField(_("kind"), max_length=8, choices=NoteKind.choices)
    words = models.CharField(_("need or interest"), max_length=300)
    contact = models.ForeignKey(
        "merchants.MerchantContact", models.PROTECT, null=True, related_name="+"
    )
    written_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written at"))
    pane = models.CharField(_("pane"), max_length=7, choices=Pane.choices, blank=True)
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="window_note_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="window_note_known",
                condition=Q(side__in=Side.values, kind__in=NoteKind.values),
            ),
            models.CheckConstraint(
                name="window_note_pane_is_told",
                condition=Q(pane="", moved=0) | Q(pane__in=Pane.values, moved__gte=1),
            ),
        ]
        indexes = [models.Index(name="window_note_panes", fields=["partnership", "pane"])]

    def __str__(self) -> str:
        return f"{self.partnership_id}: {self.pane}"


class WindowMove(models.Model):
    """A move of a note from one pane to another: only added to, each following on the one before;
    `words` say what was learnt, or why it holds no more."""

    note = models.ForeignKey(WindowNote, models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    from_pane = models.CharField(max_length=7, choices=Pane.choices, blank=True)
    to_pane = models.CharField(max_length=7, choices=Pane.choices)
    on_date = models.DateField(_("on"))
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="moves")
    words = models.TextField(_("what was learnt, or why"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="window_move_once", fields=["note", "number"]),
            models.CheckConstraint(name="window_move_allowed", condition=_pairs(panes.PAIRS)),
            models.CheckConstraint(
                name="window_move_says_what", condition=~_pairs(panes.ASKED) | ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}/{self.number}: {self.to_pane}"

    @property
    def label(self) -> str:
        move = panes.MOVES.get((self.from_pane, self.to_pane))
        return str(move.label if move else self.get_to_pane_display())


class PartnerPromise(models.Model):
    """What one side promised the other, due on a day, and whether it was kept, told once."""

    partnership = models.ForeignKey(
        "merchants.Partnership", models.PROTECT, related_name="promises"
    )
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="promises")
    side = models.CharField(_("who promised"), max_length=8, choices=Side.choices)
    words = models.CharField(_("promise"), max_length=200)
    made_date = models.DateField(_("promised on"))
    due_date = models.DateField(_("due on"))
    noted_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted at"))
    state = models.CharField(max_length=6, choices=PromiseState.choices, default=PromiseState.OPEN)
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    result = models.TextField(_("what came of it"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partner_promise_whole",
                condition=~Q(words="") & Q(side__in=Side.values, due_date__gte=F("made_date")),
            ),
            models.CheckConstraint(
                name="partner_promise_settled_whole",
                condition=Q(state=PromiseState.OPEN, settled_by=None, settled_at=None, result="")
                | Q(state=PromiseState.KEPT, settled_by__isnull=False, settled_at__isnull=False)
                | (
                    Q(
                        state=PromiseState.BROKEN,
                        settled_by__isnull=False,
                        settled_at__isnull=False,
                    )
                    & ~Q(result="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="partner_promise_due",
                fields=["partnership", "due_date"],
                condition=Q(state=PromiseState.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id}: {self.due_date}"

    @property
    def is_open(self) -> bool:
        return self.state == PromiseState.OPEN
