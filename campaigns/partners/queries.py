"""What joint campaigns cost and brought about, and which complaints were traced to them, by
merchant."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Min, Q, Sum

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


@dataclass(frozen=True)
class _Cost:
    """What joint campaigns cost of a merchant in the 90 days and in the year before a day, and the
    first day of that year on which they did."""

    lately: Decimal = Decimal(0)
    year: Decimal = Decimal(0)
    begun: dt.date = dt.date.max

    def and_(self, other: "_Cost") -> "_Cost":
        return _Cost(
            self.lately + other.lately, self.year + other.year, min(self.begun, other.begun)
        )

    def of_a_year(self, on: dt.date) -> Decimal | None:
        """Where they began less than half a year ago, a year's cost is not known."""
        if self.begun > on - _HALF or self.year <= 0:
            return None
        return self.year.quantize(_CENT)


def evidence_of(merchant_ids: Sequence[int], on: dt.date) -> dict[int, list[Measure]]:
    """This will tell of merchants what the campaigns that name them as partners cost in the 90 days
    before a day, all parties together, and how many complaints that were closed in these days were
    traced to such campaigns; and what they cost in the year before it, of merchants with which
    there have been any for half a year at least. The cost of a campaign with several partners is
    divided evenly among them; a complaint counts with each. What they brought about is told of
    campaigns that went on in these 90 days and have been compared with their control groups, in
    all of their days until then."""
    standing, first = _standing(merchant_ids), on - SPAN
    costs, complaints = _costs(standing, on), _complaints(standing, first, on)
    gained = _gained(merchant_ids, first, on)
    found = {}
    for key in merchant_ids:
        cost = costs.get(key, _Cost())
        found[key] = [
            Measure("campaign_cost", cost.lately.quantize(_CENT), first, on, _SOURCE),
            Measure("complaints", Decimal(complaints[key]), first, on, _SOURCE),
        ]
        if (year := cost.of_a_year(on)) is not None:
            found[key].append(Measure("campaign_cost_year", year, on - _YEAR, on, _SOURCE))
        found[key] += gained.get(key, ())
    return found


def year_costs(merchant_ids: Sequence[int], on: dt.date) -> dict[int, Decimal]:
    """This will tell what joint campaigns cost of merchants in the year before a day, as evidence
    tells it, and nothing else of it."""
    costs = _costs(_standing(merchant_ids), on).items()
    years = {key: cost.of_a_year(on) for key, cost in costs}
    return {key: year for key, year in years.items() if year is not None}


def _standing(merchant_ids: Sequence[int]) -> dict[str, int]:
    """By the number of these merchants and of all that was merged into them: the one that
    stands."""
    same = directory.with_aliases(ids=merchant_ids)
    return {row.number: same[key] for key, row in directory.by_id(ids=list(same)).items()}


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


def _costs(standing: Mapping[str, int], on: dt.date) -> dict[int, _Cost]:
    """What joint campaigns cost of each merchant. Of campaigns that name none of them nothing is
    read."""
    books = BudgetBook.objects.filter(
        run=None, version__content__merchants__has_any_keys=list(standing)
    )
    partners = dict(books.order_by("id").values_list("id", "version__content__merchants"))
    entries = BudgetEntry.objects.filter(book__in=partners, day__gte=on - _YEAR, day__lt=on)
    lately = Sum("amount", filter=Q(day__gte=on - SPAN), default=Decimal(0))
    spent = entries.values("book").annotate(year=Sum("amount"), lately=lately, begun=Min("day"))
    found: dict[int, _Cost] = {}
    for row in spent.order_by("book"):
        numbers = partners[row["book"]]
        share = _Cost(row["lately"] / len(numbers), row["year"] / len(numbers), row["begun"])
        for key in _named(numbers, standing):
            found[key] = found.get(key, _Cost()).and_(share)
    return found


def _complaints(standing: Mapping[str, int], first: dt.date, end: dt.date) -> dict[int, int]:
    rows = CampaignVersion.objects.filter(content__merchants__has_any_keys=list(standing))
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
