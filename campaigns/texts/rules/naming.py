"""What identifies a message text: its code, channel and language, whatever the version."""

import re
from dataclasses import dataclass

# The next wording of a text of campaigns, before those who decide about it.
APPROVAL_KIND = "message_text"
CODE_PATTERN = r"[a-z][a-z0-9_]{1,39}"
_KEY = re.compile(r"([\w-]{1,40}):([a-z_]{2,8}):([a-z-]{2,10})")


@dataclass(frozen=True, slots=True)
class Key:
    """A message text, of whatever version."""

    code: str
    channel: str
    language: str

    def __str__(self) -> str:
        return f"{self.code}:{self.channel}:{self.language}"


def key_of(text: object) -> Key:
    """This will return the key of a wording that is there."""
    return Key(*(str(getattr(text, name)) for name in ("code", "channel", "language")))


def read_key(key: str) -> Key | None:
    """This will read a key as it stands in an address; None where it is none."""
    found = _KEY.fullmatch(key)
    return Key(*found.groups()) if found else None
