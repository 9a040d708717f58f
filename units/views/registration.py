"""Registration of a unit by its head on the public site: one question a page, a draft that errors do not lose."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.forms import Form
from core.http import SignedInRequest, once, render_page
from core.transitions import SYSTEM, Actor, DomainError
from units import operations, policies, transitions
from units.consents import CONSENTS
from units.exclusions import first_exclusion, rules_on
from units.forms import AccountForm, DeclarationForm, FactsForm, HeadForm, KindForm, PlaceForm, suggested_username
from units.models import Area, Unit, UnitApplication, User
from units.states import ApplicationState
from units.views.facts import fact_lines

SESSION_KEY = "unit_application"
BEGUN_KEY = "unit_applications_begun"
DRAFTS_OF_A_BROWSER = 10  # counted per browser: a whole office may stand behind one address
URLS = {
    "kind": "units:application-start",
    "place": "units:application-place",
    "facts": "units:application-facts",
    "head": "units:application-head",
    "account": "units:application-account",
    "check": "units:application-check",
    "excluded": "units:application-excluded",
}
STEPS = ("kind", "place", "facts", "head", "account", "check")
PLACES_SHOWN = 12


class Draft:
    """What this browser holds: the application's token, and the account to be opened when it is sent."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = request.user
        self.kept: dict[str, Any] = request.session.get(SESSION_KEY, {})
        token = self.kept.get("token")
        rows = UnitApplication.objects.open_under(token, request.user).select_related("area__parent") if token else None
        self.application: UnitApplication | None = rows.first() if rows is not None else None

    @property
    def actor(self) -> Actor:
        return self.user if self.user.is_authenticated else SYSTEM

    @property
    def steps(self) -> tuple[str, ...]:
        """Who is signed in needs no account."""
        return tuple(step for step in STEPS if step != "account" or not self.user.is_authenticated)

    def next_step(self) -> str:
        """The first step that is not answered; the page of exclusion when the facts shut the unit out."""
        if self.application is None:
            return "kind"
        if self.application.step >= 3 and first_exclusion(self.application, on=clock.today()):
            return "excluded"
        if self.application.step < 4:
            return STEPS[self.application.step]
        return "account" if "account" in self.steps and "account" not in self.kept else "check"

    def may_open(self, step: str) -> bool:
        """A step opens when all before it are answered."""
        ahead = self.next_step()
        reached = "facts" if ahead == "excluded" else ahead
        return STEPS.index(step) <= STEPS.index(reached)

    def save(self, request: HttpRequest, *, step: str, **facts: Any) -> HttpResponse:
        """Keep the answers of one step and go on to the next open one."""
        begun = request.session.get(BEGUN_KEY, 0) + (self.application is None)
        if begun > DRAFTS_OF_A_BROWSER:
            messages.error(request, _("Máy này đã mở quá nhiều bản khai. Gửi bản đang khai, hoặc khai tiếp vào ngày mai."))
            return redirect("units:application-start")
        row = self.application or UnitApplication(token=uuid4())
        try:
            self.application = operations.save_application(row, actor=self.actor, at=clock.now(), step=STEPS.index(step) + 1, **facts)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("units:application-start")
        self.kept = {**self.kept, "token": str(self.application.token)}
        request.session[SESSION_KEY] = self.kept
        request.session[BEGUN_KEY] = begun
        return redirect(URLS[self.next_step()])


def _page(request: HttpRequest, draft: Draft, form: Form, *, step: str, **context: Any) -> HttpResponse:
    """One step: heading, form, the way back; 422 when the form was refused."""
    steps = draft.steps
    position = steps.index(step)
    context = {
        "form": form,
        "current": position + 1,
        "total": len(steps),
        "back_url": reverse(URLS[steps[position - 1]]) if position else reverse("reports:public-home"),
        "first": position == 0,
        **context,
    }
    fragment = context.pop("fragment", None)
    template = context.pop("template", "units/application_form.html")
    return render_page(request, template, context, fragment=fragment, status=422 if form.errors else 200)


