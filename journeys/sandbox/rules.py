"""Faults that can be practised, by the end of a number or of an address's name."""

import enum


class Fault(enum.StrEnum):
    """What the practice gateways do on purpose."""

    REFUSE = "0000"  # this address, for good
    BUSY = "1111"  # not now
    SILENT = "2222"  # the message is taken, and no answer given
    LOST = "3333"  # the message is taken, and its receipt gets lost


def fault_for(destination: str) -> Fault | None:
    """This will return the fault that a destination asks for, such as 13800000000."""
    name = destination.partition("@")[0]
    return next((fault for fault in Fault if name.endswith(fault)), None)
