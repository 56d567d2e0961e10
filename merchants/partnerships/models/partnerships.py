"""Partnerships with merchants, every move between their phases, and the work that a phase asks
for."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import Scenario
from merchants.partnerships.enums import Phase, RequestState, SuggestionState, TaskState
from merchants.partnerships.rules import evidence as evidences
from merchants.partnerships.rules import moves, playbooks, reasons
from portal.kit import languages


def _pairs(before: str, after: str) -> Q:
    allowed = Q()
    for first, second in moves.PAIRS:
        allowed |= Q(**{before: first, after: second})
    return allowed


class PartnershipRule(models.Model):
    """What holds for moves from a day on; the latest that has come is in force. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    least_days = models.PositiveSmallIntegerField(_("days in a phase at least"))
    return_days = models.PositiveSmallIntegerField(_("days without return to a phase"))
    stable_days = models.PositiveSmallIntegerField(_("days of stability before perfect"))
    most_fall = models.PositiveSmallIntegerField(_("turnover may fall by (%)"))
    alarms_a_week = models.PositiveSmallIntegerField(_("suggestions for a manager a week"))
    answer_days = models.PositiveSmallIntegerField(
        _("days in which a suggestion is to be answered"), default=moves.ANSWER_DAYS
    )
    second_person = ArrayField(
        models.CharField(max_length=24),
        verbose_name=_("moves that need a second person"),
        default=list,
        blank=True,
        help_text=_("Such as comparison-confirmed, with commas between them."),
    )
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of partnerships")
        verbose_name_plural = _("rules of partnerships")
        constraints = [
            models.CheckConstraint(
                name="partnership_rule_bounds",
                condition=Q(
                    least_days__lte=365, return_days__lte=365, stable_days__range=(1, 730),
                    most_fall__lte=100, alarms_a_week__range=(1, 50),
                    answer_days__range=(1, 365),
                ) & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="partnership_rule_moves_known",
                condition=Q(second_person__contained_by=[row.code for row in moves.MOVES.values()]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.effective_date)

    @property
    def plain(self) -> moves.Limits:
        return moves.Limits(
            least_days=self.least_days,
            return_days=self.return_days,
            stable_days=self.stable_days,
            most_fall=self.most_fall,
            alarms_a_week=self.alarms_a_week,
            answer_days=self.answer_days,
            second_person=frozenset(self.second_person),
        )


class Partnership(models.Model):
    """A partnership of the bank with a merchant. `phase`, `since` and `moved` (the number of its
    last move) are written by the trigger of its history alone, and are what that says."""

    merchant = models.ForeignKey("merchants.Merchant", models.PROTECT, related_name="partnerships")
    manager = models.ForeignKey("portal.Staff", models.PROTECT, related_name="partnerships")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="partnerships")
    scenarios = ArrayField(models.CharField(max_length=12))
    opened_at = models.DateTimeField(_("opened at"))
    phase = models.CharField(_("phase"), max_length=12, choices=Phase.choices, blank=True)
    since = models.DateField(_("in the phase since"), null=True)
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="partnership_open_once",
                fields=["merchant"],
                condition=~Q(phase=Phase.ENDED),
            ),
            models.CheckConstraint(
                name="partnership_scenarios_known",
                condition=Q(scenarios__contained_by=list(Scenario.values), scenarios__len__gte=1),
            ),
            models.CheckConstraint(
                name="partnership_phase_is_told",
                condition=Q(phase="", since=None, moved=0)
                | Q(phase__in=Phase.values, since__isnull=False, moved__gte=1),
            ),
        ]
        indexes = [
            models.Index(name="partnership_board", fields=["phase", "since", "id"]),
            models.Index(name="partnership_mine", fields=["manager", "phase"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.merchant_id}: {self.phase}"

    @property
    def is_open(self) -> bool:
        return self.phase != Phase.ENDED

    @property
    def scenario_words(self) -> str:
        return " · ".join(str(Scenario(code).label) for code in self.scenarios)

    def days_in_phase(self, on: dt.date) -> int:
        """This will count the days from the move into the phase."""
        return (on - self.since).days if self.since else 0


class MoveRequest(models.Model):
    """A move that a second person must allow, as it was asked for after move number `after`."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="requests")
    after = models.PositiveIntegerField()
    to_phase = models.CharField(max_length=12, choices=Phase.choices)
    reason = models.TextField(_("reason"))
    evidence = models.JSONField()
    suggestion = models.ForeignKey("PhaseSuggestion", models.PROTECT, null=True, related_name="+")
    submission = models.OneToOneField("portal.Submission", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(
        max_length=8, choices=RequestState.choices, default=RequestState.WAITING
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="move_request_waits_once", fields=["partnership"],
                condition=Q(state=RequestState.WAITING),
            ),
            models.CheckConstraint(
                name="move_request_state_known", condition=Q(state__in=RequestState.values)
            ),
            models.CheckConstraint(
                name="move_request_is_reasoned",
                condition=~Q(reason="") & Q(to_phase__in=Phase.values),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.partnership_id}: {self.to_phase}"


class PhaseSuggestion(models.Model):
    """A move that evidence suggests: reasons as codes with their numbers, and what became of it.
    `manager` is whose budget of alarms it was taken from."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="suggestions")
    manager = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    on_date = models.DateField(_("suggested on"))
    from_phase = models.CharField(max_length=12, choices=Phase.choices)
    to_phase = models.CharField(max_length=12, choices=Phase.choices)
    reasons = models.JSONField()
    evidence = models.JSONField()
    state = models.CharField(
        max_length=8, choices=SuggestionState.choices, default=SuggestionState.OPEN
    )
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    words = models.TextField(_("why it was declined"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="suggestion_open_once",
                fields=["partnership"],
                condition=Q(state=SuggestionState.OPEN),
            ),
            models.CheckConstraint(
                name="suggestion_is_a_move", condition=_pairs("from_phase", "to_phase")
            ),
            models.CheckConstraint(
                name="suggestion_settled_whole",
                condition=Q(state=SuggestionState.OPEN, settled_at=None, settled_by=None, words="")
                | Q(state=SuggestionState.LAPSED, settled_at__isnull=False, words="")
                | Q(
                    state=SuggestionState.EXPIRED,
                    settled_at__isnull=False,
                    settled_by=None,
                    words="",
                )
                | Q(
                    state=SuggestionState.ACCEPTED,
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                    words="",
                )
                | (
                    Q(
                        state=SuggestionState.DECLINED,
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                    )
                    & ~Q(words="")
                ),
            ),
        ]
        indexes = [
            models.Index(name="suggestion_budget", fields=["manager", "on_date"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.partnership_id}: {self.from_phase}-{self.to_phase}"

    @property
    def sentences(self) -> list[str]:
        """This will say the reasons in words, the foremost first."""
        return [reasons.sentence(reason) for reason in self.reasons]

    @property
    def rests_on(self) -> str:
        """This will name the kinds of evidence that it rests on."""
        return " · ".join(reasons.rests_on(self.reasons))


class PhaseChange(models.Model):
    """A move from one phase to another: only added to, each following on the one before. Triggers
    refuse what does not follow, what comes too early, and what lacks its second person."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    from_phase = models.CharField(max_length=12, choices=Phase.choices, blank=True)
    to_phase = models.CharField(max_length=12, choices=Phase.choices)
    on_date = models.DateField(_("on"))
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"))
    actor = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    evidence = models.JSONField()
    suggestion = models.OneToOneField(
        PhaseSuggestion, models.PROTECT, null=True, related_name="change"
    )
    approval = models.OneToOneField(
        "portal.Submission", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="phase_change_once", fields=["partnership", "number"]),
            models.CheckConstraint(
                name="phase_change_allowed", condition=_pairs("from_phase", "to_phase")
            ),
            models.CheckConstraint(name="phase_change_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="phase_change_evidence_read",
                condition=Q(evidence__has_key="schema", evidence__schema=evidences.SCHEMA),
            ),
        ]
        indexes = [models.Index(name="phase_change_on", fields=["on_date", "id"])]

    def __str__(self) -> str:
        return f"{self.partnership_id}/{self.number}: {self.to_phase}"


class ManagerChange(models.Model):
    """A partnership that went from one manager to another: only added to, each following on the
    one before; a trigger writes `manager` of the partnership from it. Nobody did it (`actor`) where
    the two were brought together again when this rule came."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="manager_changes")
    number = models.PositiveIntegerField()
    from_manager = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    to_manager = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    actor = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="manager_change_once", fields=["partnership", "number"]),
            models.CheckConstraint(
                name="manager_change_is_one",
                condition=~Q(from_manager=F("to_manager")) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id}/{self.number}: {self.to_manager_id}"


class Playbook(models.Model):
    """What a phase asks for, in a version: the newest of the nearest branch above holds, and where
    none of them wrote one, the bank's own (without a branch). Added to only."""

    phase = models.CharField(_("phase"), max_length=12, choices=Phase.choices)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    reason = models.TextField(_("reason"))
    written_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="playbook_version_once", fields=["phase", "branch", "number"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="playbook_phase_known",
                condition=Q(phase__in=[phase for phase in Phase.values if phase != Phase.ENDED]),
            ),
            models.CheckConstraint(name="playbook_has_reason", condition=~Q(reason="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.phase} {self.number}"

    @property
    def plain(self) -> playbooks.Content:
        return playbooks.read(self.content)


class PartnershipTask(models.Model):
    """A task that a phase brought, from the playbook as it stood then."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="tasks")
    change = models.ForeignKey(PhaseChange, models.PROTECT, related_name="tasks")
    playbook = models.ForeignKey(Playbook, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(_("task"), max_length=300)
    title_en = models.CharField(_("task in English"), max_length=300)
    due_date = models.DateField(_("due on"))
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    words = models.TextField(_("what was done, or why not"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="partnership_task_once", fields=["change", "place"]),
            models.CheckConstraint(
                name="partnership_task_settled_whole",
                condition=Q(state=TaskState.OPEN, settled_by=None, settled_at=None, words="")
                | Q(state=TaskState.LEFT, settled_at__isnull=False, words="")
                | Q(state=TaskState.DONE, settled_by__isnull=False, settled_at__isnull=False)
                | (
                    Q(state=TaskState.SKIPPED, settled_by__isnull=False, settled_at__isnull=False)
                    & ~Q(words="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="partnership_task_due", fields=["partnership", "due_date"],
                condition=Q(state=TaskState.OPEN),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.title_en if languages.reads_english() else self.title

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN
