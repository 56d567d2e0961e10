"""Who may do what: the whole table of roles and permissions, on one page."""

from portal.staff.enums import Permission as P
from portal.staff.enums import Role

_EVERYBODY = {P.VIEW_HOME}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.CAMPAIGN_MANAGER: frozenset(
        _EVERYBODY
        | {P.VIEW_CAMPAIGNS, P.EDIT_CAMPAIGNS, P.RUN_CAMPAIGNS, P.VIEW_APPROVALS, P.VIEW_CUSTOMERS}
        | {P.VIEW_MERCHANTS, P.VIEW_OUTBOX, P.SETTLE_OUTBOX, P.VIEW_SANDBOX, P.VIEW_IMPORTS}
        | {P.VIEW_STAGES, P.IMPORT_FILES, P.EXPORT_DATA, P.EXPORT_CUSTOMERS, P.VIEW_CONTACT_RULES}
        | {P.HALT_OUTBOX, P.EDIT_CONTROL_GROUP, P.SETTLE_TWICE, P.UPLOAD_OWN, P.SEE_UPLOADS}
        | {P.VIEW_SCRIPTS, P.EDIT_SCRIPTS, P.VIEW_FIGURES, P.VIEW_WARNINGS}
    ),
    Role.APPROVER: frozenset(
        _EVERYBODY
        | {P.VIEW_CAMPAIGNS, P.VIEW_APPROVALS, P.APPROVE_CAMPAIGNS}
        | {P.VIEW_RIGHTS, P.APPROVE_RIGHTS, P.VIEW_CONTACT_RULES}
        | {P.VIEW_MERCHANTS, P.APPROVE_PARTNERS, P.APPROVE_FUNDS, P.VIEW_SCRIPTS}
        | {P.VIEW_TARGETS, P.APPROVE_TARGETS, P.VIEW_SCORECARDS, P.APPROVE_SCORECARDS}
    ),
    Role.COMPLIANCE: frozenset(
        _EVERYBODY
        | {P.VIEW_CAMPAIGNS, P.STOP_CAMPAIGNS, P.VIEW_APPROVALS, P.APPROVE_CAMPAIGNS, P.VIEW_AUDIT}
        | {P.VIEW_CUSTOMERS, P.VIEW_MERCHANTS, P.VIEW_LEADS, P.VIEW_OUTBOX, P.VIEW_SANDBOX}
        | {P.VIEW_IMPORTS, P.VIEW_UPLOADS, P.VIEW_STAGES, P.VIEW_CARE, P.EDIT_CARE}
        | {P.REVEAL_DATA, P.VIEW_REVEALS, P.EXPORT_DATA, P.EXPORT_CUSTOMERS, P.VIEW_EXPORTS}
        | {P.VIEW_RIGHTS, P.OPEN_RIGHTS, P.HANDLE_RIGHTS, P.APPROVE_RIGHTS}
        | {P.VIEW_CONSENTS, P.EDIT_CONSENT, P.VIEW_CONTACT_RULES, P.EDIT_CONTACT_RULES}
        | {P.EDIT_WORDING, P.EDIT_CLOCK_RULES, P.WITHDRAW_TEXTS, P.WITHDRAW_REFERRALS}
        | {P.HALT_OUTBOX, P.EDIT_GROUPS, P.EDIT_CONTROL_GROUP, P.SETTLE_TWICE}
        | {P.REVEAL_CONTACTS, P.APPROVE_PARTNERS, P.SEE_UPLOADS, P.VIEW_SCRIPTS}
        | {P.READ_CALLS, P.DECIDE_CALLS, P.VIEW_FIGURES, P.KEEP_ACTIVITY}
        | {P.VIEW_TARGETS, P.VIEW_SCORECARDS, P.APPROVE_SCORECARDS, P.VIEW_PAY, P.VIEW_WARNINGS}
    ),
    Role.RELATIONSHIP_MANAGER: frozenset(
        _EVERYBODY
        | {P.VIEW_MERCHANTS, P.EDIT_MERCHANTS, P.REVEAL_CONTACTS}
        | {P.EDIT_PARTNERSHIPS, P.VIEW_PLAYBOOKS}
        | {P.EDIT_POSTS, P.STAND_AT_POSTS, P.EXPORT_DATA, P.UPLOAD_OWN, P.SEE_UPLOADS}
    ),
    Role.TELEMARKETER: frozenset(
        _EVERYBODY
        | {P.VIEW_LEADS, P.WORK_LEADS, P.RECORD_REFERRALS, P.STAND_AT_POSTS, P.VIEW_SCRIPTS}
        | {P.SEE_OWN_PAY}
    ),
    Role.BRANCH_MANAGER: frozenset(
        _EVERYBODY
        | {P.VIEW_CUSTOMERS, P.VIEW_MERCHANTS, P.VIEW_LEADS, P.VIEW_CAMPAIGNS}
        | {P.VIEW_STAGES, P.VIEW_CARE, P.EDIT_CARE, P.EDIT_CONSENT, P.VIEW_CONTACT_RULES}
        | {P.REVEAL_DATA, P.EXPORT_DATA, P.EXPORT_CUSTOMERS}
        | {P.VIEW_RIGHTS, P.OPEN_RIGHTS, P.RECORD_REFERRALS, P.REDEEM_BENEFITS}
        | {P.WITHDRAW_REFERRALS, P.EDIT_PARTNERSHIPS, P.APPROVE_PARTNERSHIPS, P.VIEW_APPROVALS}
        | {P.VIEW_PLAYBOOKS, P.EDIT_PLAYBOOKS}
        | {P.ASSIGN_MERCHANTS, P.REVEAL_CONTACTS}
        | {P.EDIT_POSTS, P.KEEP_QUALIFICATIONS, P.APPROVE_FUNDS, P.PAY_FUNDS}
        | {P.UPLOAD_OWN, P.SEE_UPLOADS, P.ASSIGN_LEADS, P.KEEP_MODELS, P.VIEW_SCRIPTS}
        | {P.READ_CALLS, P.VIEW_FIGURES}
        | {P.VIEW_TARGETS, P.EDIT_TARGETS, P.APPROVE_TARGETS, P.VIEW_SCORECARDS}
        | {P.VIEW_PAY, P.VIEW_WARNINGS}
    ),
    Role.ANALYST: frozenset(
        _EVERYBODY
        | {P.VIEW_CAMPAIGNS, P.VIEW_STAGES, P.EXPORT_DATA, P.KEEP_MODELS, P.VIEW_TARGETS}
        | {P.VIEW_FIGURES, P.KEEP_FIGURES}
    ),
    Role.ADMINISTRATOR: frozenset(
        _EVERYBODY
        | {P.ADMINISTER, P.VIEW_AUDIT, P.VIEW_SANDBOX, P.VIEW_IMPORTS, P.IMPORT_FILES}
        | {P.VIEW_UPLOADS, P.VIEW_PLAYBOOKS, P.EDIT_PLAYBOOKS, P.UPLOAD_OWN, P.SEE_UPLOADS}
        | {P.VIEW_FIGURES, P.KEEP_FIGURES}
    ),
}

