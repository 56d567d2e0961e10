"""A decision's maker is the submission's maker, so that nobody can check his own work."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_audit_chain")]
    operations = [
        migrations.RunSQL(
            """ALTER TABLE portal_submissiondecision ADD CONSTRAINT decision_names_the_maker
               FOREIGN KEY (submission_id, maker_id) REFERENCES portal_submission (id, maker_id);
               CREATE TRIGGER submission_decision_fixed BEFORE UPDATE OR DELETE
               ON portal_submissiondecision FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();""",
            """DROP TRIGGER submission_decision_fixed ON portal_submissiondecision;
               ALTER TABLE portal_submissiondecision DROP CONSTRAINT decision_names_the_maker;""",
        )
    ]
