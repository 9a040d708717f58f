"""One form per question: the inputs its kind asks for, what it read as a value, and what was changed meanwhile by somebody else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import uploads
from core.formats import number
from core.forms import BoundField, Checks, ChoiceRow, Form, IntegerField, Radios
from evaluations import judging
from evaluations.models import Answer, AnswerKind
from evaluations.operations.dossier import TEXT_LIMIT, AnswerInput

LARGEST = 10_000_000
YES, NO = "yes", "no"


def _long_text(label: Any, rows: int = 2) -> forms.CharField:
    """A free text that is refused when it carries a mark of a state secret."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea({"rows": rows, "class": "by-w-l"}),
        validators=[uploads.refuse_secrecy],
    )


def _count(label: Any) -> IntegerField:
    return IntegerField(label=label, required=False, min_value=0, max_value=LARGEST)


class AnswerField(BoundField):
    """No field of an answer is called optional: it may be empty in a draft, but every question wants its answer."""

    @property
    def marked_optional(self) -> bool:
        return False


class AnswerForm(Form):
    """The answer to one question. Everything may stay empty: a draft is saved as it is, judging says what is missing."""

    bound_field_class = AnswerField
    in_a_row: ClassVar[bool] = False

    main: ClassVar[tuple[str, ...]] = ()

    version = forms.IntegerField(widget=forms.HiddenInput({"id": False}))
    base = forms.CharField(widget=forms.HiddenInput({"id": False}), required=False, max_length=64)

    def __init__(self, data: Any = None, *, answer: Answer, facts: Mapping[str, Any], taken: Mapping[str, Any] | None = None) -> None:
        self.answer = answer
        self.question = answer.question
        self.part_name = answer.question.code  # the page holds many answers: its summary of errors says which
        self.taken = taken  # what our own rows say, when the question has a source
        value = answer.self_value
        initial = {
            "note": answer.self_note,
            "no_file_reason": answer.no_file_reason,
            "version": answer.version,
            "base": digest(value, answer.self_note, answer.no_file_reason),
            "ground": value.get("not_applicable", ""),
            **self.from_value(value),
        }
        super().__init__(data, prefix=f"a{answer.pk}", initial=initial)
        self.declare()
        if grounds := judging.not_applicable_grounds(self.question, facts, value):
            self.fields["ground"] = forms.ChoiceField(
                label=_("Có áp dụng tiêu chí này không?"),
                required=False,
                choices=[("", _("Có áp dụng")), *((ground, _("Không áp dụng: %(ground)s") % {"ground": ground}) for ground in grounds)],
                widget=Radios(),
            )
        self.fields["note"] = _long_text(_("Ghi chú ngắn"))
        self.fields["no_file_reason"] = _long_text(_("Giải trình khi không có tệp"))

    # ---- what a kind adds ----

    def declare(self) -> None:
        """Add the fields of this kind."""
        raise NotImplementedError

    def from_value(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Initial data of this kind's fields out of a stored value."""
        return {name: value.get(name) for name in self.main}

    def to_value(self) -> dict[str, Any]:
        """The value in the shape ``evaluations.judging`` reads; empty when nothing was said."""
        return {name: self.cleaned_data[name] for name in self.main if self.cleaned_data.get(name) not in {None, ""}}

    # ---- common ----

    def sent_mark(self) -> tuple[int, str]:
        """Version and mark that the page carries: as sent while a refused form is shown again, else as the row stands."""
        if self.is_bound:
            version = str(self["version"].value() or "")
            return int(version) if version.isdecimal() else 0, str(self["base"].value() or "")
        return self.answer.version, str(self.initial["base"])

    @property
    def opens_explanation(self) -> bool:
        return bool(self["no_file_reason"].value() or self["no_file_reason"].errors)

    @property
    def opens_note(self) -> bool:
        return bool(self["note"].value() or self["note"].errors)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields of the answer itself, in order; note and explanation are drawn apart."""
        return [self[name] for name in self.fields if name not in {"version", "base", "note", "no_file_reason"}]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and self._overrides() and not cleaned.get("note"):
            self.add_error("note", _("Số liệu khác với sổ của hệ thống: hãy ghi lý do vào ô ghi chú."))
        return cleaned

    def _overrides(self) -> bool:
        value = self.value()
        return bool(self.taken and value and value != self.taken and not self.untouched())

    def value(self) -> dict[str, Any]:
        """What was typed, as a value."""
        if ground := self.cleaned_data.get("ground"):
            return {"not_applicable": ground}
        return self.to_value()

    def typed(self) -> AnswerInput:
        """What the operation takes."""
        data = self.cleaned_data
        return AnswerInput(value=self.value(), note=data["note"], no_file_reason=data["no_file_reason"], version=data["version"])

    def untouched(self) -> bool:
        """Nobody changed anything on this page: what somebody else wrote meanwhile is then no conflict."""
        typed = self.typed()
        return bool(digest(typed.value, typed.note, typed.no_file_reason) == self.cleaned_data["base"])


def digest(value: Mapping[str, Any], note: str, reason: str) -> str:
    """A short mark of an answer, put into the page to see later whether it was touched."""
    said = json.dumps([dict(value), note, reason], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


class DocumentForm(AnswerForm):
    """A document, or several to tick."""

    def declare(self) -> None:
        if not self.question.parts:
            self.fields["has"] = _either(_("Văn bản này"), yes=_("Đã có"), no=_("Chưa có"))
            return
        choices = [(part["code"], part["label"]) for part in self.question.parts]
        self.fields["ticks"] = forms.MultipleChoiceField(
            label=_("Đã có những văn bản, nội dung"), required=False, choices=choices, widget=Checks()
        )
        self.fields["none"] = forms.BooleanField(label=_("Chưa có văn bản, nội dung nào"), required=False)

    def from_value(self, value: Mapping[str, Any]) -> dict[str, Any]:
        if "ticks" in value:
            return {"ticks": value["ticks"], "none": not value["ticks"]}
        return {"has": _as_choice(value.get("has"))}

    def to_value(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "ticks" not in self.fields:
            return {"has": data["has"] == YES} if data.get("has") else {}
        return {"ticks": data["ticks"]} if data["ticks"] or data["none"] else {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("none") and cleaned.get("ticks"):
            self.add_error("none", _("Đã đánh dấu văn bản ở trên thì không chọn ô này."))
        return cleaned


class PercentageForm(AnswerForm):
    """A part of a whole; the system divides."""

    in_a_row = True
    main = ("part", "whole")

    def declare(self) -> None:
        self.fields["part"] = _count(self.question.part_label or _("Số đạt"))
        self.fields["whole"] = _count(self.question.whole_label or _("Tổng số"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        part, whole = cleaned.get("part"), cleaned.get("whole")
        if part is not None and whole is not None and part > whole:
            self.add_error("part", ValidationError(_("Không được lớn hơn tổng số (%(whole)s)."), params={"whole": number(whole)}))
        return cleaned


class CountForm(AnswerForm):
    """How many."""

    main = ("count",)

    def declare(self) -> None:
        self.fields["count"] = _count(self.question.part_label or _("Số lượng"))


class YesNoForm(AnswerForm):
    """Done, or not."""

    def declare(self) -> None:
        self.fields["yes"] = _either(_("Đã thực hiện đầy đủ?"), yes=_("Có"), no=_("Chưa"))

    def from_value(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {"yes": _as_choice(value.get("yes"))}

    def to_value(self) -> dict[str, Any]:
        said = self.cleaned_data.get("yes")
        return {"yes": said == YES} if said else {}


class NoIncidentForm(AnswerForm):
    """Nothing happened; or how often, and on which permitted ground that does not count."""

    def declare(self) -> None:
        self.fields["happened"] = _either(_("Trong kỳ đánh giá"), yes=_("Không để xảy ra"), no=_("Có xảy ra"))
        self.fields["count"] = _count(_("Nếu có: số vụ, số người"))
        if self.question.exceptions:
            self.fields["exception"] = forms.ChoiceField(
                label=_("Trường hợp được loại trừ"),
                required=False,
                choices=[("", _("Không thuộc trường hợp nào")), *((each["code"], each["label"]) for each in self.question.exceptions)],
                widget=forms.Select({"class": "by-w-l"}),
            )

    def from_value(self, value: Mapping[str, Any]) -> dict[str, Any]:
        count = value.get("count")
        return {
            "happened": None if count is None else (NO if count else YES),
            "count": count or None,
            "exception": value.get("exception", ""),
        }

    def to_value(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("happened") == YES:
            return {"count": 0}
        if data.get("happened") != NO or not data.get("count"):
            return {}
        return {"count": data["count"], **({"exception": data["exception"]} if data.get("exception") else {})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        happened, count = cleaned.get("happened"), cleaned.get("count")
        if happened == YES and count:
            self.add_error("count", _("Đã chọn “Không để xảy ra” thì để trống số vụ."))
        if happened == NO and "count" not in self.errors and not count:
            self.add_error("count", _("Ghi số vụ (hoặc số người) đã xảy ra."))
        return cleaned


class TrendForm(AnswerForm):
    """This window's figure beside last year's, with where last year's comes from (ruling 24)."""

    main = ("current", "previous", "source")

    def to_value(self) -> dict[str, Any]:
        value = super().to_value()
        return {"previous": None} | value if value else {}

    def declare(self) -> None:
        self.fields["current"] = _count(self.question.part_label or _("Kỳ này"))
        self.fields["previous"] = _count(self.question.whole_label or _("Kỳ trước"))
        self.fields["source"] = forms.CharField(
            label=_("Nguồn số liệu kỳ trước, hoặc vì sao không có"),
            required=False,
            max_length=200,
            widget=forms.TextInput({"class": "by-w-l"}),
            validators=[uploads.refuse_secrecy],
        )


class RatingForm(AnswerForm):
    """The rating that was given."""

    main = ("rating",)

    def declare(self) -> None:
        choices = [(rating["code"], rating["label"]) for rating in self.question.ratings]
        self.fields["rating"] = forms.ChoiceField(label=_("Mức xếp loại"), required=False, choices=choices, widget=Radios())


def _as_choice(said: bool | None) -> str | None:
    return None if said is None else YES if said else NO


def _either(label: Any, *, yes: Any, no: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[(YES, yes), (NO, no)], widget=ChoiceRow(bad=frozenset({NO})))


FORMS: dict[str, type[AnswerForm]] = {
    AnswerKind.DOCUMENT: DocumentForm,
    AnswerKind.PERCENTAGE: PercentageForm,
    AnswerKind.COUNT: CountForm,
    AnswerKind.YES_NO: YesNoForm,
    AnswerKind.NO_INCIDENT: NoIncidentForm,
    AnswerKind.TREND: TrendForm,
    AnswerKind.RATING: RatingForm,
}


def answer_form(answer: Answer, *, facts: Mapping[str, Any], data: Any = None, taken: Mapping[str, Any] | None = None) -> AnswerForm:
    """The form that fits the question's kind."""
    return FORMS[answer.question.answer_kind](data, answer=answer, facts=facts, taken=taken)
