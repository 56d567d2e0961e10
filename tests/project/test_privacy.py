"""No page shows a phone, ID or card number or an address of a customer in clear; the one exception
is the answer to a reveal, which holds the one value asked for.

A bank's day is played with one person whose numbers also stand where people write freely: in
reasons, evidence, a refusal, a headerless file. Then every role opens every door.
"""

import datetime as dt
import io
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.eligibility import operations as eligibility
from campaigns.models import Decision, Run
from campaigns.planning import operations as planning
from journeys.care import operations as care
from journeys.contact import operations as contact
from journeys.models import Complaint, Customer, Message, Reveal
from journeys.outreach import operations as outreach
from journeys.reveals import operations as reveals
from journeys.stages import operations as stages
from portal.approvals import operations as approvals
from portal.exports import queries as exports
from portal.intake import operations as intake
from portal.intake.rules import BadCell, Column, FileRefused
from portal.kit import clock, logs, masking
from portal.kit.registry import registry
from portal.models import AuditEntry, Export, ImportBatch, Staff, Submission
from portal.staff.enums import Permission, Role
from portal.staff.rules import ADMIN_MODELS
from tests.factories.campaigns import AT, ON, approved, card_in_use, draft, submit
from tests.factories.journeys import (
    DAY,
    INSTANT,
    ApplicationFactory,
    CardFactory,
    ConsentFactory,
    CustomerFactory,
    LeadFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory
from tests.portal.exports.workbooks import parts_of
from tests.project import comparison_rows, doors, exported, house, target_rows
from tests.project.post_rows import a_shift
from tests.project.rows import negotiation_rows, row_of
from tests.project.spoken import (
    ADDRESS,
    CARD,
    EMAIL,
    HOME,
    ID_NUMBER,
    NAME,
    PHONE,
    SPOKEN,
    VALUES,
    WORDS,
    WRITTEN,
    shown,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _practice_gateways(settings: Any) -> None:
    settings.SANDBOX_HTTP_PORT = 1


def the_person(branch: Any) -> Customer:
    return CustomerFactory(
        branch=branch,
        name=NAME,
        phone=PHONE,
        email=EMAIL,
        address=ADDRESS,
        id_number=ID_NUMBER,
    )


def speak_of(person: Customer, officer: Staff) -> None:
    """This will take in what the person says and files, and reveal every value."""
    ConsentFactory(customer=person, evidence="; ".join(WRITTEN), effective_at=INSTANT)
    contact.record_do_not_contact(
        customer_id=person.pk, words=SPOKEN, source="call", actor=officer, at=AT
    )
    row_of("journeys.RevealRule")
    care.set_usual_rule(effective_date=ON, at=AT)
    care.open_complaint(
        customer_id=person.pk, grade="simple", channel="hotline", words=SPOKEN, actor=officer, at=AT
    )
    ApplicationFactory(customer=person, branch=person.branch, state="filed", decided_date=None)
    for field in VALUES:
        reveals.record_reveal(
            customer=person, field=field, actor=officer, at=AT, **{**WORDS, "words": SPOKEN}
        )


def _sent_back(version: Any, officer: Staff) -> Submission:
    submit(version)
    submission = Submission.objects.get(target_key=str(version.pk))
    approvals.decide(
        submission_id=submission.pk, checker=officer, verdict="return", reason=SPOKEN, at=AT
    )
    return submission


def play_a_day(manager: Staff, officer: Staff, folder: Path) -> dict[str, dict[str, Any]]:
    """This will do everything that takes a person's data in; returns what addresses point at."""
    person = the_person(manager.branch)
    approved()
    card = card_in_use(customer=person, branch=manager.branch, masked_number="622588******0001")
    version = draft(owner=manager, code="second", name="第二")
    run = eligibility.start_run(
        version_id=approved().pk, kind="live", on=ON, started_by=manager, at=AT
    )
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    message = Message.objects.get()
    Message.objects.update(state="in_doubt")
    outreach.send_again(message_id=message.pk, actor=officer, reason=SPOKEN, at=AT)
    row_of("journeys.ReceivedMessage", destination=PHONE)
    row_of("journeys.ReceivedMessage", channel="email", destination=EMAIL, subject="x")
    LeadFactory(branch=manager.branch, phone_masked=masking.mask_phone(PHONE))
    submission = _sent_back(version, officer)
    outreach.pause_origin(origin=message.origin, reason=SPOKEN, actor=officer, at=AT)
    planning.stop_campaign(campaign_id=run.version.campaign_id, reason=SPOKEN, actor=officer, at=AT)
    headless = folder / f"{PHONE}.csv"
    headless.write_text(f"C1,王小明,{PHONE},{ID_NUMBER},{EMAIL},{CARD}\n" * 2, encoding="utf-8")
    with pytest.raises(FileRefused):
        intake.import_file(kind="customers", path=headless, actor=manager, at=AT)
    assert ImportBatch.objects.get().state == "failed"
    speak_of(person, officer)
    decision = Decision.objects.get(customer=card.customer)
    return {
        "approval_page": {"submission_id": submission.pk},
        "audit_page": {"entry_id": AuditEntry.objects.get(action="campaign.stopped").pk},
        **{
            f"customer_{part}": {"number": person.number}
            for part in ("page", "timeline", "spending", "promise", "care")
        },
        "complaint_page": {"number": Complaint.objects.get().number},
        "reveal_field": {"number": person.number, "field": "address"},
        "message_page": {"message_id": message.pk},
        "campaign_page": {"code": "first-gift"},
        "campaign_stop": {"code": "first-gift"},
        "campaign_runs": {"code": "first-gift"},
        "run_start_preview": {"code": "first-gift"},
        "run_start_live": {"code": "first-gift"},
        "campaign_version": {"version_id": version.pk},
        "run_page": {"run_id": run.pk},
        "run_progress": {"run_id": run.pk},
        "run_decisions": {"run_id": run.pk},
        "decision_page": {"decision_id": decision.pk},
    }


# As a source might send them for keys, one of each sort of number.
KEYS = (PHONE, f"C{PHONE}", "139-1234-5678", ID_NUMBER, "440305880615003", "6225880000000001")
NAMES_OF_KEYS = {"customer", "card", "application", "primary_reference", "refund_of", "merchant"}


def test_no_kind_of_file_takes_the_number_of_a_person_for_a_key() -> None:
    taken, asked = [], set()
    for kind in registry.import_kinds.values():
        for column in kind.columns:
            if column.name == kind.key or column.name in NAMES_OF_KEYS:
                asked.add(f"{kind.code}.{column.name}")
                taken += [
                    f"{kind.code}.{column.name}: {key}" for key in KEYS if _takes(column, key)
                ]
    # Merchants of the card schemes have numbers of fifteen digits, as old ID numbers are.
    named_by = ["applications", "transactions", "stores", "merchant_contacts", "merchant_deals"]
    named_by += ["merchant_contracts", "merchant_turnover", "response_levels"]
    of_merchants = {f"{kind}.merchant: {KEYS[4]}" for kind in named_by}
    of_merchants.add(f"merchants.number: {KEYS[4]}")
    house.assert_none(sorted(set(taken) - of_merchants))
    assert {"customers.number", "cards.primary_reference", "complaints.number"} < asked
    assert len(asked) > 20


def _takes(column: Column, key: str) -> bool:
    try:
        column.cell.parse(key)
    except BadCell:
        return False
    return True


def test_a_file_with_numbers_for_keys_leaves_them_nowhere(
    client_of: Callable[..., Client], tmp_path: Path
) -> None:
    """Uploaded, tried, imported, its bad rows looked at: by the pages and by the interface."""
    branch = BranchFactory(code="B001")
    staff = {role: StaffFactory(role=role, branch=branch) for role in Role.values}
    manager = staff[Role.CAMPAIGN_MANAGER]
    rows = [f"{key},王小明,B001,2026-03-02,contract" for key in (*KEYS, "C7")]
    content = "\n".join(["number,name,branch,registered_date,lawful_basis", *rows]).encode()
    upload = intake.receive_file(
        kind="customers", label="keys.csv", chunks=[content], by=manager, at=AT
    )
    intake.work_upload(upload_id=upload.pk, at=AT)
    intake.start_import(upload_id=upload.pk, by=manager, at=AT)
    intake.work_upload(upload_id=upload.pk, at=AT)
    upload.refresh_from_db()
    assert list(Customer.objects.values_list("number", flat=True)) == ["C7"]
    assert (upload.batch.rows_new, upload.batch.rows_bad) == (1, len(KEYS))
    token, secret = intake.create_token(
        name="core", kinds=["customers"], last_day=clock.today(), by=staff["administrator"],
        at=clock.now(),
    )  # fmt: skip
    sent = [{"number": key, "name": "王小明", "branch": "B001", "registered_date": "2026-03-02",
             "lawful_basis": "contract"} for key in KEYS]  # fmt: skip
    answer = Client().post(
        "/api/v1/imports/customers/", sent, content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert (answer.json()["rows_bad"], token.pk is not None) == (len(KEYS), True)
    texts = {"api": answer.content.decode()}
    for role, person in staff.items():
        client = client_of(person)
        for name, kwargs in {
            "import_list": {}, "upload_page": {"upload_id": upload.pk}, "audit_list": {},
            "upload_errors": {"upload_id": upload.pk}, "customer_list": {},
        }.items():  # fmt: skip
            page = client.get(reverse(name, kwargs=kwargs))
            body = b"".join(page.streaming_content) if page.streaming else page.content  # type: ignore[attr-defined]
            is_book = body.startswith(b"PK")
            texts[f"{role} {name}"] = (
                "".join(parts_of(io.BytesIO(body)).values()) if is_book else body.decode()
            )
    assert sum(text.count("139****5678") for text in texts.values()) > len(KEYS)
    secrets = {*KEYS, PHONE}
    house.assert_none(
        [f"{place}: {key}" for place, text in texts.items() for key in secrets if key in text]
    )
    kept = f"{list(AuditEntry.objects.values())}{list(ImportBatch.objects.values())}"
    house.assert_none([key for key in secrets if key in kept])


def addresses_of(seeded: dict[str, dict[str, Any]], staff: Staff) -> list[str]:
    """Every address a person may try: of the seeded rows where the page points at one."""
    found = [
        reverse("sandbox_received") + "?channel=email",
        reverse("approval_list") + "?show=mine",
        reverse("approval_list") + "?show=decided",
    ]
    for name, door in doors.DOORS.items():
        if door.answer == 405 or name.startswith("account_log"):
            continue
        make = doors.ARGUMENTS.get(name)
        kwargs = seeded.get(name) or (make(staff) if make else None)
        found.append(reverse(name, kwargs=kwargs))
    if staff.role == Role.ADMINISTRATOR:
        names = [label.replace(".", "_") for label in ADMIN_MODELS]
        found += [reverse(f"admin:{name}_changelist") for name in names]
    return found


def test_no_door_shows_a_number_in_clear(client_of: Callable[..., Client], tmp_path: Path) -> None:
    branch = BranchFactory()
    staff = {role: StaffFactory(role=role, branch=branch) for role in Role.values}
    seeded = play_a_day(staff[Role.CAMPAIGN_MANAGER], staff[Role.COMPLIANCE], tmp_path)
    leaks, opened = [], 0
    for role, person in staff.items():
        client = client_of(person)
        for address in addresses_of(seeded, person):
            answer = client.get(address)
            opened += answer.status_code == 200
            leaks += [f"{role} {address}: {secret}" for secret in shown(text_of(answer))]
    house.assert_none(leaks)
    assert opened > 100
    assert Run.objects.filter(state="done").exists()


def test_only_the_answer_to_a_reveal_holds_a_value_and_only_that(
    client_of: Callable[..., Client], tmp_path: Path
) -> None:
    branch = BranchFactory()
    staff = {role: StaffFactory(role=role, branch=branch) for role in Role.values}
    play_a_day(staff[Role.CAMPAIGN_MANAGER], staff[Role.COMPLIANCE], tmp_path)
    number = Customer.objects.get(name=NAME).number
    faults, seen = [], 0
    for role, person in staff.items():
        client, may = client_of(person), person.may(Permission.REVEAL_DATA)
        for field, value in VALUES.items():
            url = reverse("reveal_field", kwargs={"number": number, "field": field})
            given = {f"{field}-{name}": said for name, said in WORDS.items()}
            before, answer = client.get(url), client.post(url, given)
            text = answer.content.decode()
            secret = HOME if field == "address" else value
            expected = (200, [secret]) if may else (403, [])
            if (answer.status_code, shown(text + str(answer.headers))) != expected:
                faults.append(f"{role} {field}: {answer.status_code} {shown(text)}")
            if "no-store" not in answer.headers["Cache-Control"]:
                faults.append(f"{role} {field}: may be kept")
            faults += [f"{role} {field}: before" for _one in shown(before.content.decode())]
            seen += value in text
    house.assert_none(faults)
    assert seen == 2 * len(VALUES)


def test_no_export_has_a_number_in_clear(client_of: Callable[..., Client], tmp_path: Path) -> None:
    branch = BranchFactory()
    staff = {role: StaffFactory(role=role, branch=branch) for role in Role.values}
    play_a_day(staff[Role.CAMPAIGN_MANAGER], staff[Role.COMPLIANCE], tmp_path)
    stages.refresh_stages()
    card = CardFactory(customer__branch=branch, activated_date=DAY, first_used_date=DAY)
    row_of("campaigns.BudgetEntry", grant=row_of("campaigns.Grant", card=card))
    row_of("merchants.WeeksOfTurnover", merchant=negotiation_rows.offered_by(branch, SPOKEN))
    a_shift(branch, clock.today() - dt.timedelta(days=1))
    asks = comparison_rows.asks_of(branch)
    exported.lists_of(branch, PHONE)
    row_of("campaigns.Alert", owner=staff[Role.COMPLIANCE], branch=branch)
    target_rows.in_files(branch)
    leaks, found = [], dict[str, int]()
    for role, person in staff.items():
        client = client_of(person)
        for kind in registry.exportables.values():
            url = reverse("export_start", kwargs={"kind": kind.code}) + asks.get(kind.code, "")
            asked = client.get(url)
            leaks += [f"{role} {url}: {secret}" for secret in shown(asked.content.decode())]
            answer = client.post(url, {"reason": SPOKEN})
            may = exports.may_take_out(person, kind)
            assert answer.status_code == (200 if may else 403), (role, kind.code)
            if may:
                parts = parts_of(io.BytesIO(b"".join(answer.streaming_content)))
                text = str(answer.headers) + "".join(parts.values())
                leaks += [f"{role} {kind.code}: {secret}" for secret in shown(text)]
                rows = Export.objects.latest("id").rows  # one customer is none for an analyst
                found[kind.code] = max(rows, found.get(kind.code, 0))
    house.assert_none(leaks)
    assert set(found) == exported.FILES
    assert min(found.values()) > 0
    for role in (Role.COMPLIANCE, Role.ANALYST):
        assert shown(client_of(staff[role]).get(reverse("export_list")).content.decode()) == []
    assert shown(str(list(Export.objects.values()))) == []


def test_nothing_that_is_kept_about_the_work_holds_a_number(tmp_path: Path) -> None:
    branch = BranchFactory()
    manager = StaffFactory(role="campaign_manager", branch=branch)
    officer = StaffFactory(role="compliance", branch=branch)
    play_a_day(manager, officer, tmp_path)
    kept = [
        *AuditEntry.objects.values_list("reason", "changes", "target_label"),
        *Message.objects.values_list("context", "failure", "gateway_reference"),
        *ImportBatch.objects.values_list("file_name", "failure"),
        *Reveal.objects.values_list("field", "kind", "words"),
    ]
    house.assert_none([f"{row}" for row in kept if shown(str(row))])


def test_a_search_by_phone_never_stands_in_an_address(client_of: Callable[..., Client]) -> None:
    """Addresses are kept by browsers, proxies and logs, and sent on by links."""
    person = the_person(BranchFactory())
    row_of("journeys.RevealRule")
    client, url = client_of("compliance"), reverse("customer_list")
    search = reverse("customer_search")
    form = client.get(url).content.decode()
    assert ('method="post"' in form, f'action="{search}"' in form) == (True, True)
    for typed in (PHONE, "+86 139 1234 5678", "139-1234-5678"):
        answer = client.post(search, {"text": typed})
        page = reverse("customer_page", args=[person.number])
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
        back = client.get(url, {"text": typed})
        assert (back.status_code, back.headers["Location"]) == (302, url)
    for typed in (ID_NUMBER, EMAIL):
        assert client.post(search, {"text": typed}).headers["Location"] == page
        back = client.get(url, {"text": typed})
        assert (back.status_code, back.headers["Location"]) == (302, url)
    twin = the_person(person.branch)
    for typed in (PHONE, ID_NUMBER, EMAIL):
        answer = client.post(search, {"text": typed})
        assert list(answer.context["page"].rows) == [person, twin]
        assert shown(answer.content.decode()) == []
    twin.delete()
    assert client.post(search, {"text": CARD}).status_code == 200
    named = client.post(search, {"text": "wang xiao"})
    assert named.headers["Location"] == f"{url}?text=wang+xiao"
    assert list(client.get(named.headers["Location"]).context["page"].rows) == [person]
    assert client.post(search, {"text": ""}).headers["Location"] == url


def test_a_log_line_never_holds_a_number() -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "%s", (SPOKEN,), None)
    record.facts = {"path": f"/customers/{PHONE}/", EMAIL: [CARD, {"id": ID_NUMBER}]}
    assert shown(logs.JsonFormatter().format(record)) == []
