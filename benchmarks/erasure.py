"""The erasure of one person in a big bank, beside the same changes and the same reading by hand.

    python -m benchmarks.erasure [CUSTOMERS [TRANSACTIONS_EACH]] [--explain]

Each customer has a card, transactions, a consent and a message; one in four an entry of the trail.
Erasing goes by the person's rows, but for the trail and the other tables that may name somebody,
which are read once; the bare side updates the same rows by their keys, without trail, guards or
proof. The search of everything reads the whole bank once; the bare side casts every row of every
table to text and compares it with one pattern. The promises: an erasure in seconds and a search
below 3 times the bare reading, at a million customers too.
"""

import datetime as dt
import sys
import time
from collections.abc import Callable

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from journeys.customers import queries  # noqa: E402
from journeys.models import Customer, Erasure  # noqa: E402
from journeys.rights import operations as rights  # noqa: E402
from journeys.rights.queries import holdings, links  # noqa: E402
from journeys.rights.queries.mentions import mentions_of  # noqa: E402
from portal.approvals import operations as approvals  # noqa: E402
from portal.kit import clock, masking, sealed  # noqa: E402
from portal.models import Staff, Submission  # noqa: E402

CUSTOMERS = 100_000
PHONE, NAME = "13912345678", "欧阳若曦"

_BANK = """
INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '', true);
INSERT INTO journeys_cardproduct (code, name, name_en, issuer, is_own, annual_fee, is_active)
VALUES ('GOLD', '金卡', 'Gold card', '本行', true, 0, true);
INSERT INTO journeys_customer (number, kind, name, name_pinyin, birth_date, branch_id, language,
    division_code, registered_date, source, lawful_basis, phone_masked, id_number_masked,
    email_masked, phone_sealed, phone_index, callee)
SELECT 'C' || lpad(n::text, 9, '0'), 'person', '客户' || n, 'ke hu', '1990-01-01',
    (SELECT id FROM portal_branch), 'zh-hans', '440305', '2025-01-01', 'file', 'contract',
    '138****' || lpad((n %% 10000)::text, 4, '0'), '', '', sha256(n::text::bytea),
    substring(sha256(('i' || n)::bytea), 1, 16), substring(sha256(('k' || n)::bytea), 1, 16)
FROM generate_series(1, {customers}) n;
INSERT INTO journeys_card (reference, masked_number, customer_id, product_id, branch_id,
    is_primary, issued_date, activated_date, first_used_date, closed_date)
SELECT 'K' || number, '622588******0001', id, (SELECT id FROM journeys_cardproduct), branch_id,
    true,
    '2026-01-10', '2026-01-11', '2026-01-12', '2026-07-01' FROM journeys_customer;
INSERT INTO journeys_transaction (reference, customer_id, card_id, kind, amount, posted_date, mcc,
    channel, division_code, refund_of)
SELECT 'T' || c.id || '-' || n, c.customer_id, c.id, 'purchase', 100, date '2026-01-12' + n, '5812',
    'qr', '440305', '' FROM journeys_card c, generate_series(1, {each}) n;
INSERT INTO journeys_consenttext (code, version, purpose, words, words_en, effective_date)
VALUES ('bench', 1, 'marketing', '同意', 'I agree', '2020-01-01');
INSERT INTO journeys_consent (customer_id, purpose, channel, is_granted, text_id, evidence,
    effective_at, recorded_at)
SELECT id, 'marketing', 'sms', true, (SELECT id FROM journeys_consenttext WHERE code = 'bench'),
    '手机银行勾选', '2026-01-01', '2026-01-01'
FROM journeys_customer;
INSERT INTO journeys_messagetemplate (code, channel, language, version, subject, body)
VALUES ('hello', 'sms', 'zh-hans', 1, '', '您好');
INSERT INTO journeys_message (customer_id, channel, purpose, template_id, context, origin,
    dedup_key, state, queued_at, not_before, attempts, sent_at, gateway_reference,
    failure_kind, failure)
SELECT id, 'sms', 'marketing', (SELECT id FROM journeys_messagetemplate),
    jsonb_build_object('name', '客**'), 'bench', 'bench', 'sent', now(), now(), 1, now(), '', '', ''
FROM journeys_customer;
INSERT INTO portal_auditentry (at, actor_label, role, action, target_kind, target_key, target_label,
    reason, changes)
SELECT now(), 'system', '', 'consent.given', 'journeys.customer', id::text, number,
    '手机银行勾选', '{{}}'
FROM journeys_customer WHERE id %% 4 = 0;
"""


