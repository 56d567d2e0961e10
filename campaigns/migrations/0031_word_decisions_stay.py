"""Decisions about words are only added to: which word was looked for on which day stays known."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0030_word_decisions"), ("portal", "0002_audit_chain")]
    operations = [
        migrations.RunSQL(
            """CREATE TRIGGER worddecision_fixed BEFORE UPDATE OR DELETE ON campaigns_worddecision
                FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();""",
            "DROP TRIGGER worddecision_fixed ON campaigns_worddecision;",
        )
    ]