@login_not_required
@never_cache
def application_start(request: HttpRequest) -> HttpResponse:
    """Step 1: the kind of unit, and who is excluded by law."""
    draft = Draft(request)
    form = KindForm(request.POST or None, initial={"kind": draft.application.kind if draft.application else None})
    if request.method == "POST" and form.is_valid():
        return draft.save(request, step="kind", kind=form.cleaned_data["kind"])
    return _page(
        request,
        draft,
        form,
        step="kind",
        title=_("Đơn vị thuộc loại nào?"),
        lead=_("Mỗi loại có bộ tiêu chí và kỳ đánh giá riêng. Chọn một."),
        exclusions=rules_on(clock.today()),
    )


@login_not_required
@never_cache
def application_place(request: HttpRequest) -> HttpResponse:
    """Step 2: the commune, found by typing a part of its name."""
    draft = Draft(request)
    if not draft.may_open("place"):
        return redirect(URLS[draft.next_step()])
    application = draft.application
    assert application is not None
    served = Area.objects.served(clock.today()).select_related("parent")
    words = request.GET.get("q", request.POST.get("q", "")).strip()[:80]
    found = list(served.search(words)[: PLACES_SHOWN + 1])
    shown = found[:PLACES_SHOWN]
    chosen = str(request.POST.get("area") or application.area_id or "")
    if re.fullmatch(r"[0-9]{1,9}", chosen) and not any(area.pk == int(chosen) for area in shown):
        shown = [*served.filter(pk=int(chosen)), *shown]
    form = PlaceForm(request.POST if request.method == "POST" else None, served=served, shown=shown, initial={"area": application.area_id})
    if request.method == "POST" and form.is_valid():
        return draft.save(request, step="place", area=form.cleaned_data["area"])
    return _page(
        request,
        draft,
        form,
        step="place",
        template="units/application_place_form.html",
        fragment="places",
        title=_("Đơn vị đóng ở đâu?"),
        words=words,
        nothing_found=not found,
        more=len(found) > PLACES_SHOWN,
    )


@login_not_required
@never_cache
def application_facts(request: HttpRequest) -> HttpResponse:
    """Step 3: name, address and the facts by which the exclusions are judged."""
    draft = Draft(request)
    if not draft.may_open("facts"):
        return redirect(URLS[draft.next_step()])
    application = draft.application
    assert application is not None
    answered = {field: getattr(application, field) for field in FactsForm(kind=application.kind).fields} if application.step >= 3 else None
    form = FactsForm(request.POST or None, kind=application.kind, initial=answered)
    if request.method == "POST" and form.is_valid():
        return draft.save(request, step="facts", **form.facts())
    return _page(request, draft, form, step="facts", title=_("Thông tin đơn vị"), lead=application.get_kind_display(), secrecy=True)


@login_not_required
@never_cache
def application_excluded(request: HttpRequest) -> HttpResponse:
    """Which article shuts the unit out; the draft stays a draft."""
    draft = Draft(request)
    rule = first_exclusion(draft.application, on=clock.today()) if draft.application and draft.application.step >= 3 else None
    if rule is None:
        return redirect(URLS[draft.next_step()])
    return render_page(request, "units/application_excluded_detail.html", {"rule": rule, "application": draft.application})


@login_not_required
@never_cache
def application_head(request: HttpRequest) -> HttpResponse:
    """Step 4: the head, and one box per purpose for which personal data are used."""
    draft = Draft(request)
    if not draft.may_open("head"):
        return redirect(URLS[draft.next_step()])
    application = draft.application
    assert application is not None
    answered = {name: getattr(application, name) for name in ("head_name", "head_title", "head_phone", "head_email")}
    agreed = {f"consent_{consent.purpose}": application.consents.get(consent.purpose) == consent.version for consent in CONSENTS}
    form = HeadForm(request.POST or None, initial={**answered, **agreed, "applicant": application.applicant_id})
    if request.method == "POST" and form.is_valid():
        return draft.save(request, step="head", **form.facts())
    return _page(
        request,
        draft,
        form,
        step="head",
        title=_("Người đứng đầu đơn vị"),
        lead=_("Hệ thống chỉ lưu tên, chức vụ, điện thoại và thư công vụ."),
    )


