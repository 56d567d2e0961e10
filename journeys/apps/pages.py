"""Start-up: panels, timelines and parts of pages."""

from django.utils.translation import gettext_lazy as _


def register() -> None:
    """This will hand the house panels, timelines and parts of pages."""
    _register_panels()
    _register_figures()
    _register_reveals()
    _register_timeline()
    _register_merchant_parts()


def _register_panels() -> None:
    """This will add the home panels of the branches."""
    from journeys.cards import panels as cards
    from journeys.scoring import panels as scoring
    from journeys.spending import panels as spending
    from journeys.telemarketing import panels as telemarketing
    from portal.kit.registry import Panel, registry
    from portal.staff.enums import Permission as P

    folder = "journeys/telemarketing"
    telemarketing.register_screen()
    registry.add_panels(
        Panel(
            "my_merchants", "journeys/spending/_my_merchants.html", spending.my_merchants,
            P.VIEW_MERCHANTS, 20, wide=True, is_figures=True,
        ),
        Panel(
            "applications_near", "journeys/cards/_near_limit.html", cards.near_limit,
            P.VIEW_CUSTOMERS, 5, wide=True,
        ),
        Panel(
            "issuing", "journeys/cards/_issuing.html", cards.issuing, P.VIEW_CUSTOMERS, 5,
            wide=True, is_figures=True,
        ),
        Panel("models_moved", "", scoring.models_moved, P.KEEP_MODELS, 19),
        Panel("leads_today", "", telemarketing.leads_today, P.ASSIGN_LEADS, 1),
        Panel(
            "my_leads", f"{folder}/_my_leads.html", telemarketing.my_leads, P.VIEW_LEADS, 20,
            wide=True,
        ),
        Panel(
            "leads_by_source", f"{folder}/_leads_by_source.html", telemarketing.leads_by_source,
            P.VIEW_LEADS, 30, is_figures=True,
        ),
        Panel(
            "calls_to_read", f"{folder}/_calls_to_read.html", telemarketing.calls_to_read,
            P.READ_CALLS, 18,
        ),
        Panel(
            "my_calls_read", f"{folder}/_my_calls_read.html", telemarketing.my_calls_read,
            P.WORK_LEADS, 21, is_figures=True,
        ),
    )  # fmt: skip


def _register_figures() -> None:
    """This will add parts to the page of figures, and what can be taken out there."""
    from journeys.spending import panels as spending
    from journeys.spending.exports import SPENDING_DAYS
    from journeys.stages import panels as stages
    from portal.kit.registry import Figures, registry
    from portal.staff.enums import Permission as P

    registry.add_exportables(SPENDING_DAYS)
    registry.add_figures(
        Figures(
            "stages", _("How far customers came"), "journeys/stages/_figures.html",
            stages.funnel_figures, P.VIEW_STAGES, 10,
        ),
        Figures(
            "spending", _("Spending day by day"), "journeys/spending/_figures.html",
            spending.spending_days, P.VIEW_MERCHANTS, 20, is_of_days=True,
        ),
    )  # fmt: skip


def _register_reveals() -> None:
    """This will add the list of revealed data to the menu."""
    from portal.kit.registry import MenuEntry, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Revealed data"), "reveal_list", Permission.VIEW_REVEALS, "eye", 86)
    )


def _register_timeline() -> None:
    """This will add what the topics tell to the timeline of a customer."""
    from journeys.cards import panels as cards
    from journeys.care import panels as care
    from journeys.contact import panels as contact
    from journeys.customers import panels as customers
    from journeys.outreach import panels as outreach
    from journeys.points import panels as points
    from journeys.referrals import panels as referrals
    from journeys.spending import panels as spending
    from portal.kit.registry import registry
    from portal.kit.timeline import Source
    from portal.staff.enums import Permission as P

    see, outbox = P.VIEW_CUSTOMERS, P.VIEW_OUTBOX
    registry.add_timeline(
        Source("cards", _("Applications and cards"), "credit-card", see, cards.story, 10),
        Source("spending", _("Spending"), "bag", see, spending.story, 20),
        Source("points", _("Points"), "stars", see, points.story, 30),
        Source("contacts", _("Contacts"), "send", see, outreach.story, 40, outbox),
        Source("consents", _("Consent and refusal"), "hand-thumbs-up", see, contact.story, 50),
        Source("care", _("Cases and complaints"), "chat-square-text", P.VIEW_CARE, care.story, 60),
        Source("referrals", _("Referrals"), "people-fill", see, referrals.story, 65),
        Source("customer", _("Customer"), "person", see, customers.story, 90),
    )


def _register_merchant_parts() -> None:
    """This will add what cards spent there to a merchant's page and to what its turnover is judged
    by, tell who paid, which cards were won there and what was won at posts, and lend the bank's
    calendar to whoever counts working days."""
    from journeys.cards import queries as cards
    from journeys.cards.rules import WON_AT_POSTS
    from journeys.contact import queries as contact
    from journeys.spending.rules import DAYS_OF_MERCHANTS, VISITS
    from journeys.telemarketing.queries import LEADS_OF_POSTS
    from portal.kit.registry import (
        MerchantPart,
        PostSource,
        TurnoverSource,
        VisitSource,
        registry,
    )
    from portal.staff.enums import Permission

    registry.workdays = lambda first, end: contact.workdays(first=first, end=end)
    registry.cards_won = cards.cards_won
    registry.add_merchant_evidence(cards.evidence_of)

    registry.add_merchant_parts(MerchantPart("merchant_turnover", Permission.VIEW_MERCHANTS, 10))
    registry.add_turnover_sources(TurnoverSource("transactions", DAYS_OF_MERCHANTS))
    registry.add_post_sources(
        PostSource("applications", WON_AT_POSTS), PostSource("leads", LEADS_OF_POSTS)
    )
    registry.add_visit_sources(VisitSource("transactions", VISITS))
