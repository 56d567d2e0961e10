"""Texts with variables, keys of messages, and what follows from a failed try."""

import datetime as dt
import functools
import hashlib
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from journeys.outreach.enums import FailureKind, MessageState, Result

# 0 comes first; see docs/decisions/0125.
USUAL_PRIORITY = 50
PRIORITIES = 100
# Two more tries after the first; then the message is set aside for a person.
_BACK_OFF = (dt.timedelta(minutes=1), dt.timedelta(minutes=5))
MAX_ATTEMPTS = 1 + len(_BACK_OFF)


_KEY = re.compile(r"([1-9]\d{0,17})-[0-9a-f]{16}", re.A)


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


def unknown_variables(known: Sequence[str], *texts: str) -> list[str]:
    """This will list the variables of texts that are not `known`. Raises BadTemplate."""
    found = frozenset[str]().union(*(variables_of(text) for text in texts))
    return sorted(found - set(known))


def render(text: str, context: Mapping[str, str]) -> str:
    """This will fill the variables of `text` in. Raises BadTemplate and VariableMissing."""
    parts, names = _parsed(text)
    missing = names - context.keys()
    if missing:
        raise VariableMissing(", ".join(sorted(missing)))
    return "".join(
        literal if name is None else f"{literal}{context[name]}" for literal, name in parts
    )


@functools.lru_cache(maxsize=256)
def _parsed(text: str) -> tuple[list[tuple[str, str | None]], frozenset[str]]:
    """One text is filled in for many people."""
    names = variables_of(text)
    return [(literal, name) for literal, name, *_rest in string.Formatter().parse(text)], names


def cause_of_turn(dedup_key: str, turn: int) -> str:
    """This will name the cause under which something is told again, the first time (1) and the
    later ones: it came again after the message of the turn before was called off."""
    return dedup_key if turn == 1 else f"{dedup_key}:{turn}"


def message_key(message_id: int, dedup_key: str) -> str:
    """This will return the key under which a gateway knows a message: the same at every try, plain
    ASCII so that it fits into a header, and not the same in two installations by chance."""
    digest = hashlib.sha256(f"{message_id}:{dedup_key}".encode()).hexdigest()
    return f"{message_id}-{digest[:16]}"


def message_id_of(key: str) -> int | None:
    """This will return the id that a message key names; None where it is no such key. Whether the
    message has that key is for the caller to compare."""
    found = _KEY.fullmatch(key)
    return int(found[1]) if found else None


# How old a message may become that an open complaint held back; see docs/decisions/0041.
HELD_BACK_AT_MOST = dt.timedelta(days=7)


def is_out_of_date(queued_at: dt.datetime, at: dt.datetime) -> bool:
    """This will tell whether a message that was held back has no use any more."""
    return at - queued_at >= HELD_BACK_AT_MOST


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a result makes of a message: its state, the kind of failure, how long to wait, and
    whether the try counts."""

    state: str
    failure_kind: str = ""
    wait: dt.timedelta = dt.timedelta()
    counts: bool = True


# Claimed, but not handed over: as if nothing had happened.
GIVEN_BACK = NextStep(MessageState.QUEUED, counts=False)


def next_step(result: str, attempts: int, hand_over: dt.timedelta) -> NextStep:
    """This will tell what follows from the `result` of a message's try number `attempts`.

    A gateway that cannot be reached is no fault of the message, so the try does not count.
    Without an answer the gateway is asked about it, once no hand-over can be under way any more
    (`hand_over` is the longest that one takes).
    """
    if result == Result.SENT:
        return NextStep(MessageState.SENT)
    if result == Result.BAD_ADDRESS:
        return NextStep(MessageState.FAILED, FailureKind.ADDRESS)
    if result == Result.REFUSED:
        return NextStep(MessageState.FAILED, FailureKind.PERMANENT)
    if result == Result.NO_ANSWER:
        return NextStep(MessageState.IN_DOUBT, wait=hand_over)
    if result == Result.UNREACHABLE:
        return NextStep(MessageState.QUEUED, FailureKind.TEMPORARY, _BACK_OFF[0], counts=False)
    if attempts >= MAX_ATTEMPTS:
        return NextStep(MessageState.PARKED, FailureKind.TEMPORARY)
    return NextStep(MessageState.QUEUED, FailureKind.TEMPORARY, _BACK_OFF[attempts - 1])