@login_not_required
@never_cache
def application_account(request: HttpRequest) -> HttpResponse:
    """Step 5: the account; its password is kept as a hash until the application is sent."""
    draft = Draft(request)
    if "account" not in draft.steps or not draft.may_open("account"):
        return redirect(URLS[draft.next_step()])
    application = draft.application
    assert application is not None
    kept = draft.kept.get("account", {}).get("username")
    form = AccountForm(request.POST or None, application=application, initial={"username": kept or suggested_username(application)})
    if request.method == "POST" and form.is_valid():
        request.session[SESSION_KEY] = {**draft.kept, "account": form.account()}
        return redirect("units:application-check")
    return _page(
        request,
        draft,
        form,
        step="account",
        title=_("Tài khoản để đăng nhập"),
        lead=_("Dùng tài khoản này để xem kết quả xác nhận, ký cam kết và nộp hồ sơ."),
    )


@login_not_required
@never_cache
def application_check(request: HttpRequest) -> HttpResponse:
    """Last step: everything once more, units that may be the same, and the sending."""
    draft = Draft(request)
    application = draft.application
    if application is None:
        return _already_sent(request, draft)
    if not draft.may_open("check") or draft.next_step() == "excluded":
        return redirect(URLS[draft.next_step()])
    form = DeclarationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            response = once(request, lambda: _send(draft, application))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("units:application-check")
        _sign_in(request, UnitApplication.objects.select_related("applicant").get(pk=application.pk), draft)
        return response
    return _page(
        request,
        draft,
        form,
        step="check",
        template="units/application_confirm.html",
        title=_("Kiểm tra trước khi gửi"),
        application=application,
        facts=fact_lines(application)[2:],
        username=draft.kept.get("account", {}).get("username") or getattr(request.user, "username", ""),
        account_url=reverse(URLS["account"]) if "account" in draft.steps else "",
        consents=[(consent, application.consents.get(consent.purpose) == consent.version) for consent in CONSENTS],
        alike=Unit.objects.resembling(application).select_related("area"),
        refused=application.state == ApplicationState.REFUSED,
    )


def _send(draft: Draft, application: UnitApplication) -> str:
    """Open the account if there is none, make the draft its application, and send it."""
    at = clock.now()
    applicant = draft.user
    if not isinstance(applicant, User):
        applicant = operations.open_account(
            **draft.kept["account"],
            full_name=application.head_name,
            post=application.head_title,
            phone=application.head_phone,
            email=application.head_email,
            actor=SYSTEM,
            at=at,
        )
    claimed = operations.claim_application(application, applicant=applicant, at=at)
    sent = transitions.submit_application(claimed, actor=applicant, at=at)
    return reverse("units:application-sent", args=[sent.pk])


def _sign_in(request: HttpRequest, application: UnitApplication, draft: Draft) -> None:
    """Sign the new account in and let go of the draft."""
    if not request.user.is_authenticated and application.applicant is not None:
        get_adapter().login(request, application.applicant)
    request.session.pop(SESSION_KEY, None)


def _already_sent(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A second click that came late: its own application was sent by the first one; anything else begins anew."""
    token, username = draft.kept.get("token"), draft.kept.get("account", {}).get("username")
    rows = (
        UnitApplication.objects.filter(token=token, applicant__username=username) if token and username else UnitApplication.objects.none()
    )
    application = rows.select_related("applicant").first()
    if application is None:
        messages.info(request, _("Không còn bản khai nào trên máy này. Nếu đã gửi, hãy đăng nhập để xem kết quả."))
        return redirect("units:application-start")
    _sign_in(request, application, draft)
    return redirect("units:application-sent", pk=application.pk)


def application_sent(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirmation after sending: what happens next."""
    application = get_object_or_404(
        UnitApplication.objects.visible_to(request.user).filter(applicant=request.user).select_related("area"), pk=pk
    )
    return render_page(request, "units/application_sent_detail.html", {"application": application})


@require_POST
def application_correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open a refused application again in the pages of registration."""
    application = get_object_or_404(UnitApplication.objects.visible_to(request.user), pk=pk)
    if not policies.can_correct_application(request.user, application):
        messages.error(request, _("Đăng ký này không sửa được nữa."))
        return redirect("units:application-detail", pk=pk)
    request.session[SESSION_KEY] = {"token": str(application.token)}
    return redirect("units:application-check")
