"""What joint campaigns cost and brought about, and which complaints were traced to them, by
merchant."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Min, Sum

from campaigns.budgets.models import BudgetBook, BudgetEntry
from campaigns.partners import rules
from campaigns.partners.models import JointReturn
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.planning.rules import naming
from journeys.care import queries as care
from merchants.allocation import queries as funds
from merchants.directory import queries as directory
from merchants.partnerships.rules.evidence import SPAN, Measure

_SOURCE = "campaigns.partners"
_CENT = Decimal("0.01")
_YEAR, _HALF = dt.timedelta(days=365), dt.timedelta(days=182)


@dataclass(frozen=True)
class Compared:
    """What a campaign brought about at a merchant in the days from `first_date` to before
    `end_date`; `gain` is None where both sides cannot be compared, for the reason that `known`
    gives."""

    campaign: Campaign
    merchant_id: int
    first_date: dt.date
    end_date: dt.date
    control_percent: int
    reached: rules.Side
    held: rules.Side
    known: rules.Known
    gain: rules.Gain | None


def evidence_of(merchant_ids: Sequence[int], on: dt.date) -> dict[int, list[Measure]]:
    """This will tell of merchants what the campaigns that name them as partners cost in the 90 days
    before a day, all parties together, and how many complaints that were closed in these days were
    traced to such campaigns; and what they cost in the year before it, of merchants with which
    there have been any for half a year at least. The cost of a campaign with several partners is
    divided evenly among them; a complaint counts with each. What they brought about is told of
    campaigns that went on in these 90 days and have been compared with their control groups, in
    all of their days until then."""
    same = directory.with_aliases(ids=merchant_ids)
    standing = {
        row.number: same[key] for key, row in directory.by_id(ids=list(same)).items()
    }  # fmt: skip
    first = on - SPAN
    costs, yearly = _costs(standing, first, on), _yearly(standing, on)
    complaints = _complaints(standing, first, on)
    gained = _gained(merchant_ids, first, on)
    nothing = (Decimal(0), on)
    found = {}
    for key in merchant_ids:
        total, _begun = costs.get(key, nothing)
        found[key] = [
            Measure("campaign_cost", total.quantize(_CENT), first, on, _SOURCE),
            Measure("complaints", Decimal(complaints[key]), first, on, _SOURCE),
        ]
        if key in yearly:
            cost = yearly[key].quantize(_CENT)
            found[key].append(Measure("campaign_cost_year", cost, on - _YEAR, on, _SOURCE))
        found[key] += gained.get(key, ())
    return found


def _gained(merchant_ids: Sequence[int], first: dt.date, on: dt.date) -> dict[int, list[Measure]]:
    """The extra turnover of merchants by joint campaigns that were at work in the days from `first`
    on, and what the bank earns by it where its income of a turnover is known."""
    found: dict[int, list[Compared]] = defaultdict(list)
    for row in returns_of(merchant_ids=merchant_ids, since=first, on=on):
        if row.gain is not None:
            found[row.merchant_id].append(row)
    incomes = funds.incomes_of(merchant_ids=list(found), on=on)
    return {key: _measures(rows, incomes.get(key)) for key, rows in found.items()}


def _measures(rows: Sequence[Compared], income: Decimal | None) -> list[Measure]:
    extra = rules.together(row.gain for row in rows if row.gain is not None)
    spans = [("campaign_extra", extra), ("campaign_return", rules.returned(extra, income))]
    begun, end = min(row.first_date for row in rows), max(row.end_date for row in rows)
    return [
        Measure(code, span.value, begun, end, _SOURCE, low=span.low, high=span.high)
        for code, span in spans
        if span is not None
    ]


def returns_of(*, merchant_ids: Sequence[int], since: dt.date, on: dt.date) -> list[Compared]:
    """This will return what campaigns brought about at merchants, of those that were at work on a
    day from `since` to before `on`, the latest first."""
    rows = JointReturn.objects.filter(
        merchant__in=merchant_ids, end_date__gt=since, first_date__lt=on
    )
    return [
        _compared(row)
        for row in rows.select_related("campaign").order_by("-end_date", "campaign_id")
    ]


def _compared(row: JointReturn) -> Compared:
    known = rules.known_of(control_percent=row.control_percent, reached=row.reached, held=row.held)
    gain = rules.gain(row.reached, row.held) if known == rules.Known.COMPARED else None
    return Compared(
        row.campaign, row.merchant_id, row.first_date, row.end_date, row.control_percent,
        row.reached, row.held, known, gain,
    )  # fmt: skip


def _costs(
    standing: Mapping[str, int], first: dt.date, end: dt.date
) -> dict[int, tuple[Decimal, dt.date]]:
    """What joint campaigns cost of each merchant in days, and since when they did."""
    books = BudgetBook.objects.filter(run=None, version__content__merchants__0__isnull=False)
    partners = dict(books.order_by("id").values_list("id", "version__content__merchants"))
    entries = BudgetEntry.objects.filter(book__in=partners, day__gte=first, day__lt=end)
    spent = entries.values("book").annotate(total=Sum("amount"), begun=Min("day")).order_by("book")
    found: dict[int, tuple[Decimal, dt.date]] = {}
    for row in spent:
        numbers = partners[row["book"]]
        for key in _named(numbers, standing):
            total, begun = found.get(key, (Decimal(0), end))
            found[key] = (total + row["total"] / len(numbers), min(begun, row["begun"]))
    return found


def _yearly(standing: Mapping[str, int], on: dt.date) -> dict[int, Decimal]:
    """What joint campaigns cost in the year before a day; of merchants with which they began less
    than half a year ago, a year's cost is not known."""
    costs = _costs(standing, on - _YEAR, on).items()
    return {key: total for key, (total, begun) in costs if begun <= on - _HALF and total > 0}


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
