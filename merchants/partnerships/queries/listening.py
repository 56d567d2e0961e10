"""What evidence besides turnover speaks for, of many partnerships at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from merchants.partnerships.enums import EvidenceKind
from merchants.partnerships.models import EvidenceRule, Partnership, PhaseChange
from merchants.partnerships.queries.evidence import noted_of
from merchants.partnerships.queries.suggesting import told_of
from merchants.partnerships.rules import evidence as evidences
from merchants.partnerships.rules import signals

Told = dict[int, list[dict[str, Any]]]
_Before = dict[EvidenceKind, list[signals.Told]]


def evidence_rules_on(day: dt.date) -> list[EvidenceRule]:
    """This will list what holds for each kind of evidence on a day."""
    rows = EvidenceRule.objects.filter(effective_date__lte=day)
    found = {row.kind: row for row in rows.order_by("effective_date")}
    return [found[kind] for kind in signals.TABLE if kind in found]


def evidence_rules_set() -> QuerySet[EvidenceRule]:
    """This will list all rules of evidence, the latest first."""
    return EvidenceRule.objects.order_by("-effective_date", "kind")


def signals_of(
    *, partnerships: Sequence[Partnership], on: dt.date
) -> dict[int, list[signals.Signal]]:
    """This will say for which moves the evidence besides turnover speaks on a day, by the id of the
    partnership, the gravest first; of those of which nothing does, nothing."""
    rules = {EvidenceKind(row.kind): row.plain for row in evidence_rules_on(on) if row.is_heard}
    if not rules:
        return {}
    noted = noted_of(merchant_ids=[row.merchant_id for row in partnerships], on=on)
    speaking = [row for row in partnerships if _speaks(row, noted[row.merchant_id], rules)]
    told, left = told_of(partnerships=speaking), _last_moves(speaking)
    return {
        row.pk: signals.signals(
            row.phase,
            noted[row.merchant_id],
            rules,
            _before(told.get(row.pk, ()), left.get(row.pk)),
        )
        for row in speaking
    }


def _speaks(
    row: Partnership, noted: signals.Known, rules: Mapping[EvidenceKind, signals.Rule]
) -> bool:
    return bool(signals.signals(row.phase, noted, rules, {}))


def _last_moves(partnerships: Sequence[Partnership]) -> dict[int, PhaseChange]:
    rows = PhaseChange.objects.filter(partnership__in=[row.pk for row in partnerships])
    last = rows.order_by("partnership", "-number").distinct("partnership")
    return {row.partnership_id: row for row in last}


def _before(told: Sequence[Mapping[str, Any]], last: PhaseChange | None) -> _Before:
    """What was told to the manager and is open or answered, and what the last move was made
    with."""
    found: _Before = {}
    pairs = [
        pair
        for one in told
        for reason in one["reasons"]
        if (pair := signals.told_by(reason, one["on"])) is not None
    ]
    if last is not None:
        known = evidences.read(last.evidence).known()
        pairs += list(signals.told_in(known, last.on_date))
    for kind, one_told in pairs:
        found.setdefault(kind, []).append(one_told)
    return found
