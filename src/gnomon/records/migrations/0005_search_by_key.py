from django.db import migrations, models

from gnomon.records.search.tables import create_index, drop_index


def mark_stale(apps, _schema_editor):
    apps.get_model("records", "SearchMark").objects.create(name="search:stale")


class Migration(migrations.Migration):
    dependencies = [("records", "0004_preferences")]

    operations = [
        migrations.RunPython(create_index, drop_index),
        migrations.CreateModel(
            name="SearchMark",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("seen", models.PositiveIntegerField(default=1)),
            ],
            options={"indexes": [models.Index(fields=["seen"], name="rarest_words")]},
        ),
        migrations.CreateModel(
            name="SearchNear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=24)),
                ("word", models.CharField(max_length=24)),
            ],
            options={
                "indexes": [models.Index(fields=["word"], name="keys_of_word")],
                "constraints": [
                    models.UniqueConstraint(fields=("key", "word"), name="a_word_is_near_a_key_once")
                ],
            },
        ),
        migrations.RunPython(mark_stale, migrations.RunPython.noop),
    ]
