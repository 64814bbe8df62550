"""Shared views of a kind have one name each; of those that two people made in the same instant, later ones are numbered."""

from django.db import migrations, models
from django.db.models.functions import Lower

LONGEST = 80


def number_twins(apps, schema_editor):
    """The oldest keeps the name."""
    shared = apps.get_model("records", "SavedView").objects.filter(shared=True).order_by("pk")
    taken = set()
    for view in shared:
        name, count = view.name, 1
        while (view.kind, name.lower()) in taken:
            count += 1
            ending = f" ({count})"
            name = view.name[: LONGEST - len(ending)] + ending
        taken.add((view.kind, name.lower()))
        if name != view.name:
            view.name = name
            view.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0010_personal_facts_stand_apart"),
    ]

    operations = [
        migrations.RunPython(number_twins, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("kind"), Lower("name"), condition=models.Q(("shared", True)),
                name="shared_views_of_a_kind_have_one_name_each",
            ),
        ),
    ]
