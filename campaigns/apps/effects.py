"""Start-up: what campaigns brought about."""

from django.utils.translation import gettext_lazy as _

from portal.kit.registry import MenuEntry, Panel, PartnershipPart, registry


def register() -> None:
    """This will hand the house the effects of campaigns: menu, home page, partners' pages, files,
    and what an erasure does with their tables."""
    from campaigns.effect.exports import CAMPAIGN_EFFECTS
    from campaigns.effect.panels import running_effects
    from portal.kit.personal import ImpersonalTable, PersonalTable
    from portal.staff.enums import Permission as P

    see = P.VIEW_CAMPAIGNS
    registry.add_menu(
        MenuEntry(_("Effects of campaigns"), "effect_list", see, "clipboard-data", 23)
    )
    registry.add_panels(
        Panel(
            "effects", "campaigns/effect/_panel.html", running_effects, see, 32, wide=True,
            is_figures=True,
        )
    )  # fmt: skip
    registry.add_partnership_parts(PartnershipPart("partnership_effects", P.VIEW_MERCHANTS, 16))
    registry.add_exportables(CAMPAIGN_EFFECTS)
    registry.add_personal(
        PersonalTable("campaigns.EffectEntrant", _("Sides of campaigns that are compared")),
        ImpersonalTable("campaigns.EffectRule", "how the effect of campaigns is told"),
        ImpersonalTable("campaigns.EffectPlan", "what is measured of a campaign"),
        ImpersonalTable("campaigns.EffectIntake", "runs that were taken in"),
        ImpersonalTable("campaigns.EffectDay", "counts of both sides by day of entry"),
        ImpersonalTable("campaigns.EffectLook", "what was seen of both sides on a day"),
    )
