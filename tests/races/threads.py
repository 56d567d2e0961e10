"""Work done by several threads at the same instant."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


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
