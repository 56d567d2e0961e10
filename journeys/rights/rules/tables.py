"""What an erasure does with each column of the house below campaigns that may hold words about a
person. Columns with a fixed list of choices need no line: they hold codes."""

from django.utils.translation import gettext_lazy as _

from portal.kit.personal import BLANK, CLEAN, MARK, TOKEN, ImpersonalTable, PersonalTable, keep

_SOURCE_KEY = keep("the source's key of a fact that the law wants kept; it names nobody")
_CODE = keep("a code of the bank")
_KEY = keep("a key made by the portal; it names nobody")
_GATEWAYS = keep("the gateway's key, or a keyed fingerprint made by the portal; it names nobody")
_HASH = keep("a fingerprint; nothing can be read from it")

PERSONS = (
    PersonalTable("journeys.Customer", _("Personal data"), {
        "number": TOKEN, "name": MARK, "name_pinyin": BLANK, "name_initials": BLANK,
        "birth_date": BLANK, "division_code": BLANK,
        "language": _CODE, "as_of": keep("when the source said so; it names nobody"),
        "heard_at": keep("when a file came in; it names nobody"),
        "phone_sealed": BLANK, "phone_index": BLANK, "phone_masked": BLANK, "callee": BLANK,
        "id_number_sealed": BLANK, "id_number_index": BLANK, "id_number_masked": BLANK,
        "bearer": BLANK, "reader": BLANK,
        "email_sealed": BLANK, "email_index": BLANK, "email_masked": BLANK,
        "address_sealed": BLANK, "address_index": BLANK, "address_masked": BLANK,
    }),
    PersonalTable("journeys.Lead", _("Sales leads"), {
        "number": TOKEN, "name": MARK, "company": BLANK, "reason": MARK,
        "phone_sealed": BLANK, "phone_index": BLANK, "phone_masked": BLANK, "callee": BLANK,
        "call_before": keep("until when a campaign wants the call made"),
        # It stands beside the number of a message alone, which the person's is no more.
        "left_at": BLANK,
        "protected_until": keep("until when its owner is protected"),
        "protected_at_most": keep("the same"),
        "moved": keep("how often it changed hands"), "priority": keep("a figure"),
        "score_due": keep("whether the figure is to be worked out anew"),
        "attempts": keep("how often it was called"),
        "called_at": keep("when it was called; it names nobody"),
        "call_from": keep("when it may be called again"), "promised_at": BLANK,
        "held_until": keep("until when somebody of the staff has it in hand"),
        "campaign": _CODE, "basis_words": MARK, "alike": BLANK,
        "is_sole": keep("whether it came as the one lead of its phone"),
    }),
)  # fmt: skip

