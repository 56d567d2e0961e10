"""When words are a reason."""

import pytest

from portal.kit import revealing
from portal.kit.revealing import Fault


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", Fault.SHORT),
        ("1234567", Fault.SHORT),
        ("12345678", None),
        (" 1 2 3 4 5 6 7 ", Fault.SHORT),
        ("aaaaaaa", Fault.SHORT),
        ("aaaaaaaa", Fault.REPEATED),
        ("abcabcabc", Fault.REPEATED),
        ("abcdabcd", None),
        ("客户来电核对地址", None),
        ("客户来电核对地", Fault.SHORT),
        ("核对核对核对核对", Fault.REPEATED),
    ],
)
def test_words_are_a_reason_from_eight_signs_of_four_kinds(words: str, fault: Fault | None) -> None:
    assert revealing.fault_of(words, 8) is fault
