"""Which fault a destination asks for."""

import pytest

from journeys.sandbox.rules import Fault, fault_for


@pytest.mark.parametrize(
    ("destination", "fault"),
    [
        ("13800000000", Fault.REFUSE), ("13800001111", Fault.BUSY), ("13800002222", Fault.SILENT),
        ("13800003333", Fault.LOST),
        ("13800000001", None), ("a0000@b.test", Fault.REFUSE), ("a@0000", None), ("", None),
    ],
)  # fmt: skip
def test_the_end_of_a_number_or_name_asks_for_a_fault(
    destination: str, fault: Fault | None
) -> None:
    assert fault_for(destination) == fault
