from django.db import migrations


class Migration(migrations.Migration):
    """The index of search had another form then; 0005 makes it."""

    dependencies = [("records", "0001_initial")]

    operations = []
