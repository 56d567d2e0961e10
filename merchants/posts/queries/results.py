"""What posts brought: hours really stood, what the bank's records say was won there, and its
cost."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from merchants.directory.enums import Scenario
from merchants.directory.models import Merchant
from merchants.posts.models import Post, PostCost
from merchants.posts.queries.places import all_posts
from merchants.posts.rules import Result, Stood, Tariff, by_rate, cost_of
from portal.kit import clock
from portal.kit.registry import registry
from portal.staff.access import Scope

_YEAR, _HALF = dt.timedelta(days=365), dt.timedelta(days=182)

# Days at posts with what happened there; hours from check-in to check-out.
_DAYS = """
    SELECT s.post_id, s.on_date, count(*) FILTER (WHERE a.out_at IS NOT NULL),
           coalesce(sum(extract(epoch FROM a.out_at - a.in_at)) / 3600, 0)::float,
           count(*) FILTER (WHERE a.minutes_late > 0),
           count(*) FILTER (WHERE a.shift_id IS NULL AND s.ends_at <= %s)
    FROM merchants_shift s LEFT JOIN merchants_attendance a ON a.shift_id = s.id
    WHERE s.state = 'planned' AND s.post_id = ANY (%s) AND s.on_date >= %s AND s.on_date < %s
    GROUP BY s.post_id, s.on_date
"""
_SAID = """
    SELECT s.post_id, c.kind, sum(c.step) FROM merchants_shift s
    JOIN merchants_shiftcount c ON c.shift_id = s.id
    WHERE s.post_id = ANY (%s) AND s.on_date >= %s AND s.on_date < %s GROUP BY s.post_id, c.kind
"""
_WON = """
    SELECT w.post_id, w.kind, sum(w.number) FROM ({sources}) w
    WHERE w.post_id = ANY (%s) AND w.day >= %s AND w.day < %s GROUP BY w.post_id, w.kind
"""


@dataclass(frozen=True)
class Line:
    """A line of results: whose it is, and between which places it stands (None: too little)."""

    post: Post | None
    merchant: Merchant
    scenario: str
    result: Result
    places: tuple[int, int] | None

    @property
    def scenario_label(self) -> str:
        return str(Scenario(self.scenario).label)


def by_post(*, scope: Scope, first: dt.date, end: dt.date, at: dt.datetime) -> list[Line]:
    """This will tell what each post of a scope brought from a day to before another; posts without
    shifts and wins are left out."""
    posts = {post.pk: post for post in all_posts(scope=scope)}
    found = [row for row in _results(list(posts), first, end, at) if not row.is_empty]
    return [
        Line(post, post.store.merchant, post.scenario, row, places)
        for row, places in by_rate(found)
        if (post := posts[row.key])  # type: ignore[index]
    ]


def by_merchant(*, scope: Scope, first: dt.date, end: dt.date, at: dt.datetime) -> list[Line]:
    """This will tell the same by merchant and scenario."""
    posts = {post.pk: post for post in all_posts(scope=scope)}
    groups: dict[tuple[int, str], list[Result]] = {}
    for row in _results(list(posts), first, end, at):
        post = posts[row.key]  # type: ignore[index]
        if not row.is_empty:
            groups.setdefault((post.store.merchant_id, post.scenario), []).append(row)
    merchants = {post.store.merchant_id: post.store.merchant for post in posts.values()}
    summed = [_sum(key, rows) for key, rows in groups.items()]
    return [
        Line(None, merchants[row.key[0]], row.key[1], row, places)  # type: ignore[index]
        for row, places in by_rate(summed)
    ]


def of_post(*, post: Post, first: dt.date, end: dt.date, at: dt.datetime) -> Result:
    """This will tell what one post brought."""
    return _results([post.pk], first, end, at)[0]


def _results(posts: Sequence[int], first: dt.date, end: dt.date, at: dt.datetime) -> list[Result]:
    if not posts:
        return []
    ids = list(posts)
    days: dict[int, list[Any]] = {}
    for row in _read(_DAYS, [at, ids, first, end]):
        days.setdefault(row[0], []).append(row)
    said = _by_kind(_read(_SAID, [ids, first, end]))
    won = _by_kind(_read(_WON.format(sources=_sources()), [ids, first, end]))
    tariffs = _tariffs(ids)
    return [
        _result(key, days.get(key, []), won[key], said[key], tariffs.get(key, [])) for key in ids
    ]


def _result(
    key: int, days: Sequence[Any], won: Counter[str], said: Counter[str], tariffs: Sequence[Tariff]
) -> Result:
    stood = [Stood(day, hours) for _post, day, shifts, hours, _late, _missed in days if shifts]
    return Result(
        key,
        hours=sum(row.hours for row in stood),
        shifts=sum(row[2] for row in days),
        late=sum(row[4] for row in days),
        missed=sum(row[5] for row in days),
        won=won,
        said=said,
        cost=cost_of(stood, tariffs),
    )


def dearest_year(*, merchant_id: int, on: dt.date, without: Collection[int]) -> Decimal | None:
    """This will tell what the post of a merchant that cost most did cost in the year before a day;
    None where nobody stood at one for half a year, or where what a day cost is not known, or was
    told only by those `without` whom it is to be known."""
    ids = list(Post.objects.filter(store__merchant=merchant_id).values_list("pk", flat=True))
    stood: dict[int, list[Stood]] = {}
    values = [clock.start_of(on), ids, on - _YEAR, on]
    for post, day, shifts, hours, _late, _missed in _read(_DAYS, values):
        if shifts:
            stood.setdefault(post, []).append(Stood(day, hours))
    tariffs = _tariffs(ids, without)
    costs = [cost_of(days, tariffs.get(post, [])) for post, days in stood.items()]
    known = [cost for cost in costs if cost is not None]
    begun = min((one.day for days in stood.values() for one in days), default=on)
    return max(known) if begun <= on - _HALF and len(known) == len(costs) else None


def _tariffs(ids: Sequence[int], without: Collection[int] = ()) -> dict[int, list[Tariff]]:
    found: dict[int, list[Tariff]] = {}
    rows = PostCost.objects.filter(post__in=ids).exclude(recorded_by__in=without)
    for cost in rows.order_by("first_date"):
        found.setdefault(cost.post_id, []).append(Tariff(cost.first_date, cost.amount, cost.unit))
    return found


def _sum(key: tuple[int, str], rows: Sequence[Result]) -> Result:
    won: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for row in rows:
        won.update(row.won)
        said.update(row.said)
    costs = [row.cost for row in rows]
    return Result(
        key,
        hours=sum(row.hours for row in rows),
        shifts=sum(row.shifts for row in rows),
        late=sum(row.late for row in rows),
        missed=sum(row.missed for row in rows),
        won=won,
        said=said,
        cost=None if None in costs else sum(cost for cost in costs if cost is not None),  # type: ignore[arg-type]
    )


def _sources() -> str:
    """What was won at posts, by whoever keeps applications, leads and cards; nothing where nobody
    does."""
    nothing = "SELECT NULL::bigint AS post_id, NULL::date AS day, '' AS kind, 0 AS number"
    return " UNION ALL ".join([f"{nothing} WHERE FALSE", *registry.post_sources.values()])


def _read(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _by_kind(rows: Iterable[Any]) -> defaultdict[int, Counter[str]]:
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for key, kind, number in rows:
        found[key][kind] = int(number)
    return found
