"""What codes are called. Rules hold codes alone; who shows them may say the names of the moment,
and sentences and explanations then use these."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from campaigns.conditions.enums import Source

Names = Mapping[tuple[Source, str], str]
_known: ContextVar[Names] = ContextVar("names_of_codes", default={})  # noqa: B039  (never changed)


@contextmanager
def known_as(names: Names) -> Iterator[None]:
    """This will let sentences and explanations call codes by these names."""
    token = _known.set({**_known.get(), **names})
    try:
        yield
    finally:
        _known.reset(token)


def called(source: Source, codes: Iterable[str]) -> str:
    """This will say codes of a table in one line, by their names as far as they are known."""
    known = _known.get()
    return listed(known.get((source, code), code) for code in codes)


def listed(words: Iterable[str]) -> str:
    """This will join words as the reader's language lists them."""
    return _(", ").join(words)
