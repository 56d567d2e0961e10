"""Which phases turnover speaks for: rows read, no numbers made, so that any page may ask."""

import datetime as dt
from collections.abc import Collection, Iterator

from merchants.evidence.enums import SuggestedPhase, TurnoverReason, TurnoverState
from merchants.evidence.models import EvidenceOfTurnover
from merchants.evidence.queries.evidence import monday_of
from merchants.evidence.rules.findings import Finding, Suggestion, within_budget

# Open alarms that a manager is shown at a time.
BUDGET = 5


def suggested_phases(
    *,
    on: dt.date,
    budget: int | None = BUDGET,
    settled: Collection[int] = (),
    among: Collection[int] | None = None,
) -> list[Suggestion]:
    """This will return the phases that the turnover of partners, or of the merchants whose ids are
    `among`, spoke for as of a day: wavering where it is lastingly lower, perfect where a fall is
    over or it is lastingly higher. Of each kind a manager gets `budget` (None: all), those that
    matter most a year first; merchants whose ids are `settled` take no place of it. Whoever keeps
    phases leaves out those that hold already."""
    monday = monday_of(on=on)
    if monday is None:
        return []
    whose = {"merchant__is_partner": True} if among is None else {"merchant_id__in": among}
    rows = (
        EvidenceOfTurnover.objects.filter(on=monday, merchant__merged_into=None, **whose)
        .exclude(merchant_id__in=settled)
        .exclude(state=TurnoverState.NOT_ENOUGH)
        .select_related("merchant")
        .order_by("merchant_id")
    )
    found = list(_speaking(rows.iterator()))
    budget = len(found) if budget is None else budget
    wavering = [one for one in found if one.phase == SuggestedPhase.WAVERING]
    perfect = [one for one in found if one.phase == SuggestedPhase.PERFECT]
    return [*within_budget(wavering, budget), *within_budget(perfect, budget)]


def _speaking(rows: Iterator[EvidenceOfTurnover]) -> Iterator[Suggestion]:
    for row in rows:
        phase = _phase(row)
        if phase is not None:
            merchant = row.merchant
            yield Suggestion(
                merchant.number, merchant.manager_id, merchant.branch_id, phase, finding_of(row)
            )


def _phase(row: EvidenceOfTurnover) -> str | None:
    if row.state == TurnoverState.DECLINING:
        return SuggestedPhase.WAVERING.value
    is_over = any(reason["code"] == TurnoverReason.RECOVERED for reason in row.reasons)
    return SuggestedPhase.PERFECT.value if is_over or row.state == TurnoverState.RISING else None


def finding_of(row: EvidenceOfTurnover) -> Finding:
    """This will return a row as a plain value."""
    return Finding(
        merchant_id=row.merchant_id, on=row.on, state=row.state, level=row.level, trend=row.trend,
        weeks=row.weeks, since=row.since, since_from=row.since_from, since_to=row.since_to,
        usual=row.usual, change=row.change, low=row.low, high=row.high, yearly=row.yearly,
        score=row.score, by_chance=row.by_chance, reasons=row.reasons,
    )  # fmt: skip
