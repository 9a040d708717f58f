"""Registrations: the unit fills in and signs, the standing office receives or returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import audit, clock, text
from core.http import SignedInRequest, act, file_response, once, render_page
from core.signing import TOO_MANY_TRIES, may_try_password
from core.transitions import DomainError
from movement import calendar, commitments, policies, transitions
from movement.forms import ReasonForm, RegistrationForm, SignForm
from movement.models import Campaign, Commitment, HouseholdCount, MilestoneCode, Participation, Registration
from movement.operations.registration import VersionConflict
from movement.states import EDITABLE_STATES, RegistrationState
from units.models import Area
from units.roles import REGISTRY_ROLES, AreaLevel, Role, UnitKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

S = RegistrationState
PAGE_SIZE = 50

# ---------- List ----------

FILTERS = {
    "chua": (gettext_lazy("Chưa đăng ký xong"), Q(ineligible_citation="") & ~Q(registration__state=S.RECEIVED)),
    "dang-soan": (gettext_lazy("Đang soạn"), Q(registration__state=S.DRAFT)),
    "cho-ky": (gettext_lazy("Chờ thủ trưởng ký"), Q(registration__state=S.PREPARED)),
    "cho-tiep-nhan": (gettext_lazy("Chờ tiếp nhận"), Q(registration__state=S.SIGNED)),
    "tra-lai": (gettext_lazy("Đã trả lại"), Q(registration__state=S.RETURNED)),
    "da-dang-ky": (gettext_lazy("Đã tiếp nhận"), Q(registration__state=S.RECEIVED)),
    "dang-ky-muon": (gettext_lazy("Đăng ký muộn"), Q(registration__is_late=True)),
    "ngoai-doi-tuong": (gettext_lazy("Không thuộc đối tượng"), ~Q(ineligible_citation="")),
}
SORTS = {
    "ten": ("sort_key", "pk"),
    "-ten": ("-sort_key", "-pk"),
    "han": ("due_on", "sort_key", "pk"),
    "-han": ("-due_on", "sort_key", "pk"),
}


@dataclass(frozen=True)
class Status:
    """A state as a page shows it."""

    tone: str
    label: StrOrPromise
    shape: str = ""


STATUSES = {
    S.DRAFT: Status("open", gettext_lazy("Đang soạn")),
    S.PREPARED: Status("open", gettext_lazy("Chờ thủ trưởng ký")),
    S.SIGNED: Status("info", gettext_lazy("Chờ tiếp nhận"), "clock"),
    S.RETURNED: Status("warn", gettext_lazy("Đã trả lại"), "returned"),
    S.RECEIVED: Status("ok", gettext_lazy("Đã tiếp nhận")),
}
INELIGIBLE = Status("mute", gettext_lazy("Không thuộc đối tượng"))


@dataclass(frozen=True)
class Row:
    """One participation in the list."""

    participation: Participation
    url: str
    status: Status
    due_on: date | None
    sent_on: date | None
    is_done: bool
    is_late: bool

    @classmethod
    def of(cls, participation: Participation) -> Row:
        registration = getattr(participation, "registration", None)
        return cls(
            participation=participation,
            url=reverse("movement:registration-detail", args=[registration.pk]) if registration else "",
            status=STATUSES[S(registration.state)] if registration else INELIGIBLE,
            due_on=participation.due_on,  # type: ignore[attr-defined]
            sent_on=clock.local_date(registration.signed_at) if registration and registration.signed_at else None,
            is_done=registration is None or registration.state in {S.SIGNED, S.RECEIVED},
            is_late=bool(registration and registration.is_late),
        )


def registration_list(request: SignedInRequest) -> HttpResponse:
    """Units of a campaign and how far their registration is; for units their own ones."""
    campaigns = list(Campaign.objects.visible_to(request.user).open().order_by("-year", "is_trial", "-pk"))
    campaign = _chosen(campaigns, request.GET.get("dot"))
    is_officer = request.user.has_any_role(REGISTRY_ROLES)
    visible = Participation.objects.visible_to(request.user).filter(campaign=campaign)
    rows = _filtered(visible, request) if is_officer else visible
    sort = request.GET.get("xep", "")
    rows = (
        rows.select_related("registration", "area")
        .annotate(due_on=calendar.due_on_expression(MilestoneCode.REGISTRATION))
        .order_by(*SORTS.get(sort, SORTS["ten"]))
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {
        "campaign": campaign,
        "campaigns": campaigns,
        "page": page,
        "rows": [Row.of(participation) for participation in page],
        "today": clock.today(),
        "is_officer": is_officer,
        "filters": [(code, label) for code, (label, _condition) in FILTERS.items()],
        "kinds": UnitKind.choices,
        "areas": [(str(area.pk), area.name) for area in _places(request)] if is_officer else [],
        "chosen": {name.replace("-", "_"): request.GET.get(name, "") for name in ("q", "tinh-trang", "loai", "xa")},
        "chips": _chips(request),
    }
    return render_page(request, "movement/registration_list.html", context, fragment="rows")


def _chosen(campaigns: list[Campaign], typed: str | None) -> Campaign | None:
    return next((each for each in campaigns if str(each.pk) == typed), campaigns[0] if campaigns else None)


def _filtered(rows: QuerySet[Participation], request: SignedInRequest) -> QuerySet[Participation]:
    given = request.GET
    if given.get("tinh-trang") in FILTERS:
        rows = rows.filter(FILTERS[given["tinh-trang"]][1])
    if given.get("loai") in UnitKind.values:
        rows = rows.filter(kind=given["loai"])
    if given.get("xa", "").isascii() and given.get("xa", "").isdigit():
        rows = rows.filter(area=int(given["xa"][:9]))
    if words := _words(request):
        rows = rows.filter(Q(unit__name_fold__contains=text.fold(words)) | Q(code__icontains=words))
    return rows


def _words(request: SignedInRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:100]


def _places(request: SignedInRequest) -> list[Area]:
    """Communes to choose from, for those who see more than one."""
    communes = list(Area.objects.visible_to(request.user).filter(level=AreaLevel.COMMUNE, valid_to__isnull=True).only("pk", "name"))
    return communes if len(communes) > 1 else []


def _chips(request: SignedInRequest) -> list[tuple[str, str]]:
    given = request.GET
    chips = []
    if given.get("tinh-trang") in FILTERS:
        chips.append((str(FILTERS[given["tinh-trang"]][0]), "tinh-trang"))
    if given.get("loai") in UnitKind.values:
        chips.append((str(UnitKind(given["loai"]).label), "loai"))
    if words := _words(request):
        chips.append((words, "q"))
    return chips


# ---------- One registration ----------


def registration_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The registration with what the reader may do next."""
    row = _registration(request, pk)
    participation, user, now = row.participation, request.user, clock.now()
    is_of_unit = policies.is_of_unit(user, participation)
    due_on = calendar.due_on(participation, MilestoneCode.REGISTRATION)
    is_open = participation.campaign.is_open(now)
    writes_on_behalf = policies.can_write_on_behalf(user, participation)
    editable = is_open and row.state in EDITABLE_STATES
    own_turn = is_of_unit if not row.on_behalf else writes_on_behalf
    may_sign = is_open and row.state == S.PREPARED and policies.can_sign_registration(user, row)
    may_receive = row.state == S.SIGNED and policies.can_receive_registration(user, row)
    commitment_rows = list(row.commitments.select_related("file", "signed_by"))
    if not is_of_unit:
        audit.record("registration.view", row, actor=user)
    context = {
        "registration": row,
        "participation": participation,
        "campaign": participation.campaign,
        "household_count": getattr(participation, "household_count", None),
        "status": STATUSES[S(row.state)],
        "due_on": due_on,
        "today": clock.local_date(now),
        "is_done": row.state in {S.SIGNED, S.RECEIVED},
        "is_past_due": clock.local_date(now) > due_on and row.state not in {S.SIGNED, S.RECEIVED},
        "asks_plan": participation.kind != UnitKind.RESIDENTIAL_AREA,
        "reads_files": _reads_files(request, participation),
        "may_edit": editable and is_of_unit,
        "may_write_on_behalf": editable and writes_on_behalf,
        "may_prepare": editable and own_turn and bool(row.goals),
        "may_sign": may_sign,
        "waits_for_head": row.state == S.PREPARED and is_of_unit and not may_sign,
        "may_receive": may_receive,
        "waits_for_another": row.state == S.SIGNED and policies.is_of_standing_office(user, participation) and not may_receive,
        "commitment": next((each for each in commitment_rows if each.superseded_at is None), None),
        "former_commitments": [each for each in commitment_rows if each.superseded_at],
        "return_title": _("Thủ trưởng chưa ký") if row.state == S.DRAFT else _("Bị trả lại"),
    }
    return render_page(request, "movement/registration_detail.html", context)


