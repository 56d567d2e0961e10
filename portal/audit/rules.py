"""How entries of the trail read, and what can be wrong with the chain."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

GENESIS = "0" * 64

FAULTS: dict[str, Any] = {
    "entry_changed": _("The entry was changed after it was written."),
    "entry_removed": _("The entry was removed; its link is still there."),
    "entry_inserted": _("The entry was put in past the chain; it has no link."),
    "link_broken": _("The link does not follow from the one before."),
    "link_missing": _("One or more links before this one are missing."),
    "head_differs": _("The chain does not end where its head says; its end was cut or replaced."),
    "head_missing": _("The head of the chain is gone."),
    "anchor_missing": _("The chain is shorter than the anchor kept elsewhere."),
    "anchor_differs": _("The chain differs from the anchor kept elsewhere."),
}

# Known actions in words; an action that is not listed shows as it is.
ACTIONS: dict[str, Any] = {
    "staff.signed_in": _("Signed in"),
    "staff.signed_out": _("Signed out"),
    "staff.sign_in_failed": _("Sign-in failed"),
    "staff.locked_out": _("Locked out"),
    "staff.password_changed": _("Own password changed"),
    "staff.password_set": _("Password set by an administrator"),
    "staff.factor_added": _("Second factor set up"),
    "staff.factor_removed": _("Second factor turned off"),
    "staff.second_factor_reset": _("Second factor reset"),
    "staff.recovery_codes_renewed": _("Recovery codes made anew"),
    "staff.recovery_code_used": _("Recovery code used"),
    "staff.hired": _("Staff member added"),
    "staff.changed": _("Staff member changed"),
    "staff.role_changed": _("Role changed"),
    "staff.deactivated": _("Account deactivated"),
    "staff.reactivated": _("Account activated again"),
    "accessattempt.deleted": _("Unlocked"),
    "branch.opened": _("Branch opened"),
    "branch.changed": _("Branch changed"),
    "team.added": _("Team added"),
    "team.changed": _("Team changed"),
    "cardproduct.added": _("Card product added"),
    "cardproduct.changed": _("Card product changed"),
    "contactrule.added": _("Contact rule added"),
    "merchantcategory.added": _("Merchant category added"),
    "merchantcategory.changed": _("Merchant category changed"),
    "approval.submitted": _("Submitted for approval"),
    "approval.approved": _("Approved by a second person"),
    "approval.returned": _("Returned by a second person"),
    "approval.withdrawn": _("Submission withdrawn"),
    "approval.voided": _("Submission void"),
    "approval.vetoed": _("Vetoed by compliance"),
    "approvallevel.added": _("Approval level added"),
    "sendername.added": _("Name of a sender entered"),
    "submissionrule.added": _("Rule of submission added"),
    "campaign_draft.started": _("Draft of a campaign begun"),
    "campaign_draft.saved": _("Draft of a campaign saved as a version"),
    "campaign_draft.settled": _("Draft of a campaign settled with a newer version"),
    "campaign_draft.discarded": _("Draft of a campaign discarded"),
    "flash.arranged": _("Flash sale arranged"),
    "flash.run_renewed": _("Flash sale goes by a newer run"),
    "campaign.loaded": _("Campaign loaded"),
    "group.opened": _("Exclusive group made"),
    "campaign.submitted": _("Campaign submitted"),
    "campaign.approved": _("Campaign approved"),
    "campaign.returned": _("Campaign returned"),
    "campaign.vetoed": _("Campaign vetoed"),
    "campaign.out_of_budget": _("Budget or stock used up"),
    "campaign.in_budget_again": _("Budget or stock suffices again"),
    "reward.taken_back": _("Rewards taken back"),
    "benefit.used": _("Use of a benefit recorded"),
    "benefit.use_undone": _("Use of a benefit undone"),
    "benefit.rest_taken_back": _("Rest of a used benefit taken back"),
    "benefit.settled": _("Used benefit that was lost settled"),
    "benefits.expired": _("Benefits expired"),
    "referral.recorded": _("Referral recorded"),
    "referral.withdrawn": _("Referral withdrawn"),
    "template.withdrawn": _("Message text withdrawn"),
    "points.credited": _("Points credited"),
    "points.taken_back": _("Points taken back"),
    "wording.decided": _("Decision about a word"),
    "campaign.stopped": _("Campaign stopped"),
    "campaign.stop_lifted": _("Stop of a campaign lifted"),
    "run.started": _("Run started"),
    "run.not_started": _("Run not started in the evening"),
    "run.done": _("Run done"),
    "run.failed": _("Run failed"),
    "run.stopped": _("Run stopped"),
    "import.done": _("File imported"),
    "import.tried": _("File tried in a dry run"),
    "import.refused": _("File refused"),
    "import.files_removed": _("Files that named an erased person removed"),
    "upload.received": _("File uploaded"),
    "upload.import_asked": _("Import of an uploaded file asked for"),
    "upload.refused": _("Uploaded file refused"),
    "upload.errors_taken": _("Error workbook downloaded"),
    "api.token_made": _("Access token made"),
    "api.token_revoked": _("Access token revoked"),
    "notice_rule.set": _("Rule for telling results set"),
    "api.called": _("Rows received by the interface"),
    "merchants.loaded": _("Merchants loaded"),
    "leads.loaded": _("Leads loaded"),
    "points.earned": _("Points written for spending"),
    "points.taken": _("Points redeemed or expired"),
    "points.expired": _("Points that were not used expired"),
    "merchant_days.recounted": _("Turnover by day counted anew"),
    "consent.given": _("Consent recorded"),
    "consent.withdrawn": _("Consent withdrawn"),
    "do_not_contact.recorded": _("Do-not-contact recorded"),
    "do_not_contact.repeated": _("Do-not-contact said again"),
    "do_not_contact.phone_kept": _("Refusal of a lead kept by the phone"),
    "marketing.paused": _("Marketing paused"),
    "marketing.resumed": _("Marketing resumed"),
    "clock_rule.set": _("Limit of approval set"),
    "complaint_rule.set": _("Complaint rule set"),
    "complaintrule.added": _("Complaint rule added"),
    "reveal_rule.set": _("Reveal rule set"),
    "revealrule.added": _("Reveal rule added"),
    "reveal.made": _("Value shown in full"),
    "search.made": _("Search by a full phone, ID number, e-mail or address"),
    "search.refused": _("Search by a full value refused: limit of the day"),
    "export.made": _("Export made"),
    "keys.rotated": _("Keys of sealed data changed"),
    "complaint.opened": _("Complaint opened"),
    "complaint.answered": _("Complaint answered"),
    "complaint.extension_asked": _("Extension of a complaint asked for"),
    "complaint.extended": _("Complaint extended"),
    "complaint.extension_refused": _("Extension of a complaint not allowed"),
    "complaint.closed": _("Complaint closed"),
    "complaint.reopened": _("Complaint opened again"),
    "case.opened": _("Service case opened"),
    "case.closed": _("Service case closed"),
    "contact_rule.set": _("Contact rule set"),
    "audit.cut": _("Words of an erased person taken out of an entry"),
    "rights_rule.set": _("Rule of requests about data set"),
    "rightsrule.added": _("Rule of requests about data added"),
    "rights.opened": _("Request about data taken in"),
    "rights.identity": _("Identity of a person checked"),
    "rights.searched": _("Data of a person searched for"),
    "rights.copied": _("Copy of a person's data made"),
    "rights.corrected": _("Data of a person corrected"),
    "rights.objected": _("Marketing to a person stopped at request"),
    "rights.erasure_asked": _("Erasure of a person asked for"),
    "rights.erasure_allowed": _("Erasure of a person allowed"),
    "rights.erasure_returned": _("Erasure of a person not allowed"),
    "rights.erased": _("Person erased"),
    "rights.proven": _("Erasure of a person proven"),
    "rights.residue": _("Erasure of a person not proven: something is left"),
    "rights.search_asked": _("Erasure or its proof to be tried again"),
    "rights.done": _("Request about data answered"),
    "rights.refused": _("Request about data refused"),
    "contact_hours.set": _("Contact hours set"),
    "consent_text.added": _("Text of consent added"),
    "calendar.year_entered": _("Calendar of a year entered"),
    "calendar.day_changed": _("Day of the calendar changed"),
    "answer.settled": _("Answer of a person looked after"),
    "bad_address.noted": _("Mail address found to be dead"),
    "bad_address.ended": _("Mail address works again"),
    "do_not_contact.unknown_phone": _("Refusal by a phone of nobody on file kept"),
    "leads.asked_for": _("Call of a message put into the pool"),
    "own_address.asked": _("Code sent to an own test address"),
    "own_address.confirmed": _("Own test address confirmed"),
    "own_address.ended": _("Own test address forgotten"),
    "outbox.bounced": _("Message came back"),
    "outbox.settled_by_receipt": _("Message settled by its receipt"),
    "outbox.queued": _("Messages queued"),
    "outbox.paused": _("Sending paused"),
    "outbox.resumed": _("Sending resumed"),
    "outbox.stopped": _("Sending stopped for good"),
    "outbox.rate_set": _("Sending rate set"),
    "outbox.called_off": _("Messages called off"),
    "outbox.reworded": _("Message changed to what holds now"),
    "outbox.doubt_settled": _("Message in doubt settled"),
    "outbox.marked_as_sent": _("Message marked as sent"),
    "outbox.all_sent_again": _("Messages sent again"),
    "outbox.sent_again": _("Message sent again"),
    "template.added": _("Message template added"),
    "template.tested": _("Message text sent to oneself"),
}

# Known fields in words; a field that is not listed shows under its own name.
FIELDS: dict[str, Any] = {
    "run": _("Run"),
    "kind": _("Kind"),
    "on": _("As of"),
    "why": _("Reason"),
    "chunks": _("Parts"),
    "origin": _("Origin"),
    "messages": _("Messages"),
    "template": _("Text"),
    "content_hash": _("Fingerprint"),
    "hash": _("Fingerprint"),
    "key": _("Number"),
    "approvals_needed": _("Approvals needed"),
    "rows_read": _("Rows read"),
    "rows_new": _("New rows"),
    "rows_changed": _("Changed rows"),
    "rows_same": _("Unchanged rows"),
    "rows_bad": _("Bad rows"),
    "rows_older": _("Older, kept as is"),
    "corrects": _("Corrects what stands"),
    "leads": _("Leads"),
    "merchants": _("Merchants"),
    "entries": _("Entries"),
    "first": _("First day"),
    "end": _("Day after the last"),
    "purpose": _("Purpose"),
    "channel": _("Channel"),
    "text_version": _("Version of the text"),
    "effective_date": _("In force from"),
    "source": _("Source"),
    "opens": _("Contact from"),
    "closes": _("Contact until"),
    "day_cap": _("Contacts in 24 hours"),
    "month_cap": _("Contacts in 30 days"),
    "field": _("What"),
    "number_of_day": _("Number of the day"),
    "allowed": _("Allowed"),
    "per_day": _("values per person and day"),
    "searches_per_day": _("searches by a full phone, ID number or e-mail, per person and day"),
    "door": _("Searched at"),
    "reason_length": _("fewest signs of a reason"),
    "rows": _("Rows"),
    "filters": _("Filters"),
    "sha256": _("SHA-256 of the file"),
    "key_id": _("Key"),
    "code": _("Code"),
    "level": _("Level"),
    "path": _("Path"),
    "username": _("User name"),
    "role": _("Role"),
    "branch": _("Branch"),
    "team": _("Team"),
    "name": _("Name"),
    "removed": _("Removed"),
    "digest": _("Fingerprint"),
    "files": _("Files"),
    "found": _("Found"),
    "tables": _("Tables"),
    "columns": _("Columns"),
    "findings": _("Findings"),
    "form": _("Form"),
    "co_authors": _("Written by others too"),
    "application": _("Application"),
    "referrer": _("Brought by"),
    "kinds": _("Kinds it may send"),
    "last_day": _("Last day"),
    "days": _("Days"),
    "simple_days": _("Days, simple complaints"),
    "complex_days": _("Days, complex complaints"),
    "extension_days": _("Days of an extension"),
    "answer_days": _("Days to answer"),
    "copies_per_day": _("Copies of one person in a day"),
    "certainty": _("How sure the limit is"),
    "tier": _("Tier"),
    "grant": _("Grant"),
    "units": _("Units"),
    "opens_at": _("Opens at"),
    "failed_at": _("Undone since"),
    "benefits": _("Member benefits"),
    "uses": _("Uses"),
    "used": _("Used"),
    "rest": _("Left"),
    "before": _("Before"),
    "word": _("Word"),
    "state": _("State"),
    "taken": _("Taken over"),
    "not_to_be_contacted": _("Not to be contacted"),
    "outcome": _("Outcome"),
    "worth": _("Worth"),
    "entry": _("Entry"),
    "limit_days": _("Days from application to issue"),
    "near_days": _("Days before that warn"),
    "reference": _("Reference"),
    "result": _("Result"),
    "per_minute": _("Messages a minute"),
    "burst": _("Messages at once"),
    "gateway": _("Gateway"),
    "failure": _("What failed"),
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the chain; `entry_id` and `sequence` where they are known."""

    kind: str
    sequence: int | None = None
    entry_id: int | None = None

    @property
    def sentence(self) -> str:
        return str(FAULTS[self.kind])


@dataclass(frozen=True)
class Change:
    """One changed field. `before` is None where only a value, not a change, was recorded."""

    name: str
    before: str | None
    after: str

    @property
    def label(self) -> str:
        """The field's name for the reader."""
        return str(FIELDS.get(self.name, self.name))


def readable_changes(changes: dict[str, Any]) -> list[Change]:
    """This will write recorded changes as lines; {"before": a, "after": b} is a change."""
    return [_change(name, value) for name, value in changes.items()]


def _change(name: str, value: Any) -> Change:
    if isinstance(value, dict) and set(value) == {"before", "after"}:
        return Change(name, _plain(value["before"]), _plain(value["after"]))
    return Change(name, None, _plain(value))


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list):
        return ", ".join(_plain(inner) for inner in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(inner)}" for name, inner in value.items())
    return str(value)


def action_words(action: str) -> str:
    """This will say an action such as "staff.hired" in words, or as it is where none are known."""
    return str(ACTIONS.get(action, action))
