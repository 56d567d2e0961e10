"""One lead by hand: somebody told a telemarketer of a person or company."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.customers.enums import LawfulBasis
from journeys.telemarketing.enums import LeadAnswer, LeadState
from journeys.telemarketing.models import Lead
from journeys.telemarketing.operations import loading, moving
from journeys.telemarketing.operations.refusing import LeadRefused
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.enums import Permission
from portal.staff.models import Staff


@dataclass(frozen=True)
class Collected:
    """What was told of a person or company; `basis_words` are what the lawful basis rests on."""

    kind: str
    name: str
    company: str
    phone: str
    source: str
    lawful_basis: str
    basis_words: str


@transaction.atomic
def collect_lead(*, facts: Collected, actor: Staff, at: dt.datetime) -> Lead:
    """This will take in a lead that a telemarketer collected: the own one where the policy lets it
    be, otherwise in the pool of the branch; where the phone is that of an open lead, merged into
    it. Who collected it stays credited either way. Raises LeadRefused."""
    moving.refuse_without(actor=actor, permission=Permission.WORK_LEADS)
    if facts.lawful_basis == LawfulBasis.CONSENT and not facts.basis_words.strip():
        raise LeadRefused(_("Where the person consented, say when, where and in which words."))
    number = f"H-{secrets.token_hex(6)}"
    record = loading.LeadRecord(
        number=number, kind=facts.kind, name=facts.name, company=facts.company, phone=facts.phone,
        source=facts.source, lawful_basis=facts.lawful_basis, branch_id=actor.branch_id,
        team_id=actor.team_id, owner_id=actor.pk, state=LeadState.NEW, created_at=at,
        collected_by_id=actor.pk, basis_words=masking.mask_text(facts.basis_words.strip())[:200],
    )  # fmt: skip
    ((_number, answer),) = loading.take_in(records=[record], at=at).answers
    if answer == LeadAnswer.NOT_TO_BE_CONTACTED:
        raise LeadRefused(
            _("Whoever has this phone said that the bank is not to contact them; nothing was kept.")
        )
    lead = Lead.objects.get(number=number)
    audit.record(action="leads.collected", actor=actor, at=at, target=lead)
    return lead
