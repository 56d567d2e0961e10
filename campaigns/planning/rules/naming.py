"""The names under which a campaign's messages stand in the outbox, and its versions among what is
submitted."""

APPROVAL_KIND = "campaign_version"


def origin_of(campaign_code: str, version_number: int) -> str:
    """This will return the origin that a campaign version's messages carry."""
    return f"campaign:{campaign_code}:v{version_number}"


def campaign_code_of(origin: str) -> str | None:
    """This will return the code of the campaign that an origin names; None for other origins."""
    kind, _colon, rest = origin.partition(":")
    code, _colon, number = rest.rpartition(":v")
    return code if kind == "campaign" and code and number.isdecimal() else None


def dedup_key_of(campaign_code: str) -> str:
    """This will return the cause of the message to those who qualify: one in a campaign's life,
    unless it was called off because nothing was left to tell of (`outreach.queries.causes_now`).
    """
    return f"{campaign_code}:qualified"


def reference_of(campaign_code: str, version_number: int) -> str:
    """This will return how others refer to a version: "first-gift/2"."""
    return f"{campaign_code}/{version_number}"


def parts_of(reference: str) -> tuple[str, int] | None:
    """This will return campaign code and version number of a reference; None where it is none."""
    code, slash, number = reference.rpartition("/")
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    return (code, int(number)) if code and slash and is_number else None


def reference_of_origin(origin: str) -> str | None:
    """This will return the version behind an origin; None for other origins."""
    code = campaign_code_of(origin)
    return None if code is None else reference_of(code, int(origin.rpartition(":v")[2]))


def origin_of_reference(reference: str) -> str:
    """This will return the origin that messages of the version carry; "" for no reference."""
    parts = parts_of(reference)
    return origin_of(*parts) if parts else ""
