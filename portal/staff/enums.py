"""Roles and permissions of the people who work here."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BranchLevel(models.TextChoices):
    HEAD_OFFICE = "head_office", _("Head office")
    REGION = "region", _("Region")
    BRANCH = "branch", _("Branch")


class Role(models.TextChoices):
    CAMPAIGN_MANAGER = "campaign_manager", _("Campaign manager")
    APPROVER = "approver", _("Approver")
    COMPLIANCE = "compliance", _("Compliance officer")
    RELATIONSHIP_MANAGER = "relationship_manager", _("Relationship manager")
    TELEMARKETER = "telemarketer", _("Telemarketer")
    BRANCH_MANAGER = "branch_manager", _("Branch manager")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class Permission(models.TextChoices):
    """What a role may do; `portal.staff.rules.PERMISSIONS` says which role may do what."""

    VIEW_HOME = "view_home", _("See the home page")
    VIEW_CAMPAIGNS = "view_campaigns", _("See campaigns, runs and decisions")
    EDIT_CAMPAIGNS = "edit_campaigns", _("Design and submit campaigns")
    RUN_CAMPAIGNS = "run_campaigns", _("Start runs of a campaign")
    STOP_CAMPAIGNS = "stop_campaigns", _("Stop any campaign at once")
    APPROVE_CAMPAIGNS = "approve_campaigns", _("Approve or return campaigns")
    VIEW_APPROVALS = "view_approvals", _("See the approvals inbox")
    VIEW_CUSTOMERS = "view_customers", _("See customers, masked")
    VIEW_STAGES = "view_stages", _("See how far customers came, in numbers")
    VIEW_MERCHANTS = "view_merchants", _("See merchants")
    EDIT_PARTNERSHIPS = "edit_partnerships", _("Lead partnerships with merchants")
    APPROVE_PARTNERSHIPS = "approve_partnerships", _("Allow moves of partnerships of others")
    APPROVE_FUNDS = "approve_funds", _("Approve or return plans of promotion money")
    PAY_FUNDS = "pay_funds", _("Note payments of promotion money")
    VIEW_PLAYBOOKS = "view_playbooks", _("See the playbooks of partnerships")
    EDIT_PLAYBOOKS = "edit_playbooks", _("Write the playbooks of partnerships")
    EDIT_POSTS = "edit_posts", _("Keep posts at stores, and plan who stands there")
    STAND_AT_POSTS = "stand_at_posts", _("Stand at posts, check in and out there")
    KEEP_QUALIFICATIONS = (
        "keep_qualifications",
        _("Record qualifications and absences of the branch's staff"),
    )
    EDIT_MERCHANTS = "edit_merchants", _("Keep the own merchants")
    ASSIGN_MERCHANTS = "assign_merchants", _("Assign merchants, and merge those that are the same")
    VIEW_WARNINGS = "view_warnings", _("Look at early warnings, and say what becomes of them")
    REVEAL_CONTACTS = (
        "reveal_contacts",
        _("Show one value of a contact person in full, with a reason"),
    )
    APPROVE_PARTNERS = "approve_partners", _("Approve or return partners")
    VIEW_LEADS = "view_leads", _("See leads, masked")
    WORK_LEADS = "work_leads", _("Take leads from the pool, and work on the own ones")
    ASSIGN_LEADS = (
        "assign_leads",
        _("Assign leads of the branch, take them back, and set the policy of its pool"),
    )
    READ_CALLS = "read_calls", _("Read calls that were drawn, and see what was found in them")
    DECIDE_CALLS = (
        "decide_calls",
        _("Decide about disputed results of calls, and set what is read and by which form"),
    )
    VIEW_SCRIPTS = "view_scripts", _("See what callers say: scripts, and cards against rivals")
    EDIT_SCRIPTS = "edit_scripts", _("Write scripts of calls, and facts about cards against rivals")
    VIEW_TARGETS = "view_targets", _("See plans of targets, and how far branches are")
    EDIT_TARGETS = "edit_targets", _("Make plans of targets and scorecards, and split targets")
    APPROVE_TARGETS = "approve_targets", _("Approve or return plans of targets")
    VIEW_SCORECARDS = "view_scorecards", _("See scorecards")
    APPROVE_SCORECARDS = "approve_scorecards", _("Approve or return scorecards")
    VIEW_PAY = "view_pay", _("See what scorecards pay the people of the branch")
    SEE_OWN_PAY = "see_own_pay", _("See the own targets, and what scorecards pay oneself")
    RECORD_REFERRALS = "record_referrals", _("Record who brought an applicant")
    WITHDRAW_REFERRALS = "withdraw_referrals", _("Withdraw who brought an applicant")
    SETTLE_TWICE = "settle_twice", _("Settle rewards that a person holds twice")
    REDEEM_BENEFITS = "redeem_benefits", _("Record the use of member benefits")
    VIEW_OUTBOX = "view_outbox", _("See the outbox")
    HALT_OUTBOX = "halt_outbox", _("Pause, resume and stop what is sent, and set how fast")
    SETTLE_OUTBOX = "settle_outbox", _("Settle messages in doubt and retry failed ones")
    VIEW_SANDBOX = "view_sandbox", _("See the messages of the practice gateways")
    VIEW_CARE = "view_care", _("See service cases and complaints")
    EDIT_CARE = "edit_care", _("Handle service cases and complaints")
    REVEAL_DATA = "reveal_data", _("Show one value of a customer in full, with a reason")
    VIEW_REVEALS = "view_reveals", _("See who was shown which value, and why")
    VIEW_FIGURES = "view_figures", _("See the daily sales report and the figures beside it")
    KEEP_FIGURES = "keep_figures", _("See the proof of figures, and have days counted again")
    EXPORT_DATA = "export_data", _("Take figures out as a file")
    EXPORT_CUSTOMERS = "export_customers", _("Take lists about customers out as a file, masked")
    VIEW_EXPORTS = "view_exports", _("See the exports that others made")
    VIEW_RIGHTS = "view_rights", _("See requests of persons about their data")
    OPEN_RIGHTS = "open_rights", _("Take in requests of persons about their data")
    HANDLE_RIGHTS = "handle_rights", _("Carry out requests of persons about their data")
    APPROVE_RIGHTS = "approve_rights", _("Approve the erasure of a person's data")
    VIEW_CONSENTS = "view_consents", _("See the consents and refusals of all customers")
    EDIT_CONSENT = "edit_consent", _("Record consents, withdrawals and refusals")
    VIEW_CONTACT_RULES = "view_contact_rules", _("See hours and limits of contact")
    EDIT_CONTACT_RULES = "edit_contact_rules", _("Set hours, limits, calendar and texts of contact")
    EDIT_CONTROL_GROUP = "edit_control_group", _("Propose the bank's control group")
    KEEP_MODELS = "keep_models", _("Train the models of calls, and say what they may read")
    EDIT_CLOCK_RULES = "edit_clock_rules", _("Set the limit from application to card")
    WITHDRAW_TEXTS = "withdraw_texts", _("Withdraw message texts at once")
    KEEP_ACTIVITY = "keep_activity", _("Define active cards, and set the limit of sleeping ones")
    EDIT_WORDING = "edit_wording", _("Decide which words of advertising are looked for")
    EDIT_GROUPS = "edit_groups", _("Decide which campaigns exclude one another")
    VIEW_AUDIT = "view_audit", _("Browse the audit trail")
    VIEW_IMPORTS = "view_imports", _("See imports of files")
    VIEW_UPLOADS = "view_uploads", _("See the files that others uploaded, masked")
    IMPORT_FILES = "import_files", _("Upload files and import them")
    UPLOAD_OWN = "upload_own", _("Upload files of the kinds that are open to the role")
    SEE_UPLOADS = "see_uploads", _("See the own uploads, and what files must hold")
    ADMINISTER = "administer", _("Keep staff, branches and products")
