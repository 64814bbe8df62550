from django.apps import AppConfig


class ErrandConfig(AppConfig):
    name = "tests.journeys.errand"
    label = "errand"
