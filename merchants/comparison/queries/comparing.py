"""A merchant beside those that are like it, by figures of the same months."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Abs, Coalesce, Concat, Left
from django.utils.translation import gettext as _

from merchants.comparison.enums import FigureCode, Likeness
from merchants.comparison.rules import figures, likeness, standing
from merchants.directory import queries as directory
from merchants.directory.enums import CitySize, Scenario
from merchants.directory.models import Merchant
from merchants.directory.rules import MUNICIPALITIES
from merchants.evidence import queries as evidence
from merchants.evidence.models import EvidenceOfTurnover, MerchantReach
from merchants.evidence.rules import months
from portal.kit import fewest
from portal.kit.registry import registry
from portal.staff.access import Scope

MONTHS = 12
PRESELECTED, OFFERED, MOST = 5, 24, 9


@dataclass(frozen=True)
class Compared:
    """A merchant in the comparison with its figures; without a likeness it is the one that is
    compared with the others."""

    merchant: Merchant
    likeness: Likeness | None
    figures: Mapping[str, figures.Figure]


@dataclass(frozen=True)
class Comparison:
    """Merchants side by side: their figures of the months from `first` to before `end`, and of
    the weeks before the Monday `monday` (None where turnover was never judged). `refused` says of
    those that were asked for why they are not compared."""

    first: dt.date
    end: dt.date
    monday: dt.date | None
    rows: Sequence[Compared]
    standings: Mapping[str, standing.Standing]
    refused: Sequence[str]


def like_of(*, merchant: Merchant, scope: Scope, on: dt.date) -> list[Merchant]:
    """This will list merchants of the scope that one is like: of its group of category codes, in
    cities of the same size; first those of its own code, of them those of the nearest turnover."""
    sizes = directory.city_sizes(on=on)
    own = _shop(merchant, sizes)
    if own.size is None:
        return []
    rows = directory.list_merchants(scope=scope, scenario=merchant.category.scenario)
    if merchant.category.scenario == Scenario.OTHER:
        rows = rows.filter(category__mcc__startswith=own.group)
    rows = _of_size(rows.exclude(pk=merchant.pk), own.size, sizes)
    levels = EvidenceOfTurnover.objects.filter(on=evidence.monday_of(on=on) or on)
    level = levels.filter(merchant=OuterRef("pk")).values("level")
    taken = levels.filter(merchant=merchant).values_list("level", flat=True).first() or 0
    rows = rows.annotate(
        is_same=Case(When(category=merchant.category_id, then=Value(0)), default=Value(1)),
        apart=Abs(Coalesce(Subquery(level), Value(0), output_field=_LEVEL) - Value(taken)),
    )
    return list(rows.order_by("is_same", "apart", "id")[:OFFERED])


_LEVEL: Any = EvidenceOfTurnover._meta.get_field("level").clone()


# As `city_of` of the directory tells the city from a code.
_WHOLE = "(0000)?$"
_CITY = Case(
    When(
        division_code__regex=f"^({'|'.join(sorted(MUNICIPALITIES))}){_WHOLE}",
        then=Concat(Left("division_code", 2), Value("01")),
    ),
    When(division_code__regex=rf"^(\d\d)?{_WHOLE}", then=Value("")),
    default=Left("division_code", 4),
)


def _of_size(rows: QuerySet[Merchant], size: str, sizes: Mapping[str, str]) -> QuerySet[Merchant]:
    rows = rows.annotate(city=_CITY).exclude(city="")
    if size == CitySize.OTHER:
        return rows.exclude(city__in=[code for code, of in sizes.items() if of != size])
    return rows.filter(city__in=[code for code, of in sizes.items() if of == size])


def compare(
    *, merchant: Merchant, others: Sequence[Merchant], on: dt.date, refused: Sequence[str] = ()
) -> Comparison:
    """This will put a merchant beside others by the last twelve whole months before a day. Those
    that are not like it are left out, each with a sentence."""
    sizes = directory.city_sizes(on=on)
    own = _shop(merchant, sizes)
    told = list(refused)
    kept: list[tuple[Merchant, Likeness | None]] = [(merchant, None)]
    for other in others:
        shop = _shop(other, sizes)
        kind = likeness.likeness(own, shop)
        if kind is None:
            told.append(likeness.unlike(own, shop))
        elif other.pk != merchant.pk:
            kept.append((other, kind))
    found = _figures([row for row, _kind in kept], on)
    rows = [Compared(row, kind, found[row.pk]) for row, kind in kept]
    names = {str(row.merchant.pk): row.merchant.label for row in rows}
    spans = months.whole_before(on, MONTHS)
    return Comparison(
        spans[0], on.replace(day=1), evidence.monday_of(on=on), rows,
        {
            code: standing.standing_of(
                {str(row.merchant.pk): row.figures[code] for row in rows}, names,
                own=str(merchant.pk),
            )
            for code in FigureCode.values
        },
        told,
    )  # fmt: skip


def _shop(merchant: Merchant, sizes: Mapping[str, str]) -> likeness.Shop:
    size = directory.size_of(code=merchant.division_code, sizes=sizes)
    return likeness.Shop(merchant.label, merchant.category_id, merchant.category.scenario, size)


def _figures(merchants: Sequence[Merchant], on: dt.date) -> dict[int, dict[str, figures.Figure]]:
    ids = [row.pk for row in merchants]
    spans = months.whole_before(on, MONTHS)
    first, end = spans[0], on.replace(day=1)
    taken = evidence.turnover_by_month(merchant_ids=ids, first=first, end=end)
    reach = evidence.reach_by_month(merchant_ids=ids, first=first, end=end)
    weeks = evidence.weeks_of_many(merchant_ids=ids)
    won = registry.cards_won(ids, first, end) if registry.cards_won else {}
    return {
        key: {
            FigureCode.TURNOVER: _turnover(taken.get(key, {})),
            FigureCode.GROWTH: _growth(weeks.get(key)),
            **_reach(reach.get(key, {})),
            FigureCode.CARDS: _cards(won.get(key), MONTHS),
        }
        for key in ids
    }


def _turnover(found: Mapping[dt.date, evidence.Month]) -> figures.Figure:
    active = {day: month for day, month in found.items() if month.postings}
    if not active:
        return figures.UNKNOWN
    if fewest.is_few(sum(month.postings for month in active.values()) // len(active)):
        return figures.TOO_FEW
    return figures.mean_of({day: float(month.amount) for day, month in active.items()})


def _growth(row: Any) -> figures.Figure:
    if row is None:
        return figures.UNKNOWN
    if fewest.is_few(sum(row.postings) // max(1, sum(1 for count in row.postings if count))):
        return figures.TOO_FEW
    return figures.growth_of(row.even)


def _reach(found: Mapping[dt.date, MerchantReach]) -> dict[str, figures.Figure]:
    if not found:
        missing = figures.UNKNOWN
    elif fewest.is_few(sum(month.customers for month in found.values()) // len(found)):
        missing = figures.TOO_FEW
    else:
        return {
            FigureCode.FREQUENCY: figures.mean_of(
                {day: month.purchases / month.customers for day, month in found.items()}
            ),
            FigureCode.CUSTOMERS: figures.mean_of(
                {day: float(month.customers) for day, month in found.items()}
            ),
        }
    return {FigureCode.FREQUENCY: missing, FigureCode.CUSTOMERS: missing}


def _cards(count: int | None, spans: int) -> figures.Figure:
    if count is None:
        return figures.UNKNOWN
    return figures.TOO_FEW if fewest.is_few(count) else figures.rate_of(count, spans)


def asked_for(
    *, like: Sequence[Merchant], numbers: Sequence[str], scope: Scope
) -> tuple[list[Merchant], list[str]]:
    """This will return the merchants of these numbers, within the scope and as many as are compared
    at a time, and a sentence for each that is left out. Without numbers it is the nearest few of
    those that are like."""
    if not any(numbers):
        return list(like[:PRESELECTED]), []
    wanted = list(dict.fromkeys(text.strip().upper() for text in numbers if text.strip()))
    known = {row.number: row for row in like}
    missing = [number for number in wanted if number not in known]
    rows = directory.list_merchants(scope=scope).filter(number__in=missing[: 2 * MOST])
    known |= {row.number: row for row in rows}
    told = [
        _("There is no merchant {number} among those you may see.").format(number=number)
        for number in wanted
        if number not in known
    ]
    found = [known[number] for number in wanted if number in known]
    if len(found) > MOST:
        told.append(_("At most {most} are compared at a time.").format(most=MOST))
    return found[:MOST], told
