"""When words are a reason, and how long a value stays on the screen."""

# Long enough to dial a number or to compare it, short enough for a screen left alone.
SHOWN_SECONDS = 60
# So that a row of one letter is no reason.
_FEWEST_DIFFERENT_SIGNS = 4


def is_reason(words: str, fewest: int) -> bool:
    """This will tell whether `words` have at least `fewest` signs, blanks not counted, and are not
    the same few ones again and again."""
    signs = "".join(words.split())
    return len(signs) >= fewest and len(set(signs)) >= _FEWEST_DIFFERENT_SIGNS
