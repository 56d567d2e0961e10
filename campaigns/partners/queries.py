"""What joint campaigns cost, and which complaints were traced to them, by merchant."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Min, Sum

from campaigns.budgets.models import BudgetBook, BudgetEntry
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import naming
from journeys.care import queries as care
from merchants.directory import queries as directory
from merchants.partnerships.rules.evidence import SPAN, Measure

_SOURCE = "campaigns.partners"
_CENT = Decimal("0.01")
_YEAR, _HALF = dt.timedelta(days=365), dt.timedelta(days=182)


def evidence_of(merchant_ids: Sequence[int], on: dt.date) -> dict[int, list[Measure]]:
    """This will tell of merchants what the campaigns that name them as partners cost in the 90 days
    before a day, all parties together, and how many complaints that were closed in these days were
    traced to such campaigns; and what they cost in the year before it, of merchants with which
    there have been any for half a year at least. The cost of a campaign with several partners is
    divided evenly among them; a complaint counts with each."""
    same = directory.with_aliases(ids=merchant_ids)
    standing = {
        row.number: same[key] for key, row in directory.by_id(ids=list(same)).items()
    }  # fmt: skip
    first = on - SPAN
    costs, yearly = _costs(standing, first, on), _yearly(standing, on)
    complaints = _complaints(standing, first, on)
    return {
        key: [
            Measure("campaign_cost", costs[key].quantize(_CENT), first, on, _SOURCE),
            Measure("complaints", Decimal(complaints[key]), first, on, _SOURCE),
            *(
                [
                    Measure(
                        "campaign_cost_year", yearly[key].quantize(_CENT), on - _YEAR, on, _SOURCE
                    )
                ]
                if key in yearly
                else []
            ),
        ]
        for key in merchant_ids
    }


def _costs(standing: Mapping[str, int], first: dt.date, end: dt.date) -> dict[int, Decimal]:
    books = BudgetBook.objects.filter(run=None, version__content__merchants__0__isnull=False)
    partners = dict(books.order_by("id").values_list("id", "version__content__merchants"))
    entries = BudgetEntry.objects.filter(book__in=partners, day__gte=first, day__lt=end)
    spent = entries.values("book").annotate(total=Sum("amount")).order_by("book")
    found: dict[int, Decimal] = defaultdict(Decimal)
    for row in spent:
        numbers = partners[row["book"]]
        for key in _named(numbers, standing):
            found[key] += row["total"] / len(numbers)
    return found


def _yearly(standing: Mapping[str, int], on: dt.date) -> dict[int, Decimal]:
    """What joint campaigns cost in the year before a day; of merchants with which they began less
    than half a year ago, a year's cost is not known."""
    books = BudgetBook.objects.filter(run=None, version__content__merchants__0__isnull=False)
    partners = dict(books.order_by("id").values_list("id", "version__content__merchants"))
    entries = BudgetEntry.objects.filter(book__in=partners, day__gte=on - _YEAR, day__lt=on)
    spent = entries.values("book").annotate(total=Sum("amount"), begun=Min("day")).order_by("book")
    found: dict[int, Decimal] = defaultdict(Decimal)
    known = set()
    for row in spent:
        numbers = partners[row["book"]]
        for key in _named(numbers, standing):
            found[key] += row["total"] / len(numbers)
            known.update([key] if row["begun"] <= on - _HALF else [])
    return {key: total for key, total in found.items() if key in known and total > 0}


def _complaints(standing: Mapping[str, int], first: dt.date, end: dt.date) -> dict[int, int]:
    rows = CampaignVersion.objects.filter(content__merchants__0__isnull=False)
    versions = rows.order_by("id").values_list("campaign__code", "number", "content__merchants")
    named = {naming.reference_of(code, number): numbers for code, number, numbers in versions}
    counted = care.closed_by_campaign(references=list(named), first=first, end=end)
    found: dict[int, int] = defaultdict(int)
    for reference, number in counted.items():
        for key in set(_named(named[reference], standing)):
            found[key] += number
    return found


def _named(numbers: Iterable[str], standing: Mapping[str, int]) -> list[int]:
    return [standing[number] for number in numbers if number in standing]
