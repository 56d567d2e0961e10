"""Lists of partnerships, the board, and what belongs to one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from merchants.partnerships.enums import Phase, RequestState, SuggestionState, TaskState
from merchants.partnerships.models import (
    ManagerChange,
    MoveRequest,
    Partnership,
    PartnershipTask,
    PhaseChange,
    PhaseSuggestion,
)
from portal.staff.access import Scope
from portal.staff.models import Staff

CARDS = 30
ON_BOARD = [phase for phase in Phase.values if phase != Phase.ENDED]
MINE, BRANCH = "mine", "branch"


@dataclass(frozen=True)
class Column:
    """A phase on the board: the first of its partnerships, those longest in it first, and how many
    there are."""

    phase: Phase
    rows: Sequence[Partnership]
    count: int

    @property
    def others(self) -> int:
        return self.count - len(self.rows)


def visible(scope: Scope, to: str = "") -> Q:
    """This will tell what a scope's person sees: the branch's, and a relationship manager's own
    wherever they are; `to` leads to the partnership."""
    seen = scope.branches(f"{to}branch")
    if scope.own_staff_id is None:
        return seen
    return seen | Q(**{f"{to}manager": scope.own_staff_id})


def own_work(scope: Scope, to: str = "") -> Q:
    """This will tell what is a person's own work: a relationship manager's are the own
    partnerships, another one's those of the branches."""
    if scope.own_staff_id is None:
        return scope.branches(f"{to}branch")
    return Q(**{f"{to}manager": scope.own_staff_id})


def list_partnerships(
    *,
    scope: Scope,
    on: dt.date,
    phase: str = "",
    whose: str = "",
    manager: str = "",
    scenario: str = "",
    text: str = "",
    overdue: bool = False,
) -> QuerySet[Partnership]:
    """This will list the partnerships of a scope, those longest in their phase first, each with
    its number of overdue tasks (`late`) and of open suggestions (`suggested`). Without a phase
    those that ended are left out."""
    rows = Partnership.objects.filter(visible(scope))
    rows = rows.filter(phase=phase) if phase else rows.exclude(phase=Phase.ENDED)
    if whose == MINE and scope.own_staff_id is not None:
        rows = rows.filter(manager=scope.own_staff_id)
    if manager:
        rows = rows.filter(manager__username=manager)
    if scenario:
        rows = rows.filter(scenarios__contains=[scenario])
    if text := text.strip():
        rows = rows.filter(
            Q(merchant__name__icontains=text)
            | Q(merchant__name_en__icontains=text)
            | Q(merchant__name_pinyin__startswith=text.lower())
            | Q(merchant__number=text.upper())
        )
    rows = _marked(rows, on)
    if overdue:
        rows = rows.filter(Q(late__gt=0))
    return rows.order_by("since", "id")


def _marked(rows: QuerySet[Partnership], on: dt.date) -> QuerySet[Partnership]:
    late = _counted(PartnershipTask, state=TaskState.OPEN, due_date__lt=on)
    suggested = _counted(PhaseSuggestion, state=SuggestionState.OPEN)
    rows = rows.select_related("merchant__category", "manager", "branch")
    return rows.annotate(late=late, suggested=suggested)


def _counted(model: type[PartnershipTask] | type[PhaseSuggestion], **where: object) -> Coalesce:
    rows = model.objects.filter(partnership=OuterRef("pk"), **where).order_by()
    number = rows.values("partnership").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def board(*, scope: Scope, on: dt.date, whose: str = "", text: str = "") -> list[Column]:
    """This will give the columns of the board: the first few partnerships of each phase."""
    everybody = {"scope": scope, "on": on, "whose": whose, "text": text}
    counted = (
        list_partnerships(**everybody)  # type: ignore[arg-type]
        .order_by()
        .values("phase")
        .annotate(number=Count("pk"))
        .values_list("phase", "number")
    )
    counts = dict(counted)
    return [
        Column(
            Phase(phase),
            list(list_partnerships(phase=phase, **everybody)[:CARDS])  # type: ignore[arg-type]
            if counts.get(phase)
            else [],
            counts.get(phase, 0),
        )
        for phase in ON_BOARD
    ]


def one_partnership(*, scope: Scope, partnership_id: int) -> Partnership | None:
    """This will return a partnership of the scope, or None."""
    rows = Partnership.objects.filter(visible(scope), pk=partnership_id)
    return rows.select_related(
        "merchant__category", "merchant__branch", "manager", "branch"
    ).first()


def of_merchant(*, scope: Scope, number: str) -> QuerySet[Partnership]:
    """This will list the partnerships with a merchant and with those that were merged into it, the
    newest first."""
    own = Q(merchant__number=number) | Q(merchant__merged_into__number=number)
    rows = Partnership.objects.filter(visible(scope), own)
    return rows.select_related("manager", "branch").order_by("-id")


def managers_within(*, scope: Scope) -> list[Staff]:
    """This will list those who manage partnerships of a scope, by name."""
    ids = Partnership.objects.filter(visible(scope)).values("manager")
    return list(Staff.objects.filter(pk__in=ids).order_by("name", "id"))


def history_of(partnership: Partnership) -> list[PhaseChange]:
    """This will return the moves of a partnership in order, each with who made and who allowed
    it."""
    rows = partnership.changes.select_related("actor", "approval", "suggestion")
    return list(rows.prefetch_related("approval__decisions__checker").order_by("number"))


def manager_changes_of(partnership: Partnership) -> list[ManagerChange]:
    """This will list how a partnership went from manager to manager, the latest first."""
    rows = partnership.manager_changes.select_related("from_manager", "to_manager", "actor")
    return list(rows.order_by("-number"))


def tasks_of(partnership: Partnership) -> list[PartnershipTask]:
    """This will list the tasks of the phase in which a partnership stands, by their day."""
    rows = partnership.tasks.filter(change__number=partnership.moved)
    return list(rows.select_related("settled_by").order_by("due_date", "place"))


def tasks_within(*, scope: Scope, before: dt.date) -> QuerySet[PartnershipTask]:
    """This will list the open tasks that are due before a day and are the work of a scope's person,
    the most pressing first."""
    rows = PartnershipTask.objects.filter(
        own_work(scope, "partnership__"), state=TaskState.OPEN, due_date__lt=before
    )
    related = ("partnership__merchant", "partnership__manager")
    return rows.select_related(*related).order_by("due_date", "id")


def request_of(partnership: Partnership) -> MoveRequest | None:
    """This will return the move that waits for a second person; None where none does."""
    rows = partnership.requests.filter(state=RequestState.WAITING)
    return rows.select_related("asked_by", "submission").first()


def suggestion_of(partnership: Partnership) -> PhaseSuggestion | None:
    """This will return the open suggestion; None where there is none."""
    return partnership.suggestions.filter(state=SuggestionState.OPEN).first()


def suggestions_within(*, scope: Scope) -> QuerySet[PhaseSuggestion]:
    """This will list the open suggestions that are for a scope's person to answer, the oldest
    first."""
    rows = PhaseSuggestion.objects.filter(
        own_work(scope, "partnership__"), state=SuggestionState.OPEN
    )
    return rows.select_related("partnership__merchant").order_by("on_date", "id")
