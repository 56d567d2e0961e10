"""What becomes of the rows of a file, in the words and order in which people are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

# In the order of the picture: what is written first, what is left out last.
_LABELS: dict[str, Any] = {
    "new": _("New rows"),
    "changed": _("Changed rows"),
    "same": _("Unchanged rows"),
    "older": _("Older, kept as is"),
    "bad": _("Bad rows"),
}
_WOULD: dict[str, Any] = {
    "new": _("would be added."),
    "changed": _("would change a row that stands."),
    "same": _("say what stands already."),
    "older": _(
        "These rows tell of an earlier state than the one that stands. If the file is right, "
        "upload it again and say that it corrects."
    ),
    "bad": _("would be left out. Correct them and upload the file again."),
}
_DID: dict[str, Any] = _WOULD | {
    "new": _("were added."),
    "changed": _("changed a row that stood."),
    "same": _("said what stood already."),
    "bad": _("were left out. Correct them and upload the file again."),
}


@dataclass(frozen=True)
class Outcome:
    """What becomes of so many rows; `code` is new, changed, same, older or bad."""

    code: str
    label: Any
    rows: int
    words: Any


def outcomes(counts: Mapping[str, int], *, is_done: bool) -> list[Outcome]:
    """This will tell what became of the rows (`rows_new` and so on), or would become of them.
    Older rows are told of where there are some."""
    words = _DID if is_done else _WOULD
    return [
        Outcome(code, label, counts[f"rows_{code}"], words[code])
        for code, label in _LABELS.items()
        if code != "older" or counts["rows_older"]
    ]
