"""What an app hands to the house at start-up: each kind of entry, a class."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, QueryDict


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu: shown to those who hold `permission`. It is marked on its page and on
    all whose address goes on from it, or from that of `below`."""

    label: Any
    url_name: str
    permission: str
    icon: str
    order: int
    below: str = ""


@dataclass(frozen=True)
class Panel:
    """One panel of a role's home page. `build(request)` returns the template's context, or None
    where the panel has nothing to say to this person. What it finds to be done today goes along
    under the name `todo`, as lines of `portal.kit.todo`: they stand together above all panels. One
    without a template has nothing but these. Panels with figures stand below the others."""

    code: str
    template: str
    build: Callable[[HttpRequest], dict[str, Any] | None]
    permission: str
    order: int
    wide: bool = False
    is_figures: bool = False


@dataclass(frozen=True)
class FiguresAsked:
    """What somebody asked the page of figures for: branches below a path, which lies within the
    person's scope (`branch_code` is "" where that is all of it), and days from `first` to before
    `end`."""

    branch_path: str
    branch_code: str
    first: dt.date
    end: dt.date

    @property
    def filters(self) -> str:
        """The branch as other pages and exports name it in their address."""
        return f"?branch={self.branch_code}" if self.branch_code else ""


@dataclass(frozen=True)
class Figures:
    """A part of the page of figures, shown to those who hold `permission`. `build(request, asked)`
    returns the template's context, or None where there is nothing to say to this person.
    `is_of_days` tells whether the asked days count for it, or it says how things stand."""

    code: str
    label: Any
    template: str
    build: Callable[[HttpRequest, FiguresAsked], dict[str, Any] | None]
    permission: str
    order: int
    is_of_days: bool = False


@dataclass(frozen=True)
class MerchantPart:
    """A part of a merchant's page that a higher app or topic gives: the address `url_name` with the
    merchant's number answers it, to those who hold `permission`."""

    url_name: str
    permission: str
    order: int


@dataclass(frozen=True)
class PartnershipPart:
    """A part of a partnership's page that a higher topic gives: the address `url_name` with the
    partnership's id answers it, to those who hold `permission`."""

    url_name: str
    permission: str
    order: int


@dataclass(frozen=True)
class CallPart:
    """A part of the call screen that a higher app gives: the address `url_name` answers it about
    the lead that the person has in hand, to those who hold `permission`."""

    url_name: str
    permission: str
    order: int


@dataclass(frozen=True)
class TurnoverSource:
    """Where merchants' turnover is read from, as far as a higher app knows it: `sql` selects
    `merchant_id`, `day`, `amount` (net, CNY) and `postings` of all merchants and days, one row
    each."""

    code: str
    sql: str


@dataclass(frozen=True)
class PostSource:
    """Where it is known what was won at posts, as far as a higher app knows it: `sql` selects
    `post_id`, `day` (on which it was won), `kind` ("lead", "application", "card", "activation",
    "active") and `number`."""

    code: str
    sql: str


