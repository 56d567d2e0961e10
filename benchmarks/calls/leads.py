"""A bank of leads in the pools of many branches: its rows, what must be true of the calls that were
made to them, and what its statements do."""

from collections.abc import Callable
from typing import Any

from django.db import connection

# Of each branch every tenth phone refused, and every fifth lead a customer's who agreed; every
# fiftieth lead has the phone of the one before it.
BANK = """
INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '110101', true);
INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active, parent_id)
SELECT 'B' || n, '支行', 'Branch', 'branch', '/HO/B' || n || '/', '110101', true,
       (SELECT id FROM portal_branch) FROM generate_series(1, %(branches)s) n;
INSERT INTO journeys_contactrule (effective_date, day_cap, month_cap, source)
VALUES ('2020-01-01', 2, 5, 'bench') ON CONFLICT DO NOTHING;
INSERT INTO journeys_contacthours (effective_date, channel, division_prefix, day_kind, opens,
    closes, is_overnight, is_lifted, source)
SELECT '2020-01-01', 'phone', '', kind, '00:00', '00:00', false, false, 'bench'
FROM unnest(ARRAY['workday', 'rest']) kind;
INSERT INTO journeys_calendaryear (year, source, is_assumed)
SELECT year, 'bench', true FROM generate_series(2020, 2060) year ON CONFLICT DO NOTHING;
INSERT INTO journeys_consenttext (code, version, purpose, words, words_en, effective_date)
VALUES ('bench', 1, 'marketing', 'x', 'x', '2020-01-01');
INSERT INTO portal_staff (password, username, staff_number, name, name_en, email, role, branch_id,
    language, is_active)
SELECT 'x', 'caller' || n, 'S' || n, '李', '', '', 'telemarketer',
    (SELECT id FROM portal_branch WHERE code = 'B' || (1 + n %% %(branches)s)), 'zh-hans', true
FROM generate_series(1, %(callers)s) n;
INSERT INTO merchants_staffqualification (staff_id, kind, first_date, last_date, source,
    recorded_at, withdrawn_why)
SELECT id, 'cards', '2026-01-01', '2099-12-31', 'bench', now(), '' FROM portal_staff;
INSERT INTO journeys_customer (number, kind, name, name_pinyin, branch_id, language,
    division_code, registered_date, source, lawful_basis, phone_masked, id_number_masked,
    email_masked, phone_sealed, phone_index, callee)
SELECT 'C' || n, 'person', '王小明', 'wang xiao ming',
    (SELECT id FROM portal_branch WHERE code = 'B' || (1 + n %% %(branches)s)), 'zh-hans', '110101',
    '2025-01-01', 'file', 'contract', '', '', '', 'x', sha256(n::text::bytea),
    substring(sha256(n::text::bytea) FOR 16)
FROM generate_series(1, %(leads)s) n WHERE n / %(branches)s %% 5 = 1;
INSERT INTO journeys_consent (customer_id, purpose, channel, is_granted, text_id, evidence,
    effective_at, recorded_at, reference)
SELECT id, 'marketing', 'phone', true, (SELECT id FROM journeys_consenttext), 'x',
    '2026-01-01', '2026-01-01', NULL FROM journeys_customer;
INSERT INTO journeys_lead (number, kind, name, company, phone_sealed, phone_index, phone_masked,
    callee, source, lawful_basis, branch_id, state, customer_id, created_at, priority)
SELECT 'L' || n, 'person', '李明', '', 'x', sha256(n::text::bytea), '',
    substring(sha256((n - (n %% 50 = 49)::int)::text::bytea) FOR 16), 'registry', 'public_data',
    (SELECT id FROM portal_branch WHERE code = 'B' || (1 + n %% %(branches)s)), 'new', customer.id,
    '2025-01-01'::timestamptz + n * interval '20 seconds', n %% 101 * 7919 %% 101
FROM generate_series(1, %(leads)s) n LEFT JOIN journeys_customer customer
    ON customer.number = 'C' || n;
INSERT INTO journeys_erasedrefusal (kind, value_hash, refused_date)
SELECT 'phone', substring(sha256(n::text::bytea) FOR 16), '2026-01-01'
FROM generate_series(1, %(leads)s) n WHERE n / %(branches)s %% 10 = 0 ON CONFLICT DO NOTHING;
"""
_CALLS = """(SELECT hold.called_at, lead.id AS lead_id, lead.callee, lead.customer_id
    FROM journeys_leadhold AS hold JOIN journeys_lead AS lead ON lead.id = hold.lead_id
    WHERE hold.called_at IS NOT NULL) AS made"""
# What is counted after a run: how much there was, and what there must not be. `bench_word` holds
# the leads about which a word was said while people were called, and when it was committed.
CHECKS = {
    "called": f"SELECT count(*) FROM {_CALLS}",
    "words": "SELECT count(*) FROM bench_word",
    "after a word": f"""SELECT count(*) FROM {_CALLS}
        JOIN bench_word AS word ON word.lead_id = made.lead_id AND made.called_at >= word.at""",
    "after a refusal of the phone": f"""SELECT count(*) FROM {_CALLS}
        JOIN journeys_lead AS named ON named.callee = made.callee
        JOIN bench_word AS word ON word.lead_id = named.id AND made.called_at >= word.at
        WHERE EXISTS (SELECT FROM journeys_erasedrefusal WHERE value_hash = named.callee)
           OR EXISTS (SELECT FROM journeys_donotcontact AS said
                      WHERE said.customer_id = named.customer_id)""",
    "refused long before": f"""SELECT count(*) FROM {_CALLS}
        JOIN journeys_erasedrefusal AS kept ON kept.value_hash = made.callee
        WHERE kept.refused_date < '2026-02-01'""",
    "without consent": f"""SELECT count(*) FROM {_CALLS}
        WHERE made.customer_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM journeys_consent AS said
            WHERE said.customer_id = made.customer_id AND said.is_granted)""",
    "beyond the cap of a day": f"""SELECT count(*) FROM (
        SELECT FROM {_CALLS} GROUP BY callee HAVING count(*) > 2) AS often""",
}
_TELL_PLANS = """
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_analyze = on;
SET auto_explain.log_buffers = on;
SET auto_explain.log_nested_statements = on;
SET client_min_messages = log;
"""


def print_plans(work: Callable[[], object]) -> None:
    """This will print how the database carried out each statement of some work."""
    connection.ensure_connection()

    def tell(diagnostic: Any) -> None:
        words = diagnostic.message_primary or ""
        if words.startswith("duration:"):
            print(words[:5000], "\n")

    connection.connection.add_notice_handler(tell)
    with connection.cursor() as cursor:
        cursor.execute(_TELL_PLANS)
    try:
        work()
    finally:
        connection.connection.remove_notice_handler(tell)
