"""Alerts in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.warnings.models import Alert
from campaigns.warnings.queries.naming import name_subjects
from campaigns.warnings.rules import telling


@dataclass(frozen=True)
class Line:
    """An alert, what it is about by name, and what it saw in a sentence."""

    alert: Alert
    about: str
    words: str


def lines_of(alerts: Iterable[Alert]) -> list[Line]:
    """This will write alerts, each in a sentence, in the reader's language."""
    rows = list(alerts)
    names = name_subjects(rows)
    return [Line(row, names[row.pk], said(row)) for row in rows]


def said(alert: Alert) -> str:
    """This will say what an alert saw."""
    return telling.sentence(alert.kind, alert.subject, alert.evidence)
