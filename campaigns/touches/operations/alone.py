"""Parts of a sweep that stand or fall alone."""

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)


def alone(do: Callable[[], int | None], words: str, *named: int) -> int:
    """This will do one part and return what it counted; its fault is logged in these words, counts
    nothing, and keeps the other parts from nothing."""
    try:
        return do() or 0
    except Exception:
        logger.exception(words, *named)
        return 0
