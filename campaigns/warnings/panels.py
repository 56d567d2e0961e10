"""Alerts as pages and the home page show them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest

from campaigns.warnings import queries
from campaigns.warnings.enums import Kind, State
from campaigns.warnings.forms import WordForm
from campaigns.warnings.models import Alert, Appeal
from campaigns.warnings.rules import limits as limit_rules
from campaigns.warnings.rules import states, telling
from portal.kit import pictures
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

MOST = 5


def moves_for(alert: Alert, reader: Staff) -> list[State]:
    """This will list where this person may move an alert."""
    may = alert.owner_id == reader.pk or reader.may(Permission.STOP_CAMPAIGNS)
    return states.open_to(alert.state) if may and alert.concerned_id != reader.pk else []


def page_of_alert(alert: Alert, reader: Staff, on: dt.date) -> dict[str, Any]:
    """This will gather what the page of an alert shows."""
    [line] = queries.lines_of([alert])
    appeals = list(alert.appeals.select_related("said_by", "decided_by").order_by("round"))
    rule = queries.rules_on(on).get(alert.kind)
    return {
        "alert": alert,
        "line": line,
        "advice": telling.ADVICE[alert.kind],
        "figures": telling.figures(alert.evidence),
        "picture": _picture(alert),
        "limits": rule.limits if rule else limit_rules.USUAL[alert.kind],
        "rule": rule,
        "value_means": limit_rules.VALUES[alert.kind],
        "action": queries.action_on(alert.kind, alert.severity, on),
        "moves": queries.history_of(alert),
        "open_to": moves_for(alert, reader),
        "appeals": appeals,
        "may_decide": _may_decide(alert, appeals, reader),
        "may_stop": reader.may(Permission.STOP_CAMPAIGNS),
        "may_see_customers": reader.may(Permission.VIEW_CUSTOMERS),
        "may_see_merchants": reader.may(Permission.VIEW_MERCHANTS),
        "merchant": queries.merchant_of(alert),
    }


def _may_decide(alert: Alert, appeals: Sequence[Appeal], reader: Staff) -> bool:
    waits = any(one.is_waiting for one in appeals)
    return waits and reader.pk not in queries.judges_of(alert)


def _picture(alert: Alert) -> pictures.Picture | None:
    found = telling.series(alert.evidence)
    if not found:
        return None
    labels = [telling.hour_of(label) for label, _value in found]
    name = str(Kind(alert.kind).label)
    drawn = pictures.Series(name, [value for _label, value in found])
    return pictures.bars("evidence", name, labels, [drawn])


def own_lines(alerts: Iterable[Alert]) -> list[dict[str, Any]]:
    """This will write the alerts about a person for this person, with the own word to each."""
    lines = []
    for row in alerts:
        words = {one.round: one for one in row.appeals.all()}
        lines.append(
            {
                "alert": row,
                "words": queries.said(row),
                "appeal": words.get(row.round),
                "form": WordForm(auto_id=f"id_{row.pk}_%s"),
            }
        )
    return lines


def to_look_at(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a person which warnings wait for him, and which words to decide about."""
    reader = staff_of(request)
    found = list(queries.waiting_for(reader)[: MOST + 1])
    appeals = list(queries.waiting_appeals(scope=scope_of(reader), reader=reader)[: MOST + 1])
    if not found and not appeals:
        return None
    return {
        "lines": queries.lines_of(found[:MOST]),
        "appeals": appeals[:MOST],
        "has_more": len(found) > MOST,
    }


def stopped_by_policy(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell the owner of a campaign that a policy of early warning stopped it."""
    rows = list(queries.stopped_of(staff_of(request))[:MOST])
    return {"lines": queries.lines_of(rows)} if rows else None


def my_own(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a person that a warning about him was confirmed to which he may say a word."""
    rows = [line for line in own_lines(queries.about(staff_of(request))[:MOST])
            if line["appeal"] is None]  # fmt: skip
    return {"number": len(rows)} if rows else None
