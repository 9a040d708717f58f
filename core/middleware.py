"""What every request passes: the short cut of public check pages, and the address for the audit."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from core import audit

GetResponse = Callable[[HttpRequest], HttpResponse]
PUBLIC_CHECK_PREFIX = "/c/"


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
