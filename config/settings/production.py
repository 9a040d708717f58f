"""Production behind a TLS proxy: every value from the environment, nothing defaulted."""

from config.env import production
from config.settings.base import *  # noqa: F403 -- settings modules extend each other this way
from config.settings.base import common

ENV = production()
globals().update(common(ENV))

DEBUG = False
DEMO = False
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
