"""A person whose data stands in every table, and requests about it."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from journeys.customers import queries as customers
from journeys.models import Customer, Erasure, Lead, RightsRequest, RightsRule
from journeys.rights import operations as rights
from journeys.rights.queries import holdings, links
from portal.approvals import operations as approvals
from portal.kit import masking, sealed
from portal.kit.personal import Fate, PersonalTable
from portal.models import Staff, Submission
from tests.factories.journeys import CardFactory, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 6, 1)
NUMBER, NAME, PINYIN = "C70707070", "欧阳若曦", "ou yang ruo xi"
PHONE, ID_NUMBER = "13912345678", "44030519880615003X"
EMAIL = "ouyang.ruoxi@mail.example.cn"
LEAD_NUMBER = "L7070707"
WORDS = f"{NAME} {NUMBER} {LEAD_NUMBER} {PHONE} {ID_NUMBER} {EMAIL}"
# What must stand nowhere any more; the masks are searched in the person's own rows only.
SECRETS = (NUMBER, NAME, PINYIN, PHONE, ID_NUMBER, EMAIL, LEAD_NUMBER)

# Rows that the requests and the erasure make by themselves.
_MADE_BY_THE_WAY = {"journeys.ErasureProof"}
# Keys to somebody else: nobody brings himself.
_OF_ANOTHER = {
    "journeys.Referral": {"referrer"}, "journeys.LeadMerge": {"kept", "merged"},
    "journeys.LeadPair": {"first", "second"},
}  # fmt: skip
# Where words of a person cannot be put by hand: constraints and columns of bytes.
_OWN_VALUES: dict[str, dict[str, Any]] = {
    "journeys.Card": {"masked_number": "622588******0001"},
    "journeys.PastCall": {"age": 37},
    "journeys.LeadMerge": {"undo_reason": ""},
    "journeys.LeadPair": {"reason": ""},
    "journeys.LeadCall": {"callee": lambda: customers.callee_of(PHONE)},
    "journeys.Answer": {"callee": lambda: customers.callee_of(PHONE), "note": ""},
    "journeys.BadAddress": {
        "address_sealed": lambda: sealed.seal(EMAIL, "badaddress.address"),
        "address_index": lambda: sealed.blind_index(EMAIL, "email"),
    },
}


def the_person(**values: Any) -> Customer:
    """A customer with everything, sealed as in real life, and a lead of the same person."""
    customer = CustomerFactory(
        **{
            "number": NUMBER, "name": NAME, "name_pinyin": PINYIN, "phone": PHONE, "email": EMAIL,
            "birth_date": dt.date(1988, 6, 15), "division_code": "440305",
            "id_number": ID_NUMBER,
        } | values
    )  # fmt: skip
    row_of(
        "journeys.Lead", number=LEAD_NUMBER, name=NAME, company=f"{NAME}工作室",
        branch=customer.branch, customer=customer,
        phone_sealed=sealed.seal(PHONE, "lead.phone"),
        phone_index=sealed.blind_index(PHONE, "phone"), phone_masked=masking.mask_phone(PHONE),
        callee=customers.callee_of(PHONE),
    )  # fmt: skip
    return customer


def fill_every_table(customer: Customer) -> None:
    """This will make a row of every model that leads to the customer, and of every one that may
    name somebody, with the person's words in every column that an erasure changes."""
    made: dict[type[models.Model], Any] = {
        Customer: customer,
        Lead: Lead.objects.get(customer=customer),
    }
    made[apps.get_model("journeys.Card")] = CardFactory(
        customer=customer, activated_date=dt.date(2026, 3, 2),
        first_used_date=dt.date(2026, 3, 2), closed_date=dt.date(2026, 5, 2),
        application__customer=customer, **_OWN_VALUES["journeys.Card"],
    )  # fmt: skip
    waiting = [
        link
        for link in links.links_to(Customer)
        if link.model not in made and link.model._meta.label not in _MADE_BY_THE_WAY
    ]
    # What hangs on another row comes after it.
    waiting.sort(key=lambda link: (link.paths[0].count("__"), link.model._meta.label))
    for link in waiting:
        label = link.model._meta.label
        for step in sorted({path.partition("__")[0] for path in link.paths}):
            hung_on = _hung_on(link, step, made)
            made[link.model] = row_of(label, **hung_on | _ended(label) | _words_in(label))
    for model, columns in links.cleaned_tables(holdings.ROOTS):
        if columns:
            row_of(model._meta.label, **_ended(model._meta.label) | _words_in(model._meta.label))


