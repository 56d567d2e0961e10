"""The connection to Valkey, and the sign of life that workers leave there."""

import functools
import threading
import time

import redis
from django.conf import settings

_WORKER = "portal:worker-lives"
_SIGN_SECONDS = 60
_SOON = 0.5  # seconds


def connect(*, as_bytes: bool = False) -> redis.Redis:
    """This will return a client that gives up soon; close it, or use it as a context manager.
    It answers in text, or in bytes as they lie there."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=2,
        socket_connect_timeout=2,
        decode_responses=not as_bytes,
    )


@functools.cache
def kept() -> redis.Redis:
    """This will return the process's own client, whose connections are kept from call to call and
    shared by its threads. It gives up within half a second; it is never closed."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=_SOON, socket_connect_timeout=_SOON,
        decode_responses=True,
    )  # fmt: skip


class Fuse:
    """Spares the callers of one process the wait for a Valkey that just did not answer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0

    def blow(self) -> None:
        """This will note that Valkey did not answer."""
        self._until = time.monotonic() + self._seconds

    @property
    def is_blown(self) -> bool:
        """Whether Valkey is not to be asked yet."""
        return time.monotonic() < self._until


def note_worker() -> None:
    """This will leave a worker's sign of life. Where Valkey is gone there is nothing to leave:
    the worker notices by itself."""
    try:
        with connect() as client:
            client.set(_WORKER, "1", ex=_SIGN_SECONDS)
    except redis.RedisError:
        return


def worker_lives() -> bool:
    """This will tell whether a worker gave a sign of life within the last minute."""
    with connect() as client:
        return bool(client.exists(_WORKER))


# A bucket that holds a minute's calls and fills steadily; who comes takes some out.
_TAKE = """
local most = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(kept[1]) or most
left = math.min(most, left + (now - (tonumber(kept[2]) or now)) * most / 60)
local taken = math.min(tonumber(ARGV[2]), math.floor(left))
left = left - taken
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], 120)
return taken
"""


_LOTS_PER_MINUTE = 6_000
_lots: dict[str, int] = {}
_guard = threading.Lock()


def take(name: str, per_minute: int) -> bool:
    """This will count a call under a name and tell whether it is within its rate.

    Of a high rate a process takes the calls of a hundredth of a second at once, and keeps what it
    does not use. Where Valkey does not answer the call passes: a rate is a courtesy, not a rule of
    safety.
    """
    with _guard:
        left = _lots.get(name, 0)
        if left:
            _lots[name] = left - 1
            return True
    lot = max(1, per_minute // _LOTS_PER_MINUTE)
    try:
        taken = int(kept().eval(_TAKE, 1, f"portal:rate:{name}", str(per_minute), str(lot)))
    except redis.RedisError:
        return True
    if taken > 1:
        with _guard:
            _lots[name] = _lots.get(name, 0) + taken - 1
    return taken > 0


# A bucket over the caller's clock, which fills steadily and begins empty, so that a Valkey that was
# emptied lets nothing through that it should not. A negative number gives calls back.
_TAKE_SOME = """
local rate, burst = tonumber(ARGV[1]) / 60, tonumber(ARGV[2])
local now, wanted = tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(kept[1]) or 0, tonumber(kept[2]) or now
if ARGV[5] == '1' or at > now + 60 then
    left, at = 0, now
end
if now > at then
    left, at = left + (now - at) * rate, now
end
left = math.min(burst, left)
local taken = math.min(wanted, math.floor(left))
left = math.min(burst, left - taken)
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', string.format('%.6f', at))
redis.call('EXPIRE', KEYS[1], math.ceil(120 + burst / rate))
return taken
"""


def take_some(
    name: str, *, per_minute: int, burst: int, wanted: int, at: float, is_anew: bool = False
) -> int:
    """This will take up to `wanted` calls out of the bucket of a name at the instant `at` (seconds
    since 1970) and return how many there were; a negative `wanted` gives some back. With `is_anew`
    the bucket begins empty. Raises redis.RedisError."""
    values = [per_minute, burst, at, wanted, int(is_anew)]
    return int(kept().eval(_TAKE_SOME, 1, f"portal:bucket:{name}", *map(str, values)))
