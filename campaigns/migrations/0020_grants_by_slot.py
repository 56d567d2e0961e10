"""A customer may be given each tier, and again what was taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0011_decisions_of_tiers"),
        ("journeys", "0048_points_follow_spending"),
    ]
    operations = [
        migrations.RemoveConstraint(
            model_name='grant',
            name='grant_once',
        ),
        migrations.AddField(
            model_name='grant',
            name='points',
            field=models.PositiveIntegerField(null=True, verbose_name='points'),
        ),
        migrations.AddField(
            model_name='grant',
            name='round',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='grant',
            name='slot',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(fields=('customer', 'campaign', 'slot', 'round'), name='grant_once'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('slot', ''), ('slot', models.F('reward')), _connector='OR'), name='grant_slot_is_its_tier'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('round__gte', 1)), name='grant_round_counts'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('points', None), ('points__gt', 0), _connector='OR'), name='grant_points_positive'),
        ),
    ]
