"""A submission is called in the language of its reader, where what is submitted has two names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0015_more_authors")]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="title_en",
            field=models.CharField(
                blank=True, default="", max_length=200, verbose_name="English title"
            ),
            preserve_default=False,
        ),
    ]
