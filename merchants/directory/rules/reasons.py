"""When words are a reason."""

FEWEST_SIGNS = 6
_FEWEST_DIFFERENT = 4


def fault_of(words: str) -> bool:
    """This will tell whether words are no reason: too few signs, or the same few again and
    again."""
    signs = "".join(words.split())
    return len(signs) < FEWEST_SIGNS or len(set(signs)) < _FEWEST_DIFFERENT
