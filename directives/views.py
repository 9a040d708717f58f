"""Registers: who gives the numbers, and which documents they went to."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.http import SignedInRequest, act, file_response, render_page
from directives import operations, policies
from directives.forms import ScanForm, SeriesModeForm
from directives.models import DocumentType, NumberSeries, OfficialDocument
from directives.states import DocumentState
from units.models import Authority
from units.querysets import current
from units.roles import COMMITTEE_ROLES, RESULT_ROLES, STANDING_OFFICE_ROLES

PAGE_SIZE = 50
KEPT_TYPES = (DocumentType.DECISION, DocumentType.NOTICE, DocumentType.CERTIFICATE)
STATUSES = {
    DocumentState.DRAFT: ("open", gettext_lazy("Dự thảo")),
    DocumentState.SIGNED: ("info", gettext_lazy("Đã ký, chưa ban hành")),
    DocumentState.ISSUED: ("ok", gettext_lazy("Đã ban hành")),
    DocumentState.REPLACED: ("mute", gettext_lazy("Đã được thay thế")),
}


@dataclass(frozen=True)
class Register:
    """A register of an authority for a type and year, opened or not yet."""

    authority: Authority
    type: str
    type_label: str
    year: int
    mode_label: str
    last_number: int
    may_change: bool


def series_list(request: SignedInRequest) -> HttpResponse:
    """The registers of the own authorities this year and before."""
    if not request.user.has_any_role(STANDING_OFFICE_ROLES | COMMITTEE_ROLES):
        raise PermissionDenied
    year = clock.today().year
    authorities = _own_authorities(request)
    held = list(NumberSeries.objects.visible_to(request.user).select_related("authority"))
    known = {(row.authority_id, row.type, row.year) for row in held}
    missing = [
        NumberSeries(authority=authority, type=type, year=year)
        for authority in authorities
        for type in KEPT_TYPES
        if (authority.pk, type, year) not in known
    ]
    rows = sorted([*held, *missing], key=lambda row: (-row.year, row.authority.name, row.type))
    return render_page(request, "directives/series_list.html", {"rows": [_register(request, row) for row in rows]})


def _own_authorities(request: SignedInRequest) -> list[Authority]:
    areas = request.user.current_grants().area_ids(STANDING_OFFICE_ROLES | COMMITTEE_ROLES)
    return list(Authority.objects.filter(current(clock.today()), area__in=areas).order_by("name"))


def _register(request: SignedInRequest, row: NumberSeries) -> Register:
    is_free = not row.last_number and row.type not in operations.ALWAYS_OWN
    return Register(
        authority=row.authority,
        type=row.type,
        type_label=row.get_type_display(),
        year=row.year,
        mode_label=row.get_mode_display(),
        last_number=row.last_number,
        may_change=is_free and policies.can_keep_series(request.user, row.authority),
    )


def series_mode(request: SignedInRequest, authority_pk: int, type: str, year: int) -> HttpResponse:
    """Choose who gives the numbers, before the first one of the year."""
    authority = next((each for each in _own_authorities(request) if each.pk == authority_pk), None)
    if authority is None or type not in KEPT_TYPES or year != clock.today().year:
        raise Http404
    if not policies.can_keep_series(request.user, authority):
        raise PermissionDenied
    held = NumberSeries.objects.visible_to(request.user).filter(authority=authority, type=type, year=year).first()
    form = SeriesModeForm(request.POST or None, mode=held.mode if held else NumberSeries.Mode.OWN)
    page = reverse("directives:series-list")
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            series = operations.series_for(authority, type, year)
            operations.set_mode(series, mode=form.cleaned_data["mode"], actor=request.user, at=clock.now())
            return page

        return act(request, effect, done=_("Đã ghi cách cấp số."), back=page)
    context = {"form": form, "authority": authority, "type_label": DocumentType(type).label, "year": year}
    return render_page(request, "directives/series_form.html", context, status=422 if form.is_bound else 200)


def document_list(request: SignedInRequest) -> HttpResponse:
    """Official documents in reach, newest first."""
    if not request.user.has_any_role(RESULT_ROLES):
        raise PermissionDenied
    given = request.GET
    rows = OfficialDocument.objects.visible_to(request.user).select_related("authority")
    if given.get("loai") in DocumentType.values:
        rows = rows.filter(type=given["loai"])
    if words := given.get("q", "").strip():
        rows = rows.filter(Q(summary__icontains=words) | Q(symbol__icontains=words) | _number(words))
    page = Paginator(rows.order_by("-issued_on", "-number", "-pk"), PAGE_SIZE).get_page(given.get("trang"))
    context = {
        "page": page,
        "rows": [(row, STATUSES[DocumentState(row.state)]) for row in page],
        "types": [(type.value, type.label) for type in (DocumentType.DECISION, DocumentType.NOTICE)],
        "chosen_type": given.get("loai", ""),
        "words": given.get("q", ""),
    }
    return render_page(request, "directives/document_list.html", context)


def _number(words: str) -> Q:
    number = words.partition("/")[0]
    return Q(number=int(number)) if number.isascii() and number.isdigit() and len(number) < 9 else Q(pk=None)


def _document(request: SignedInRequest, pk: int) -> OfficialDocument:
    rows = OfficialDocument.objects.visible_to(request.user).select_related("authority", "signatory", "file", "signed_scan", "series")
    return get_object_or_404(rows, pk=pk)


def document_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the register holds of a document; nothing of it is ever edited."""
    document = _document(request, pk)
    context = {
        "document": document,
        "status": STATUSES[DocumentState(document.state)],
        "may_attach": document.state == DocumentState.ISSUED and policies.can_attach_scan(request.user, document),
    }
    return render_page(request, "directives/document_detail.html", context)


def document_scan(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the scan of the signed paper beside our own file."""
    document = _document(request, pk)
    if not policies.can_attach_scan(request.user, document):
        raise PermissionDenied
    form = ScanForm(request.POST or None, request.FILES or None, actor=request.user, document=document)
    page = reverse("directives:document-detail", args=[document.pk])
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            form.save(at=clock.now())
            return page

        return act(request, effect, done=_("Đã lưu bản scan."), back=page)
    context = {"document": document, "form": form}
    return render_page(request, "directives/document_scan_form.html", context, status=422 if request.method == "POST" else 200)


def document_scan_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The scan, as an attachment."""
    document = _document(request, pk)
    if document.signed_scan is None:
        raise Http404
    return file_response(request, document.signed_scan, verb="document.scan_download")


def document_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    document = _document(request, pk)
    if document.file is None:
        raise Http404
    return file_response(request, document.file, verb="document.download", inline=True)
