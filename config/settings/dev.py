"""Development: plain HTTP on loopback, mail on the console. Started by ``bin/dev``."""

from config.env import development
from config.settings.base import *  # noqa: F403 -- settings modules extend each other this way
from config.settings.base import common

ENV = development()
globals().update(common(ENV))

DEBUG = False
DEMO = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES = {**globals()["STORAGES"], "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
