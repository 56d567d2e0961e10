"""How a run is cut into chunks, when a chunk is given up or asked for again, who is in the control
group, and the adding up of what chunks found."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from campaigns.planning.enums import BY_DIFFERENCE, RewardKind, TierMode
from campaigns.planning.rules.rewards import Rewards

# Enough chunks to share among workers and to show progress, each small enough for one
# transaction of a few seconds.
SMALLEST_CHUNK, LARGEST_CHUNK, CHUNKS_WANTED = 5_000, 50_000, 20
MOST_ATTEMPTS = 3
# A chunk that nobody works on and that was asked for this long ago is asked for again.
STALE_AFTER = dt.timedelta(seconds=20)
WORKER_LOST = "worker_lost"
DAYS_OVER = "days_over"
DAY_PAST = "day_past"
DRIFTED = "drifted"
NOT_APPROVED = "not_approved"
TEXT_WITHDRAWN = "text_withdrawn"
# A back-test is an evening's run for each of its days.
MOST_DAYS = 92
# A live run is as of the day on which it is started, or of the day before; what was begun before
# midnight may be worked off after it.
MOST_BEHIND = dt.timedelta(days=1)
MOST_BEHIND_AT_WORK = dt.timedelta(days=2)
# A later run may stand on an earlier one for so long, and while no more than one customer in five
# changed.
LONGEST_CARRIED = dt.timedelta(days=31)
LEAST_CARRIED = 5
# The day that stands for "not before the book of the campaign allows more".
BOOK_DAY = dt.date(9999, 12, 31)
# Answers that stay the same until something is written about the customer or the tables at large.
_STAYING_AWARDS = {"control", "not_in_use"}
_STAYING_GATES = {
    "open", "already", "do_not_contact", "complaint_open", "case_open", "peace",
    "no_consent", "no_address",
}  # fmt: skip


def chunk_size(customers: int) -> int:
    """This will return how many customers go into a chunk of a run over `customers`."""
    return min(LARGEST_CHUNK, max(SMALLEST_CHUNK, -(-customers // CHUNKS_WANTED)))


def days_of(first: dt.date, last: dt.date) -> list[dt.date]:
    """This will list the days from the first to the last, both inside."""
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def is_control(campaign_code: str, customer_id: int, percent: int) -> bool:
    """This will tell whether a customer is in the control group of a campaign that draws by the
    customer number, as those do that were approved before the draw by the person.

    A hash of the customer's id, keyed by the campaign: the same in each version and run,
    independent between campaigns, and whoever is in stays in where the share grows.
    """
    digest = hashlib.blake2b(
        str(customer_id).encode(), key=campaign_code.encode(), person=b"control", digest_size=8
    ).digest()
    return int.from_bytes(digest, "big") * 100 < percent << 64


class Tally:
    """How many and how much (CNY), by kind and key: ("award", "granted") for instance."""

    def __init__(self, data: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._found: dict[str, dict[str, tuple[int, Decimal]]] = {}
        self.merge(data or {})

    def add(self, kind: str, key: str, count: int = 1, amount: Decimal = Decimal(0)) -> None:
        """This will add to a key."""
        keys = self._found.setdefault(kind, {})
        before = keys.get(key, (0, Decimal(0)))
        keys[key] = (before[0] + count, before[1] + amount)

    def merge(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """This will add what was written by `as_data`."""
        for kind, keys in data.items():
            for key, (count, amount) in keys.items():
                self.add(kind, key, count, Decimal(amount))

    def of(self, kind: str) -> dict[str, tuple[int, Decimal]]:
        """This will return the counts and amounts of a kind, by key."""
        return dict(self._found.get(kind, {}))

    def counts(self, kind: str) -> dict[str, int]:
        """This will return the counts of a kind, by key."""
        return {key: count for key, (count, _amount) in self.of(kind).items()}

    def without_nothing(self) -> "Tally":
        """This will leave out what was counted down to nothing."""
        written = self.as_data()
        return Tally({kind: {key: one for key, one in keys.items() if one[0]}
                      for kind, keys in written.items()})  # fmt: skip

    def as_data(self) -> dict[str, dict[str, Any]]:
        """This will write everything as plain JSON values."""
        return {
            kind: {key: [count, str(amount)] for key, (count, amount) in keys.items()}
            for kind, keys in self._found.items()
        }


def daily_key(day: str, branch: str, tier: str) -> str:
    """This will write a day, the id of a branch and the code of a tier as a tally's key."""
    return f"{day} {branch} {tier}"


