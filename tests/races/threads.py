"""Work done by several threads at the same instant, or by one while another waits for it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def in_threads(number: int, work: Callable[[int], T]) -> list[T]:
    """This will call `work(place)` in `number` threads that start together; each has its own
    connection, closed at the end."""
    barrier = threading.Barrier(number)

    def one(place: int) -> T:
        try:
            barrier.wait()
            return work(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def wait_for(waiting: int) -> None:
    """This will wait until so many others wait for a lock: they have begun, and go no further."""
    ends = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            # In a transaction the first look would be shown again and again.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] >= waiting:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")
