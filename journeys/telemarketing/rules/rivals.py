"""Words about rivals, laid out so that the check of wording sees of whom they are said."""

import re
from collections.abc import Iterable

_CLAUSE = re.compile(r"[，,。.；;！!？?：:\n]+")
_IS = re.compile(r"\b(?:is|was)\b", re.IGNORECASE)


def said_of_rivals(text: str, names: Iterable[str]) -> list[str]:
    """This will return what a text comes to where it speaks of a rival: the text itself, and each
    of its clauses said of other banks, in both languages, the rival's names taken out. The list of
    words knows what belittles other banks, not which of a thousand names is one."""
    for name in filter(None, names):
        text = text.replace(name, "")
    clauses = [one.strip() for one in _CLAUSE.split(text) if one.strip()]
    chinese = [f"他行{one}" for one in clauses]
    english = [f"other banks {_IS.sub('are', one)}" for one in clauses]
    return [text, *chinese, *english]
