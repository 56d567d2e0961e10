"""What may be a caller's next lead: the best of the own ones and of each pool, in turn."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from django.db.models import Q, QuerySet

from journeys.telemarketing.enums import HoldEnd, LeadState, PoolSight
from journeys.telemarketing.models import Lead, LeadHold, LeadMove, PoolPolicy
from journeys.telemarketing.queries.leads import OPEN, callable_of
from journeys.telemarketing.queries.walking import COLUMNS, Pool, Pools, candidate_of, walk
from journeys.telemarketing.rules import Candidate, Place, ranked
from portal.kit import clock
from portal.kit.personal import ERASED
from portal.staff import queries as staff
from portal.staff.models import Staff

LOOKED_AT = 8  # of each kind in the first round
# No lead stays in hand for longer than a policy may let it, and the beat that ends it is not late
# by more than the rest.
_HELD_AT_MOST = dt.timedelta(hours=6)


def branches_of(caller: Staff) -> list[int]:
    """This will list the branches whose leads a caller may have: the own one and those below."""
    return [row.pk for row in staff.branches_below(caller.branch.path)]


class Coming:
    """Leads that may be the caller's next one at `at`, but for those of `but`; `policies` are those
    of the branches within reach. What stands against calling a lead at all is seen here; hours and
    caps are asked of the gate (`gate_answers`). Leads of the pool that nobody may call are added to
    `passed`."""

    def __init__(
        self,
        *,
        caller: Staff,
        policies: dict[int, PoolPolicy],
        at: dt.datetime,
        but: Collection[int] = (),
        passed: list[int] | None = None,
    ) -> None:
        self._caller, self._policies, self._at = caller, policies, at
        self._passed = passed if passed is not None else []
        self._but = frozenset(but)
        self._given: set[int] = set()
        self._left: list[Candidate] = []
        pools = Pools(_pools(policies), at, caller.team_id, is_ready=True)
        self._walks: list[Iterator[Candidate]] = [
            walk(self._own, self._good),
            walk(pools.promised, self._good),
            walk(pools.best, self._good_of_pool),
        ]

    def more(self, wanted: int) -> list[Candidate]:
        """This will return the next ones, so many of each kind at most, none of them twice."""
        found: list[Candidate] = []
        for each in self._walks:
            for one in islice(each, wanted):
                if one.lead_id not in self._given:
                    self._given.add(one.lead_id)
                    found.append(one)
        return found

    def _own(self, after: Place | None, count: int) -> list[Candidate]:
        if after is None:
            self._left = self._owned()
        piece, self._left = self._left[:count], self._left[count:]
        return piece

    def _owned(self) -> list[Candidate]:
        """All at once: the policy's cap keeps them few."""
        rows = _ready(self._at).filter(owner=self._caller, branch__in=self._policies)
        found = [
            candidate_of(row, self._caller.pk)
            for branch_id, *row in rows.values_list("branch_id", *COLUMNS)
            if row[3] < self._policies[branch_id].most_attempts
        ]
        return ranked(found, now=clock.bank_time(self._at))

    def _good(self, ids: list[int]) -> set[int]:
        asked = [pk for pk in ids if pk not in self._but]
        return nothing_against(asked, caller=self._caller, at=self._at)

    def _good_of_pool(self, ids: list[int]) -> set[int]:
        asked = {pk for pk in ids if pk not in self._but}
        found = callable_of(asked, at=self._at)
        cooling = cooling_among(asked, caller=self._caller, at=self._at)
        self._passed += asked - found - cooling
        return found - cooling


def cooling_among(ids: Collection[int], *, caller: Staff, at: dt.datetime) -> set[int]:
    """This will tell which of these leads were the caller's own lately, and cool down."""
    rows = LeadMove.objects.filter(lead__in=ids, from_owner=caller, cools_until__gt=at)
    return set(rows.values_list("lead", flat=True))


def nothing_against(ids: Sequence[int], *, caller: Staff, at: dt.datetime) -> set[int]:
    """This will tell which of these leads may be called, and were not the caller's own lately."""
    found = callable_of(ids, at=at)
    return found - cooling_among(found, caller=caller, at=at)


def put_aside(*, caller: Staff, policies: dict[int, PoolPolicy], at: dt.datetime) -> list[int]:
    """This will list the leads that the caller put down without a call, each for as many minutes as
    the policy of its branch lets one stay in hand; the one that was put down first comes first."""
    since = at - _HELD_AT_MOST - _minutes(*policies.values())
    rows = LeadHold.objects.filter(holder=caller, taken_at__gt=since, ended_at__isnull=False)
    found: dict[int, bool] = {}
    for lead_id, branch_id, end, ended_at in rows.order_by("ended_at", "pk").values_list(
        "lead", "lead__branch", "end", "ended_at"
    ):
        found.pop(lead_id, None)
        policy = policies.get(branch_id)
        is_late = policy is None or ended_at is None or ended_at <= at - _minutes(policy)
        found[lead_id] = end == HoldEnd.PUT_DOWN and not is_late
    return [lead_id for lead_id, is_aside in found.items() if is_aside]


def aside_again(
    lead_ids: Sequence[int], *, caller: Staff, policies: dict[int, PoolPolicy], at: dt.datetime
) -> list[Candidate]:
    """This will return those of the leads put aside that may be the caller's next one all the same,
    in their order."""
    is_free = Q(owner=None, state=LeadState.NEW)
    rows = _ready(at).filter(is_free | Q(owner=caller), pk__in=lead_ids, branch__in=policies)
    found = {}
    for branch_id, team_id, *row in rows.values_list("branch_id", "team_id", *COLUMNS):
        policy, one = policies[branch_id], candidate_of(row, caller.pk)
        if one.attempts < policy.most_attempts and (one.is_own or _sees(policy, team_id, caller)):
            found[one.lead_id] = one
    good = nothing_against(list(found), caller=caller, at=at)
    return [found[pk] for pk in lead_ids if pk in good]


def _minutes(*policies: PoolPolicy) -> dt.timedelta:
    return dt.timedelta(minutes=max((one.hold_minutes for one in policies), default=0))


def _sees(policy: PoolPolicy, team_id: int | None, caller: Staff) -> bool:
    """Whether the caller may have a lead of a pool."""
    is_of_team = policy.sight == PoolSight.TEAM
    return policy.sight != PoolSight.GIVEN and (
        not is_of_team or team_id is None or team_id == caller.team_id
    )


def _pools(policies: dict[int, PoolPolicy]) -> list[Pool]:
    return [
        Pool(branch_id, policy.most_attempts, policy.sight == PoolSight.TEAM)
        for branch_id, policy in policies.items()
        if policy.sight != PoolSight.GIVEN
    ]


def _ready(at: dt.datetime) -> QuerySet[Lead]:
    """Open leads of whose own row nothing stands against a call."""
    rows = Lead.objects.filter(
        Q(call_from=None) | Q(call_from__lte=at), holder=None, phone_sealed__isnull=False,
        state__in=OPEN,
    )  # fmt: skip
    return rows.exclude(name=ERASED)
