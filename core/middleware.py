"""What every request passes: the short cut of public check pages, the address for the audit, a password that must be changed first."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from core import audit, http
from core.transitions import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]
PUBLIC_CHECK_PREFIX = "/c/"
PASSWORD_PAGES = frozenset(
    {
        "account_change_password",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)


def public_pages(get_response: GetResponse) -> GetResponse:
    """Answer the QR check without session, sign-in and lockout: it must stand a crowd of phones."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PUBLIC_CHECK_PREFIX) and request.method in {"GET", "HEAD"}:
            match = resolve(request.path)
            request.resolver_match = match
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
            return response
        return get_response(request)

    return middleware


def client_address(request: HttpRequest) -> str:
    """The caller's address: behind TRUSTED_PROXIES proxies the entry that the outermost of them wrote."""
    count: int = settings.AXES_IPWARE_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if count and len(forwarded) >= count:
        address: str = forwarded[-count]
        return address[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def record_request(get_response: GetResponse) -> GetResponse:
    """Give the audit its address, and record refusals once their transaction is over."""

    def middleware(request: HttpRequest) -> HttpResponse:
        audit.start_request(client_address(request))
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("a NUL in the address")  # no text column of PostgreSQL takes one
        response = get_response(request)
        written = audit.flush_refusals()
        if response.status_code == 403 and not written:
            user = request.user if request.user.is_authenticated else None
            audit.refused("request", None, actor=user, reason=f"{request.method} {request.path}"[:300])
            audit.flush_refusals()
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


class Refusals:
    """A rule that says no outside a form, a file that is no longer whole: a page with the sentence, never a fault."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        user = request.user if request.user.is_authenticated else None
        audit.refused("request", None, actor=user, reason=f"{request.method} {request.path}: {exception}"[:300])
        return http.refused(request, exception)


def change_password_first(get_response: GetResponse) -> GetResponse:
    """Who was given a password by somebody else changes it before anything else opens."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "must_change_password", False) and _url_name(request) not in PASSWORD_PAGES:
            return redirect("account_change_password")
        return get_response(request)

    return middleware


def _url_name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""