OF_PERSONS = (
    PersonalTable("journeys.LeadMove", _("Who had a lead, and when"), {
        "why": MARK, "line": keep("figures of an assignment, and ids of staff"),
    }),
    PersonalTable("journeys.LeadMerge", _("Leads that are one"), {
        "reason": MARK, "undo_reason": MARK,
        "taken": keep("figures, times, and ids of rows"),
        "protected_until": keep("until when its owner was protected"),
        "protected_at_most": keep("the same"),
    }),
    PersonalTable("journeys.LeadConversion", _("Which leads became applications"), {
        "called_at": keep("when the lead was called; it names nobody"),
    }),
    PersonalTable("journeys.LeadPair", _("Leads that may be one"), {"reason": MARK}),
    PersonalTable("journeys.LeadHold", _("Who had a lead in hand, and when"), {
        "reasons": keep("codes and figures"), "known": keep("codes and figures"),
    }),
    PersonalTable("journeys.LeadRest", _("Leads that are passed over for a while"), {
        "until": keep("when it is looked at again; it names nobody"),
    }),
    PersonalTable("journeys.LeadScore", _("What a lead's priority was worked out from"), {
        "facts": BLANK,
    }),
    PersonalTable("journeys.QualityCase", _("Calls that were read for their quality"), {
        "called_at": keep("when staff called"), "wants": keep("a figure"),
        "readings": keep("a figure"), "closed_at": keep("when staff read it"),
    }),
    PersonalTable("journeys.QualityReview", _("What readers found in a call"), {
        "marks": keep("codes of what staff did"), "score": keep("a figure"), "words": MARK,
    }),
    PersonalTable("journeys.QualityDispute", _("Disputed results of calls"), {"words": MARK}),
    PersonalTable("journeys.QualityDecision", _("Decisions about disputed results of calls"), {
        "words": MARK,
    }),
    PersonalTable("journeys.LeadDial", _("When the number of a lead was dialled"), {
        "reference": keep("the telephone system's key of a call; it names nobody"),
    }),
    PersonalTable("journeys.ScriptUse", _("What was read out in calls"), {
        "variant": keep("a letter of a script"),
    }),
    PersonalTable("journeys.LeadCall", _("How calls ended"), {
        "callee": BLANK, "words": MARK, "note": MARK,
    }),
    PersonalTable("journeys.Callback", _("Promised calls")),
    PersonalTable("journeys.CallDraft", _("Calls that are being written down"), {"said": BLANK}),
    PersonalTable("journeys.Application", _("Applications for cards"), {"number": _SOURCE_KEY}),
    PersonalTable("journeys.Referral", _("Who brought whom"), {
        "number": _SOURCE_KEY, "reason": MARK,
    }),
    PersonalTable("journeys.PastCall", _("Calls that were made"), {
        "number": _SOURCE_KEY, "age": BLANK, "job": BLANK, "marital": BLANK, "education": BLANK,
    }),
    PersonalTable("journeys.Card", _("Cards"), {
        "reference": _SOURCE_KEY, "primary_reference": _SOURCE_KEY, "masked_number": BLANK,
    }),
    PersonalTable("journeys.Transaction", _("Card transactions"), {
        "reference": _SOURCE_KEY, "refund_of": _SOURCE_KEY, "mcc": _CODE,
        "division_code": keep("where the card was used: a fact about the transaction"),
        "as_of": keep("when the source said so; it names nobody"),
        "heard_at": keep("when a file came in; it names nobody"),
    }),
    PersonalTable("journeys.Consent", _("Consents and withdrawals"), {
        "reference": _SOURCE_KEY, "evidence": MARK,
    }),
    PersonalTable("journeys.DoNotContact", _("Refusal of marketing"), {
        "reference": _SOURCE_KEY, "words": MARK, "source": _CODE,
    }),
    PersonalTable("journeys.MarketingPause", _("Pauses of marketing"), {"reference": _SOURCE_KEY}),
    PersonalTable("journeys.Contact", _("Contacts made"), {"origin": _CODE, "dedup_key": _KEY}),
    PersonalTable("journeys.Complaint", _("Complaints made"), {
        "number": _SOURCE_KEY, "words": MARK, "extension_reason": MARK, "remedy": MARK,
        "cause_reference": keep("code of the campaign or text that was the cause"),
    }),
    PersonalTable("journeys.ComplaintRound", _("Earlier rounds of complaints"), {
        "cause_reference": keep("code of the campaign or text that was the cause"),
    }),
    PersonalTable("journeys.ServiceCase", _("Service requests"), {
        "number": _SOURCE_KEY, "subject": MARK,
    }),
    PersonalTable("journeys.CareEvent", _("Steps of complaints and cases"), {"words": MARK}),
    PersonalTable("journeys.Message", _("Messages sent"), {
        "context": BLANK, "origin": _CODE, "dedup_key": _KEY, "gateway_reference": _KEY,
        "variant": _CODE,
        "failure": CLEAN,
    }),
    PersonalTable("journeys.Receipt", _("Receipts of messages"), {"gateway_reference": _KEY}),
    PersonalTable("journeys.Answer", _("Answers to messages"), {
        "reference": _GATEWAYS, "callee": BLANK, "sender_masked": BLANK, "words": MARK,
        "note": MARK,
    }),
    PersonalTable("journeys.BadAddress", _("Mail addresses that do not work"), {
        "address_sealed": BLANK, "address_index": BLANK, "address_masked": BLANK, "cause": CLEAN,
    }),
    PersonalTable("journeys.ResultNotice", _("Results of applications told"), {"answer": _CODE}),
    PersonalTable("journeys.Reveal", _("Values shown to staff"), {"words": MARK}),
    PersonalTable("journeys.PointsEntry", _("Points booked"), {"reference": _KEY}),
    PersonalTable("journeys.PointsBatch", _("What is left of points earned")),
    PersonalTable("journeys.CustomerStage", _("Stage of the customer journey")),
    PersonalTable("journeys.RightsRequest", _("Requests about data"), {
        "number": _KEY, "details": MARK, "outcome": MARK,
    }),
    PersonalTable("journeys.RightsEvent", _("Steps of requests about data"), {"words": MARK}),
    PersonalTable("journeys.RightsCopy", _("Copies of the data handed out"), {"sha256": _HASH}),
    PersonalTable("journeys.Correction", _("Corrections"), {
        "field": _CODE, "old_masked": BLANK, "new_masked": BLANK,
    }),
    PersonalTable("journeys.Erasure", _("Erasures"), {
        "persons": _KEY, "carried_by": _KEY, "rows_changed": keep("counts by table"),
        "needles": keep("what the search looks for: sealed, and gone when the proof is done"),
        "failure": CLEAN,
    }),
    PersonalTable("journeys.ErasureProof", _("Proofs of erasures"), {
        "places": keep("names of tables and columns, and row keys of the portal"), "digest": _HASH,
    }),
)  # fmt: skip

