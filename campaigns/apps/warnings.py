"""Start-up: early warning."""

from django.utils.translation import gettext_lazy as _

from portal.kit.registry import CountGauge, MenuEntry, Panel, registry


def register() -> None:
    """This will hand the house the inbox of warnings, its panels, its file and its tables."""
    from campaigns.warnings import panels
    from campaigns.warnings.exports import ALERTS
    from portal.staff.enums import Permission as P

    registry.add_menu(
        MenuEntry(_("Early warning"), "alert_list", P.VIEW_WARNINGS, "exclamation-triangle", 24)
    )
    of = "campaigns/warnings/_panel_{}.html".format
    registry.add_panels(
        Panel("warnings", of("waiting"), panels.to_look_at, P.VIEW_WARNINGS, 3),
        Panel("warnings_stopped", of("stopped"), panels.stopped_by_policy, P.VIEW_WARNINGS, 2),
        Panel("warnings_about_me", of("about_me"), panels.my_own, P.VIEW_HOME, 7),
    )
    registry.add_exportables(ALERTS)
    registry.add_gauges(
        CountGauge(
            name="portal_warnings_waiting", help="Warnings that nobody has judged yet.",
            model="campaigns.Alert", by="kind", where={"state__in": ["open", "looking"]},
        )
    )  # fmt: skip
    _register_tables()


def _register_tables() -> None:
    """This will declare what the erasure of a person does with the columns of these tables."""
    from portal.kit.personal import CLEAN, MARK, ImpersonalTable, PersonalTable, keep

    code = keep("a code of the bank")
    words = {"kind": code, "state": code, "severity": code, "judged_severity": code}
    registry.add_personal(
        PersonalTable(
            "campaigns.Alert", _("Early warnings"),
            {
                **words, "subject": code, "subject_key": keep("the id of a row, or a reference"),
                "period": code, "evidence": keep("figures, days and codes, no names"),
            },
        ),
        PersonalTable(
            "campaigns.AlertMove", _("What became of early warnings"),
            {"from_state": code, "to_state": code, "severity": code, "reason": MARK},
        ),
        PersonalTable(
            "campaigns.Appeal", _("Words of staff to early warnings"),
            {"words": CLEAN, "reason": CLEAN},
            apart=("alert",),  # only whom of the staff an alert concerns has a word
        ),
        PersonalTable(
            "campaigns.Trace", _("Days noted for early warning"), {"kind": code, "band": code}
        ),
        ImpersonalTable("campaigns.WarningRule", "from which figures on a warning is given"),
        ImpersonalTable("campaigns.PausePolicy", "what follows from a warning"),
        ImpersonalTable("campaigns.GrantHour", "counts of rewards by the hour"),
        ImpersonalTable("campaigns.SweepMark", "up to where tables were read"),
    )  # fmt: skip
