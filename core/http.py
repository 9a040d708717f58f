"""What views share: whole page or fragment, a form sent once, a stored file, the pages of a refusal."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from core import audit, clock, files, text
from core.models import OneTimeKey, StoredFile
from core.transitions import DomainError

logger = logging.getLogger(__name__)


class SignedInRequest(HttpRequest):
    """The request of a view behind ``LoginRequiredMiddleware``: its user is one of ours, never anonymous."""

    user: Any


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, fragment: str | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or for an htmx request only ``template#fragment``."""
    htmx = getattr(request, "htmx", None)
    partial = bool(fragment and htmx and not htmx.history_restore_request)
    response = render(request, f"{template}#{fragment}" if partial else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def once(request: HttpRequest, effect: Callable[[], str]) -> HttpResponseRedirect:
    """Run ``effect`` at most once for the form's hidden key, in one transaction, and go to the address it answers.

    A second click waits for the first, then is sent to the same result with a sentence that says when it was done.
    A ``DomainError`` frees the key again.
    """
    try:
        key = uuid.UUID(request.POST.get("once", ""))
    except ValueError as error:
        raise SuspiciousOperation("a form without its one-time key") from error
    user = request.user if request.user.is_authenticated else None
    with transaction.atomic():
        row, fresh = OneTimeKey.objects.get_or_create(
            key=key, defaults={"user": user, "path": request.path[:200], "created_at": clock.now()}
        )
        if fresh:
            row.result_url = effect()
            row.save(update_fields=["result_url"])
    if row.user_id != getattr(user, "pk", None):
        raise SuspiciousOperation("a one-time key of somebody else")
    if not fresh:
        messages.info(request, _("Việc này đã được thực hiện lúc %(at)s, không làm lại lần nữa.") % {"at": moment(row.created_at)})
    return HttpResponseRedirect(row.result_url)


def forget_keys(*, before: datetime) -> int:
    """Delete the keys of forms sent long ago; what they did is kept by states and numbers."""
    deleted, _by_model = OneTimeKey.objects.filter(created_at__lt=before).delete()
    return deleted


def act(request: HttpRequest, effect: Callable[[], str], *, done: str, back: str) -> HttpResponseRedirect:
    """``once`` for a button: says ``done`` when it worked, and the rule's sentence on ``back`` when it was refused."""
    try:
        response = once(request, effect)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    messages.success(request, done)
    return response


def moment(at: Any) -> str:
    """``14:05, 12/11/2026`` in local time."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}, {formats.date_format(local.date(), 'd/m/Y')}"


def file_response(request: HttpRequest, stored: StoredFile, *, verb: str = "file.download", inline: bool = False) -> HttpResponseBase:
    """A stored file as an attachment that no browser sniffs; the download is recorded.

    A PDF of our own making may be shown ``inline``; uploads never are.
    """
    if stored.scan != StoredFile.Scan.CLEAN:
        raise DomainError(_("Tệp “%(name)s” chưa được quét xong, chưa mở được.") % {"name": stored.name})
    response = HttpResponse(files.read(stored), content_type=stored.content_type)
    stem, dot, ending = stored.name.rpartition(".")
    plain = f"{text.slug(stem or ending) or 'tep'}{dot}{ending if dot else ''}"
    disposition = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(stored.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    audit.record(verb, stored, actor=request.user if request.user.is_authenticated else None)
    return response


def _incident(request: HttpRequest, status: int) -> str:
    code = uuid.uuid4().hex[:8].upper()
    logger.warning("incident %s: %s %s answered %s", code, request.method, request.path, status)
    return code


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", {"incident": _incident(request, 400)}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"incident": _incident(request, 403)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", {"incident": _incident(request, 404)}, status=404)


def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The page of a rule that said no where no form could show it, or of a file that is not whole."""
    return render(request, "409.html", {"sentence": str(refusal), "incident": _incident(request, 409)}, status=409)


def not_offered(request: HttpRequest) -> HttpResponse:
    """A page that a package brings along and the product does not have."""
    return not_found(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a fault: an incident code, never a trace. Drawn without the request, for the database may be what is down."""
    return HttpResponseServerError(render_to_string("500.html", {"incident": _incident(request, 500)}))


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"incident": _incident(request, 403)}, status=403)
