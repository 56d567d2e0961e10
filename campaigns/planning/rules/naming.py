"""The names under which a campaign's messages stand in the outbox."""


def origin_of(campaign_code: str, version_number: int) -> str:
    """This will return the origin that a campaign version's messages carry."""
    return f"campaign:{campaign_code}:v{version_number}"


def campaign_code_of(origin: str) -> str | None:
    """This will return the code of the campaign that an origin names; None for other origins."""
    kind, _colon, rest = origin.partition(":")
    code, _colon, number = rest.rpartition(":v")
    return code if kind == "campaign" and code and number.isdecimal() else None


def dedup_key_of(campaign_code: str) -> str:
    """This will return the cause of the message to those who qualify: one in a campaign's life."""
    return f"{campaign_code}:qualified"
