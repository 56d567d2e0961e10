"""Reading alerts."""

from django.db.models import F, Q, QuerySet

from campaigns.warnings.enums import State
from campaigns.warnings.models import Alert, AlertMove, Appeal
from campaigns.warnings.rules import owning, states
from portal.staff import queries as staff_queries
from portal.staff import rules as staff_rules
from portal.staff.access import Scope
from portal.staff.enums import Permission
from portal.staff.models import Staff

# From these on whom an alert concerns is told of it.
_TOLD = (State.CONFIRMED, State.SETTLED)


def _visible(*, scope: Scope, reader: Staff) -> QuerySet[Alert]:
    """The alerts of a scope, and the own ones; of those about the reader none, which stand on a
    page of their own."""
    within = scope.branches()  # empty where it is the whole bank
    rows = Alert.objects.filter(within | Q(owner=reader)) if within else Alert.objects.all()
    return rows.exclude(concerned=reader).select_related(
        "owner", "branch", "campaign", "concerned", "customer"
    )


def list_alerts(
    *, scope: Scope, reader: Staff, is_mine: bool = False, state: str = "", kind: str = "",
    severity: str = "", campaign: str = "",
) -> QuerySet[Alert]:  # fmt: skip
    """This will list the alerts of a scope, those seen last first. `state` is "waiting", a state,
    or "" for all; what is empty is not asked for."""
    rows = _visible(scope=scope, reader=reader)
    if is_mine:
        rows = rows.filter(owner=reader)
    if state:
        rows = rows.filter(state__in=states.WAITING if state == "waiting" else [state])
    for name, value in {"kind": kind, "severity": severity, "campaign__code": campaign}.items():
        if value:
            rows = rows.filter(**{name: value})
    return rows.order_by("-last_seen_at", "-id")


def one_alert(*, scope: Scope, reader: Staff, alert_id: int) -> Alert | None:
    """This will return an alert of a scope; None where it is of another, or about the reader."""
    return _visible(scope=scope, reader=reader).filter(pk=alert_id).first()


def history_of(alert: Alert) -> list[AlertMove]:
    """This will list the moves of an alert, the first one first."""
    return list(alert.moves.select_related("actor").order_by("id"))


def about(reader: Staff) -> QuerySet[Alert]:
    """This will list the alerts about somebody of which this person is told: those that were
    confirmed, and those to which the person said a word, the latest first."""
    answered = Appeal.objects.filter(said_by=reader).values("alert")
    rows = Alert.objects.filter(Q(state__in=_TOLD) | Q(pk__in=answered), concerned=reader)
    return rows.prefetch_related("appeals").order_by("-last_seen_at", "-id")


def waiting_for(reader: Staff) -> QuerySet[Alert]:
    """This will list the alerts that somebody must look at, severe ones first (their word comes
    before the other's in the alphabet), then those seen last."""
    rows = Alert.objects.filter(owner=reader, state__in=states.WAITING)
    rows = rows.select_related("campaign", "concerned", "customer")
    return rows.order_by("severity", "-last_seen_at", "-id")


def stopped_of(reader: Staff) -> QuerySet[Alert]:
    """This will list the alerts because of which campaigns of somebody were stopped, as long as
    they are, the latest first."""
    rows = Alert.objects.filter(
        paused_at__isnull=False, campaign__owner=reader,
        campaign__stopped_at__lte=F("paused_at"),
    )  # fmt: skip
    return rows.select_related("campaign", "concerned", "customer").order_by("-paused_at", "-id")


def alerts_of_campaign(*, code: str, scope: Scope, reader: Staff) -> QuerySet[Alert]:
    """This will list the alerts about a campaign that wait, those seen last first."""
    return list_alerts(scope=scope, reader=reader, state="waiting", campaign=code)


def judges_of(alert: Alert) -> set[int]:
    """This will return by id who may not decide about a word to an alert: whom it concerns, and
    who confirmed it, in whatever round."""
    rows = alert.moves.filter(to_state=State.CONFIRMED).values_list("actor", flat=True)
    return {one for one in [*rows, alert.concerned_id] if one is not None}


def waiting_appeals(*, scope: Scope, reader: Staff) -> QuerySet[Appeal]:
    """This will list the words to alerts of a scope that wait for a decision and that the reader
    may decide about, the oldest first."""
    confirmed = AlertMove.objects.filter(to_state=State.CONFIRMED, actor=reader)
    rows = Appeal.objects.filter(scope.branches("alert__branch"), decided_by=None)
    rows = rows.exclude(alert__concerned=reader).exclude(alert__in=confirmed.values("alert"))
    return rows.select_related("alert").order_by("said_at", "id")


def people_who_look() -> list[owning.Person]:
    """This will list those at work who may look at alerts."""
    roles = staff_rules.roles_that_may(Permission.VIEW_WARNINGS)
    rows = staff_queries.active_in_roles(roles)
    people = [owning.Person(row.pk, row.role, row.branch.path) for row in rows]
    return sorted(people, key=lambda one: one.id)