def _hung_on(link: links.Link, step: str, made: dict[type[models.Model], Any]) -> dict[str, Any]:
    """The rows of the person on which a row of this model hangs, by this step and no other."""
    others = {path.partition("__")[0] for path in link.paths} - {step}
    steps = {step} | {
        field.name
        for field in link.model._meta.concrete_fields
        if field.related_model in made and not field.null
    } - _OF_ANOTHER.get(link.model._meta.label, set())
    targets = {name: link.model._meta.get_field(name).related_model for name in sorted(steps)}
    without = [name for name in others if link.model._meta.get_field(name).null]
    return {name: made[target] for name, target in targets.items()} | dict.fromkeys(without)  # type: ignore[index]


def _ended(label: str) -> dict[str, Any]:
    """What keeps a row from standing against an erasure."""
    day = dt.date(2026, 3, 3)
    return {
        "journeys.Complaint": {
            "state": "closed", "answered_date": day, "closed_date": day, "cause_kind": "process",
        },
        "journeys.ServiceCase": {"state": "closed", "closed_date": day},
        "journeys.Message": {"state": "sent", "sent_at": AT},
        "journeys.Erasure": {"state": "returned"},
        "journeys.RightsRequest": {"state": "done", "answered_date": day},
        "portal.Upload": {"state": "refused", "finished_at": AT},
    }.get(label, {})  # fmt: skip


def _words_in(label: str) -> dict[str, Any]:
    """The person's words for every column that is erased; as many as go in."""
    model, table = apps.get_model(label), links.declared(apps.get_model(label))
    assert isinstance(table, PersonalTable), label
    own = _OWN_VALUES.get(label, {})
    found = {name: value() if callable(value) else value for name, value in own.items()}
    for name, fate in table.columns.items():
        field = model._meta.get_field(name)
        if fate.fate in (Fate.KEEP, Fate.TOKEN) or name in _OWN_VALUES.get(label, {}):
            continue
        if isinstance(field, models.JSONField):
            found[name] = {"words": WORDS, NAME: [PHONE]}
        elif isinstance(field, models.CharField | models.TextField):
            found[name] = _fitting(field.max_length)
        assert isinstance(field, ArrayField) or name in found, f"{label}.{name}: no words for it"
    return found


def _fitting(length: int | None) -> str:
    return WORDS if length is None or length >= len(WORDS) else NAME[:length]


def take_in(
    person: Any,
    kind: str = "delete",
    identity_check: str = "id_document",
    details: str = "请处理我的资料",
) -> RightsRequest:
    """A request of a person, with a rule in force."""
    if not RightsRule.objects.exists():
        rights.set_usual_rule(effective_date=dt.date(2020, 1, 1), at=AT)
    return rights.open_request(
        person=person, kind=kind, channel="branch", identity_check=identity_check,
        details=details, received_date=DAY, actor=None, at=AT,
    )  # fmt: skip


def allowed(person: Any, maker: Staff | None = None) -> Erasure:
    """An erasure that a second person allowed."""
    return allow(take_in(person), maker)


def allow(request: RightsRequest, maker: Staff | None = None) -> Erasure:
    """The erasure that a request asks for, asked and allowed by a second person."""
    maker = maker or StaffFactory(role="compliance")
    erasure = rights.ask_erasure(request_id=request.pk, actor=maker, at=AT)
    approvals.decide(
        submission_id=Submission.objects.filter(target_key=request.number).latest("id").pk,
        checker=StaffFactory(role="approver"), verdict="approve", reason="", at=AT,
    )  # fmt: skip
    erasure.refresh_from_db()
    return erasure
