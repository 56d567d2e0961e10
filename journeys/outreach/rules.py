"""Texts with variables, keys of messages, and what follows from a failed try."""

import datetime as dt
import hashlib
import string
from collections.abc import Mapping

# After the first, second and third failed try; then a person decides.
_BACK_OFF = (dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=30))
MAX_ATTEMPTS = len(_BACK_OFF)


class BadTemplate(Exception):
    """Raised when a text holds anything else than plain variables such as {name}."""


class VariableMissing(Exception):
    """Raised when a text needs a variable that the context does not hold."""


def variables_of(text: str) -> frozenset[str]:
    """This will return the names of the variables in `text`, written {name}. Attributes, indexes,
    conversions and formats are refused: a text must never reach into an object.

    Raises BadTemplate.
    """
    names = set()
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise BadTemplate(str(error)) from error
    for _literal, name, form, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise BadTemplate(name or "{}")
        names.add(name)
    return frozenset(names)


def render(text: str, context: Mapping[str, str]) -> str:
    """This will fill the variables of `text` in. Raises BadTemplate and VariableMissing."""
    missing = variables_of(text) - context.keys()
    if missing:
        raise VariableMissing(", ".join(sorted(missing)))
    return "".join(
        literal + ("" if name is None else str(context[name]))
        for literal, name, _form, _conversion in string.Formatter().parse(text)
    )


def message_key(message_id: int, dedup_key: str) -> str:
    """This will return the key under which a gateway knows a message: the same at every try, plain
    ASCII so that it fits into a header, and not the same in two installations by chance."""
    digest = hashlib.sha256(f"{message_id}:{dedup_key}".encode()).hexdigest()
    return f"{message_id}-{digest[:16]}"


def wait_after(attempts: int) -> dt.timedelta | None:
    """This will return how long to wait after `attempts` failed tries; None: set it aside."""
    return _BACK_OFF[attempts - 1] if attempts < MAX_ATTEMPTS else None
