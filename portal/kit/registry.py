"""What the apps hand to the house at start-up: menu entries, home panels, kinds of approval and of
imported file, figures for the metrics page, what customers are contacted for, what is called off.
Registration happens in each app's `apps.py`; nothing is imported upward."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu: shown to those who hold `permission`."""

    label: Any
    url_name: str
    permission: str
    icon: str
    order: int


@dataclass(frozen=True)
class Panel:
    """One panel of a role's home page. `build(request)` returns the template's context, or None
    where the panel has nothing to say to this person."""

    code: str
    template: str
    build: Callable[[HttpRequest], dict[str, Any] | None]
    permission: str
    order: int
    wide: bool = False


@dataclass(frozen=True)
class Digest:
    """A snapshot as a person reads it: the text in words by language (code, name, text), the
    reader's own first, and the facts that count, each with its label."""

    texts: list[tuple[str, str, str]]
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class ApprovalKind:
    """A kind of thing that a second person must approve.

    `current_hash(key)` is the hash of the thing as it stands now; approval is void where it
    differs from the submitted one. `on_approved` and `on_returned` carry the outcome back,
    inside the same transaction. `url_name` with the key shows the thing itself. `digest` writes
    a submitted snapshot for its reader; without it only the raw content is shown.
    """

    code: str
    label: Any
    permission: str
    current_hash: Callable[[str], str]
    on_approved: Callable[[str, Any, dt.datetime], None]
    on_returned: Callable[[str, Any, dt.datetime], None]
    url_name: str
    digest: Callable[[dict[str, Any]], Digest | None] | None = None


@dataclass(frozen=True)
class CountGauge:
    """A figure for the metrics page: rows of `model` ("app.Model") with `where`, counted by the
    values of the column `by`. `where` must meet an index: it is asked every few seconds."""

    name: str
    help: str
    model: str
    by: str
    where: dict[str, Any]


@dataclass(frozen=True)
class Named:
    """Something that others refer to by `reference`: its name for people, and the address of its
    page ("" where it has none)."""

    reference: str
    label: str
    url: str = ""


@dataclass(frozen=True)
class ContactSource:
    """A kind of thing for which customers are contacted, and how one is found and named.

    The ledger of contacts knows it by its origin: `reference_of(origin)` is the reference behind
    an origin (None where that is of another kind), `origin_of(reference)` the way back.
    `named(references)` finds those that exist, by reference; `search(text)` a few that fit.
    """

    code: str
    reference_of: Callable[[str], str | None]
    origin_of: Callable[[str], str]
    named: Callable[[Sequence[str]], dict[str, Named]]
    search: Callable[[str], list[Named]]


# What an origin of messages is called by people; "" where it is none of those asked about.
NameOfOrigin = Callable[[str], str]

# Which of these origins of messages are called off at this moment.
CalledOff = Callable[[Sequence[str]], set[str]]


@dataclass
class Registry:
    """Everything registered so far, in the order in which it is shown."""

    menu: list[MenuEntry] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    approval_kinds: dict[str, ApprovalKind] = field(default_factory=dict)
    import_kinds: dict[str, Any] = field(default_factory=dict)
    gauges: list[CountGauge] = field(default_factory=list)
    calls_off: list[CalledOff] = field(default_factory=list)
    contact_sources: dict[str, ContactSource] = field(default_factory=dict)
    origin_names: list[NameOfOrigin] = field(default_factory=list)

    def add_menu(self, *entries: MenuEntry) -> None:
        """This will add menu entries, kept in order."""
        self.menu = sorted([*self.menu, *entries], key=lambda entry: entry.order)

    def add_panels(self, *panels: Panel) -> None:
        """This will add home panels, kept in order."""
        self.panels = sorted([*self.panels, *panels], key=lambda panel: panel.order)

    def add_approval_kind(self, kind: ApprovalKind) -> None:
        """This will add a kind of thing to approve."""
        self.approval_kinds[kind.code] = kind

    def add_import_kinds(self, *kinds: Any) -> None:
        """This will add kinds of file (portal.intake.rules.ImportKind), found by their code."""
        for kind in kinds:
            self.import_kinds[kind.code] = kind

    def add_gauges(self, *gauges: CountGauge) -> None:
        """This will add figures to the metrics page."""
        self.gauges.extend(gauges)

    def add_import_checks(self, code: str, *checks: Any) -> None:
        """This will add checks (portal.intake.rules.Check) to a kind of file of a lower app, for
        what its rows say about things of the own."""
        kind = self.import_kinds[code]
        self.import_kinds[code] = dataclasses.replace(kind, checks=(*kind.checks, *checks))

    def add_contact_source(self, source: ContactSource) -> None:
        """This will add a kind of thing for which customers are contacted."""
        self.contact_sources[source.code] = source

    def add_origin_names(self, *named_by: NameOfOrigin) -> None:
        """This will add ways to name where a message comes from."""
        self.origin_names.extend(named_by)

    def add_calls_off(self, *found_by: CalledOff) -> None:
        """This will add ways to know, at the instant of sending, what may not be sent any more."""
        self.calls_off.extend(found_by)


registry = Registry()
