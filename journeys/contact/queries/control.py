"""The bank's control group: which one is in force, whom it holds, and what was proposed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from journeys.contact.enums import ControlState
from journeys.contact.models import ControlGroup
from journeys.customers.models import Customer
from journeys.customers.rules import PLACES, place_sql
from portal.kit import clock, languages
from portal.kit.personal import ERASED
from portal.kit.registry import Digest

_EACH = PLACES // 1000  # places in a thousandth
_SIZE = f"""
SELECT count(*), count(*) FILTER (WHERE {place_sql("%(salt)s::bytea", "customer")} < %(share)s)
FROM journeys_customer AS customer WHERE name <> %(erased)s
"""


@dataclass(frozen=True)
class Shown:
    """A control group and where it stands on a day: waiting, refused, coming, in force, past, or
    replaced before it began."""

    group: ControlGroup
    state: str

    @property
    def tone(self) -> str:
        tones = {"in_force": "success", "coming": "info", "waiting": "warning"}
        return tones.get(self.state, "secondary")


def control_group_on(day: dt.date) -> ControlGroup | None:
    """This will return the control group in force on a day, also one of share 0; None where there
    is none."""
    return _in_force(day).select_related("proposed_by", "settled_by").first()


def _in_force(day: dt.date) -> QuerySet[Any]:
    rows = ControlGroup.objects.filter(state=ControlState.APPROVED, starts_date__lte=day)
    return rows.alias(over=Least("cut_date", "ends_date")).filter(over__gt=day).order_by("id")


def control_groups(*, on: dt.date) -> list[Shown]:
    """This will list all control groups that anybody proposed, the latest first."""
    rows = ControlGroup.objects.select_related("proposed_by", "settled_by").order_by("-id")
    return [Shown(row, _state(row, on)) for row in rows]


def control_group(group_id: int, *, on: dt.date) -> Shown | None:
    """This will return one of them; None where there is none of that id."""
    rows = ControlGroup.objects.filter(pk=group_id).select_related("proposed_by", "settled_by")
    return next((Shown(row, _state(row, on)) for row in rows), None)


def _state(row: ControlGroup, on: dt.date) -> str:
    if row.state != ControlState.APPROVED:
        return "waiting" if row.state == ControlState.PROPOSED else "refused"
    if row.until <= row.starts_date:
        return "replaced"
    if on < row.starts_date:
        return "coming"
    return "in_force" if on < row.until else "past"


def group_before(day: dt.date) -> ControlGroup | None:
    """This will return the last control group that begins before a day and holds somebody: the one
    whose people another one may go on with."""
    rows = ControlGroup.objects.filter(
        state=ControlState.APPROVED, starts_date__lt=day, permille__gt=0
    )
    return rows.exclude(cut_date=F("starts_date")).order_by("-starts_date").first()


def control_group_begins(*, after: dt.date, by: dt.date) -> bool:
    """This will tell whether a control group begins after a day and by another one."""
    rows = ControlGroup.objects.filter(
        state=ControlState.APPROVED, starts_date__gt=after, starts_date__lte=by
    )
    return rows.exists()


def count_held(group: ControlGroup) -> tuple[int, int]:
    """This will count the customer numbers that a control group holds, and all that are on file:
    one reading of the table."""
    values: dict[str, Any] = {
        "salt": bytes(group.salt), "share": group.permille * _EACH, "erased": ERASED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SIZE, values)
        whole, held = cursor.fetchone()
    return held, whole


def customer_is_held(customer: str, *, at: dt.datetime) -> Q:
    """This will tell, of rows that name a customer in the foreign key `customer`, whether the
    control group in force at `at` holds him, as the gate sees it."""
    return Q(_holds(f"{customer}__bearer", f"{customer}__pk", at))


def phone_is_held(callee: str, *, at: dt.datetime) -> Q:
    """This will tell, of rows that hold the hash of a phone in `callee`, whether the control group
    in force at `at` holds a customer with that phone."""
    held = Customer.objects.filter(_holds("bearer", "pk", at), callee=OuterRef(callee))
    return Q(Exists(held))


def _holds(bearer: str, customer: str, at: dt.datetime) -> Exists:
    place = Func(
        F("salt"), OuterRef(bearer), OuterRef(customer),
        function="journeys_place_of", output_field=IntegerField(),
    )  # fmt: skip
    return Exists(
        _in_force(clock.bank_day(at)).alias(place=place).filter(place__lt=F("permille") * _EACH)
    )


def too_late(group_id: str, _snapshot: dict[str, Any], at: dt.datetime) -> str:
    """This will say why a control group cannot be approved any more; "" while it can."""
    starts = ControlGroup.objects.values_list("starts_date", flat=True).get(pk=group_id)
    if clock.bank_day(at) <= starts:
        return ""
    return _("It was to begin on {day}, which has passed. Return it; a later day can be proposed.")\
        .format(day=starts)  # fmt: skip


def digest_of(snapshot: dict[str, Any]) -> Digest:
    """This will lay out a control group that was submitted for those who decide about it."""
    texts = languages.in_each(lambda: words_of(snapshot))
    return Digest(texts, [(_("Reason"), snapshot["reason"])])


def words_of(snapshot: dict[str, Any]) -> str:
    """This will say what a proposed control group does, in the active language."""
    span = _("From {first} to {last}, both inside.").format(
        first=snapshot["first_day"], last=snapshot["last_day"]
    )
    if not snapshot["permille"]:
        return f"{span} " + _("No control group: marketing reaches whom it may.")
    text = _(
        "{share}% of all persons are sent no marketing, on any channel and by any campaign, and "
        "are not called. What tells results of applications goes to them as to everybody."
    ).format(share=f"{snapshot['permille'] / 10:g}")
    people = (
        _("Whoever is in the group before it stays in.")
        if snapshot["keeps_people"]
        else _("Who is in it is drawn anew.")
    )
    return f"{span} {text} {people}"
