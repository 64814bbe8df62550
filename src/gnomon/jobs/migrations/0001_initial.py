import gnomon.jobs.moments
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False, verbose_name="name")),
                ("next_run", gnomon.jobs.moments.MomentField(verbose_name="next run")),
            ],
            options={
                "verbose_name": "schedule",
                "verbose_name_plural": "schedules",
            },
        ),
        migrations.CreateModel(
            name="QueuedJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                ("key", models.CharField(blank=True, max_length=200, null=True, verbose_name="key")),
                ("once", models.BooleanField(default=False, verbose_name="only once")),
                ("cause", models.CharField(blank=True, max_length=200, verbose_name="cause")),
                ("created_at", gnomon.jobs.moments.MomentField(verbose_name="created at")),
                ("run_after", gnomon.jobs.moments.MomentField(verbose_name="run after")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("running", "running"), ("done", "done"), ("dead", "dead")],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("worker", models.CharField(blank=True, max_length=100, verbose_name="worker")),
                ("lease_until", gnomon.jobs.moments.MomentField(blank=True, null=True, verbose_name="lease until")),
                ("started_at", gnomon.jobs.moments.MomentField(blank=True, null=True, verbose_name="started at")),
                ("finished_at", gnomon.jobs.moments.MomentField(blank=True, null=True, verbose_name="finished at")),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                ("revived_by", models.CharField(blank=True, max_length=40, verbose_name="revived by")),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "indexes": [models.Index(fields=["state", "run_after", "id"], name="job_claim_order")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("attempts", 0), ("state", "waiting")),
                        fields=("name", "key"),
                        name="untried_job_has_its_key_alone",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("once", True)), fields=("name", "key"), name="once_only_job_never_again"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease_until__isnull", False), ("state", "running")),
                            models.Q(models.Q(("state", "running"), _negated=True), ("lease_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="running_job_alone_has_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("once", False), ("key__isnull", False), _connector="OR"),
                        name="once_only_job_has_a_key",
                    ),
                ],
            },
        ),
    ]
