"""Message texts that may be submitted."""


def lawful(says: str) -> str:
    """An SMS that names its sender and says how to refuse."""
    return f"【信用卡中心】{says}。拒收请回复R"
