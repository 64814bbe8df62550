from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0010_snapshot_seal'),
    ]

    operations = [
        migrations.DeleteModel(
            name='DayTally',
        ),
        migrations.RemoveField(
            model_name='tallymark',
            name='zone',
        ),
        migrations.CreateModel(
            name='TalliedColumn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('moment', models.CharField(max_length=200)),
                ('stretch', models.IntegerField()),
                ('name', models.CharField(max_length=120)),
                ('size', models.PositiveIntegerField()),
                ('version', models.CharField(max_length=16)),
                ('planes', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'moment', 'stretch', 'name'), name='a_column_of_a_stretch_is_kept_once')],
            },
        ),
    ]
