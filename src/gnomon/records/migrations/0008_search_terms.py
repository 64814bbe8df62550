from django.db import migrations

from gnomon.records.search.tables import create_terms, drop_terms


class Migration(migrations.Migration):
    dependencies = [("records", "0007_definitions_are_records")]

    operations = [migrations.RunPython(create_terms, drop_terms)]
