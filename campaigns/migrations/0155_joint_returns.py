"""What both sides of joint campaigns paid at their partners."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0154_left_calls'),
        ('merchants', '0037_signed_after_agreement'),
    ]

    operations = [
        migrations.CreateModel(
            name='JointReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_date', models.DateField(verbose_name='from')),
                ('end_date', models.DateField(verbose_name='until before')),
                ('control_percent', models.PositiveSmallIntegerField(verbose_name='control group (%)')),
                ('reached_people', models.PositiveIntegerField(default=0)),
                ('reached_payers', models.PositiveIntegerField(default=0)),
                ('reached_amount', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('reached_squares', models.DecimalField(decimal_places=4, default=0, max_digits=30)),
                ('held_people', models.PositiveIntegerField(default=0)),
                ('held_payers', models.PositiveIntegerField(default=0)),
                ('held_amount', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('held_squares', models.DecimalField(decimal_places=4, default=0, max_digits=30)),
                ('counted_at', models.DateTimeField(verbose_name='counted at')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.merchant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'merchant'), name='joint_return_once'), models.CheckConstraint(condition=models.Q(('end_date__gt', models.F('first_date'))), name='joint_return_is_a_span'), models.CheckConstraint(condition=models.Q(('control_percent__lte', 50)), name='joint_return_share_is_a_share'), models.CheckConstraint(condition=models.Q(('reached_payers__lte', models.F('reached_people')), ('reached_squares__gte', 0), models.Q(('reached_payers__gt', 0), models.Q(('reached_amount', 0), ('reached_squares', 0)), _connector='OR'), ('held_payers__lte', models.F('held_people')), ('held_squares__gte', 0), models.Q(('held_payers__gt', 0), models.Q(('held_amount', 0), ('held_squares', 0)), _connector='OR')), name='joint_return_sides')],
            },
        ),
    ]
