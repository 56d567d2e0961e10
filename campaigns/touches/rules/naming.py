"""The causes under which the messages of steps stand in the outbox."""


def dedup_key_of(campaign_id: int, code: str, rotation: int) -> str:
    """This will return the cause of a step's message: one for each stay."""
    return f"touch:{campaign_id}:{code}:{rotation}"


def parts_of(key: str) -> tuple[int, str, int] | None:
    """This will return campaign id, code and rotation of a cause; None for other causes."""
    parts = key.split(":")
    if len(parts) != 4 or parts[0] != "touch" or not (parts[1] + parts[3]).isdecimal():
        return None
    return int(parts[1]), parts[2], int(parts[3])