def registration_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form of the statement, for the unit or on its behalf."""
    row = _registration(request, pk)
    is_of_unit = policies.is_of_unit(request.user, row.participation)
    if not policies.can_prepare_registration(request.user, row):
        raise PermissionDenied
    detail = reverse("movement:registration-detail", args=[row.pk])
    if row.state not in EDITABLE_STATES:
        messages.error(request, _("Bản đăng ký %(state)s, không sửa được nữa.") % {"state": row.get_state_display()})
        return redirect(detail)
    form = RegistrationForm(request.POST or None, actor=request.user, registration=row, on_behalf=not is_of_unit)
    stored = None
    if form.is_valid():

        def effect() -> str:
            form.save(at=clock.now())
            messages.success(request, _("Đã lưu bản đăng ký. Kiểm tra bản cam kết rồi trình ký."))
            return detail

        try:
            return once(request, effect)
        except VersionConflict as conflict:
            form.add_error(None, str(conflict))
            stored = Registration.objects.visible_to(request.user).get(pk=row.pk)
            form.data = {**form.data.dict(), "version": str(stored.version)}  # type: ignore[attr-defined]
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "registration": row,
        "participation": row.participation,
        "on_behalf": not is_of_unit,
        "stored": stored,
        "count": getattr(row.participation, "household_count", None),
        "counts_households": "household_total" in form.fields,
    }
    return render_page(request, "movement/registration_form.html", context, status=422 if form.errors else 200)


def registration_share(request: SignedInRequest, pk: int) -> HttpResponse:
    """The share of households that signed up, while the figures are typed."""
    row = _registration(request, pk)
    total, signed_up = (_count(request.GET.get(name, "")) for name in ("household_total", "household_signed_up"))
    count = HouseholdCount(total=total, signed_up=signed_up) if total and signed_up is not None and signed_up <= total else None
    return render_page(request, "movement/registration_share.html", {"registration": row, "count": count}, fragment="share")


def _count(typed: str) -> int | None:
    plain = typed.replace(".", "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 7 else None


def registration_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The commitment as it would be printed today, to be read on the screen before it is signed."""
    row = _registration(request, pk)
    if not policies.can_prepare_registration(request.user, row):
        raise PermissionDenied
    template = commitments.template_for(row.participation.kind)
    document = commitments.document_of(row, template=template, signer=None, signed_at=None, on=clock.now())
    return render_page(request, "movement/registration_preview.html", {"registration": row, "document": document})


