"""Pages of long lists: one slice and whether there is more, never a count of the whole table."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50
DEEP = 1_000


class NotOrdered(Exception):
    """Raised when a list is cut into pages without an order."""


@dataclass(frozen=True)
class Page:
    """One page of rows; `query` is the rest of the address's query string, for the links."""

    rows: Sequence[Any]
    number: int
    has_next: bool
    query: str

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def stream(rows: QuerySet[Any], most: int) -> Iterator[Any]:
    """This will read an ordered query block by block, at most `most` rows and one more, by which
    it is known that there are too many. Raises NotOrdered."""
    if not rows.ordered:
        raise NotOrdered(str(rows.model))
    return rows[: most + 1].iterator(chunk_size=2000)


def number_in(request: HttpRequest) -> int:
    """This will read the number of the page named by `?page=`; a bad one is 1."""
    asked = request.GET.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


def page_of(request: HttpRequest, rows: QuerySet[Any], size: int = PAGE_SIZE) -> Page:
    """This will cut the page named by `?page=` out of an ordered query; a bad number is page 1.

    Raises NotOrdered.
    """
    if not rows.ordered:
        raise NotOrdered(str(rows.model))
    number = number_in(request)
    start = (number - 1) * size
    cut = slice(start, start + size + 1)
    if start >= DEEP:
        # What is passed over is counted in an index; only the page's own rows are fetched.
        rows, cut = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[cut])), slice(None)
    return _page(request, list(rows[cut]), number, size)


def page_in(request: HttpRequest, rows: Iterator[Any], size: int = PAGE_SIZE) -> Page:
    """This will cut the page named by `?page=` out of rows that come one after another: those
    before it are passed over, those after it never asked for."""
    number = number_in(request)
    start = (number - 1) * size
    found = list(itertools.islice(rows, start, start + size + 1))
    return _page(request, found, number, size)


def _page(request: HttpRequest, found: Sequence[Any], number: int, size: int) -> Page:
    rest = request.GET.copy()
    rest.pop("page", None)
    return Page(found[:size], number, len(found) > size, rest.urlencode())
