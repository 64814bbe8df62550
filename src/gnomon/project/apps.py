from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "gnomon.project"
    label = "project"
