"""Start-up: consent, the outbox, complaints and results."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _


def register() -> None:
    """This will hand the house consent, the outbox, complaints and results."""
    _register_outreach()
    _register_contact()
    _register_care()
    _register_notices()


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
        Panel("outbox", "journeys/outreach/_panel.html", panels.outbox, Permission.VIEW_OUTBOX, 16,
              is_figures=True)
    )  # fmt: skip


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
