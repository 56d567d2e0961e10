"""What a page with a list is to a test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.models import Staff
from tests.factories.portal import BranchFactory
from tests.project.rows import row_of


@dataclass(frozen=True)
class Listing:
    """A page with a list: who looks, where, and what makes one more row on it.

    `prepare(staff)` gives the URL's arguments with the rows that must stand there first;
    `make_row(staff, arguments)` adds a line.
    """

    role: str
    make_row: Callable[[Staff, dict[str, Any]], Any]
    prepare: Callable[[Staff], dict[str, Any]] = lambda _staff: {}


def in_new_branch(label: str) -> Callable[[Staff, dict[str, Any]], Any]:
    return lambda _staff, _arguments: row_of(label, branch=BranchFactory())


def a_row(label: str) -> Callable[[Staff, dict[str, Any]], Any]:
    """Any row of a model that every reader sees."""
    return lambda _staff, _arguments: row_of(label)
