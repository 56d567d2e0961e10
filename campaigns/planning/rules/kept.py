"""What was found out about versions once, kept in this process by all that it was made of: so it is
never stale, and lost with the process."""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.planning.rules import linting, plans
from campaigns.planning.rules.faults import Around, Fault
from portal.kit import languages

_MOST_PLANS = 500
_MOST_FAULTS = 4 * _MOST_PLANS  # in two languages, of two days


@dataclass(frozen=True)
class _Frozen:
    """What a submitted version keeps, which never changes, by what tells it from others."""

    fingerprint: Hashable
    content: Mapping[str, Any] = field(compare=False)


@functools.lru_cache(maxsize=_MOST_PLANS)
def _plan_of(frozen: _Frozen) -> plans.Plan:
    return plans.plan_of(frozen.content)


def plan_of(content: Mapping[str, Any], *, fingerprint: Hashable) -> plans.Plan:
    """This will read the plan that a submitted version keeps, once for each fingerprint."""
    return _plan_of(_Frozen(fingerprint, content))


class _Shelf:
    """The answers that were asked for last, by their key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._guard = threading.Lock()
        self._found: OrderedDict[Hashable, tuple[Fault, ...]] = OrderedDict()

    def get(self, key: Hashable, find: Callable[[], tuple[Fault, ...]]) -> tuple[Fault, ...]:
        """This will return what stands under a key, found now where there is nothing."""
        with self._guard:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        found = find()
        with self._guard:
            self._found[key] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return found


_blocks = _Shelf(_MOST_FAULTS)


def blocks_of(
    plan: plans.Plan, around: Around, *, own: Hashable, others: Hashable
) -> tuple[Fault, ...]:
    """This will return what blocks a plan, found out once for all that it hangs on: `own` and
    `others` are the fingerprints of the plan and of the other campaigns as they are called; the
    rest is told by its values."""
    made_of = (
        own, others, around.code, around.on, around.words.decided, languages.reads_english(),
        around.messages, around.unwritten, around.unwritten_steps, around.variables,
        around.senders_gone, around.no_cards,
        _pairs(around.below), _pairs(around.same), *map(_pairs, around.names.tables()),
    )  # fmt: skip
    return _blocks.get(
        made_of, lambda: tuple(linting.blocks_of(linting.lint(plan, around)))
    )  # fmt: skip


def _pairs(named: Mapping[str, Hashable]) -> Hashable:
    return frozenset(named.items())