# Rows that belong to nobody, but may name somebody.
MAY_NAME = (
    PersonalTable("journeys.ReceivedMessage", _("Messages at the practice gateways"), {
        "message_key": _KEY, "destination": CLEAN, "sender": _CODE, "subject": CLEAN,
        "body": CLEAN,
    }),
    PersonalTable("portal.AuditEntry", _("Audit trail"), {
        "actor_label": keep("the member of staff who acted"), "role": _CODE, "action": _CODE,
        "target_kind": _CODE, "target_key": _KEY, "target_label": CLEAN, "reason": CLEAN,
        "changes": CLEAN, "address": keep("the computer of the member of staff"),
    }),
    PersonalTable("portal.Submission", _("Submissions for approval"), {
        "kind": _CODE, "target_key": _KEY, "title": CLEAN, "summary": CLEAN, "snapshot": CLEAN,
        "title_en": keep("names of campaigns and of wordings; none of a person is given one"),
        "snapshot_hash": _HASH, "void_reason": keep("sentences of the portal about figures"),
    }),
    PersonalTable("portal.SubmissionDecision", _("Decisions on submissions"), {"reason": CLEAN}),
    PersonalTable("portal.Export", _("Exports"), {
        "code": _KEY, "kind": _CODE, "reason": CLEAN, "filters": CLEAN,
        "columns": keep("headings"), "sha256": _HASH,
    }),
    PersonalTable("portal.ImportBatch", _("Imports of files"), {
        "kind": _CODE, "file_name": CLEAN, "file_hash": _HASH, "failure": CLEAN,
    }),
    PersonalTable("portal.Upload", _("Uploaded files"), {
        "kind": _CODE, "label": CLEAN, "stored_name": _KEY, "preview": CLEAN, "failure": CLEAN,
    }),
    PersonalTable("portal.ApiCall", _("Calls of the interface"), {
        "kind": _CODE, "idempotency_key": CLEAN, "body_hash": _HASH, "answer": CLEAN,
    }),
)  # fmt: skip

