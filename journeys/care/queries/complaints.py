"""Reading cases and complaints."""

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from journeys.care import rules
from journeys.care.enums import CareEventKind, ComplaintState
from journeys.care.models import (
    CareEvent,
    Complaint,
    ComplaintRound,
    ComplaintRule,
    ServiceCase,
)
from journeys.customers import queries as customers
from portal.kit import clock
from portal.staff.access import Scope

# Who may see it: the branch that keeps the customer now, whoever took it in.
_KEEPER = "customer__branch"
NO_CAUSE = "none"
_FIRST_OPENED = Coalesce(
    Subquery(
        ComplaintRound.objects.filter(complaint=OuterRef("pk"), is_over=True)
        .order_by("opened_date")
        .values("opened_date")[:1]
    ),
    F("opened_date"),
)

# The opening of a complaint of which a file told later that it had been opened before.
_IS_AGAIN = Q(kind=CareEventKind.OPENED) & Q(
    Exists(
        CareEvent.objects.filter(
            complaint=OuterRef("complaint"), kind=CareEventKind.OPENED, at__lt=OuterRef("at")
        )
    )
)


def limits_on(day: dt.date) -> rules.Limits | None:
    """This will return the limits in force on a day; None where there are none."""
    rule = ComplaintRule.objects.filter(effective_date__lte=day).order_by("-effective_date").first()
    if rule is None:
        return None
    return rules.Limits(rule.simple_days, rule.complex_days, rule.extension_days)


def list_complaints(*, scope: Scope, state: str = "", **asked: Any) -> QuerySet[Complaint]:
    """This will list the complaints of a scope: open ones by their end, so that those overdue
    come first; others the youngest first. Each tells when it was first opened.

    Further it may be asked for `grade`, `cause` (a kind; NO_CAUSE for those without), `reference`
    (of the cause), `branch_path`, and the days of first opening `first` and `last`, both included;
    what is empty is not asked for.
    """
    rows = Complaint.objects.filter(scope.branches(_KEEPER), **({"state": state} if state else {}))
    rows = rows.annotate(day_first_opened=_FIRST_OPENED)
    for name, value in asked.items():
        if value:
            rows = rows.filter(_narrowed(name, value))
    order = ("due_date", "id") if state == ComplaintState.OPEN else ("-opened_date", "-id")
    return rows.select_related("customer", "branch").order_by(*order)


def _narrowed(name: str, value: Any) -> Q:
    if name == "cause":
        return Q(cause_kind="" if value == NO_CAUSE else value)
    if name == "reference":
        return Q(cause_reference=value) | Q(cause_staff__staff_number=value)
    if name == "first":  # no clock began before the first opening: the index is of use
        return Q(opened_date__gte=value, day_first_opened__gte=value)
    columns = {"last": "day_first_opened__lte", "grade": "grade"}
    return Q(**{columns.get(name, "branch__path__startswith"): value})


def one_complaint(*, scope: Scope, number: str) -> Complaint | None:
    """This will return a complaint of the scope, or None."""
    rows = Complaint.objects.filter(scope.branches(_KEEPER), number=number)
    people = ("cause_staff", "extended_by", "extension_asked_by")
    return rows.select_related("customer", "branch", *people).first()


def too_late(number: str, _snapshot: dict[str, Any], at: dt.datetime) -> str:
    """This will say why more days cannot be allowed for a complaint any more; "" while they can."""
    due = Complaint.objects.values_list("due_date", flat=True).get(number=number)
    if clock.bank_day(at) <= due:
        return ""
    return _(
        "The complaint was to be answered by {day} and is overdue: more days make it timely no "
        "more. Return the request."
    ).format(day=due)


def is_customer_of(*, scope: Scope, number: str) -> bool:
    """This will tell whether a customer belongs to the scope."""
    return customers.one_customer(scope=scope, number=number) is not None


def complaints_of(*, scope: Scope, customer_number: str) -> QuerySet[Complaint]:
    """This will list a customer's complaints, the youngest first."""
    return list_complaints(scope=scope).filter(customer__number=customer_number)


def cases_of(*, scope: Scope, customer_number: str) -> QuerySet[ServiceCase]:
    """This will list a customer's service cases, the youngest first."""
    return list_cases(scope=scope).filter(customer__number=customer_number)


def nearing_limit(*, scope: Scope, on: dt.date) -> QuerySet[Complaint]:
    """This will list the open complaints whose end is near or has passed, the most pressing
    first."""
    rows = list_complaints(scope=scope, state=ComplaintState.OPEN)
    return rows.filter(due_date__lte=on + dt.timedelta(days=rules.NEAR_DAYS))


def list_cases(*, scope: Scope, state: str = "") -> QuerySet[ServiceCase]:
    """This will list the service cases of a scope, the youngest first."""
    rows = ServiceCase.objects.filter(
        scope.branches(_KEEPER), **({"state": state} if state else {})
    )
    return rows.select_related("customer", "branch", "owner").order_by("-opened_date", "-id")


def one_case(*, scope: Scope, number: str) -> ServiceCase | None:
    """This will return a case of the scope, or None."""
    rows = ServiceCase.objects.filter(scope.branches(_KEEPER), number=number)
    return rows.select_related("customer", "branch", "owner").first()


def events_of(thing: Complaint | ServiceCase) -> QuerySet[CareEvent]:
    """This will return the history, in order."""
    rows: QuerySet[Any] = thing.events.select_related("actor").annotate(is_again=_IS_AGAIN)
    return rows.order_by("at", "id")


def rounds_of(complaint: Complaint, *, on: dt.date) -> list[rules.Round]:
    """This will tell every clock of a complaint as it stands on a day, the first one first."""
    over = complaint.rounds.filter(is_over=True).order_by("opened_date", "id")
    found: list[ComplaintRound | Complaint] = list(over)
    return [
        rules.Round(
            number=number,
            opened=row.opened_date,
            due=row.due_date,
            answered=row.answered_date,
            is_extended=row.extension_days > 0,
            is_over=isinstance(row, ComplaintRound),
            on=on,
            cause=row.get_cause_kind_display() if row.cause_kind else "",
        )
        for number, row in enumerate([*found, complaint], start=1)
    ]


def steps_of_complaints(*, scope: Scope, customer_id: int) -> QuerySet[CareEvent]:
    """This will list the steps of a customer's complaints, with the complaint."""
    rows = CareEvent.objects.filter(
        scope.branches(f"complaint__{_KEEPER}"), complaint__customer_id=customer_id
    )
    return rows.select_related("complaint").annotate(is_again=_IS_AGAIN)


def steps_of_cases(*, scope: Scope, customer_id: int) -> QuerySet[CareEvent]:
    """This will list the steps of a customer's service cases, with the case."""
    rows = CareEvent.objects.filter(
        scope.branches(f"case__{_KEEPER}"), case__customer_id=customer_id
    )
    return rows.select_related("case")
