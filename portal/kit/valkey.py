"""The connection to Valkey, and the sign of life that workers leave there."""

import redis
from django.conf import settings

_WORKER = "portal:worker-lives"
_SIGN_SECONDS = 60


def connect() -> redis.Redis:
    """This will return a client that gives up soon; close it, or use it as a context manager."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, decode_responses=True
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