# Models that an administrator may open in the Django admin, with what may be done to them.
ADMIN_MODELS: dict[str, frozenset[str]] = {
    "portal.branch": frozenset({"view", "add", "change"}),
    "portal.team": frozenset({"view", "add", "change"}),
    "portal.staff": frozenset({"view", "add", "change"}),
    "portal.approvallevel": frozenset({"view", "add"}),
    "campaigns.submissionrule": frozenset({"view", "add"}),
    "campaigns.erarule": frozenset({"view", "add"}),
    "campaigns.effectrule": frozenset({"view", "add"}),
    "campaigns.warningrule": frozenset({"view", "add"}),
    "campaigns.pausepolicy": frozenset({"view", "add"}),
    "campaigns.sendername": frozenset({"view", "add"}),
    "journeys.cardproduct": frozenset({"view", "add", "change"}),
    "journeys.contactrule": frozenset({"view"}),
    "journeys.cutoffrule": frozenset({"view", "add"}),
    "journeys.complaintrule": frozenset({"view", "add"}),
    "journeys.revealrule": frozenset({"view", "add"}),
    "journeys.rightsrule": frozenset({"view", "add"}),
    "journeys.scorecardrule": frozenset({"view", "add"}),
    "journeys.noticerule": frozenset({"view", "add"}),
    "merchants.partnershiprule": frozenset({"view", "add"}),
    "merchants.negotiationrule": frozenset({"view", "add"}),
    "merchants.postrule": frozenset({"view", "add"}),
    "merchants.citytier": frozenset({"view", "add"}),
    "merchants.merchantcategory": frozenset({"view", "add", "change"}),
    "axes.accessattempt": frozenset({"view", "delete"}),
    "axes.accesslog": frozenset({"view"}),
}


def role_may(role: str, permission: str) -> bool:
    """This will tell whether people of `role` hold `permission`."""
    return permission in PERMISSIONS.get(role, frozenset())


def roles_that_may(permission: str) -> list[str]:
    """This will return the roles that hold `permission`, in the order of the table."""
    return [role for role in PERMISSIONS if role_may(role, permission)]


def codes_on(path: str) -> list[str]:
    """This will return the codes of the branches on a branch's path, the head office first and the
    branch itself last."""
    return path.strip("/").split("/")


def admin_may(role: str, django_permission: str) -> bool:
    """This will tell whether `role` holds a Django permission such as "portal.change_staff"."""
    app, _dot, codename = django_permission.partition(".")
    verb, _underscore, model = codename.partition("_")
    return role == Role.ADMINISTRATOR and verb in ADMIN_MODELS.get(f"{app}.{model}", frozenset())
