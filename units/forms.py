"""Forms of the register: the steps of an application, the entry of a unit by the commune, the filters of the list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core import clock, text
from core.forms import ChoiceRow, DecimalField, Form, IntegerField, OnceForm, PhoneField, Radios, TaxCodeField, VietnameseDateField
from core.uploads import refuse_secrecy
from units import operations
from units.consents import CONSENTS
from units.models import SELF_REGISTERED_KINDS, Area, SchoolLevel, Sector, Unit, UnitApplication, User
from units.roles import ManagingLevel, UnitKind

KIND_DESCRIPTIONS: dict[str, Any] = {
    UnitKind.RESIDENTIAL_AREA: _("Thôn, bản, ấp, tổ dân phố, khu phố"),
    UnitKind.AGENCY: _("Cơ quan nhà nước, đơn vị sự nghiệp công lập, tổ chức chính trị – xã hội, xã hội – nghề nghiệp"),
    UnitKind.ENTERPRISE: _("Quy mô vừa và lớn"),
    UnitKind.SCHOOL: _("Từ trung học cơ sở trở lên, cao đẳng, đại học, giáo dục nghề nghiệp"),
}
LEVEL_DESCRIPTIONS: dict[str, Any] = {
    ManagingLevel.COMMUNE: _("Ủy ban nhân dân xã quản lý, hoặc bạn chưa rõ; Công an xã sẽ xem lại"),
    ManagingLevel.PROVINCE: _("Ủy ban nhân dân tỉnh hoặc sở, ngành của tỉnh quản lý"),
    ManagingLevel.MINISTRY: _("Đơn vị nghiệp vụ của Bộ Công an trực tiếp theo dõi"),
}
YES_NO = [("yes", _("Có")), ("no", _("Không"))]
HELD_ELSEWHERE = _("Mã số thuế này đã có trong danh bạ của xã khác. Hỏi Công an tỉnh trước khi thêm.")
USERNAME_RULE = RegexValidator(r"^[a-z0-9._-]{4,60}$", _("Tên đăng nhập dài từ 4 ký tự, chỉ gồm chữ không dấu, số, dấu chấm và gạch nối."))


class YesNoField(forms.TypedChoiceField):
    """A question that must be answered; nothing is chosen beforehand."""

    def __init__(self, *, label: Any, help_text: Any = "") -> None:
        super().__init__(label=label, help_text=help_text, choices=YES_NO, widget=ChoiceRow(), coerce=lambda value: value == "yes")

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


# ---------- What a unit says of itself ----------


def _facts() -> dict[str, forms.Field]:
    """Every question about a unit; ``KIND_QUESTIONS`` says who is asked what."""
    return {
        "name": forms.CharField(
            label=_("Tên đơn vị"),
            max_length=200,
            validators=[refuse_secrecy],
            help_text=_("Tên đầy đủ, như trên con dấu hoặc quyết định thành lập."),
        ),
        "address": forms.CharField(
            label=_("Địa chỉ"),
            max_length=200,
            validators=[refuse_secrecy],
            help_text=_("Số nhà, đường, thôn, bản; không cần ghi lại tên xã."),
        ),
        "managing_level": forms.ChoiceField(
            label=_("Cấp quản lý"), choices=ManagingLevel.choices, widget=Radios(descriptions=LEVEL_DESCRIPTIONS)
        ),
        "tax_code": TaxCodeField(label=_("Mã số thuế"), max_length=14),
        "sector": forms.ChoiceField(label=_("Lĩnh vực"), choices=Sector.choices, widget=Radios()),
        "insured_headcount": IntegerField(
            label=_("Số lao động tham gia bảo hiểm xã hội"), min_value=0, max_value=1_000_000, help_text=_("Bình quân năm trước.")
        ),
        "revenue": DecimalField(
            label=_("Tổng doanh thu năm trước (tỷ đồng)"), min_value=0, max_digits=12, decimal_places=3, help_text=_("Ví dụ 85,5.")
        ),
        "capital": DecimalField(
            label=_("Tổng nguồn vốn năm trước (tỷ đồng)"), min_value=0, max_digits=12, decimal_places=3, help_text=_("Ví dụ 42.")
        ),
        "school_level": forms.ChoiceField(label=_("Cấp học"), choices=SchoolLevel.choices, widget=Radios()),
        "headcount": IntegerField(label=_("Số cán bộ, công chức, viên chức, người lao động"), min_value=1, max_value=1_000_000),
        "learner_count": IntegerField(label=_("Số người học"), min_value=0, max_value=1_000_000),
        "household_count": IntegerField(label=_("Số hộ"), min_value=1, max_value=100_000),
        "is_armed_forces": YesNoField(label=_("Là đơn vị lực lượng vũ trang?"), help_text=_("Quân đội, Công an, Dân quân tự vệ.")),
        "has_party_organisation": YesNoField(label=_("Có tổ chức Đảng?")),
        "has_guard_force": YesNoField(label=_("Có lực lượng bảo vệ?")),
        "sub_unit_count": IntegerField(
            label=_("Số đầu mối trực thuộc"), min_value=0, max_value=10_000, help_text=_("Phòng, ban, tổ, đội, phân xưởng, tổ chuyên môn.")
        ),
        "founded_on": VietnameseDateField(label=_("Ngày thành lập"), required=False),
    }


KIND_QUESTIONS = {
    UnitKind.RESIDENTIAL_AREA: ("name", "address", "household_count", "has_party_organisation", "founded_on"),
    UnitKind.AGENCY: (
        "name", "address", "managing_level", "tax_code", "is_armed_forces", "headcount", "sub_unit_count", "has_party_organisation",
        "has_guard_force", "founded_on",
    ),
    UnitKind.ENTERPRISE: (
        "name", "address", "tax_code", "managing_level", "sector", "insured_headcount", "revenue", "capital", "sub_unit_count",
        "has_party_organisation", "has_guard_force", "founded_on",
    ),
    UnitKind.SCHOOL: (
        "name", "address", "managing_level", "tax_code", "school_level", "headcount", "learner_count", "sub_unit_count",
        "has_party_organisation", "has_guard_force", "founded_on",
    ),
}  # fmt: skip
# What a kind is not asked goes back to its default, so that nothing of another kind stays behind.
DEFAULTS: dict[str, Any] = {
    "managing_level": ManagingLevel.COMMUNE, "tax_code": "", "sector": "", "insured_headcount": None, "revenue": None, "capital": None,
    "school_level": "", "headcount": None, "learner_count": None, "household_count": None, "is_armed_forces": False,
    "has_party_organisation": True, "has_guard_force": True, "sub_unit_count": None, "founded_on": None,
}  # fmt: skip


class FactsForm(Form):
    """Name, address and the facts that the exclusions and criteria ask of one kind of unit."""

    def __init__(self, data: Any = None, *, kind: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        questions = _facts()
        for name in KIND_QUESTIONS[UnitKind(kind)]:
            self.fields[name] = questions[name]
        if kind != UnitKind.ENTERPRISE and "tax_code" in self.fields:
            self.fields["tax_code"].required = False

    def clean_founded_on(self) -> date | None:
        founded: date | None = self.cleaned_data["founded_on"]
        if founded and founded > clock.today():
            raise ValidationError(_("Ngày thành lập không được sau hôm nay."))
        return founded

    def facts(self) -> dict[str, Any]:
        """Every fact of the unit: what was asked, and defaults for what this kind is not asked."""
        return DEFAULTS | {name: value for name, value in self.cleaned_data.items() if name != "once"}


# ---------- Steps of an application: each may be sent again with other words, so they carry no one-time key ----------


class KindForm(Form):
    kind = forms.ChoiceField(
        label=_("Loại đơn vị"),
        choices=[(kind.value, kind.label) for kind in SELF_REGISTERED_KINDS],
        widget=Radios(descriptions=KIND_DESCRIPTIONS),
        error_messages={"required": _("Chọn một loại đơn vị.")},
    )


class PlaceForm(Form):
    """The commune, one of those found; the choice made earlier stays among them."""

    area = forms.ModelChoiceField(
        label=_("Chọn xã, phường, đặc khu"),
        queryset=Area.objects.none(),
        widget=Radios(),
        empty_label=None,
        error_messages={
            "required": _("Chọn xã, phường hoặc đặc khu nơi đơn vị đóng."),
            "invalid_choice": _("Xã này không có trong danh mục. Tìm và chọn lại."),
        },
    )

    def __init__(self, data: Any = None, *, served: Any, shown: list[Area], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = served
        field.choices = [(area.pk, str(area)) for area in shown]
        field.widget.descriptions = {str(area.pk): str(area.parent) for area in shown}


class HeadForm(Form):
    """Who heads the unit, as a letterhead would say, and what this person agrees to."""

    head_name = forms.CharField(label=_("Họ và tên"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    head_title = forms.CharField(
        label=_("Chức vụ"),
        max_length=120,
        help_text=_("Ví dụ: Trưởng bản, Hiệu trưởng, Giám đốc."),
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    head_phone = PhoneField(label=_("Điện thoại công vụ"), help_text=_("Số mà Công an xã gọi được trong giờ làm việc."))
    head_email = forms.EmailField(
        label=_("Thư điện tử công vụ"), max_length=254, required=False, widget=forms.EmailInput({"autocomplete": "email"})
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for consent in CONSENTS:
            self.fields[f"consent_{consent.purpose}"] = forms.BooleanField(
                label=consent.text,
                required=consent.required,
                error_messages={"required": _("Cần đồng ý ô này thì mới đăng ký được; không đồng ý thì đăng ký trực tiếp tại Công an xã.")},
            )

    def clean_head_email(self) -> str:
        email: str = self.cleaned_data["head_email"].lower()
        if email and User.objects.filter(email=email).exclude(pk=self.initial.get("applicant") or 0).exists():
            raise ValidationError(_("Thư điện tử này đã gắn với một tài khoản khác. Dùng thư khác hoặc để trống."))
        return email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("head_email") and not cleaned.get("consent_notices"):
            self.add_error("head_email", _("Muốn nhận thư thì đánh dấu ô đồng ý nhận thông báo; không thì để trống dòng này."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The head's columns and the versions of the texts agreed to."""
        facts = {name: value for name, value in self.cleaned_data.items() if name.startswith("head_")}
        agreed = {consent.purpose: consent.version for consent in CONSENTS if self.cleaned_data[f"consent_{consent.purpose}"]}
        return {**facts, "consents": agreed}