@dataclass(frozen=True)
class VisitSource:
    """Where it is read from who paid at merchants: `sql` selects `merchant_id`, `customer_id`,
    `day` and `amount` (CNY, above nought) of all purchases, one row each."""

    code: str
    sql: str


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
    a submitted snapshot for its reader; without it only the raw content is shown. `change(key,
    snapshot)` says what is different where the hash is, and what to do.

    `drift(key, snapshot)` says why a thing is no longer what was submitted although its hash is
    the same, as where the world around it moved; "" where it is. Whoever holds `veto_permission`
    may end a submission for good: `on_vetoed` carries that back. `unready(key, snapshot, at)` says
    why a thing cannot be approved at an instant though nothing moved; it waits on. `measures` names
    what the levels of approval count (code, label), and `measured(snapshot)` says how much of it
    was submitted: where levels have risen since, as many people as they ask for now must approve
    it. `evidence(request, key, snapshot)` gives the
    context of `evidence_template`, the part of a submission's page with what a checker needs to
    know.
    """

    code: str
    label: Any
    permission: str
    current_hash: Callable[[str], str]
    on_approved: Callable[[str, Any, dt.datetime], None]
    on_returned: Callable[[str, Any, dt.datetime], None]
    url_name: str
    digest: Callable[[dict[str, Any]], Digest | None] | None = None
    drift: Callable[[str, dict[str, Any]], str] | None = None
    veto_permission: str = ""
    on_vetoed: Callable[[str, Any, dt.datetime], None] | None = None
    measures: Sequence[tuple[str, Any]] = ()
    evidence: Callable[[HttpRequest, str, dict[str, Any]], dict[str, Any] | None] | None = None
    evidence_template: str = ""
    unready: Callable[[str, dict[str, Any], dt.datetime], str] | None = None
    change: Callable[[str, dict[str, Any]], str] | None = None
    measured: Callable[[dict[str, Any]], Mapping[str, Decimal]] | None = None


@dataclass(frozen=True)
class CountGauge:
    """A figure for the metrics page: rows of `model` ("app.Model") with `where`, counted by the
    values of the column `by`. `where` must meet an index: it is asked every few seconds."""

    name: str
    help: str
    model: str
    by: str
    where: dict[str, Any]


class BadFilter(Exception):
    """Raised by an exportable for filters with which nothing can be taken out; the text is for a
    person."""


@dataclass(frozen=True)
class Exported:
    """What a person asked to take out: the filters as values by the names of their fields, and the
    rows, whose cells are texts, numbers, days or None. The rows are read once and never all at a
    time.
    """

    filters: dict[str, str]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Exportable:
    """A list or table of figures that can be taken out as a file.

    `permission` opens the page that it stands on, whose URL name is `list_url`; `columns` are
    headings with widths in letters. `read(staff, asked, on)` gives what the page shows with the
    filters of its address on a day, within the person's scope, masked. `words_of()` gives what
    says such filters in words, each with its label, in the language of who reads them. Without
    `is_about_customers` it holds figures only. `handling` says who may have the file, where that is
    not the bank alone.
    """

    code: str
    label: Any
    permission: str
    list_url: str
    columns: Sequence[tuple[Any, int]]
    read: Callable[[Any, QueryDict, dt.date], Exported]
    words_of: Callable[[], Callable[[Mapping[str, str]], list[tuple[str, str]]]]
    is_about_customers: bool = True
    handling: Any = ""


@dataclass(frozen=True)
class SealedStore:
    """Sealed values that stand in no column of ours, such as inside the JSON of a library.

    `count_by_key()` counts values by the id of their key; `rotate()` seals anew those of older
    keys and returns how many were done, how many others held, and the keys of broken rows.
    """

    name: str
    count_by_key: Callable[[], dict[int, int]]
    rotate: Callable[[], tuple[int, int, set[int]]]


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


@dataclass(frozen=True)
class ApiDoor:
    """A part of the JSON API beside the import of rows: tokens that name its `code` may use it.
    `paths()` describes it (OpenAPI, schemas within), below /api/v1."""

    code: str
    label: Any
    paths: Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class CallAsked:
    """A message that is to be told on the telephone: its key, whom to call, what about, and, where
    its days end, the instant before which."""

    key: str
    customer_id: int
    subject: str
    words: str
    before: dt.datetime | None = None


@dataclass(frozen=True)
class CallPool:
    """Where people look for whom to call. `take(asked)` puts a call there, once for its key,
    and returns its number ("" where the person has no phone); `has(key)` tells whether it did.
    `open_calls` is SQL, its percent signs doubled, of the calls that are not over: `message_id`,
    `turn` (message_id modulo 60), `before` (the end of its last day, or null) and `is_free`
    (nobody is on it), found by an index by the message, and by the turn. `take_back(keys, at)`
    takes free ones away again, and returns the keys of those that were still there so;
    `tell_left(keys, at)` tells whoever is on the others that the person is out of the plan, and
    returns how many calls."""

    take: Callable[[CallAsked], str]
    has: Callable[[str], bool]
    open_calls: str
    take_back: Callable[[Sequence[str], dt.datetime], set[str]]
    tell_left: Callable[[Sequence[str], dt.datetime], int]


@dataclass(frozen=True)
class WordingCheck:
    """How words of advertising are looked at. `forbidden(texts, on)` says in sentences what may not
    be said in any of these texts on a day, and what to do; `claims(texts, on)` lists the words that
    need a source beside them; `excused(texts, on)` those of the staff whose decisions about words
    are why it says less."""

    forbidden: Callable[[Sequence[str], dt.date], list[str]]
    claims: Callable[[Sequence[str], dt.date], list[str]]
    excused: Callable[[Sequence[str], dt.date], list[Any]]


@dataclass(frozen=True)
class BreachRule:
    """A promise about whom the bank contacts that the auditor looks after
    (`manage.py audit_outreach`). `broken` is SQL, its percent signs doubled, that returns those of
    the contacts `made` by which it was broken; what there is to ask of them stands in
    `journeys.outreach.queries.breaches`."""

    code: str
    words: Any
    broken: str


@dataclass(frozen=True)
class IssueTarget:
    """How many cards are to be issued in a month, and how many of them by a day of it."""

    target: Decimal
    due: Decimal


# Targets of issue: by "branch", "team", "person" or "product", of those with these ids, for the
# month of a day and as they were known before an instant (None: now), by the id; whoever has none
# is left out.
IssueTargets = Callable[
    [str, Sequence[int], dt.date, dt.datetime | None], Mapping[int, IssueTarget]
]

# Which of the days from `first` to before `end` are worked on.
Workdays = Callable[[dt.date, dt.date], Mapping[dt.date, bool]]

# Why the bank may issue no new cards on a day, for a person to read; "" where it may.
WhyNoCards = Callable[[dt.date], str]

# What is known of merchants on a day, by their ids: measures of merchants.partnerships.rules.
MerchantEvidence = Callable[[Sequence[int], dt.date], Mapping[int, Sequence[Any]]]

# What goes along when a merchant is given to another manager: asked by name with `merchant`,
# `manager` (or None), `reason`, `actor` and `at`. It raises, with a sentence for a person, what
# forbids it.
ManagerFollower = Callable[..., None]

# What is told that a member of staff signed out, or that a limit ended the session: the person's id
# and the instant.
Leaving = Callable[[int, dt.datetime], object]

# How many new cards were won at merchants, by their ids, from a day to before another.
CardsWon = Callable[[Sequence[int], dt.date, dt.date], Mapping[int, int]]

# What joint campaigns cost of merchants in the year before a day, by their id, where it is known.
YearCosts = Callable[[Sequence[int], dt.date], Mapping[int, Decimal]]

# What an origin of messages is called by people; "" where it is none of those asked about.
NameOfOrigin = Callable[[str], str]

# Which of these messages are not to be sent after all: each a customer's id, the key of its cause
# and its origin; named by customer and key, with the outbox's word for why. The customers are
# locked while it is asked.
AskedBeforeSending = Callable[[Sequence[tuple[int, str, str]]], Mapping[tuple[int, str], str]]

# Which of these origins of messages are called off at this moment.
CalledOff = Callable[[Sequence[str]], set[str]]
