"""A person's whole life in the bank, through every table; then the person is erased."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from journeys.customers import queries as customers
from journeys.customers.enums import Trait
from journeys.models import (
    Customer,
    Erasure,
    ErasureProof,
    Lead,
    RightsRequest,
)
from journeys.rights import operations as rights
from journeys.rights import queries as requests
from journeys.rights.queries import holdings, links
from portal.audit import queries as audit
from portal.kit import sealed
from portal.kit.personal import ERASED
from portal.models import AuditEntry
from tests.factories.journeys import CardFactory, CustomerFactory
from tests.factories.portal import BranchFactory
from tests.factories.rights import (
    AT,
    EMAIL,
    ID_NUMBER,
    NAME,
    PHONE,
    SECRETS,
    allow,
    allowed,
    fill_every_table,
    the_person,
)

pytestmark = pytest.mark.django_db


def kept_hashes() -> list[str]:
    """What is kept of a person who refused."""
    values = {Trait.PHONE: PHONE, Trait.ID_NUMBER: ID_NUMBER, Trait.EMAIL: EMAIL}
    return [customers.hash_of(trait, value).hex() for trait, value in values.items()]


def leftovers(but_for: Any = None) -> list[str]:
    """Every row of every table, as plain text, that holds something of the person. Written apart
    from the product's search: it asks the catalogue for tables and reads all of them in Python."""
    texts = [text.casefold() for text in SECRETS]
    indexes = [(PHONE, "phone"), (ID_NUMBER, "id_number"), (EMAIL, "email")]
    texts += [sealed.blind_index(value, label).hex() for value, label in indexes]
    texts += kept_hashes()
    texts += [text.encode().hex() for text in SECRETS]
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                is_other = (
                    but_for is not None
                    and table == "journeys_customer"
                    and (f"({but_for.pk}," in row)
                )
                if not is_other:
                    found += [f"{table}: {text}" for text in texts if text in row.casefold()]
    return sorted(set(found))


def sealed_values(customer: Customer) -> list[bytes]:
    lead = Lead.objects.get(customer=customer)
    held = [customer.phone_sealed, customer.id_number_sealed, customer.email_sealed]
    return [bytes(value) for value in [*held, lead.phone_sealed]]


def test_a_whole_life_leaves_nothing_behind() -> None:
    person = the_person()
    fill_every_table(person)
    bystander = CustomerFactory(name=NAME, phone=PHONE, branch=person.branch)
    kept, secrets = vars(Customer.objects.get(pk=bystander.pk)).copy(), sealed_values(person)
    tables = {line.partition(":")[0] for line in leftovers(bystander)}
    declared = {link.model._meta.db_table for link in links.links_to(Customer)} & tables
    assert len(declared) >= 12  # the life really went through the tables
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert (proof.findings, proof.places) == (0, [])
    assert proof.shared == 2  # the bystander's own phone, by its index and by who answers it
    # Of all that was there three hashes are kept, because the person had refused.
    assert proof.kept == 3
    assert leftovers(bystander) == [
        f"journeys_erasedrefusal: {value}" for value in sorted(kept_hashes())
    ]
    with connection.cursor() as cursor:
        for model in (Customer, Lead):
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            rows = str(cursor.fetchall())
            assert [value for value in secrets if value.hex() in rows] == []
    now = vars(Customer.objects.get(pk=bystander.pk)).copy()
    assert {**now, "_state": None} == {**kept, "_state": None}
    erasure.refresh_from_db()
    request = RightsRequest.objects.get(pk=erasure.request_id)
    assert (erasure.state, erasure.needles, request.state) == ("proven", None, "done")


