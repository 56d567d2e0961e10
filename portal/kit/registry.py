"""What the apps hand to the house at start-up: menu entries, home panels, kinds of approval and of
imported file, figures for the metrics page, what customers are contacted for, what is called off,
exports, sources of a customer's timeline, parts of a merchant's page and of a partnership's, what
is known of a merchant, sources of turnover and of who paid there, cards won there and at posts, the
bank's working days. Registration happens in each app's `apps.py`; nothing is imported upward."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, QueryDict

from portal.kit.minutely import Work as MinutelyWork
from portal.kit.outgoing import SenderList, ToldUnsent
from portal.kit.personal import ImpersonalTable, PersonalTable
from portal.kit.timeline import Source as TimelineSource


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
    `waiting()` lists the keys of those that nobody is on, and `take_back(keys, at)` takes them away
    again and returns the keys of those that were still there so."""

    take: Callable[[CallAsked], str]
    has: Callable[[str], bool]
    waiting: Callable[[], list[str]]
    take_back: Callable[[Sequence[str], dt.datetime], set[str]]


# Which of the days from `first` to before `end` are worked on.
Workdays = Callable[[dt.date, dt.date], Mapping[dt.date, bool]]

# What is known of merchants on a day, by their ids: measures of merchants.partnerships.rules.
MerchantEvidence = Callable[[Sequence[int], dt.date], Mapping[int, Sequence[Any]]]

# How many new cards were won at merchants, by their ids, from a day to before another.
CardsWon = Callable[[Sequence[int], dt.date, dt.date], Mapping[int, int]]

# What an origin of messages is called by people; "" where it is none of those asked about.
NameOfOrigin = Callable[[str], str]

# Which of these messages are not to be sent after all: each a customer's id, the key of its cause
# and its origin; named by customer and key, with the outbox's word for why. The customers are
# locked while it is asked.
AskedBeforeSending = Callable[[Sequence[tuple[int, str, str]]], Mapping[tuple[int, str], str]]

# Which of these origins of messages are called off at this moment.
CalledOff = Callable[[Sequence[str]], set[str]]


