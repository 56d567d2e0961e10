"""What identifies a message text: its code, channel and language, whatever the version."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journeys.notices import rules as notices

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

    @property
    def is_of_result(self) -> bool:
        """Whether it tells a result of applications."""
        return notices.result_told_by(self.code) is not None

    def __str__(self) -> str:
        return f"{self.code}:{self.channel}:{self.language}"


def key_of(text: object) -> Key:
    """This will return the key of a wording that is there."""
    return Key(*(str(getattr(text, name)) for name in ("code", "channel", "language")))


def key_in(snapshot: Mapping[str, Any]) -> Key:
    """This will return the key of a wording that was submitted."""
    return Key(snapshot["code"], snapshot["channel"], snapshot["language"])


def read_key(key: str) -> Key | None:
    """This will read a key as it stands in an address; None where it is none."""
    found = _KEY.fullmatch(key)
    return Key(*found.groups()) if found else None