@require_POST
def registration_prepare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lay the registration before the head; whoever may sign goes straight on to signing."""
    row = _registration(request, pk)
    detail = reverse("movement:registration-detail", args=[row.pk])

    def effect() -> str:
        prepared = transitions.prepare_registration(row, actor=request.user, at=clock.now())
        may_sign = policies.can_sign_registration(request.user, prepared)
        return reverse("movement:registration-sign", args=[row.pk]) if may_sign else detail

    return act(request, effect, done=_("Đã trình ký. Bản đăng ký chờ thủ trưởng đơn vị ký."), back=detail)


def registration_sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read, enter the password again, sign; a password is tried a limited number of times a minute."""
    row = _registration(request, pk)
    if not policies.can_sign_registration(request.user, row):
        raise PermissionDenied
    detail = reverse("movement:registration-detail", args=[row.pk])
    now = clock.now()
    if request.method == "GET" and row.state != S.PREPARED:
        return redirect(detail)
    template = commitments.template_for(row.participation.kind)
    document = commitments.document_of(row, template=template, signer=request.user, signed_at=None, on=now)
    is_late = calendar.is_late(row.participation, MilestoneCode.REGISTRATION, at=now)
    form = SignForm(request.POST or None, request.FILES or None, actor=request.user, registration=row, is_late=is_late)
    if not may_try_password(request):
        form = SignForm(None, actor=request.user, registration=row, is_late=is_late)
        messages.error(request, TOO_MANY_TRIES)
        context = {"form": form, "registration": row, "document": document, "participation": row.participation}
        return render_page(request, "movement/registration_sign.html", context, status=429)
    if form.is_valid():

        def effect() -> str:
            signed = form.save(at=now)
            message = _("Đã ký và gửi bản đăng ký, mã hồ sơ %(code)s. Thường trực Ban Chỉ đạo sẽ tiếp nhận hoặc trả lại.")
            messages.success(request, message % {"code": signed.participation.code})
            return detail

        try:
            return once(request, effect)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "registration": row, "document": document, "participation": row.participation}
    return render_page(request, "movement/registration_sign.html", context, status=422 if form.errors else 200)


