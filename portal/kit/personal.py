"""What becomes of each column that may hold words about a person, when the person's data is
erased. The apps declare it at start-up (`portal.kit.registry`), table by table; a column that
nobody declared stops an erasure, and fails a test that names it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.utils.translation import gettext

# What stands in place of words that were erased. Migrations repeat it: never change it.
ERASED = "[已删除]"


def said(text: str) -> str:
    """This will say in the reader's language what stands in place of erased words."""
    return text.replace(ERASED, gettext("[erased]"))


class Fate(Enum):
    """What an erasure does with a column."""

    KEEP = "keep"  # it stays as it is: it names nobody, or the law wants it
    BLANK = "blank"  # it becomes empty
    MARK = "mark"  # words become the mark above; what is empty stays so
    TOKEN = "token"  # noqa: S105 (the number becomes a random one that leads nowhere)
    CLEAN = "clean"  # what names the person is cut out of it, the rest stays


@dataclass(frozen=True)
class ColumnFate:
    """The fate of one column; `why` it is kept."""

    fate: Fate
    why: str = ""


BLANK, MARK = ColumnFate(Fate.BLANK), ColumnFate(Fate.MARK)
TOKEN, CLEAN = ColumnFate(Fate.TOKEN), ColumnFate(Fate.CLEAN)


def keep(why: str) -> ColumnFate:
    """This will declare that a column is kept, and why."""
    return ColumnFate(Fate.KEEP, why)


@dataclass(frozen=True)
class PersonalTable:
    """The columns of a model ("app.Model") that may hold words about a person. `name` is the
    table's name in the file that the person gets; `apart` are foreign keys that never lead to a
    customer, although other rows of the table that they name do."""

    model: str
    name: Any
    columns: Mapping[str, ColumnFate] = field(default_factory=dict)
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImpersonalTable:
    """A model none of whose columns speaks of customers, and `why`."""

    model: str
    why: str


@dataclass(frozen=True)
class Needles:
    """What a search for a person looks for.

    `alone` identify one person by themselves (numbers, phone, addresses); `names` may be borne by
    several; `shown` are masks and pinyin, which only say something in the person's own rows;
    `secrets` are blind indexes and sealed values.
    """

    alone: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    secrets: tuple[bytes, ...] = ()

    def __add__(self, other: "Needles") -> "Needles":
        return Needles(
            _once(self.alone, other.alone),
            _once(self.names, other.names),
            _once(self.shown, other.shown),
            tuple(dict.fromkeys([*self.secrets, *other.secrets])),
        )


def _once(*several: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for texts in several for text in texts))