IMPERSONAL = (
    ImpersonalTable("portal.Branch", "places of the bank"),
    ImpersonalTable("portal.Team", "groups of staff"),
    ImpersonalTable("portal.ApprovalLevel", "how many people approve what"),
    ImpersonalTable("portal.SubmissionAuthor", "who of the staff wrote"),
    ImpersonalTable("portal.Staff", "people who work here, not customers"),
    ImpersonalTable("portal.AuditLink", "hashes of the chain"),
    ImpersonalTable("portal.AuditHead", "the end of the chain"),
    ImpersonalTable("portal.ApiToken", "other systems"),
    ImpersonalTable("journeys.CallModel", "what was learned of thousands of calls together"),
    ImpersonalTable("journeys.PotentialModel", "what was learned of thousands of people together"),
    ImpersonalTable("journeys.DriftDay", "how far thousands of people together have moved"),
    ImpersonalTable("journeys.TraitsChoice", "what the staff lets models read"),
    ImpersonalTable("merchants.MerchantCategory", "codes of a standard"),
    ImpersonalTable("merchants.Merchant", "partners of the bank"),
    ImpersonalTable("merchants.Division", "places"),
    ImpersonalTable("merchants.MerchantLead", "companies that may become partners"),
    ImpersonalTable("merchants.MerchantDeal", "companies that became partners"),
    ImpersonalTable("merchants.Store", "places of business of partners"),
    ImpersonalTable(
        "merchants.MerchantContact", "people who speak for partners, not customers; sealed"
    ),
    ImpersonalTable("merchants.ContactReveal", "who of the staff saw what of these people"),
    ImpersonalTable("merchants.MerchantContract", "contracts with partners"),
    ImpersonalTable("merchants.DataClause", "contracts with partners"),
    ImpersonalTable("merchants.PartnerRequest", "which companies are partners"),
    ImpersonalTable("merchants.MerchantMerge", "which companies are the same"),
    ImpersonalTable("merchants.MerchantTurnover", "sums of merchants' days"),
    ImpersonalTable("merchants.EvidenceOfTurnover", "what turnover shows of partners"),
    ImpersonalTable("merchants.WeeksOfTurnover", "sums of merchants' weeks"),
    ImpersonalTable("journeys.CardProduct", "products"),
    ImpersonalTable("journeys.CutoffRule", "limits"),
    ImpersonalTable("journeys.FigureDay", "when reports of days were closed"),
    ImpersonalTable("journeys.FigureEntry", "counts by day, and ids of staff"),
    ImpersonalTable("journeys.FigureGap", "counts by day, and ids of staff"),
    ImpersonalTable("journeys.FigureProof", "counts"),
    ImpersonalTable("journeys.FigureMark", "days"),
    ImpersonalTable("journeys.ReportMail", "which reports went to staff"),
    ImpersonalTable("journeys.ReportWish", "who of the staff wants a report"),
    ImpersonalTable("journeys.ContactRule", "limits"),
    ImpersonalTable("journeys.ContactHours", "hours"),
    ImpersonalTable("journeys.ControlGroup", "a share of all, and why; it names nobody"),
    ImpersonalTable("journeys.CalendarYear", "the bank's calendar"),
    ImpersonalTable("journeys.CalendarDay", "the bank's calendar"),
    ImpersonalTable("journeys.ConsentText", "texts, the same for everybody"),
    ImpersonalTable("journeys.NoticeRule", "limits"),
    ImpersonalTable("journeys.RevealRule", "limits"),
    ImpersonalTable("journeys.ClockRule", "limits"),
    ImpersonalTable("journeys.ExactSearch", "a keyed hash of what was typed, beside no customer"),
    ImpersonalTable("journeys.SentCount", "counts"),
    ImpersonalTable("journeys.BadCall", "calls of gateways, from the addresses of machines"),
    ImpersonalTable("journeys.ComplaintRule", "limits"),
    ImpersonalTable("journeys.RightsRule", "limits"),
    ImpersonalTable("journeys.PoolPolicy", "limits"),
    ImpersonalTable("journeys.QualityPolicy", "limits"),
    ImpersonalTable("journeys.QualityForm", "what staff are measured by"),
    ImpersonalTable("journeys.QualityDraw", "keys of calls, and a seed"),
    ImpersonalTable("journeys.CallScript", "texts with gaps, the same for everybody"),
    ImpersonalTable("journeys.ProductFact", "what cards have, as published sources say"),
    ImpersonalTable("journeys.MoodMove", "what may be said, the same for everybody"),
    ImpersonalTable("journeys.Disposition", "what calls may come to, the same for everybody"),
    ImpersonalTable("journeys.LeadAssignment", "figures of an assignment, and ids of staff"),
    ImpersonalTable("journeys.LeadScoring", "how far the leads of a branch are scored"),
    ImpersonalTable("journeys.MessageTemplate", "texts with gaps, the same for everybody"),
    ImpersonalTable("journeys.OriginHalt", "why the messages of a campaign are not sent"),
    ImpersonalTable("journeys.CallingOff", "why the messages of a campaign are cancelled"),
    ImpersonalTable("journeys.SendingRate", "limits"),
    ImpersonalTable("journeys.OwnAddress", "test phones and devices of staff"),
    ImpersonalTable("journeys.TextWithdrawal", "why a text goes out no more"),
    ImpersonalTable(
        "journeys.TextTest", "texts that staff sent to themselves, with invented values"
    ),
    ImpersonalTable("journeys.StageCount", "counts"),
    ImpersonalTable("journeys.ErasedNumber", "keyed hashes of numbers that are gone"),
    ImpersonalTable(
        "journeys.ErasedRefusal",
        "keyed hashes of phones, ID numbers and e-mails, beside no customer: kept after an "
        "erasure, and told in its proof, or where one is taken away, or by the word of somebody "
        "who is no customer, so that nobody who shares it with a person who refused is contacted",
    ),
    # Of the libraries: what they keep is about staff.
    ImpersonalTable("axes.AccessAttempt", "sign-ins of staff"),
    ImpersonalTable("axes.AccessLog", "sign-ins of staff"),
    ImpersonalTable("axes.AccessFailureLog", "sign-ins of staff"),
    ImpersonalTable("account.EmailAddress", "addresses of staff"),
    ImpersonalTable("account.EmailConfirmation", "addresses of staff"),
    ImpersonalTable("mfa.Authenticator", "second factors of staff"),
    ImpersonalTable("admin.LogEntry", "what administrators did to the configuration"),
    ImpersonalTable("auth.Group", "unused"),
    ImpersonalTable("auth.Permission", "names of Django's permissions"),
    ImpersonalTable("contenttypes.ContentType", "names of models"),
    ImpersonalTable("sessions.Session", "signed-in staff"),
)

ALL = (*PERSONS, *OF_PERSONS, *MAY_NAME, *IMPERSONAL)