def build(customers: int, each: int) -> None:
    """This will fill the bank by SQL; the chain of the trail is left out of it."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_auditentry DISABLE TRIGGER USER")
        cursor.execute(_BANK.replace("%%", "%").format(customers=customers, each=each))
        cursor.execute("ALTER TABLE portal_auditentry ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")


def staff(username: str, role: str) -> Staff:
    branch = Customer.objects.select_related("branch").earliest("id").branch
    return Staff.objects.create(
        username=username, staff_number=username, name=username, role=role, branch=branch
    )


def allowed(person: Customer, at: dt.datetime) -> Erasure:
    """An erasure that a second person allowed."""
    maker, checker = (
        Staff.objects.filter(username=name).first() or staff(name, role)
        for name, role in (("bench_maker", "compliance"), ("bench_checker", "approver"))
    )
    request = rights.open_request(
        person=person, kind="delete", channel="branch", identity_check="id_document",
        details="bench", received_date=clock.bank_day(at), actor=maker, at=at,
    )  # fmt: skip
    erasure = rights.ask_erasure(request_id=request.pk, actor=maker, at=at)
    approvals.decide(
        submission_id=Submission.objects.get(target_key=request.number).pk, checker=checker,
        verdict="approve", reason="", at=at,
    )  # fmt: skip
    return Erasure.objects.get(pk=erasure.pk)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def erase_by_hand(person: Customer) -> None:
    """The same rows by their keys, with the guards off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journeys_consent DISABLE TRIGGER USER")
        for statement in (
            "UPDATE journeys_customer SET number = 'X', name = '', name_pinyin = '',"
            " birth_date = NULL, phone_sealed = NULL, phone_index = NULL, callee = NULL,"
            " phone_masked = ''"
            " WHERE id = %s",
            "UPDATE journeys_card SET masked_number = '' WHERE customer_id = %s",
            "UPDATE journeys_consent SET evidence = '[已删除]' WHERE customer_id = %s",
            "UPDATE journeys_message SET context = '{}' WHERE customer_id = %s",
        ):
            cursor.execute(statement, [person.pk])
        cursor.execute("ALTER TABLE journeys_consent ENABLE TRIGGER USER")


def search_by_hand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{PHONE}%"]
            )


def count_by_hand() -> None:
    with connection.cursor() as cursor:
        for model, _columns in links.cleaned_tables(holdings.ROOTS):
            cursor.execute(
                f'SELECT count(*) FROM "{model._meta.db_table}" t WHERE t::text LIKE %s',
                [f"%{PHONE}%"],
            )


def explain(person: Customer) -> None:
    """This will print how the rows of a person are found, table by table."""
    for link in links.links_to(Customer):
        plan = link.rows_of(person).values_list("pk").explain(analyze=True, buffers=True)
        print(f"--- {link.model._meta.label} by {' or '.join(link.paths)}\n{plan}", flush=True)


def main() -> None:
    numbers = [int(text) for text in sys.argv[1:] if text.isdecimal()]
    customers = numbers[0] if numbers else CUSTOMERS
    each, at = (numbers[1] if len(numbers) > 1 else 4), clock.now()
    build(customers, each)
    print(f"{customers} customers, {customers * each} transactions", flush=True)
    rights.set_usual_rule(effective_date=dt.date(2020, 1, 1), at=at)
    person, other = Customer.objects.order_by("id")[customers // 2 : customers // 2 + 2]
    Customer.objects.filter(pk=person.pk).update(
        name=NAME, phone_sealed=sealed.seal(PHONE, "customer.phone"),
        phone_index=sealed.blind_index(PHONE, "phone"), phone_masked=masking.mask_phone(PHONE),
        callee=queries.callee_of(PHONE),
    )  # fmt: skip
    person.refresh_from_db()
    if "--explain" in sys.argv:
        explain(person)
    print(f"find everything: {timed(lambda: holdings.held_about([person])):.3f} s", flush=True)
    ours = timed(lambda: mentions_of([person]))
    harness.report("count the rows of nobody that name the person", ours, timed(count_by_hand))
    erasure = allowed(person, at)
    ours = timed(lambda: rights.carry_out(erasure_id=erasure.pk, at=at))
    bare = timed(lambda: erase_by_hand(other))
    harness.report("erase one person, with the proof of the own rows", ours, bare)
    ours = timed(lambda: rights.prove_everywhere(erasure_id=erasure.pk, at=at))
    bare = timed(search_by_hand)
    harness.report("search everything", ours, bare, 3)
    proof = erasure.proofs.get(scope="all")
    print(f"rows {proof.rows}, columns {proof.columns}, findings {proof.findings}", flush=True)
    assert proof.findings == 0


if __name__ == "__main__":
    main()
    harness.end(is_judged=not any(word.isdecimal() for word in sys.argv[1:]))
