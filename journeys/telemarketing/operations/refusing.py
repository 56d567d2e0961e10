"""What the database refuses of leads and their pools, as a sentence for a person."""

from contextlib import AbstractContextManager

from django.utils.translation import gettext_lazy as _

from portal.kit import refused


class LeadRefused(Exception):
    """Raised where nothing is written; the text is a sentence for a person. `rule` names what
    stands against it, "" where that is no rule of the database."""

    def __init__(self, sentence: str, rule: str = "") -> None:
        super().__init__(sentence)
        self.rule = rule


SENTENCES = {
    "lead_is_over": _("This lead has ended, and stays as it is."),
    "lead_move_follows": _("This lead was changed before; load the page again."),
    "lead_is_taken": _("Somebody else has this lead by now; choose another one."),
    "lead_is_yours": _("This lead is that person's already."),
    "lead_is_not_yours": _("This lead is not yours (any more); load the page again."),
    "lead_is_in_the_pool": _("This lead is in the pool already."),
    "lead_is_protected": _("This lead is protected still."),
    "lead_through_the_pool": _("A lead changes hands through the pool only: take it back first."),
    "lead_owner_of_branch": _(
        "Leads go to telemarketers who work here, of the lead's branch or of one above it."
    ),
    "lead_no_policy": _("No policy of the pool is in force for this branch; the manager sets one."),
    "lead_is_given_only": _(
        "Nobody takes leads from this branch's pool; the branch manager assigns them."
    ),
    "lead_of_another_team": _("This lead is in the pool of another team."),
    "lead_cools_down": _(
        "This person had the lead before, and may have it again when the cool-down is over."
    ),
    "lead_cap_reached": _(
        "This person has as many open leads as the policy allows; end some or put some back first."
    ),
    "lead_in_hand_is_free_or_own": _(
        "Somebody has this lead in hand at this moment; choose another one."
    ),
    "lead_is_merged": _("This lead was merged into another one; work on that one."),
    "lead_is_not_apart": _("This lead was not merged, or is merged still."),
    "lead_merge_of_open": _("Only leads that have not ended are merged; load the page again."),
    "lead_merge_not_of_messages": _(
        "A call that a campaign asked for is no lead to merge: it ends by itself."
    ),
    "lead_merge_once": _("This lead was merged already; load the page again."),
    "lead_merge_later_first": _(
        "The kept lead was merged again since: take apart what was merged later first."
    ),
    "lead_one_open_of_phone": _(
        "Another lead with this phone is open by now; merge or end that one first."
    ),
    "pool_policy_once": _("A policy from this day on is set already; choose another day."),
    "pool_policy_bounds": _(
        "The longest protection is not shorter than the usual one, and no figure is beyond its "
        "bounds."
    ),
}


def in_words() -> AbstractContextManager[None]:
    """This will turn what a rule of the database refuses into LeadRefused; what is written within
    goes back alone."""
    return refused.in_words(SENTENCES, LeadRefused)
