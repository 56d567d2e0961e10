"""Partnerships have no contract of their own beside the merchant's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("merchants", "0013_contracts_of_the_merchant")]
    operations = [
        migrations.RemoveConstraint("partnership", "partnership_contract_whole"),
        migrations.RemoveField("partnership", "contract_number"),
        migrations.RemoveField("partnership", "contract_from"),
        migrations.RemoveField("partnership", "contract_end"),
    ]
