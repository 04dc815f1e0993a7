from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "zhiyuan.cli"
    label = "cli"