@dataclass
class Registry:
    """Everything registered so far, in the order in which it is shown."""

    menu: list[MenuEntry] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    approval_kinds: dict[str, ApprovalKind] = field(default_factory=dict)
    import_kinds: dict[str, Any] = field(default_factory=dict)
    import_wraps: list[Callable[[Any], Any]] = field(default_factory=list)
    api_doors: dict[str, ApiDoor] = field(default_factory=dict)
    gauges: list[CountGauge] = field(default_factory=list)
    calls_off: list[CalledOff] = field(default_factory=list)
    asks_before_sending: list[AskedBeforeSending] = field(default_factory=list)
    told_unsent: list[ToldUnsent] = field(default_factory=list)
    sealed_stores: list[SealedStore] = field(default_factory=list)
    exportables: dict[str, Exportable] = field(default_factory=dict)
    timeline: list[TimelineSource] = field(default_factory=list)
    personal: dict[str, PersonalTable | ImpersonalTable] = field(default_factory=dict)
    contact_sources: dict[str, ContactSource] = field(default_factory=dict)
    origin_names: list[NameOfOrigin] = field(default_factory=list)
    merchant_parts: list[MerchantPart] = field(default_factory=list)
    partnership_parts: list[PartnershipPart] = field(default_factory=list)
    merchant_evidence: list[MerchantEvidence] = field(default_factory=list)
    turnover_sources: dict[str, TurnoverSource] = field(default_factory=dict)
    post_sources: dict[str, str] = field(default_factory=dict)
    visit_sources: dict[str, VisitSource] = field(default_factory=dict)
    cards_won: CardsWon | None = None
    minutely: list[MinutelyWork] = field(default_factory=list)
    pool: CallPool | None = None
    workdays: Workdays | None = None
    senders: SenderList | None = None

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
            for wrap in self.import_wraps:
                kind = wrap(kind)
            self.import_kinds[kind.code] = kind

    def wrap_import_kinds(self, wrap: Callable[[Any], Any]) -> None:
        """This will pass every kind of file that is added from now on, by whatever app, through
        `wrap`, for what holds for all of them."""
        self.import_wraps.append(wrap)

    def add_api_doors(self, *doors: ApiDoor) -> None:
        """This will add parts of the JSON API, found by their code."""
        for door in doors:
            self.api_doors[door.code] = door

    @property
    def token_uses(self) -> dict[str, Any]:
        """What tokens of the JSON API can be made for, each with its label."""
        uses = [*self.import_kinds.values(), *self.api_doors.values()]
        return {use.code: use.label for use in uses}

    def add_gauges(self, *gauges: CountGauge) -> None:
        """This will add figures to the metrics page."""
        self.gauges.extend(gauges)

    def add_import_checks(self, code: str, *checks: Any) -> None:
        """This will add checks (portal.intake.rules.Check) to a kind of file of a lower app, for
        what its rows say about things of the own."""
        kind = self.import_kinds[code]
        self.import_kinds[code] = dataclasses.replace(kind, checks=(*kind.checks, *checks))

    def add_minutely(self, *works: MinutelyWork) -> None:
        """This will add what every web process does once a minute and when it ends."""
        self.minutely.extend(works)

    def add_contact_source(self, source: ContactSource) -> None:
        """This will add a kind of thing for which customers are contacted."""
        self.contact_sources[source.code] = source

    def add_origin_names(self, *named_by: NameOfOrigin) -> None:
        """This will add ways to name where a message comes from."""
        self.origin_names.extend(named_by)

    def add_calls_off(self, *found_by: CalledOff) -> None:
        """This will add ways to know, at the instant of sending, what may not be sent any more."""
        self.calls_off.extend(found_by)

    def add_asks_before_sending(self, *asked: AskedBeforeSending) -> None:
        """This will add ways to know, at the instant of sending, which messages people have no
        more use for."""
        self.asks_before_sending.extend(asked)

    def add_told_unsent(self, *told: ToldUnsent) -> None:
        """This will add those who want to know of messages that reached nobody."""
        self.told_unsent.extend(told)

    def add_sealed_stores(self, *stores: SealedStore) -> None:
        """This will add places of sealed values that the change of keys must reach."""
        self.sealed_stores.extend(stores)

    def add_exportables(self, *kinds: Exportable) -> None:
        """This will add lists and figures that can be taken out as a file, found by their code."""
        for kind in kinds:
            self.exportables[kind.code] = kind

    def add_timeline(self, *sources: TimelineSource) -> None:
        """This will add sources of a customer's timeline, kept in order."""
        self.timeline = sorted([*self.timeline, *sources], key=lambda source: source.order)

    def add_merchant_parts(self, *given: MerchantPart) -> None:
        """This will add parts of a merchant's page, kept in order."""
        self.merchant_parts = sorted([*self.merchant_parts, *given], key=lambda part: part.order)

    def add_partnership_parts(self, *given: PartnershipPart) -> None:
        """This will add parts of a partnership's page, kept in order."""
        parts = [*self.partnership_parts, *given]
        self.partnership_parts = sorted(parts, key=lambda part: part.order)

    def add_merchant_evidence(self, *known_by: MerchantEvidence) -> None:
        """This will add ways to know something of merchants, for what is decided about them."""
        self.merchant_evidence.extend(known_by)

    def add_turnover_sources(self, *sources: TurnoverSource) -> None:
        """This will add sources of merchants' turnover, found by their code."""
        self.turnover_sources |= {source.code: source for source in sources}

    def add_post_sources(self, *sources: PostSource) -> None:
        """This will add sources of what was won at posts, found by their code."""
        self.post_sources |= {source.code: source.sql for source in sources}

    def add_visit_sources(self, *sources: VisitSource) -> None:
        """This will add sources of who paid at merchants, found by their code."""
        self.visit_sources |= {source.code: source for source in sources}

    def add_personal(self, *tables: PersonalTable | ImpersonalTable) -> None:
        """This will declare what an erasure does with the columns of tables, found by model."""
        self.personal |= {table.model: table for table in tables}


registry = Registry()
