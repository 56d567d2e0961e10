"""In which of the two languages the reader reads, and what is said in each of them."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import get_language, get_language_info, override


def reads_english() -> bool:
    """This will tell whether the reader of the moment reads English; everybody else reads
    Chinese."""
    return (get_language() or "").startswith("en")


def in_each(say: Callable[[], str]) -> list[tuple[str, str, str]]:
    """This will return what `say` says in each language, by its code and own name, the reader's
    first."""
    own, said = get_language(), []
    for code, _name in sorted(settings.LANGUAGES, key=lambda one: one[0] != own):
        with override(code):
            said.append((code, str(get_language_info(code)["name_local"]), say()))
    return said