class AccountForm(Form):
    """User name and password of the person who registers; only the password's hash is kept between two pages."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        help_text=_("Chữ không dấu, số, dấu chấm, gạch nối. Ghi lại để dùng cả năm."),
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        strip=False,
        help_text=_("Ít nhất 10 ký tự; không chỉ gồm số, không giống họ tên hay tên đăng nhập."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(label=_("Nhập lại mật khẩu"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"}))

    def __init__(self, data: Any = None, *, application: UnitApplication, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.application = application

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip().lower()
        USERNAME_RULE(username)
        if User.objects.filter(username=username).exists():
            raise ValidationError(_("Tên đăng nhập “%(name)s” đã có người dùng. Chọn tên khác.") % {"name": username})
        return username

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password:
            head = self.application
            owner = User(username=cleaned.get("username", ""), full_name=head.head_name, email=head.head_email, phone=head.head_phone)
            try:
                validate_password(password, owner)
            except ValidationError as weak:
                self.add_error("password", weak)
            if "repeated" in cleaned and cleaned["repeated"] != password:
                self.add_error("repeated", _("Hai lần nhập mật khẩu chưa giống nhau."))
        return cleaned

    def account(self) -> dict[str, str]:
        """What the session keeps until the application is sent."""
        return {"username": self.cleaned_data["username"], "password_hash": make_password(self.cleaned_data["password"])}


class DeclarationForm(OnceForm):
    declared = forms.BooleanField(
        label=_("Tôi cam đoan nội dung trên là đúng và không có thông tin thuộc bí mật nhà nước."),
        error_messages={"required": _("Đánh dấu vào ô cam đoan rồi gửi.")},
    )


def suggested_username(application: UnitApplication) -> str:
    """A free user name made of the unit's name and its commune's."""
    place = text.slug(application.area.proper_name).replace("-", "") if application.area else ""
    stem = f"{text.slug(application.name)[:40].strip('-')}.{place}".strip(".")[:56] or "don-vi"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    return next(name for name in [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))] if name not in taken)


# ---------- The commune's side ----------


class RefusalForm(OnceForm):
    reason = forms.CharField(
        label=_("Lý do từ chối"),
        max_length=1000,
        validators=[refuse_secrecy],
        help_text=_("Đơn vị đọc được câu này. Nói rõ cần sửa gì."),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Ghi lý do từ chối để đơn vị biết cần sửa gì.")},
    )


class UnitForm(FactsForm, OnceForm):
    """A unit entered by the commune police for those who cannot register themselves."""

    def __init__(self, data: Any = None, *, kind: str, actor: User, **kwargs: Any) -> None:
        super().__init__(data, kind=kind, **kwargs)
        self.kind, self.actor = kind, actor
        places = Area.objects.filter(pk__in=actor.current_grants().area_ids(["commune_officer"]))
        self.fields["area"] = forms.ModelChoiceField(label=_("Xã, phường, đặc khu"), queryset=places, initial=places.first())
        self.fields["full_name"] = forms.CharField(label=_("Người đứng đầu: họ và tên"), max_length=120)
        self.fields["title"] = forms.CharField(label=_("Chức vụ"), max_length=120)
        self.fields["phone"] = PhoneField(label=_("Điện thoại công vụ"), required=False)
        self.fields["email"] = forms.EmailField(label=_("Thư điện tử công vụ"), max_length=254, required=False)
        self.fields["confirmed"] = forms.BooleanField(
            label=_("Đã xem các đơn vị trùng tên hoặc trùng mã số thuế; đây là đơn vị khác."), required=False
        )
        self.order_fields(["area"])
        self.alike: list[Unit] = []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("name") and cleaned.get("area"):
            facts = Unit(
                kind=self.kind,
                name=cleaned["name"],
                area=cleaned["area"],
                tax_code=cleaned.get("tax_code", ""),
                school_level=cleaned.get("school_level", ""),
            )
            self.alike = list(Unit.objects.visible_to(self.actor).resembling(facts).select_related("area"))
            if Unit.objects.resembling(facts).exclude(pk__in=[unit.pk for unit in self.alike]).exists():
                self.add_error("tax_code", HELD_ELSEWHERE)
            if self.alike and not cleaned.get("confirmed"):
                names = ", ".join(f"{unit.name} ({unit.code})" for unit in self.alike)
                self.add_error("confirmed", _("Danh bạ đã có: %(names)s. Nếu là đơn vị khác, đánh dấu ô này.") % {"names": names})
        return cleaned

    def save(self) -> Unit:
        head_names = ("full_name", "title", "phone", "email")
        facts = {name: value for name, value in self.facts().items() if name not in {*head_names, "confirmed"}}
        return operations.create_unit(
            actor=self.actor,
            at=clock.now(),
            kind=self.kind,
            head={name: self.cleaned_data[name] for name in head_names},
            **facts,
        )


# ---------- Filters ----------


class UnitFilterForm(Form):
    """Filters of the register; anything unknown in the address is left out."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=120)
    xa = forms.ModelChoiceField(label=_("Xã, phường"), queryset=Area.objects.none(), required=False, empty_label=_("Tất cả"))
    loai = forms.ChoiceField(label=_("Loại đơn vị"), choices=[("", _("Tất cả")), *UnitKind.choices], required=False)
    cap = forms.ChoiceField(label=_("Cấp quản lý"), choices=[("", _("Tất cả")), *ManagingLevel.choices], required=False)
    tt = forms.ChoiceField(
        label=_("Tình trạng"), choices=[("", _("Đang hoạt động")), ("da-dong", _("Đã giải thể")), ("tat-ca", _("Tất cả"))], required=False
    )

    def __init__(self, data: Any = None, *, places: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["xa"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places
        self.fields["q"].widget = forms.TextInput({"type": "search", "placeholder": _("Tên đơn vị, mã hoặc mã số thuế")})
