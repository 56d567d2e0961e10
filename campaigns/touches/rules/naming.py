"""The causes under which the messages of steps stand in the outbox."""

PREFIX = "touch:"


def dedup_key_of(campaign_id: int, code: str, rotation: int) -> str:
    """This will return the cause of a step's message: one for each stay, unless it was called off
    because what it told held no more (`outreach.queries.causes_now`)."""
    return f"{PREFIX}{campaign_id}:{code}:{rotation}"


def parts_of(key: str) -> tuple[int, str, int] | None:
    """This will return campaign id, code and rotation of a cause, of whichever turn; None for other
    causes."""
    kind, *parts = key.split(":")
    is_one = f"{kind}:" == PREFIX and len(parts) in (3, 4)
    if not is_one or not "".join((parts[0], *parts[2:])).isdecimal():
        return None
    return int(parts[0]), parts[1], int(parts[2])
