"""Marks of campaigns whose book allows more than before: somebody gave something back, or a limit
was raised or taken away. Whoever was refused may fit then."""

import django.db.models
from django.db import migrations, models

# Of a day nothing is asked: the next one has a limit of its own.
FORWARD = """
CREATE FUNCTION campaigns_mark_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_factchange (customer_id, campaign_id, transaction_id, last_date)
    SELECT 0, book.campaign_id, pg_current_xact_id()::text::bigint, date '-infinity'
    FROM campaigns_budgetbook book WHERE book.id = OLD.book_id AND book.run_id IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER changes_mark_book AFTER UPDATE ON campaigns_budgetlimit
    FOR EACH ROW WHEN (NEW.used < OLD.used OR NEW.most > OLD.most
        OR (NEW.most IS NULL AND OLD.most IS NOT NULL))
    EXECUTE FUNCTION campaigns_mark_book();
CREATE TRIGGER changes_mark_book_gone AFTER DELETE ON campaigns_budgetlimit
    FOR EACH ROW WHEN (OLD.most IS NOT NULL) EXECUTE FUNCTION campaigns_mark_book();
"""
BACKWARD = """
DROP TRIGGER changes_mark_book ON campaigns_budgetlimit;
DROP TRIGGER changes_mark_book_gone ON campaigns_budgetlimit;
DROP FUNCTION campaigns_mark_book();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0072_changes_at_large")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddIndex(
            model_name="factchange",
            index=models.Index(
                fields=["transaction_id"],
                name="fact_change_at_large",
                condition=django.db.models.Q(customer_id=0),
            ),
        ),
    ]
