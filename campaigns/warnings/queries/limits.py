"""Which limits and policies are in force."""

import datetime as dt

from campaigns.warnings.enums import Action
from campaigns.warnings.models import PausePolicy, WarningRule
from campaigns.warnings.rules import limits as rules


def limits_on(kind: str, on: dt.date) -> rules.Limits:
    """This will return the limits of a kind in force on a day; before its first rule the usual."""
    rows = WarningRule.objects.filter(kind=kind, effective_date__lte=on)
    rule = rows.order_by("-effective_date").first()
    return rule.limits if rule else rules.USUAL[kind]


def rules_on(on: dt.date) -> dict[str, WarningRule]:
    """This will return the rules in force on a day, by their kind; a kind may have none."""
    rows = WarningRule.objects.filter(effective_date__lte=on)
    return {row.kind: row for row in rows.order_by("kind", "-effective_date").distinct("kind")}


def action_on(kind: str, severity: str, on: dt.date) -> Action:
    """This will tell what follows from an alert by the policy in force on a day; before the first
    one the usual."""
    rows = PausePolicy.objects.filter(kind=kind, severity=severity, effective_date__lte=on)
    row = rows.order_by("-effective_date").first()
    return Action(row.action) if row else rules.USUAL_ACTION