def test_what_the_law_wants_kept_is_kept() -> None:
    person = the_person()
    fill_every_table(person)
    kept = [
        "journeys.Transaction", "journeys.Card", "journeys.Application", "campaigns.Grant",
        "journeys.PointsEntry", "journeys.Contact", "journeys.Consent", "journeys.DoNotContact",
    ]  # fmt: skip
    before = {label: apps.get_model(label)._default_manager.count() for label in kept}
    amount = apps.get_model("journeys.Transaction")._default_manager.get().amount
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    assert {label: apps.get_model(label)._default_manager.count() for label in kept} == before
    assert min(before.values()) == 1
    assert apps.get_model("journeys.Transaction")._default_manager.get().amount == amount
    refusal = apps.get_model("journeys.DoNotContact")._default_manager.get()
    assert (refusal.customer_id, refusal.words) == (person.pk, ERASED)
    person.refresh_from_db()
    assert person.number.startswith("X-")
    assert (person.name, person.name_pinyin, person.birth_date) == (ERASED, "", None)
    assert (person.phone_sealed, person.phone_index, person.phone_masked) == (None, None, "")
    assert (person.callee, person.bearer, person.reader) == (None, None, None)


def test_the_trail_still_holds_and_says_which_entries_lost_words() -> None:
    person = the_person()
    fill_every_table(person)
    erasure = allowed(person)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert audit.faults() == []
    cut = AuditEntry.objects.filter(action="audit.cut")
    assert cut.count() >= 1
    changed = AuditEntry.objects.get(pk=int(cut.order_by("id")[0].target_key))
    with transaction.atomic():
        connection.cursor().execute("ALTER TABLE portal_auditentry DISABLE TRIGGER USER")
        AuditEntry.objects.filter(pk=changed.pk).update(reason="put in by hand")
        assert [fault.entry_id for fault in audit.faults()] == [changed.pk]
        transaction.set_rollback(True)


def test_after_it_the_ledgers_refuse_again() -> None:
    person = the_person()
    fill_every_table(person)
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    for table, column in [
        ("journeys_consent", "evidence"), ("journeys_donotcontact", "words"),
        ("journeys_careevent", "words"), ("portal_auditentry", "reason"),
    ]:  # fmt: skip
        with pytest.raises(DatabaseError, match="is only added to"), transaction.atomic():
            connection.cursor().execute(f"UPDATE {table} SET {column} = ''")


def test_what_stands_against_it() -> None:
    from tests.project.rows import row_of

    person = the_person()
    card = row_of("journeys.Card", customer=person)
    complaint = row_of("journeys.Complaint", customer=person)
    message = row_of("journeys.Message", customer=person, state="in_doubt")
    request, maker = None, None
    from tests.factories.portal import StaffFactory
    from tests.factories.rights import take_in

    request, maker = take_in(person), StaffFactory(role="compliance")
    with pytest.raises(rights.StandsAgainst) as refusal:
        rights.ask_erasure(request_id=request.pk, actor=maker, at=AT)
    assert refusal.value.obstacles == [
        ("open_card", 1), ("open_complaint", 1), ("messages", 1),
    ]  # fmt: skip
    assert Erasure.objects.count() == 0
    type(card).objects.filter(pk=card.pk).update(closed_date=dt.date(2026, 5, 1))
    type(message).objects.filter(pk=message.pk).update(state="sent", sent_at=AT)
    complaint.delete()
    rights.ask_erasure(request_id=request.pk, actor=maker, at=AT)
    assert Erasure.objects.get().state == "asked"


def test_an_open_supplementary_card_of_another_stands_against_it() -> None:
    person = the_person()
    primary = CardFactory(customer=person, closed_date=dt.date(2026, 5, 1), reference="K-P")
    other = CustomerFactory(branch=person.branch)
    second = CardFactory(customer=other, is_primary=False, primary=primary, primary_reference="K-P")
    assert holdings.standing_against([person]) == [("open_card", 1)]
    assert holdings.standing_against([other]) == [("open_card", 1)]
    type(second).objects.filter(pk=second.pk).update(closed_date=dt.date(2026, 5, 2))
    assert holdings.standing_against([person]) == []