def registration_decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """The head sends the draft back to whoever prepared it."""
    row = _registration(request, pk)
    if not policies.can_sign_registration(request.user, row):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, label=_("Cần sửa những gì trước khi ký"))

    def decline(reason: str, at: datetime) -> str:
        transitions.decline_registration(row, actor=request.user, at=at, reason=reason)
        return _("Đã chuyển lại cho người soạn.")

    return _with_reason(request, row, form, decline, title=_("Chưa ký, yêu cầu sửa"), button=_("Chuyển lại cho người soạn"))


@require_POST
def registration_receive(request: SignedInRequest, pk: int) -> HttpResponse:
    """The standing office takes the registration."""
    row = _registration(request, pk)
    detail = reverse("movement:registration-detail", args=[row.pk])

    def effect() -> str:
        transitions.receive_registration(row, actor=request.user, at=clock.now())
        return detail

    return act(request, effect, done=_("Đã tiếp nhận bản đăng ký của %(unit)s.") % {"unit": row.participation.name}, back=detail)


def registration_return(request: SignedInRequest, pk: int) -> HttpResponse:
    """The standing office sends the registration back with a reason."""
    row = _registration(request, pk)
    if not policies.can_receive_registration(request.user, row):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, label=_("Lý do trả lại"), help_text=_("Ghi rõ cần sửa gì. Đơn vị nhận được đúng lời này."))

    def give_back(reason: str, at: datetime) -> str:
        transitions.return_registration(row, actor=request.user, at=at, reason=reason)
        return _("Đã trả lại bản đăng ký của %(unit)s.") % {"unit": row.participation.name}

    return _with_reason(request, row, form, give_back, title=_("Trả lại bản đăng ký"), button=_("Trả lại cho đơn vị"))


def registration_paper(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The scan of the signed paper of an entry on behalf."""
    row = _registration(request, pk)
    if row.signed_paper is None or not _reads_files(request, row.participation):
        raise PermissionDenied
    return file_response(request, row.signed_paper, verb="registration.paper.download")


def commitment_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The frozen commitment, as it was signed."""
    commitment = _commitment(request, pk)
    try:
        return file_response(request, commitment.file, verb="commitment.download")
    except DomainError as damage:
        messages.error(request, str(damage))
        return redirect("movement:commitment-verify", pk=pk)


def commitment_verify(request: SignedInRequest, pk: int) -> HttpResponse:
    """Compute the hash of the stored file again and say whether it is the one recorded at signing."""
    commitment = _commitment(request, pk)
    context = {
        "commitment": commitment,
        "registration": commitment.registration,
        "participation": commitment.registration.participation,
        "is_intact": commitments.is_intact(commitment),
    }
    return render_page(request, "movement/commitment_detail.html", context)


def _registration(request: SignedInRequest, pk: int) -> Registration:
    rows = Registration.objects.visible_to(request.user).select_related(
        "participation__campaign__province",
        "participation__unit",
        "participation__area",
        "participation__handling_area",
        "participation__household_count",
        "prepared_by",
        "signed_by",
        "received_by",
        "signed_paper",
    )
    return get_object_or_404(rows, pk=pk)


def _commitment(request: SignedInRequest, pk: int) -> Commitment:
    visible = Registration.objects.visible_to(request.user)
    rows = Commitment.objects.select_related("file", "signed_by", "prepared_by", "registration__participation__campaign")
    commitment = get_object_or_404(rows.filter(registration__in=visible), pk=pk)
    if not _reads_files(request, commitment.registration.participation):
        raise PermissionDenied
    return commitment


def _reads_files(request: SignedInRequest, participation: Participation) -> bool:
    """Signed papers are read by the unit, by who handles it this year, and by the auditor of the province (ruling 1)."""
    user = request.user
    if policies.is_of_unit(user, participation) or policies.is_of_standing_office(user, participation):
        return True
    reached = user.current_grants().reached((Role.AUDITOR, Role.PROVINCE_OFFICER))
    return bool(reached.filter(area__in=(participation.area_id, participation.handling_area_id)).exists())


def _with_reason(
    request: SignedInRequest, row: Registration, form: ReasonForm, perform: Callable[[str, datetime], str], *, title: str, button: str
) -> HttpResponse:
    detail = reverse("movement:registration-detail", args=[row.pk])
    if form.is_valid():

        def effect() -> str:
            messages.success(request, perform(form.cleaned_data["reason"], clock.now()))
            return detail

        try:
            return once(request, effect)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context: dict[str, Any] = {"form": form, "registration": row, "participation": row.participation, "title": title, "button": button}
    return render_page(request, "movement/registration_confirm.html", context, status=422 if form.errors else 200)
