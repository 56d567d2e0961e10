"""Start-up: what an erasure does with the tables, and whom contacts are made for."""

from django.utils.translation import gettext_lazy as _

from portal.kit.registry import (
    ContactSource,
    registry,
)


def register() -> None:
    """This will hand the house what an erasure does, and whom contacts are made for."""
    _register_personal()
    _register_impersonal()
    _register_source()


def _register_personal() -> None:
    """This will declare what the erasure of a person does with the columns of these tables."""
    from portal.kit.personal import PersonalTable, keep

    code = keep("a code of the bank")
    reversed_ = {"kind": code, "facts": keep("figures and days of the conditions, no names")}
    charged = {"kind": code, "tier": code, "party": code}
    tried = {"reward": code, "slot": code, "parts": keep("figures by party, no names")}
    registry.add_personal(
        PersonalTable("campaigns.Grant", _("Gifts granted"), {"reward": code, "slot": code}),
        PersonalTable("campaigns.GrantReversal", _("Rewards taken back"), reversed_),
        PersonalTable("campaigns.LowerTier", _("Lower tiers given instead"), {"answer": code}),
        PersonalTable(
            "campaigns.ReversalFailure", _("Rewards that could not be taken back"),
            {"reason": keep("what the program said, without names")},
        ),
        PersonalTable("campaigns.BudgetEntry", _("What rewards were charged with"), charged),
        PersonalTable(
            "campaigns.BudgetLimit", _("Limits for a customer"), {"kind": code, "key": code}
        ),
        PersonalTable(
            "campaigns.Decision",
            _("Decisions of campaigns"),
            {
                "facts": keep("figures and days of the conditions, no names"),
                "reached": keep("numbers of tiers"),
                "given": keep("numbers of tiers"),
                "award": code,
                "gate": code,
                "channel": code,
            },
        ),
        PersonalTable("campaigns.FlashClaim", _("Claims in flash sales"), {"state": code}),
        PersonalTable("campaigns.TrialGrant", _("What back-tests would have granted"), tried),
    )  # fmt: skip


def _register_impersonal() -> None:
    """This will declare the tables that hold nothing about a person."""
    from portal.kit.personal import ImpersonalTable

    registry.add_personal(
        ImpersonalTable("campaigns.BudgetBook", "accounts of campaigns"),
        ImpersonalTable("campaigns.ExclusiveGroup", "which campaigns exclude one another"),
        ImpersonalTable("campaigns.EraRule", "how the era of a branch is told"),
        ImpersonalTable("campaigns.JointReturn", "counts of both sides by campaign and merchant"),
        ImpersonalTable("campaigns.EraMonth", "counts of branches by month"),
        ImpersonalTable("campaigns.EraMark", "months of which facts were written"),
        ImpersonalTable("campaigns.FlashSale", "offers to many"),
        ImpersonalTable("campaigns.Campaign", "offers to many"),
        ImpersonalTable("campaigns.CampaignVersion", "offers to many"),
        ImpersonalTable("campaigns.Draft", "offers to many, being written"),
        ImpersonalTable("campaigns.DraftWriter", "who of the staff wrote"),
        ImpersonalTable("campaigns.VersionAuthor", "who of the staff wrote"),
        ImpersonalTable("campaigns.SenderName", "names under which the bank sends"),
        ImpersonalTable("campaigns.SubmissionRule", "how a campaign is submitted"),
        ImpersonalTable("campaigns.Run", "runs over all customers"),
        ImpersonalTable("campaigns.WordDecision", "words of advertising, and why"),
        ImpersonalTable("campaigns.RunChunk", "spans of customers"),
    )


def _register_source() -> None:
    """This will tell the house how versions are named as what contacts are made for."""
    from campaigns.planning import queries as plans
    from campaigns.planning.intake import KNOWN_CAUSE
    from campaigns.planning.rules import naming

    registry.add_contact_source(
        ContactSource(
            code="campaign", reference_of=naming.reference_of_origin,
            origin_of=naming.origin_of_reference, named=plans.named_versions,
            search=plans.search_versions,
        )
    )  # fmt: skip
    registry.add_import_checks("complaints", KNOWN_CAUSE)
