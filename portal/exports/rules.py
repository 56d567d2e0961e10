"""How codes of exports are written and read back."""

import re

_CODE = re.compile(r"[0-9A-Z]{8}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def spelled(code: str) -> str:
    """This will write a code as people read it: 7KQF-3MXD."""
    return f"{code[:4]}-{code[4:]}"


def code_in(text: str) -> str:
    """This will read a code back, however it was typed; "" where the text is none."""
    found = re.sub(r"[\s-]", "", text).upper()
    return found if _CODE.fullmatch(found) else ""


def sha256_in(text: str) -> str:
    """This will read a SHA-256 in hexadecimal; "" where the text is none."""
    found = re.sub(r"\s", "", text).lower()
    return found if _SHA256.fullmatch(found) else ""
