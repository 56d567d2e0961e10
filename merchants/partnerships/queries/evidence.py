"""What is known of partnerships on a day, from everybody who knows something."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.db.models.functions import Left

from merchants.directory import queries as directory
from merchants.directory.models import Merchant
from merchants.evidence import queries as turnover
from merchants.evidence.enums import TurnoverState
from merchants.evidence.models import EvidenceOfTurnover
from merchants.evidence.rules import months
from merchants.partnerships.enums import TaskState
from merchants.partnerships.models import Partnership, PartnershipTask
from merchants.partnerships.rules import evidence as rules
from merchants.partnerships.rules import signals
from portal.kit import fewest
from portal.kit.registry import registry

_OWN, _EVIDENCE = "merchants.partnerships", "merchants.evidence"
_DIRECTORY = "merchants.directory"
_TREND_WEEKS = 52
_CITY = 4  # digits of a division's code
_YEAR = dt.timedelta(days=364)  # the same days of the week
# A span whose first week has no turnover at all may begin before the records do.
_FIRST_WEEK = dt.timedelta(days=7)

Judged = Mapping[int, EvidenceOfTurnover]


def evidence_of(*, partnerships: Sequence[Partnership], on: dt.date) -> dict[int, rules.Evidence]:
    """This will gather what is known of partnerships on a day, by their id; measures that nobody
    knows stand as None."""
    ids = [row.merchant_id for row in partnerships]
    told = _noted(ids, on)
    judged = turnover.judged_on(merchant_ids=ids, on=on)
    told += [_turnover(ids, judged, on), _customers(ids, on), _trends(judged)]
    late = _overdue(partnerships, on)
    return {
        row.pk: rules.gathered(
            on,
            [
                *(measure for known in told for measure in known.get(row.merchant_id, ())),
                rules.Measure("tasks_overdue", Decimal(late.get(row.pk, 0)), None, on, _OWN),
            ],
        )
        for row in partnerships
    }


def noted_of(*, merchant_ids: Sequence[int], on: dt.date) -> dict[int, dict[str, rules.Measure]]:
    """This will gather what is known of merchants on a day besides their turnover, by their ids and
    the codes of the measures: so much is read of all partnerships in a night."""
    found: dict[int, dict[str, rules.Measure]] = {key: {} for key in merchant_ids}
    for known in _noted(merchant_ids, on):
        for key, measures in known.items():
            found[key].update({row.code: row for row in measures if row.is_known})
    return found


def _noted(merchant_ids: Sequence[int], on: dt.date) -> list[Any]:
    """What others than the evidence of turnover know, each by the ids of merchants."""
    told: list[Any] = [known_by(merchant_ids, on) for known_by in registry.merchant_evidence]
    return [*told, _contracts(merchant_ids, on), _lapsing(merchant_ids, on)]


def _overdue(partnerships: Sequence[Partnership], on: dt.date) -> dict[int, int]:
    rows = PartnershipTask.objects.filter(
        partnership__in=[row.pk for row in partnerships], state=TaskState.OPEN, due_date__lt=on
    )
    counted = rows.values("partnership").annotate(number=Count("pk")).order_by("partnership")
    return {row["partnership"]: row["number"] for row in counted}


def _turnover(
    merchant_ids: Sequence[int], judged: Judged, on: dt.date
) -> dict[int, list[rules.Measure]]:
    """The turnover of 90 days, of the 90 before those and of the same days a year ago: of the days
    before a day or, where a merchant's source is late, of the last that it told of."""
    ends: dict[dt.date, list[int]] = {}
    for key in merchant_ids:
        row = judged.get(key)
        end = on if row is None or row.told_until == row.on else row.told_until
        ends.setdefault(end, []).append(key)
    return {
        key: measures
        for end, ids in ends.items()
        for key, measures in _turnover_before(ids, end).items()
    }


