"""The connection to Valkey, and the sign of life that workers leave there."""

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
        with connect() as client:
            return bool(client.eval(_TAKE, 1, f"portal:rate:{name}", str(per_minute)))
    except redis.RedisError:
        return True
