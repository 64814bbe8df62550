from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0011_shared_views_have_one_name")]

    operations = [
        migrations.CreateModel(
            name="RuleMark",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("mark", models.BigIntegerField()),
            ],
        ),
    ]