def test_a_lead_that_comes_after_the_approval_has_it_asked_anew() -> None:
    """Of the same phone and name, so that the second person did not allow its erasure."""
    from tests.project.rows import row_of

    person = the_person()
    erasure = allowed(person)
    lead = row_of(
        "journeys.Lead", number="L2", name=NAME, phone_masked="139****5678",
        phone_sealed=sealed.seal(PHONE, "lead.phone"),
        phone_index=sealed.blind_index(PHONE, "phone"), callee=customers.callee_of(PHONE),
    )  # fmt: skip
    with pytest.raises(rights.PersonsChanged):
        rights.carry_out(erasure_id=erasure.pk, at=AT)
    for row in (person, lead, erasure):
        row.refresh_from_db()
    request = RightsRequest.objects.get(pk=erasure.request_id)
    assert (person.name, lead.name, erasure.state, request.state) == (
        NAME, NAME, "returned", "open",
    )  # fmt: skip
    event = request.events.order_by("id").last()
    assert event is not None
    assert (event.kind, event.words != "") == ("erasure_returned", True)
    assert requests.erasures_to_do() == []
    anew = allow(request)
    assert f"lead:{lead.pk}" in anew.persons
    rights.carry_out(erasure_id=anew.pk, at=AT)
    lead.refresh_from_db()
    assert lead.name == ERASED


def test_a_complaint_that_comes_after_the_approval_holds_it_back() -> None:
    from tests.project.rows import row_of

    person = the_person()
    erasure = allowed(person)
    row_of("journeys.Complaint", customer=person)
    with pytest.raises(rights.StandsAgainst):
        rights.carry_out(erasure_id=erasure.pk, at=AT)
    person.refresh_from_db()
    erasure.refresh_from_db()
    assert (person.name, erasure.state, erasure.failure) == (NAME, "approved", "")


def test_a_residue_in_the_own_rows_takes_everything_back() -> None:
    """A kept column that holds the name after all: nothing is half erased."""
    from tests.project.rows import row_of

    person = the_person()
    row_of("journeys.Contact", customer=person, origin=f"by hand: {NAME}")
    erasure = allowed(person)
    with pytest.raises(rights.SomethingLeft, match=r"journeys_contact\.origin"):
        rights.carry_out(erasure_id=erasure.pk, at=AT)
    person.refresh_from_db()
    erasure.refresh_from_db()
    assert (person.name, erasure.state, ErasureProof.objects.count()) == (NAME, "approved", 0)
    assert erasure.failure.startswith("SomethingLeft: journeys_contact.origin")
    assert NAME not in erasure.failure
    rights.ask_again(request_id=erasure.request_id, actor=erasure.request.handled_by, at=AT)
    erasure.refresh_from_db()
    assert erasure.failure == ""


def test_what_another_person_wrote_about_this_one_is_found_and_waits() -> None:
    from tests.project.rows import row_of

    person, other = the_person(), CustomerFactory(branch=BranchFactory())
    complaint = row_of("journeys.Complaint", customer=other, words=f"我替客户{PHONE}投诉")
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert proof.places == [
        {"table": "journeys_complaint", "column": "words", "row": str(complaint.pk)}
    ]
    erasure.refresh_from_db()
    assert (erasure.state, erasure.is_search_due) == ("erased", False)
    assert erasure.needles is not None
    assert rights.prove_everywhere(erasure_id=erasure.pk, at=AT) is None
    type(complaint).objects.filter(pk=complaint.pk).update(words="已更正")
    actor = RightsRequest.objects.get(pk=erasure.request_id).handled_by
    rights.ask_again(request_id=erasure.request_id, actor=actor, at=AT)
    again = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert again is not None
    assert again.findings == 0


