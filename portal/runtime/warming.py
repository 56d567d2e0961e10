"""Making ready what the first visitors would otherwise wait for: before the web server forks, so
that its processes share it."""

import gc
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.urls import get_resolver
from django.utils import translation


def warm() -> int:
    """This will read all addresses, texts of both languages and page templates into memory, and
    return how many templates were compiled. Asks neither the database nor Valkey."""
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            get_resolver().reverse_dict  # noqa: B018 (asked for, it is made and kept)
    names = set(_template_names())
    for name in sorted(names):
        engines["django"].get_template(name)
    return len(names)


def set_aside() -> None:
    """This will set aside what is in memory by now: the collector of garbage would look through it
    again and again, with every thread of the process waiting, and find that all of it is in use.
    That took a fifth of a second each time, measured with the whole application loaded."""
    gc.collect()
    gc.freeze()


def _template_names() -> Iterator[str]:
    """The names of the house's own templates, as pages ask for them."""
    for place in engines["django"].dirs:
        for path in Path(place).rglob("*.html"):
            yield path.relative_to(place).as_posix()
