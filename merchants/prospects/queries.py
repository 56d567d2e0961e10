"""The funnel of acquiring partners: how many leads were won, from where, by whom, in which time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, F, QuerySet

from merchants.prospects.models import MerchantDeal, MerchantLead
from merchants.prospects.rules import places
from portal.kit.shares import Share
from portal.staff.access import Scope

_MEDIAN = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d.won_date - l.first_contact_date)
FROM merchants_merchantdeal d JOIN merchants_merchantlead l ON l.id = d.lead_id
LEFT JOIN portal_branch b ON b.id = l.branch_id
WHERE d.won_date >= l.first_contact_date AND (%(path)s = '' OR starts_with(b.path, %(path)s))
"""
MOST_DOUBTS = 50


@dataclass(frozen=True)
class Line:
    """An origin or a person with its share, and the places between which it stands."""

    name: str
    share: Share
    first: int
    last: int

    @property
    def is_certain(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True)
class Funnel:
    """What became of the leads. `doubts` are deals dated before the first contact, the first few of
    `doubt_count`; `median_days` leaves them out."""

    conversion: Share
    median_days: float | None
    by_origin: Sequence[Line]
    by_person: Sequence[Line]
    by_segment: Sequence[tuple[str, int]]
    doubts: Sequence[MerchantDeal]
    doubt_count: int


def funnel(*, scope: Scope) -> Funnel:
    """This will reckon the funnel of a scope: of each origin the share of leads that were won, of
    each representative the share of all that were won. The larger ones come first, which says
    nothing of who is better."""
    leads = MerchantLead.objects.filter(scope.branches())
    deals = MerchantDeal.objects.filter(scope.branches("lead__branch"))
    origins = leads.values("origin").annotate(all=Count("id"), won=Count("deal"))
    by_origin = [(row["origin"], Share(row["won"], row["all"])) for row in origins.order_by()]
    won = deals.count()
    people = deals.values("representative").annotate(won=Count("id")).order_by()
    by_person = [(row["representative"], Share(row["won"], won)) for row in people]
    segments = deals.values("segment").annotate(won=Count("id")).order_by("-won", "segment")
    early = _early(deals)
    return Funnel(
        conversion=Share(won, leads.count()),
        median_days=_median(scope),
        by_origin=_lines(by_origin),
        by_person=_lines(by_person),
        by_segment=[(row["segment"], row["won"]) for row in segments],
        doubts=list(early[:MOST_DOUBTS]),
        doubt_count=early.count(),
    )


def _early(deals: QuerySet[MerchantDeal]) -> QuerySet[MerchantDeal]:
    rows = deals.filter(won_date__lt=F("lead__first_contact_date"))
    return rows.select_related("lead").order_by("won_date", "id")


def _median(scope: Scope) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(_MEDIAN, {"path": scope.branch_path})
        found = cursor.fetchone()[0]
    return None if found is None else float(found)


def _lines(named: Sequence[tuple[str, Share]]) -> list[Line]:
    ordered = sorted(named, key=lambda pair: (-pair[1].whole, -pair[1].of, pair[0]))
    stands = places([share for _name, share in ordered])
    return [Line(name, share, *place) for (name, share), place in zip(ordered, stands, strict=True)]
