"""In which of the two languages the reader reads."""

from django.utils.translation import get_language


def reads_english() -> bool:
    """This will tell whether the reader of the moment reads English; everybody else reads
    Chinese."""
    return (get_language() or "").startswith("en")
