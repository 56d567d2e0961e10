"""What the apps hand to the house at start-up: menu entries, home panels, parts of the page of
figures, kinds of approval and of imported file, figures for the metrics page, what customers are
contacted for, what is called off, what the auditor of contacts looks after, exports, sources of a
customer's timeline, parts of a merchant's page and of a partnership's, what is known of a merchant,
sources of turnover and of who paid there, cards won there and at posts, targets of issue, the
bank's working days, why no cards may be issued. Registration happens in each app's `apps`;
nothing is imported upward."""

from portal.kit.registry.book import Registry, registry
from portal.kit.registry.entries import (
    ApiDoor,
    ApprovalKind,
    BadFilter,
    BreachRule,
    CallAsked,
    CallPart,
    CallPool,
    ContactSource,
    CountGauge,
    Digest,
    Exportable,
    Exported,
    Figures,
    FiguresAsked,
    IssueTarget,
    MenuEntry,
    MerchantPart,
    Named,
    Panel,
    PartnershipPart,
    PostSource,
    SealedStore,
    TurnoverSource,
    VisitSource,
    WordingCheck,
)

__all__ = [
    "ApiDoor",
    "ApprovalKind",
    "BadFilter",
    "BreachRule",
    "CallAsked",
    "CallPart",
    "CallPool",
    "ContactSource",
    "CountGauge",
    "Digest",
    "Exportable",
    "Exported",
    "Figures",
    "FiguresAsked",
    "IssueTarget",
    "MenuEntry",
    "MerchantPart",
    "Named",
    "Panel",
    "PartnershipPart",
    "PostSource",
    "Registry",
    "SealedStore",
    "TurnoverSource",
    "VisitSource",
    "WordingCheck",
    "registry",
]  # fmt: skip
