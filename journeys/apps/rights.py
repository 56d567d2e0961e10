"""Start-up: gauges, and what an erasure does with the tables."""

from django.utils.translation import gettext_lazy as _


def register() -> None:
    """This will hand the house gauges, and what an erasure does with the tables."""
    _register_gauges()
    _register_rights()


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
