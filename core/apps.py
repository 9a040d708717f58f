from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Load every app's ``tasks``, so that handlers of the outbox and of jobs are known in each process."""
        autodiscover_modules("tasks")
