"""Forms of the product: how fields are drawn, the base form, and fields that read Vietnamese dates, figures, phones and tax codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberRefused
from stdnum.vn import mst

from core import formats

# ---------- How a field is drawn ----------


class BoundField(forms.BoundField):
    """A field with the product's classes and aria attributes, whoever wrote the form (allauth's too)."""

    @property
    def is_check(self) -> bool:
        """A single box, whose label stands after it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def marked_optional(self) -> bool:
        return not self.field.required and not self.field.disabled

    def css_class(self, widget: forms.Widget) -> str:
        own = str(widget.attrs.get("class", ""))
        if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
            return f"form-check-input {own}".strip()
        if isinstance(widget, forms.RadioSelect):
            return own
        base = "form-select" if isinstance(widget, forms.Select) else "form-control"
        return " ".join(part for part in (base, own, "is-invalid" if self.errors else "") if part)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        drawn = widget or self.field.widget
        built = super().build_widget_attrs(attrs, drawn)
        if drawn.is_hidden:
            return built
        built.pop("required", None)  # refused by the server with a Vietnamese sentence, never by a bubble of the browser
        if drawn.use_fieldset:
            built.pop("aria-invalid", None)  # not allowed on a radio; the fieldset is described by the error
        if css := self.css_class(drawn):
            built["class"] = css
        if drawn.attrs.get("placeholder") == self.label:
            built["placeholder"] = False  # allauth repeats the label
        return built


class Renderer(TemplatesSetting):
    """FORM_RENDERER: ``{{ form.title.as_field_group }}`` gives label, help, error and field through one template."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = BoundField


# ---------- Widgets ----------


class ChoiceRow(forms.RadioSelect):
    """Short answers side by side; those in ``bad`` turn red when chosen."""

    template_name = "components/widgets/choice_row.html"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), *, bad: frozenset[str] = frozenset()) -> None:
        super().__init__(attrs, choices)
        self.bad = bad

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        return {**option, "is_bad": str(option["value"]) in self.bad}


class Radios(forms.RadioSelect):
    """Large answers one below the other, each with a sentence from ``descriptions``."""

    template_name = "components/widgets/radios.html"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), *, descriptions: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs, choices)
        self.descriptions = descriptions or {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        return {**option, "description": self.descriptions.get(str(option["value"]), "")}


class Checks(forms.CheckboxSelectMultiple):
    """Several boxes, one below the other."""

    template_name = "components/widgets/checks.html"


class DateInput(forms.DateInput):
    """A date typed as 30/11/2026; the browser's own calendar would follow the browser's language."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "by-w-s", "inputmode": "numeric", "autocomplete": "off", **(attrs or {})})


# ---------- Fields ----------


class VietnameseDateField(forms.DateField):
    """30/11/2026, 30-11-2026, 30.11.2026 or 2026-11-30, between 1900 and 2199."""

    widget = DateInput
    default_error_messages = {"invalid": _("Ngày phải có dạng 30/11/2026.")}

    def to_python(self, value: Any) -> date | None:
        found = super().to_python(re.sub(r"\s", "", value) if isinstance(value, str) else value)
        if found and not 1900 <= found.year < 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class IntegerField(forms.IntegerField):
    """A whole number, 1.217 or 1217."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_plain_number(value) if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return formats.number(value, 0) if isinstance(value, int) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "class": "by-w-s", "autocomplete": "off"}


class DecimalField(forms.DecimalField):
    """A number with decimals, 8,5 or 1.217,25; a point before other than three digits is taken for a comma."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as Django's own
        return super().to_python(_plain_number(value) if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(str(value)).normalize():f}".replace(".", ",") if isinstance(value, int | float | Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "class": "by-w-s", "autocomplete": "off"}


def _plain_number(value: str) -> str:
    """What Python reads: 1.217,5 → 1217.5; groups of exactly three digits after points are thousands."""
    text = re.sub(r"\s", "", value)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", text):
        text = text.replace(".", "")
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


class PhoneField(forms.CharField):
    """A Vietnamese number: 10 digits, a landline of 11, or +84; stored as E.164 (+84912345678)."""

    default_error_messages = {"invalid": _("Số điện thoại phải có 10 số, máy cố định 11 số, ví dụ 0912 345 678.")}

    def to_python(self, value: Any) -> str:
        text = re.sub(r"[\s.\-()]", "", super().to_python(value) or "")
        if not text:
            return ""
        national = re.sub(r"^(\+84|0084|84)(?=[1-9])", "0", text)
        if not re.fullmatch(r"0([35789][0-9]{8}|2[0-9]{9})", national):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return f"+84{national[1:]}"

    def prepare_value(self, value: Any) -> Any:
        return formats.phone(value) if isinstance(value, str) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "tel", "class": "by-w-m", "autocomplete": "tel"}


