from django.db import migrations


class Migration(migrations.Migration):
    """Custom fields and workflow versions are records of `organization` now; theirs are carried over before."""

    dependencies = [
        ("records", "0006_presence"),
        ("organization", "0003_carry_definitions"),
    ]

    operations = [
        migrations.DeleteModel(name="CustomField"),
        migrations.DeleteModel(name="WorkflowVersion"),
    ]