def daily_in(tally: Tally) -> Iterator[tuple[dt.date, int, str, Decimal]]:
    """This will read what was given by day, branch and tier: these, and how much (CNY)."""
    for key, (_count, amount) in tally.of("daily").items():
        day, branch, tier = key.split(" ", 2)
        yield dt.date.fromisoformat(day), int(branch), tier, amount


def outcome_key(outcome: str, failed_at: int | None) -> str:
    """This will write outcome and first failed position as a tally's key."""
    return outcome if failed_at is None else f"{outcome}:{failed_at}"


def outcomes_in(tally: Tally) -> Iterator[tuple[str, int | None, int]]:
    """This will read the outcomes of a tally: outcome, first failed position, how many."""
    for key, count in tally.counts("outcome").items():
        outcome, _colon, position = key.partition(":")
        yield outcome, int(position) if position else None, count


def stays(award: str, gate: str, given: Sequence[str], reached: Sequence[str], *, is_only: bool
          ) -> bool:  # fmt: skip
    """This will tell whether the answers about one who qualifies stay as they are until something
    is written about the customer. Where stock, a budget or a contact limit stood in the way, or may
    have stood in the way of more, they do not. `given` and `reached` are codes of tiers; `is_only`
    tells that who has anything of the campaign can get nothing more of it."""
    if award in _STAYING_AWARDS:
        return True
    is_whole = award == "granted" and (is_only or set(given) == set(reached))
    return (is_whole or (award == "had_before" and is_only)) and gate in _STAYING_GATES


def waits_for_book(award: str, *, tiers: int, parties: int, has_day: bool) -> bool:
    """This will tell whether a refusal is repeated, word for word, as long as the book of the
    campaign allows no more than before. The stock is named before all other limits; where other
    tiers were refused too, none of what refused them may come back by itself, as a day's limit
    does, or differ by a cent, as the part of one of several parties may. Where a single tier does
    not fit the whole budget any more, nobody is given anything after it."""
    if award == "stock_out":
        return tiers == 1 or (parties == 1 and not has_day)
    return award == "over_budget_total" and tiers == 1


def is_only(tiers: Sequence[Any], *, is_highest: bool, is_first_version: bool) -> bool:
    """This will tell whether who has a reward of a campaign can get nothing more of it: there is
    one tier, which does not grow with spending, and cannot be instead of an earlier version's."""
    if len(tiers) > 1:
        return is_highest and not any(tier.kind in BY_DIFFERENCE for tier in tiers)
    if tiers[0].kind == RewardKind.MULTIPLE:
        return False
    return is_first_version or (is_highest and tiers[0].kind not in BY_DIFFERENCE)


def gives_more(rewards: Rewards) -> bool:
    """This will tell whether who was given something of a campaign may be given more later."""
    is_highest = rewards.mode == TierMode.HIGHEST
    is_closed = is_only(rewards.tiers, is_highest=is_highest, is_first_version=True)
    return not is_closed or any(tier.for_each for tier in rewards.tiers)


def carried_award(award: str, awarded: Decimal | None) -> tuple[str, Decimal | None]:
    """This will return what an award of an earlier run is in a later one."""
    return ("had_before", Decimal("0.00")) if award == "granted" else (award, awarded)


def carried_gate(gate: str) -> tuple[str, bool]:
    """This will return what the gate's answer in an earlier run is in a later one, and whether the
    contact was made then."""
    return ("already", True) if gate == "open" else (gate, False)


def carried(found: "Tally") -> "Tally":
    """This will return what the figures of an earlier run are in a later one."""
    tally = Tally()
    for key, count in found.counts("outcome").items():
        tally.add("outcome", key, count)
    for key, (count, amount) in found.of("award").items():
        award, _amount = carried_award(key, amount)
        tally.add("award", award, count, Decimal(0) if key == "granted" else amount)
    for key, count in found.counts("gate").items():
        tally.add("gate", carried_gate(key)[0], count)
    return tally.without_nothing()