def test_files_that_name_the_person_go(settings: Any, tmp_path: Path) -> None:
    import zipfile

    from tests.project.rows import row_of

    settings.VAR_DIR = tmp_path
    for folder in ("uploads", "imports"):
        (tmp_path / folder).mkdir()
    trial = row_of("portal.ImportBatch", is_dry_run=True)
    upload = row_of("portal.Upload", state="checked", trial=trial, stored_name="a.csv")
    (tmp_path / "uploads/a.csv").write_text(f"number,phone\nC1,{PHONE}\n", encoding="gb18030")
    (tmp_path / "uploads/b.csv").write_text("number,phone\nC1,13800000000\n")
    with zipfile.ZipFile(tmp_path / "imports/x.errors.xlsx", "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{EMAIL}</t>")
    erasure = allowed(the_person())
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert (proof.findings, proof.files) == (0, 1)
    left = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["b.csv"]
    upload.refresh_from_db()
    assert (upload.state, upload.files_removed_at) == ("refused", AT)


def test_tasks_in_the_queue_are_searched_too() -> None:
    import base64
    import json

    from journeys.rights.queries import searching
    from portal.kit import valkey

    needles = holdings.needles_of(the_person())
    body = base64.b64encode(json.dumps([[PHONE], {}]).encode()).decode()
    with valkey.connect() as client:
        client.lpush("rights-test", json.dumps({"body": body}))
        try:
            looked, places = searching.look_at_queue(needles)
        finally:
            client.delete("rights-test")
        again = searching.look_at_queue(needles)[1]
    assert looked >= 2
    assert [place.row for place in places] == ["rights-test"]
    assert again == []


def test_only_the_hash_of_the_number_is_left() -> None:
    person = the_person()
    number = person.number
    rights.carry_out(erasure_id=allowed(person).pk, at=AT)
    assert customers.erased_among([number, "C1"]) == {number}


def test_a_lead_alone_is_erased_and_does_not_come_back() -> None:
    from journeys.telemarketing import operations as telemarketing
    from tests.project.rows import row_of

    lead = row_of("journeys.Lead", number="L1", name=NAME, phone_masked="139****5678")
    erasure = allowed(lead)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert proof.findings == 0
    record = telemarketing.LeadRecord(
        number="L1", kind="person", name=NAME, company="", phone=PHONE, source="referral",
        lawful_basis="consent", branch_id=lead.branch_id, team_id=None, owner_id=None,
        state="new", created_at=AT,
    )  # fmt: skip
    loaded = telemarketing.load_leads(records=[record], at=AT)
    assert loaded.answers == [("L1", "erased")]
    assert Lead.objects.get().name == ERASED


def sampled() -> set[str]:
    """The tables of whose columns the planner keeps a value that names the person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, concat(most_common_vals, histogram_bounds, most_common_elems)"
            " FROM pg_stats WHERE schemaname = current_schema()"
        )
        return {
            table
            for table, values in cursor.fetchall()
            if any(text in values for text in (NAME, PHONE, ID_NUMBER, EMAIL))
        }


def test_the_planner_forgets_every_table_that_lost_words() -> None:
    person = the_person()
    fill_every_table(person)
    # The planner keeps what stands there twice.
    for label in ("portal.AuditEntry", "portal.Upload", "journeys.Complaint"):
        model = apps.get_model(label)
        row = model._default_manager.latest("pk")
        if label == "portal.AuditEntry":
            row = model._default_manager.filter(reason__contains=NAME).latest("pk")
        for number in range(3):
            row.pk = None
            for unique in ("number", "stored_name"):
                if hasattr(row, unique):
                    setattr(row, unique, f"again-{number}")
            row._state.adding = True
            row.save()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    before = sampled()
    assert {"portal_auditentry", "portal_upload", "journeys_complaint"} <= before
    erasure = allowed(person)
    rights.work_through(now=lambda: AT, due=[erasure], carry_out=rights.carry_out)
    erasure.refresh_from_db()
    assert erasure.state == "proven"
    assert sampled() == set()
