"""Why a move is suggested, in words: a code with its numbers becomes a sentence."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

_WORDS: dict[str, Callable[[], str]] = {
    "turnover_fell": lambda: _(
        "Turnover changed by {percent} % against a year ago or, where that is not known, the span "
        "before."
    ),
    "contract_ends": lambda: _("The contract ends in {days} days."),
    "complaints": lambda: _("There were {count} complaints."),
}


def in_words(reason: Mapping[str, Any]) -> str:
    """This will say a reason; one whose code nobody put into words says its code and numbers."""
    given = {name: value for name, value in reason.items() if name != "code"}
    code = str(reason.get("code", ""))
    try:
        return _WORDS[code]().format(**given)
    except KeyError:
        return ", ".join([code, *(f"{name}: {value}" for name, value in given.items())])