def _turnover_before(merchant_ids: Sequence[int], end: dt.date) -> dict[int, list[rules.Measure]]:
    """The turnover of the spans that end before a day, from whatever source there is; a span that
    begins before a merchant's records is left out."""
    starts = {
        "turnover": end - rules.SPAN,
        "turnover_before": end - 2 * rules.SPAN,
        "turnover_year_ago": end - rules.SPAN - _YEAR,
    }
    spans = {code: (first, first + rules.SPAN) for code, first in starts.items()}
    found = turnover.turnover_in(merchant_ids=merchant_ids, spans=spans, before=end)
    return {
        key: [
            rules.Measure(code, row.amounts[code], first, first + rules.SPAN, _EVIDENCE)
            for code, first in starts.items()
            if row.begun <= first + _FIRST_WEEK
        ]
        for key, row in found.items()
    }


def _customers(merchant_ids: Sequence[int], on: dt.date) -> dict[int, list[rules.Measure]]:
    """The customers who paid there in the three whole months before a day; so few that they may
    tell of single persons are not known."""
    found = turnover.quarters_before(merchant_ids=merchant_ids, on=on)
    first, end = months.first_of(on, 3), on.replace(day=1)
    return {
        key: [rules.Measure("customers", Decimal(row.customers), first, end, _EVIDENCE)]
        for key, row in found.items()
        if not fewest.is_few(row.customers)
    }


def _trends(judged: Judged) -> dict[int, list[rules.Measure]]:
    """By how many percent of the level turnover moved in a year, season removed, as it was judged
    by the weeks there are; of merchants of whom enough is known."""
    return {
        key: [
            rules.Measure(
                "turnover_trend", Decimal(str(row.trend * 100)).quantize(Decimal("0.1")),
                row.on - dt.timedelta(weeks=min(row.weeks, _TREND_WEEKS)), row.on, _EVIDENCE,
            )
        ]
        for key, row in judged.items()
        if row.state != TurnoverState.NOT_ENOUGH
    }  # fmt: skip


def _contracts(merchant_ids: Sequence[int], on: dt.date) -> dict[int, list[rules.Measure]]:
    """The days left of the contracts that hold and have a last day."""
    found = directory.contracts_on(merchant_ids=merchant_ids, on=on)
    return {
        key: [
            rules.Measure(
                "contract_days", Decimal((row.last_date - on).days), row.first_date,
                row.last_date + dt.timedelta(days=1), _DIRECTORY,
            )
        ]
        for key, row in found.items()
        if row.last_date is not None
    }  # fmt: skip


def _lapsing(merchant_ids: Sequence[int], on: dt.date) -> dict[int, list[rules.Measure]]:
    """The days left, below zero where they are over, of contracts that none follows."""
    found = directory.lapsing(
        merchant_ids=merchant_ids, since=on - dt.timedelta(days=signals.LAPSED_DAYS), on=on
    )
    return {
        key: [
            rules.Measure(
                "contract_lapses", Decimal((row.last_date - on).days), row.first_date,
                row.last_date + dt.timedelta(days=1), _DIRECTORY,
            )
        ]
        for key, row in found.items()
        if row.last_date is not None
    }  # fmt: skip


def peers_of(merchants: Sequence[Merchant]) -> dict[int, int]:
    """This will count for each of these merchants those that it can be compared with: of its
    scenario and its city, or of its branch where no place is known. By one query for all."""
    scenarios = {row.category.scenario for row in merchants}
    rows = Merchant.objects.filter(category__scenario__in=scenarios, merged_into=None)
    counted = rows.values_list("category__scenario", Left("division_code", _CITY), "branch")
    in_city, in_branch = Counter[tuple[str, str]](), Counter[tuple[str, int]]()
    for scenario, city, branch_id, number in counted.annotate(Count("pk")).order_by():
        in_branch[scenario, branch_id] += number
        # A place may be known by its province alone.
        for length in range(1, len(city) + 1):
            in_city[scenario, city[:length]] += number
    return {
        row.pk: (
            in_city[row.category.scenario, row.division_code[:_CITY]]
            if row.division_code
            else in_branch[row.category.scenario, row.branch_id]
        )
        - (row.merged_into_id is None)
        for row in merchants
    }
