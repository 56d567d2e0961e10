"""Start-up of journeys."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "journeys"

    def ready(self) -> None:
        """This will hand the house what the topics of journeys have to show."""
        _register_import_kinds()
        _register_lists()
        _register_panels()
        _register_outreach()
        _register_contact()
        _register_care()
        _register_notices()
        _register_reveals()
        _register_exports()
        _register_timeline()
        _register_merchant_parts()
        _register_gauges()
        _register_rights()


def _register_import_kinds() -> None:
    """This will add the kinds of file."""
    from journeys.cards.intake import CARDS, PRODUCTS
    from journeys.care.intake import COMPLAINTS, SERVICE_CASES
    from journeys.contact.intake import CONSENTS, DO_NOT_CONTACT
    from journeys.customers.intake import CUSTOMERS
    from journeys.points.intake import POINTS
    from journeys.referrals.intake import REFERRALS
    from journeys.rights.intake import held_to_rights
    from journeys.scoring.intake import CALLS
    from journeys.spending.intake import TRANSACTIONS
    from journeys.telemarketing.intake import APPLICATIONS, LEADS
    from portal.kit.registry import registry

    # In the order in which the files are imported: each names rows of those before it.
    kinds = (
        CUSTOMERS, PRODUCTS, APPLICATIONS, CARDS, TRANSACTIONS, POINTS, COMPLAINTS, SERVICE_CASES,
        CONSENTS, DO_NOT_CONTACT, REFERRALS, CALLS, LEADS,
    )  # fmt: skip
    registry.wrap_import_kinds(held_to_rights)
    registry.add_import_kinds(*kinds)


def _register_lists() -> None:
    """This will add customers, applications, stages and leads to the menu."""
    from portal.kit.registry import MenuEntry, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Customers"), "customer_list", Permission.VIEW_CUSTOMERS, "people", 35),
        MenuEntry(_("Stages"), "stage_funnel", Permission.VIEW_STAGES, "signpost-split", 38),
        MenuEntry(
            _("Application clock"), "application_clock", Permission.VIEW_CUSTOMERS,
            "hourglass-split", 36,
        ),
        MenuEntry(_("Referrals"), "referral_list", Permission.VIEW_CUSTOMERS, "people-fill", 44),
        MenuEntry(_("Leads"), "lead_list", Permission.VIEW_LEADS, "telephone", 45),
        MenuEntry(_("Call desk"), "lead_desk", Permission.WORK_LEADS, "headset", 44),
        MenuEntry(_("Lead pool"), "lead_pool", Permission.ASSIGN_LEADS, "water", 44),
        MenuEntry(_("At work now"), "lead_watch", Permission.ASSIGN_LEADS, "display", 44),
        MenuEntry(_("Calls to read"), "quality_list", Permission.READ_CALLS, "ear", 46),
        MenuEntry(_("My calls that were read"), "my_calls_list", Permission.WORK_LEADS, "ear", 45),
        MenuEntry(
            _("Model of calls"), "call_models", Permission.KEEP_MODELS, "telephone-forward", 46
        ),
        MenuEntry(
            _("Record a referral"), "referral_new", Permission.RECORD_REFERRALS, "person-plus", 46
        ),
    )  # fmt: skip


def _register_panels() -> None:
    """This will add the home panels of the branches."""
    from journeys.cards import panels as cards
    from journeys.spending import panels as spending
    from journeys.telemarketing import panels as telemarketing
    from portal.kit.registry import Panel, registry
    from portal.staff.enums import Permission as P

    folder = "journeys/telemarketing"
    telemarketing.register_screen()
    registry.add_panels(
        Panel(
            "my_merchants", "journeys/spending/_my_merchants.html", spending.my_merchants,
            P.VIEW_MERCHANTS, 20, wide=True,
        ),
        Panel(
            "issuing", "journeys/cards/_issuing.html", cards.issuing, P.VIEW_CUSTOMERS, 5,
            wide=True,
        ),
        Panel(
            "my_leads", f"{folder}/_my_leads.html", telemarketing.my_leads, P.VIEW_LEADS, 20,
            wide=True,
        ),
        Panel(
            "leads_by_source", f"{folder}/_leads_by_source.html", telemarketing.leads_by_source,
            P.VIEW_LEADS, 30,
        ),
        Panel(
            "calls_to_read", f"{folder}/_calls_to_read.html", telemarketing.calls_to_read,
            P.READ_CALLS, 18,
        ),
        Panel(
            "my_calls_read", f"{folder}/_my_calls_read.html", telemarketing.my_calls_read,
            P.WORK_LEADS, 21,
        ),
    )  # fmt: skip


def _register_outreach() -> None:
    """This will add the outbox and the practice gateways to the menu and the home page."""
    from journeys.notices import queries as notices
    from journeys.outreach import panels
    from journeys.outreach.intake import on_site
    from journeys.telemarketing import operations as telemarketing
    from journeys.telemarketing import queries as leads
    from journeys.telemarketing.enums import HoldEnd
    from portal.kit import clock
    from portal.kit.registry import ApiDoor, CallPool, MenuEntry, Panel, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Outbox"), "outbox_page", Permission.VIEW_OUTBOX, "send", 60),
    )
    registry.add_menu(
        MenuEntry(_("Answers"), "answer_list", Permission.VIEW_OUTBOX, "reply", 61),
    )
    registry.add_api_doors(
        ApiDoor(on_site.CODE, _("Mobile bank: messages to customers"), on_site.paths)
    )
    registry.pool = CallPool(
        take=lambda asked: telemarketing.take_call(asked=asked, at=clock.now()),
        has=telemarketing.has_call,
        open_calls=leads.OPEN_CALLS,
        take_back=lambda keys, at: telemarketing.take_back_calls(keys=keys, at=at),
        tell_left=lambda keys, at: telemarketing.tell_left(keys=keys, at=at),
    )
    registry.add_leaving(
        lambda staff_id, at: telemarketing.put_down(
            caller_id=staff_id, at=at, end=HoldEnd.SIGNED_OUT
        )
    )
    registry.add_away(
        lambda staff_id, at: telemarketing.hand_over_callbacks(at=at, staff_id=staff_id)
    )
    registry.add_origin_names(notices.origin_words)
    if settings.SANDBOX_HTTP_PORT:
        registry.add_menu(
            MenuEntry(_("Practice gateways"), "sandbox_page", Permission.VIEW_SANDBOX, "phone", 65),
        )
    registry.add_panels(
        Panel("outbox", "journeys/outreach/_panel.html", panels.outbox, Permission.VIEW_OUTBOX, 16),
    )


def _register_contact() -> None:
    """This will add consents, rules of contact, the calendar and the control group to the menu and
    the home page, and the control group to what a second person must approve."""
    from journeys.contact import operations as contact
    from journeys.contact import panels, queries
    from portal.kit.registry import ApprovalKind, MenuEntry, Panel, registry
    from portal.staff.enums import Permission

    rules = Permission.VIEW_CONTACT_RULES
    registry.add_menu(
        MenuEntry(_("Consents"), "consent_list", Permission.VIEW_CONSENTS, "check2-square", 50),
        MenuEntry(_("Hours and limits"), "contact_rules", rules, "clock", 51),
        MenuEntry(_("Calendar"), "calendar_page", rules, "calendar3", 52),
        MenuEntry(_("Control group"), "control_group_list", rules, "person-dash", 53),
    )
    registry.add_approval_kind(
        ApprovalKind(
            code=contact.CONTROL_APPROVAL,
            label=_("Control group of the bank"),
            permission=Permission.APPROVE_CAMPAIGNS,
            current_hash=contact.current_control_hash,
            on_approved=contact.carry_control_group,
            on_returned=contact.leave_control_group,
            url_name="control_group_page",
            digest=queries.digest_of,
            unready=queries.too_late,
        )
    )
    registry.add_panels(
        Panel(
            "calendar_missing",
            "journeys/contact/_calendar_panel.html",
            panels.calendar_missing,
            Permission.EDIT_CONTACT_RULES,
            3,
        )
    )


def _register_care() -> None:
    """This will add cases and complaints to the menu and the home page, and the extension of a
    complaint to what a second person must allow."""
    from journeys.care import operations as care
    from journeys.care import panels, queries
    from portal.kit.registry import ApprovalKind, MenuEntry, Panel, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Complaints"), "complaint_list", Permission.VIEW_CARE, "chat-square-text", 37),
        MenuEntry(_("Service cases"), "case_list", Permission.VIEW_CARE, "life-preserver", 37),
    )
    registry.add_panels(
        Panel(
            "complaints_near",
            "journeys/care/_panel.html",
            panels.nearing_limit,
            Permission.VIEW_CARE,
            15,
            wide=True,
        ),
    )

    registry.add_approval_kind(
        ApprovalKind(
            code=care.APPROVAL_KIND,
            label=_("Extension of a complaint"),
            permission=Permission.EDIT_CARE,
            current_hash=care.current_hash,
            on_approved=care.carry_extended,
            on_returned=care.carry_refused,
            url_name="complaint_page",
            unready=queries.too_late,
        )
    )


def _register_notices() -> None:
    """This will let another person decide about the next wording of a text of results."""
    from journeys.notices import operations as notices
    from journeys.notices import rules
    from journeys.notices.queries import digest_of
    from portal.kit.registry import ApprovalKind, registry
    from portal.staff.enums import Permission

    registry.add_approval_kind(
        ApprovalKind(
            code=rules.APPROVAL_KIND,
            label=_("Text that tells a result"),
            permission=Permission.APPROVE_CAMPAIGNS,
            current_hash=notices.current_hash,
            on_approved=notices.carry_wording,
            on_returned=notices.leave_wording,
            url_name="text_page",
            digest=digest_of,
        )
    )


def _register_reveals() -> None:
    """This will add the list of revealed data to the menu."""
    from portal.kit.registry import MenuEntry, registry
    from portal.staff.enums import Permission

    registry.add_menu(
        MenuEntry(_("Revealed data"), "reveal_list", Permission.VIEW_REVEALS, "eye", 86)
    )


def _register_exports() -> None:
    """This will add what can be taken out as a file."""
    from journeys.cards.exports import OPEN_APPLICATIONS
    from journeys.care.exports import COMPLAINTS
    from journeys.customers.exports import CUSTOMERS
    from journeys.stages.exports import STAGE_FUNNEL
    from portal.kit.registry import registry

    registry.add_exportables(CUSTOMERS, OPEN_APPLICATIONS, COMPLAINTS, STAGE_FUNNEL)


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
    from journeys.contact.rules import IS_WORKDAY
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
    registry.lend_calendar(IS_WORKDAY)
    registry.cards_won = cards.cards_won
    registry.add_merchant_evidence(cards.evidence_of)

    registry.add_merchant_parts(MerchantPart("merchant_turnover", Permission.VIEW_MERCHANTS, 10))
    registry.add_turnover_sources(TurnoverSource("transactions", DAYS_OF_MERCHANTS))
    registry.add_post_sources(
        PostSource("applications", WON_AT_POSTS), PostSource("leads", LEADS_OF_POSTS)
    )
    registry.add_visit_sources(VisitSource("transactions", VISITS))


def _register_gauges() -> None:
    """This will hand the figures of the outbox to the metrics page."""
    from portal.kit.registry import CountGauge, registry

    registry.add_gauges(
        CountGauge(
            name="portal_outbox_messages",
            help="Messages of the outbox that are not done with, by state.",
            model="journeys.Message",
            by="state",
            where={"state__in": ["queued", "held", "sending", "failed", "in_doubt", "parked"]},
        )
    )


def _register_rights() -> None:
    """This will add requests about data to the menu and the home page, the erasure of a person to
    what a second person must allow, and what it does with the columns of these tables."""
    from journeys.rights import operations as rights
    from journeys.rights import panels
    from journeys.rights.queries.digests import digest_of
    from journeys.rights.rules import tables
    from portal.kit.registry import ApprovalKind, MenuEntry, Panel, registry
    from portal.staff.enums import Permission as P

    registry.add_personal(*tables.ALL)
    registry.add_menu(
        MenuEntry(_("Requests about data"), "rights_list", P.VIEW_RIGHTS, "person-lock", 39)
    )
    registry.add_panels(
        Panel(
            "rights_near",
            "journeys/rights/_panel.html",
            panels.requests_near,
            P.OPEN_RIGHTS,
            17,
            wide=True,
        )
    )
    registry.add_approval_kind(
        ApprovalKind(
            code=rights.APPROVAL_KIND,
            label=_("Erasure of a person's data"),
            permission=P.APPROVE_RIGHTS,
            current_hash=rights.current_hash,
            on_approved=rights.carry_approved,
            on_returned=rights.carry_returned,
            url_name="rights_page",
            digest=digest_of,
        )
    )
