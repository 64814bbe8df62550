from django.db import migrations

from gnomon.records.search import create_index, drop_index


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [migrations.RunPython(create_index, drop_index)]
