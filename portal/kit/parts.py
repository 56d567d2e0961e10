"""Parts of pages: answers to htmx, which stand in no page of their own."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

View = Callable[..., HttpResponse]


def part_of(url_name: str, *names: str) -> Callable[[View], View]:
    """This will send a person who lands on the address of a part (by the history, by a bookmark,
    or after signing in) to the page that it belongs to: that of `url_name`, with the view's
    arguments of these names. What was asked for in the address goes along.

    Browsers say when they open a page: they accept "text/html", and htmx announces itself.
    """

    def mark(view: View) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _is_opened(request):
                return view(request, *args, **kwargs)
            page = reverse(url_name, kwargs={name: kwargs[name] for name in names})
            query = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(f"{page}?{query}" if query else page)

        return answer

    return mark


def _is_opened(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and request.headers.get("HX-Request") != "true"
        and "text/html" in request.headers.get("Accept", "")
    )
