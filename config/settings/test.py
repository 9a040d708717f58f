"""Tests: the servers of ``bin/test``, quick hashing, mail in memory."""

from config.env import development
from config.settings.base import *  # noqa: F403 -- settings modules extend each other this way
from config.settings.base import common

ENV = development()
globals().update(common(ENV))

DEBUG = False
DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**globals()["STORAGES"], "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DATABASES = {"default": {**globals()["DATABASES"]["default"], "OPTIONS": {}}}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