class TaxCodeField(forms.CharField):
    """A tax code of 10 digits or 10-3 with its check digit; ``personal`` also takes the 12 digits of an individual."""

    default_error_messages = {
        "invalid": _("Mã số thuế phải có 10 số, hoặc 10 số, dấu gạch và 3 số, ví dụ 0100233488 hoặc 0314409058-002."),
        "checksum": _("Mã số thuế sai số kiểm tra. Xem lại từng chữ số."),
    }

    def __init__(self, *, personal: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.personal = personal

    def to_python(self, value: Any) -> str:
        text = mst.compact(super().to_python(value) or "")
        if not text or (self.personal and re.fullmatch(r"[0-9]{12}", text)):
            return text
        if not re.fullmatch(r"[0-9]{10}([0-9]{3})?", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return mst.format(mst.validate(text))
        except NumberRefused as refusal:
            raise ValidationError(self.error_messages["checksum"], code="checksum") from refusal

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "class": "by-w-m", "autocomplete": "off"}


# ---------- Forms ----------


def _normalised(data: Any) -> Any:
    """The same data with every text in NFC, so that what is stored, compared and shown again is one spelling."""
    if isinstance(data, MultiValueDict):
        copy = data.copy()
        for name, values in data.lists():
            copy.setlist(name, [unicodedata.normalize("NFC", value) if isinstance(value, str) else value for value in values])
        return copy
    return {name: unicodedata.normalize("NFC", value) if isinstance(value, str) else value for name, value in data.items()}


class Form(forms.Form):
    """Base of every form: text in NFC (fields strip it), no colon after labels."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(None if data is None else _normalised(data), files, **kwargs)


class OnceForm(Form):
    """A form that writes: its key makes a second click, a reload or a retry find the first answer (``core.http.once``)."""

    once = forms.UUIDField(
        widget=forms.HiddenInput({"id": False}),  # a page may hold several forms
        initial=uuid4,
        error_messages={
            "required": _("Trang này đã cũ. Hãy tải lại rồi gửi lần nữa."),
            "invalid": _("Trang này đã cũ. Hãy tải lại rồi gửi lần nữa."),
        },
    )


# ---------- Errors on top ----------


SUMMARY_LABEL_LENGTH = 80


@dataclass(frozen=True)
class ErrorLine:
    text: str
    target: str


@dataclass(frozen=True)
class ErrorSummary:
    """Every error of one or more forms, each with the id of the field it leads to."""

    lines: tuple[ErrorLine, ...]

    @classmethod
    def of(cls, *refused: forms.BaseForm | forms.BaseFormSet[Any] | list[forms.BaseForm]) -> Self:
        """The lines in the order of the page; a form with a ``part_name`` puts it before its labels."""
        lines: list[ErrorLine] = []
        for form in refused:
            if isinstance(form, list):
                lines += cls.of(*form).lines
            elif isinstance(form, forms.BaseFormSet):
                lines += [ErrorLine(str(text), "") for text in form.non_form_errors()]
                lines += [line for part in form.forms for line in cls.of(part).lines]
            elif form.is_bound:
                order = [name for name in (*form.fields, NON_FIELD_ERRORS) if name in form.errors]  # as the page shows the fields
                lines += [_line(form, name, str(text)) for name in order for text in form.errors[name]]
        return cls(tuple(lines))


def _line(form: forms.BaseForm, name: str, text: str) -> ErrorLine:
    """The sentence after its label, leading to the field or the first answer of a group; bare for the form as a whole."""
    if name not in form.fields or form[name].is_hidden:
        return ErrorLine(text, "")
    bound = form[name]
    target = bound.id_for_label or f"{bound.auto_id}_0"
    label = str(bound.label).rstrip("?:. ")
    if len(label) > SUMMARY_LABEL_LENGTH:
        return ErrorLine(text, target)  # a whole sentence to agree to: the error speaks for itself
    heading = f"{part} – " if (part := getattr(form, "part_name", "")) else ""
    return ErrorLine(f"{heading}{label}: {text}", target)
