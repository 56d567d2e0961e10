"""What the database refuses of leads and their pools, as a sentence for a person."""

from contextlib import AbstractContextManager

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing import queries
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
    "lead_call_disposition_in_force": _(
        "The list of dispositions was changed meanwhile; choose once more."
    ),
    "disposition_key_once": _("Another outcome of the group has this key; choose a free one."),
    "disposition_code_once": _("This code is that of another outcome; choose another one."),
    "disposition_flags_agree": _(
        "These marks contradict one another: who was not reached says nothing, a sale is no "
        "refusal, and a lead of no use has nobody who is interested."
    ),
    "disposition_recycles": _(
        "After a sale, a refusal for good, or a lead of no use nobody is called again: leave delay "
        "and limit empty."
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
    "quality_draw_once": _("The calls of this day are drawn already."),
    "quality_case_is_read": _("This call has been read by as many people as it needs."),
    "quality_reader_is_not_caller": _("Nobody reads the own calls."),
    "quality_reader_may_not": _(
        "Calls are read by branch managers of the branch or of one above it, and by compliance."
    ),
    "quality_review_by_two": _("You have read this call; the second reader is somebody else."),
    "quality_second_is_not_their_manager": _(
        "The second reader is not the manager of the caller's branch: compliance or a branch above "
        "reads it."
    ),
    "quality_review_marks_the_form": _("Mark each criterion of the form."),
    "quality_dispute_by_the_caller": _("The caller alone disputes the result of a call."),
    "quality_dispute_of_a_result": _("This call has not been read to the end yet."),
    "quality_dispute_in_time": _("The days in which this result could be disputed are over."),
    "journeys_qualitydispute_case_id_key": _("This result is disputed already."),
    "quality_decision_by_a_third": _(
        "Somebody decides who neither made the call nor read it; leave it to a colleague."
    ),
    "quality_decision_by_compliance": _("Compliance decides about disputed results."),
    "journeys_qualitydecision_dispute_id_key": _("This dispute is decided already."),
    "quality_policy_once": _("A policy from this day on is set already; choose another day."),
    "quality_policy_bounds": _("The least is not more than the most, and no figure is too large."),
    "quality_form_once": _("A form from this day on is set already; choose another day."),
    "quality_form_criteria": _(
        "A form has 1 to 20 criteria, each with its own code of small letters, a name in both "
        "languages and a weight from 1 to 99."
    ),
}


def in_words() -> AbstractContextManager[None]:
    """This will turn what a rule of the database refuses into LeadRefused; what is written within
    goes back alone."""
    return refused.in_words(SENTENCES, LeadRefused)


def put_down_words(answer: str) -> str:
    """This will say that a lead was put down, and why, by what the gate answered."""
    told = gettext("This lead may not be called (any more), and was put down: {why}.")
    return told.format(why=queries.words_of(answer))
