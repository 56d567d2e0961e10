"""The gate of a sale in Valkey: who may try for which unit. It may be lost at any time; the rows in
PostgreSQL are the truth, and `reconciling` makes the gate agree with them.

Keys of a sale, in one slot: `epoch` (absent: the gate is not filled), `free` (set of units), `had`
(hash: customer number to unit, of those whom it lets in no more), `taken` (sorted set: customer
number by the second of Valkey's clock at which it was let in).
"""

import contextlib
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import redis

from campaigns.flash import rules
from portal.kit import valkey

UNKNOWN, SOLD_OUT, HAS_ONE = -2, 0, -1

# Free units, and for each customer whether the gate let them in before.
_LOOK = """
if redis.call('EXISTS', KEYS[1]) == 0 then return {-2} end
local answer = {redis.call('SCARD', KEYS[2])}
for i, customer in ipairs(ARGV) do
    answer[i + 1] = redis.call('HEXISTS', KEYS[3], customer)
end
return answer
"""
# For each customer a unit, 0 where none is left, -1 where they were let in before.
_TAKE = """
if redis.call('EXISTS', KEYS[1]) == 0 then return {-2} end
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local answer = {}
for i, customer in ipairs(ARGV) do
    if redis.call('HEXISTS', KEYS[3], customer) == 1 then
        answer[i] = -1
    else
        local unit = redis.call('SPOP', KEYS[2])
        if unit then
            redis.call('HSET', KEYS[3], customer, unit)
            redis.call('ZADD', KEYS[4], now, customer)
            answer[i] = tonumber(unit)
        else
            answer[i] = 0
        end
    end
end
return answer
"""
# Everything that the reconciler compares; those taken long ago are not on their way any more.
_STATE = """
local epoch = redis.call('GET', KEYS[1])
if not epoch then return {-2} end
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[4], '(' .. now, '+inf')
local flying = {}
for _, customer in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1)) do
    local unit = redis.call('HGET', KEYS[3], customer)
    if unit then flying[#flying + 1] = customer; flying[#flying + 1] = unit end
end
return {tonumber(epoch), redis.call('SMEMBERS', KEYS[2]), redis.call('HKEYS', KEYS[3]), flying}
"""
# ARGV: epoch, numbers of units in, of units out, of pairs in, of customers out, then these.
_MEND = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local place = 6
local function each(count, work, step)
    for _ = 1, tonumber(count) do work(place); place = place + step end
end
each(ARGV[2], function(at) redis.call('SADD', KEYS[2], ARGV[at]) end, 1)
each(ARGV[3], function(at) redis.call('SREM', KEYS[2], ARGV[at]) end, 1)
each(ARGV[4], function(at) redis.call('HSETNX', KEYS[3], ARGV[at], ARGV[at + 1]) end, 2)
each(ARGV[5], function(at)
    redis.call('HDEL', KEYS[3], ARGV[at]); redis.call('ZREM', KEYS[4], ARGV[at])
end, 1)
return 1
"""
_fuse = valkey.Fuse(1.0)


class GateDown(Exception):
    """Raised where Valkey does not answer; PostgreSQL alone decides then."""


def look(sale_id: int, customers: Sequence[str]) -> tuple[int, list[bool]]:
    """This will return how many units are free (UNKNOWN where the gate is empty) and whether each
    customer was let in before. Raises GateDown."""
    answer = _run(_LOOK, sale_id, customers)
    return int(answer[0]), [bool(had) for had in answer[1:]]


def take(sale_id: int, customers: Sequence[str]) -> list[int]:
    """This will give each customer a unit to try for: its number, SOLD_OUT, or HAS_ONE; all
    UNKNOWN where the gate is empty. Raises GateDown."""
    answer = [int(unit) for unit in _run(_TAKE, sale_id, customers)]
    return [UNKNOWN] * len(customers) if answer[:1] == [UNKNOWN] else answer


def landed(sale_id: int, customers: Iterable[str]) -> None:
    """This will note that these customers' rows are committed, so that nothing of theirs is on its
    way any more. Without the note they count as on their way for IN_FLIGHT_SECONDS."""
    names = [*customers]
    if names:
        with contextlib.suppress(GateDown), _answering():
            valkey.kept().zrem(_keys(sale_id)[3], *names)


def state(sale_id: int) -> tuple[int, rules.GateState] | None:
    """This will return the gate's epoch and what it holds; None where it is empty."""
    answer = _run(_STATE, sale_id, [str(rules.IN_FLIGHT_SECONDS)])
    if answer[0] == UNKNOWN:
        return None
    flying = answer[3]
    pairs = {flying[at]: int(flying[at + 1]) for at in range(0, len(flying), 2)}
    free = frozenset(int(unit) for unit in answer[1])
    return int(answer[0]), rules.GateState(free, frozenset(answer[2]), pairs)


def mend(
    sale_id: int,
    epoch: int,
    *,
    units_in: Iterable[int] = (),
    units_out: Iterable[int] = (),
    had_in: Mapping[str, int] | None = None,
    had_out: Iterable[str] = (),
) -> bool:
    """This will change a gate of that epoch, and tell whether it still was of it."""
    parts = [[*map(str, units_in)], [*map(str, units_out)]]
    pairs = [str(value) for pair in (had_in or {}).items() for value in pair]
    out = [*had_out]
    counts = [len(parts[0]), len(parts[1]), len(pairs) // 2, len(out)]
    values = [str(epoch), *map(str, counts), *parts[0], *parts[1], *pairs, *out]
    return bool(_run(_MEND, sale_id, values))


def fill(sale_id: int, epoch: int, units: Iterable[int], standing: Mapping[str, int]) -> None:
    """This will fill a gate anew, unless a newer filling is there. Raises GateDown."""
    numbers = [*map(str, units)]
    with _answering(), valkey.kept().pipeline(transaction=True) as pipe:
        keys = _keys(sale_id)
        pipe.watch(keys[0])
        there = pipe.get(keys[0])
        if there is not None and int(there) >= epoch:
            return
        pipe.multi()
        pipe.delete(*keys)
        if numbers:
            pipe.sadd(keys[1], *numbers)
        if standing:
            pipe.hset(keys[2], mapping={who: str(unit) for who, unit in standing.items()})
        pipe.set(keys[0], str(epoch))
        pipe.execute()


def _keys(sale_id: int) -> list[str]:
    return [f"portal:flash:{{{sale_id}}}:{name}" for name in ("epoch", "free", "had", "taken")]


def _run(script: str, sale_id: int, values: Sequence[str]) -> list[Any]:
    with _answering():
        return _script(script)(keys=_keys(sale_id), args=values)


@functools.cache
def _script(text: str) -> Any:
    """Sent by its hash; a Valkey that was emptied or begun anew is sent the text again."""
    return valkey.kept().register_script(text)


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    if _fuse.is_blown:
        raise GateDown
    try:
        yield
    except redis.WatchError:
        return  # somebody else is filling it
    except redis.RedisError as error:
        _fuse.blow()
        raise GateDown from error
