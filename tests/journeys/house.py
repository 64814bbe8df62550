"""The settings of an installation, with one more app: what it does can be counted afterwards."""

from datetime import timedelta

from gnomon.project.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.journeys.errand"]  # noqa: F405
JOBS_LEASE = timedelta(seconds=4)  # what a killed worker held is free again soon
