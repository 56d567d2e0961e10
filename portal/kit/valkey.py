"""The connection to Valkey, and the sign of life that workers leave there."""

import functools
import time

import redis
from django.conf import settings

_WORKER = "portal:worker-lives"
_SIGN_SECONDS = 60


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
        settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, decode_responses=True
    )


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


# A bucket that holds a minute's calls and fills steadily; each call takes one out.
_TAKE = """
local most = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(kept[1]) or most
left = math.min(most, left + (now - (tonumber(kept[2]) or now)) * most / 60)
local taken = 0
if left >= 1 then left = left - 1; taken = 1 end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], 120)
return taken
"""


def take(name: str, per_minute: int) -> bool:
    """This will count a call under a name and tell whether it is within its rate.

    Where Valkey does not answer the call passes: a rate is a courtesy, not a rule of safety.
    """
    try:
        return bool(kept().eval(_TAKE, 1, f"portal:rate:{name}", str(per_minute)))
    except redis.RedisError:
        return True
