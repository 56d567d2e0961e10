"""Histories, copies and proofs are only added to; ledgers that hold words of persons open to
erasures, and to nothing else."""

from django.db import migrations

ONLY_ADDED_TO = [
    ("rightsrule", "rights_rule_fixed"), ("rightsevent", "rights_event_fixed"),
    ("rightscopy", "rights_copy_fixed"), ("erasureproof", "erasure_proof_fixed"),
    ("erasednumber", "erased_number_fixed"),
]

OF_CUSTOMER = "'customer:' || ($1 ->> 'customer_id')"
OF_CARE = """(SELECT 'customer:' || customer_id FROM (
    SELECT customer_id FROM journeys_complaint WHERE id = ($1 ->> 'complaint_id')::bigint
    UNION ALL
    SELECT customer_id FROM journeys_servicecase WHERE id = ($1 ->> 'case_id')::bigint) of_row)"""
OF_REQUEST = """(SELECT coalesce('customer:' || customer_id, 'lead:' || lead_id)
    FROM journeys_rightsrequest WHERE id = ($1 ->> 'request_id')::bigint)"""

# Ledger, its guard, whose a row is (nobody's where empty), and the columns.
OPENED = [
    ("journeys_consent", "consent_fixed", OF_CUSTOMER, ["evidence"]),
    ("journeys_donotcontact", "donotcontact_fixed", OF_CUSTOMER, ["words"]),
    ("journeys_careevent", "careevent_fixed", OF_CARE, ["words"]),
    ("journeys_rightsevent", "rights_event_fixed", OF_REQUEST, ["words"]),
    ("portal_auditentry", "audit_entry_fixed", "", ["target_label", "reason", "changes"]),
    ("portal_submission", "submission_stays", "", ["title", "summary", "snapshot"]),
    ("portal_submissiondecision", "submission_decision_fixed", "", ["reason"]),
]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class Migration(migrations.Migration):
    dependencies = [("journeys", "0031_erasure_guard"), ("portal", "0005_uploads_and_api")]
    operations = [
        *(
            migrations.RunSQL(
                f"""CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON journeys_{table}
                    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();""",
                f"DROP TRIGGER {name} ON journeys_{table};",
            )
            for table, name in ONLY_ADDED_TO
        ),
        *(
            migrations.RunSQL(
                f"SELECT journeys_open_to_erasure('{ledger}', '{guard}', {quoted(owner)},"
                f" {', '.join(quoted(column) for column in columns)})",
                f"SELECT journeys_close_to_erasure('{ledger}', '{guard}')",
            )
            for ledger, guard, owner, columns in OPENED
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE journeys_rights_number", "DROP SEQUENCE journeys_rights_number"
        ),
    ]
