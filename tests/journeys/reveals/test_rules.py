"""When words are a reason."""

import pytest

from journeys.reveals import rules


@pytest.mark.parametrize(
    ("words", "is_enough"),
    [
        ("", False),
        ("1234567", False),
        ("12345678", True),
        (" 1 2 3 4 5 6 7 ", False),
        ("aaaaaaaa", False),
        ("abcabcabc", False),
        ("abcdabcd", True),
        ("客户来电核对地址", True),
        ("客户来电核对地", False),
    ],
)
def test_words_are_a_reason_from_eight_signs_of_four_kinds(words: str, is_enough: bool) -> None:
    assert rules.is_reason(words, 8) is is_enough
