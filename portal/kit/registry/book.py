"""The book in which all entries stand, one for the process."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.kit.minutely import Work as MinutelyWork
from portal.kit.outgoing import SenderList, ToldUnsent
from portal.kit.personal import ImpersonalTable, PersonalTable
from portal.kit.registry.entries import (
    ApiDoor,
    ApprovalKind,
    AskedBeforeSending,
    BreachRule,
    CalledOff,
    CallPart,
    CallPool,
    CardsWon,
    ContactSource,
    CountGauge,
    Exportable,
    Figures,
    IssueTargets,
    Leaving,
    ManagerFollower,
    MenuEntry,
    MerchantEvidence,
    MerchantPart,
    NameOfOrigin,
    Panel,
    PartnershipPart,
    PostSource,
    SealedStore,
    TurnoverSource,
    VisitSource,
    WhyNoCards,
    WordingCheck,
    Workdays,
    YearCosts,
)
from portal.kit.timeline import Source as TimelineSource


@dataclass
class Registry:
    """Everything registered so far, in the order in which it is shown."""

    menu: list[MenuEntry] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    figures: list[Figures] = field(default_factory=list)
    approval_kinds: dict[str, ApprovalKind] = field(default_factory=dict)
    import_kinds: dict[str, Any] = field(default_factory=dict)
    import_wraps: list[Callable[[Any], Any]] = field(default_factory=list)
    api_doors: dict[str, ApiDoor] = field(default_factory=dict)
    gauges: list[CountGauge] = field(default_factory=list)
    calls_off: list[CalledOff] = field(default_factory=list)
    asks_before_sending: list[AskedBeforeSending] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)
    away: list[Leaving] = field(default_factory=list)
    told_unsent: list[ToldUnsent] = field(default_factory=list)
    breach_rules: dict[str, BreachRule] = field(default_factory=dict)
    sealed_stores: list[SealedStore] = field(default_factory=list)
    exportables: dict[str, Exportable] = field(default_factory=dict)
    timeline: list[TimelineSource] = field(default_factory=list)
    personal: dict[str, PersonalTable | ImpersonalTable] = field(default_factory=dict)
    contact_sources: dict[str, ContactSource] = field(default_factory=dict)
    origin_names: list[NameOfOrigin] = field(default_factory=list)
    merchant_parts: list[MerchantPart] = field(default_factory=list)
    partnership_parts: list[PartnershipPart] = field(default_factory=list)
    call_parts: list[CallPart] = field(default_factory=list)
    merchant_evidence: list[MerchantEvidence] = field(default_factory=list)
    manager_followers: list[ManagerFollower] = field(default_factory=list)
    turnover_sources: dict[str, TurnoverSource] = field(default_factory=dict)
    post_sources: dict[str, str] = field(default_factory=dict)
    visit_sources: dict[str, VisitSource] = field(default_factory=dict)
    cards_won: CardsWon | None = None
    year_costs: YearCosts | None = None
    issue_targets: IssueTargets | None = None
    minutely: list[MinutelyWork] = field(default_factory=list)
    pool: CallPool | None = None
    workdays: Workdays | None = None
    why_no_cards: WhyNoCards | None = None
    senders: SenderList | None = None
    wording: WordingCheck | None = None

    def add_menu(self, *entries: MenuEntry) -> None:
        """This will add menu entries, kept in order."""
        self.menu = sorted([*self.menu, *entries], key=lambda entry: entry.order)

    def add_panels(self, *panels: Panel) -> None:
        """This will add home panels, kept in order."""
        self.panels = sorted([*self.panels, *panels], key=lambda panel: panel.order)

    def add_figures(self, *parts: Figures) -> None:
        """This will add parts of the page of figures, kept in order."""
        self.figures = sorted([*self.figures, *parts], key=lambda part: part.order)

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

    def add_leaving(self, *told: Leaving) -> None:
        """This will add what is done when somebody's session ends."""
        self.leaving.extend(told)

    def add_away(self, *told: Leaving) -> None:
        """This will add what is done when it becomes known that somebody of the staff will be away,
        or works here no more."""
        self.away.extend(told)

    def tell_away(self, staff_id: int, at: dt.datetime) -> None:
        """This will tell all of them; the caller's transaction is over by then."""
        for tell in self.away:
            tell(staff_id, at)

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

    def add_breach_rules(self, *rules: BreachRule) -> None:
        """This will add promises that the auditor of contacts looks after, found by their code."""
        self.breach_rules |= {rule.code: rule for rule in rules}

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

    def add_call_parts(self, *given: CallPart) -> None:
        """This will add parts of the call screen, kept in order."""
        self.call_parts = sorted([*self.call_parts, *given], key=lambda part: part.order)

    def add_merchant_evidence(self, *known_by: MerchantEvidence) -> None:
        """This will add ways to know something of merchants, for what is decided about them."""
        self.merchant_evidence.extend(known_by)

    def add_manager_followers(self, *followers: ManagerFollower) -> None:
        """This will add what goes along when a merchant is given to another manager."""
        self.manager_followers.extend(followers)

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
