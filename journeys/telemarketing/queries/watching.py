"""What the manager of a branch sees of the people at work: who is on what, what was promised, calls
by person and hour, and what came of them.

What is read, at 1,000,000 leads and 64 callers: the people of the scope; one open hold each by
`lead_hold_one_each`; how many promises each is to keep up to the end of the day by
`callback_of_owner`; the calls of the day by `lead_hold_called` alone; and for what came of calls
the calls of 28 days by the same index, with the won leads of these people by `lead_owner_state`. No
query reads the leads of a branch.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, Max, OuterRef
from django.db.models.functions import ExtractHour

from journeys.telemarketing.enums import LeadState
from journeys.telemarketing.models import Lead, LeadHold
from journeys.telemarketing.queries.callbacks import promises_by_owner
from merchants.posts import queries as posts
from merchants.posts.enums import QualificationKind
from portal.kit import clock, shares
from portal.staff.access import Scope
from portal.staff.enums import Role
from portal.staff.models import Staff

# So many days what came of calls is told for, today with them; and of how many leads at least.
CONVERSION_DAYS, FEWEST_LEADS = 28, 30
_DAY = dt.timedelta(days=1)


@dataclass
class Watched:
    """A telemarketer at this moment. `signed_in_at` is when the person signed in last, where that
    was today; `hours` counts the day's calls by the bank's hour."""

    person: Staff
    is_absent: bool
    is_qualified: bool
    signed_in_at: dt.datetime | None
    hold: LeadHold | None
    is_over_time: bool
    overdue: int
    due: int
    called_at: dt.datetime | None
    hours: dict[int, int] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        """How many calls were made today."""
        return sum(self.hours.values())

    @property
    def needs_relief(self) -> bool:
        """Whether somebody else had better call: the person may not today, or is behind."""
        return self.is_absent or not self.is_qualified or self.overdue > 0


@dataclass(frozen=True)
class Converted:
    """How many of the leads that a person called have applied, of which the person is the owner.
    `against` is how it differs from all others together, where that can be told."""

    person: Staff
    share: shares.Share
    against: shares.Difference | None

    @property
    def is_told(self) -> bool:
        """Whether there are enough leads to say a rate."""
        return self.share.whole >= FEWEST_LEADS


def callers_of(scope: Scope) -> list[Staff]:
    """This will list the telemarketers who work in a scope, by branch and name."""
    rows = Staff.objects.filter(scope.branches(), role=Role.TELEMARKETER, is_active=True)
    return list(rows.select_related("branch", "team").order_by("branch__path", "name", "pk"))


def people_now(people: Sequence[Staff], *, at: dt.datetime) -> list[Watched]:
    """This will tell of each of these people what holds at `at`."""
    on, ids = clock.bank_day(at), [one.pk for one in people]
    absent = posts.absent_among(ids, on=on)
    qualified = posts.qualified_among(ids, kind=QualificationKind.CARDS, on=on)
    holds = {row.holder_id: row for row in _holds(ids)}
    promised = promises_by_owner(ids, at=at)
    hours, latest = _calls(ids, at)
    found = []
    for one in people:
        hold = holds.get(one.pk)
        until = hold.lead.held_until if hold else None
        overdue, due = promised.get(one.pk, (0, 0))
        login = one.last_login
        found.append(
            Watched(
                one, one.pk in absent, one.pk in qualified,
                login if login and clock.bank_day(login) == on else None,
                hold, hold is not None and (until is None or until <= at),
                overdue, due, latest.get(one.pk), hours.get(one.pk, {}),
            )
        )  # fmt: skip
    return found


def _holds(ids: Sequence[int]) -> list[LeadHold]:
    rows = LeadHold.objects.filter(holder__in=ids, ended_at=None).select_related("lead")
    return list(rows.order_by("holder"))


def _calls(
    ids: Sequence[int], at: dt.datetime
) -> tuple[dict[int, dict[int, int]], dict[int, dt.datetime]]:
    """The calls of the day by person and hour of the bank's clock, and each one's latest."""
    start = clock.start_of(clock.bank_day(at))
    rows = LeadHold.objects.filter(
        holder__in=ids, called_at__gte=start, called_at__lt=start + _DAY
    ).values("holder", hour=ExtractHour("called_at", tzinfo=start.tzinfo))
    hours: dict[int, dict[int, int]] = {}
    latest: dict[int, dt.datetime] = {}
    for row in rows.annotate(count=Count("*"), last=Max("called_at")).order_by("holder", "hour"):
        hours.setdefault(row["holder"], {})[row["hour"]] = row["count"]
        latest[row["holder"]] = row["last"]
    return hours, latest


def calls_within(ids: Sequence[int], *, since: dt.datetime, at: dt.datetime) -> int:
    """This will count the calls that these people made after `since`."""
    rows = LeadHold.objects.filter(holder__in=ids, called_at__gt=since, called_at__lte=at)
    return rows.count()


def won_of_called(people: Sequence[Staff], *, at: dt.datetime) -> list[Converted]:
    """This will tell what came of the leads that each of these people called within the last days,
    in the order in which they are given: never by who did better. How one differs from all others
    together is told where both have leads enough, with an interval that holds for all at once."""
    since = clock.start_of(clock.bank_day(at) - (CONVERSION_DAYS - 1) * _DAY)
    ids = [one.pk for one in people]
    calls = LeadHold.objects.filter(holder__in=ids, called_at__gte=since, called_at__lte=at)
    called = dict(
        calls.values("holder").annotate(leads=Count("lead", distinct=True))
        .order_by("holder").values_list("holder", "leads")
    )  # fmt: skip
    theirs = LeadHold.objects.filter(
        holder=OuterRef("owner"), lead=OuterRef("pk"), called_at__gte=since, called_at__lte=at
    )
    rows = Lead.objects.filter(Exists(theirs), owner__in=ids, state=LeadState.WON)
    won = dict(
        rows.values("owner").annotate(leads=Count("pk")).order_by("owner")
        .values_list("owner", "leads")
    )  # fmt: skip
    all_won, all_called = sum(won.values()), sum(called.values())
    told = sum(count >= FEWEST_LEADS for count in called.values())
    found = []
    for one in people:
        share = shares.Share(won.get(one.pk, 0), called.get(one.pk, 0))
        rest = shares.Share(all_won - share.of, all_called - share.whole)
        enough = min(share.whole, rest.whole) >= FEWEST_LEADS
        against = shares.difference(share, rest, pairs=max(1, told)) if enough else None
        found.append(Converted(one, share, against))
    return found
