"""What officers type while they appraise: one form over all questions of a dossier, the return, the proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ChoiceRow, Form, OnceForm, VietnameseDateField
from core.uploads import refuse_secrecy
from evaluations.models import Answer, AnswerResult
from evaluations.operations.appraisal import Appraised, fingerprint, needs_reason

TEXT_LIMIT = 2000


def long_text(label: Any, *, rows: int = 2, required: bool = False, help_text: Any = "") -> forms.CharField:
    """A free text that is refused when it carries a mark of a state secret."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea({"rows": rows}),
        validators=[refuse_secrecy],
        help_text=help_text,
    )


def choices_for(answer: Answer) -> list[tuple[str, Any]]:
    """“Không áp dụng” only where the law lets a question fall away."""
    falls_away = bool(answer.question.not_applicable_rule) or AnswerResult.NOT_APPLICABLE in {answer.self_result, answer.appraised_result}
    return [choice for choice in AnswerResult.choices if choice[0] != AnswerResult.NOT_APPLICABLE or falls_away]


class AppraisalForm(Form):
    """Result and reason for each question, with a tick and a note for what goes back to the unit.

    Everything may stay open; what is said is checked. ``b-…`` is the fingerprint of what this page showed, by which
    another officer's work is noticed.
    """

    def __init__(self, *args: Any, answers: Sequence[Answer], returns: dict[int, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers = answers
        for answer in answers:
            self._add_fields(answer, (returns or {}).get(answer.pk))

    def _add_fields(self, answer: Answer, note: str | None) -> None:
        pk, code = answer.pk, answer.question.code
        self.fields[f"r-{pk}"] = forms.ChoiceField(
            label=_("%(code)s: kết quả thẩm định") % {"code": code},
            choices=choices_for(answer),
            required=False,
            widget=ChoiceRow(bad=frozenset({AnswerResult.NOT_MET.value})),
            initial=answer.appraised_result,
        )
        self.fields[f"l-{pk}"] = long_text(_("%(code)s: lý do khác với tự đánh giá") % {"code": code})
        self.fields[f"l-{pk}"].initial = answer.appraised_reason
        self.fields[f"t-{pk}"] = forms.BooleanField(label=_("Trả lại tiêu chí này để bổ sung"), required=False, initial=note is not None)
        self.fields[f"n-{pk}"] = long_text(_("%(code)s: đơn vị cần làm gì") % {"code": code})
        self.fields[f"n-{pk}"].initial = note or ""
        base = fingerprint(answer.appraised_result, answer.appraised_reason)
        self.fields[f"b-{pk}"] = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput({"id": False}), initial=base)

    def clean(self) -> None:
        for answer in self.answers:
            result = self.cleaned_data.get(f"r-{answer.pk}")
            reason = self.cleaned_data.get(f"l-{answer.pk}")  # None when the text itself was refused
            if result and needs_reason(answer, result) and reason == "":
                self.add_error(f"l-{answer.pk}", _("Hãy ghi lý do khác với tự đánh giá của đơn vị."))

    def results(self) -> dict[int, Appraised]:
        """What was said validly; the rest waits until it is complete."""
        said = {}
        for answer in self.answers:
            names = [f"{letter}-{answer.pk}" for letter in "rlb"]
            if any(name in self.errors for name in names) or not self.cleaned_data[names[0]]:
                continue
            result, reason, base = (self.cleaned_data[name] for name in names)
            said[answer.pk] = Appraised(result, reason if needs_reason(answer, result) else "", base or None)
        return said

    def returns(self) -> dict[int, str]:
        """The ticked questions with what the unit has to do."""
        data = self.cleaned_data
        return {answer.pk: data.get(f"n-{answer.pk}", "") for answer in self.answers if data.get(f"t-{answer.pk}")}


class ReturnForm(OnceForm):
    """The return of ticked questions: note for each, reason, own due date, whether a new meeting is wanted."""

    due_on = VietnameseDateField(label=_("Hạn bổ sung"), help_text=_("Hạn riêng của lần trả lại này, thay cho hạn nộp chung."))
    reason = long_text(_("Lý do trả lại"), rows=3, required=True)
    wants_new_meeting = forms.BooleanField(
        label=_("Yêu cầu họp tự đánh giá lại"), required=False, help_text=_("Không chọn thì biên bản họp cũ vẫn có giá trị.")
    )

    def __init__(self, *args: Any, answers: Iterable[Answer], notes: dict[int, str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.named = [answer for answer in answers if answer.pk in notes]
        for answer in self.named:
            label = _("%(code)s %(label)s: đơn vị cần làm gì") % {"code": answer.question.code, "label": answer.question.label}
            self.fields[f"n-{answer.pk}"] = long_text(label, required=True)
            self.fields[f"n-{answer.pk}"].initial = notes[answer.pk]
        self.order_fields([*(f"n-{answer.pk}" for answer in self.named), "reason", "due_on", "wants_new_meeting"])

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError(_("Hạn bổ sung không được trước hôm nay."))
        return due_on

    def items(self) -> dict[int, str]:
        return {answer.pk: self.cleaned_data[f"n-{answer.pk}"] for answer in self.named}


class ProposeForm(OnceForm):
    """A remark that goes with the proposal."""

    note = long_text(_("Nhận xét gửi Ban Chỉ đạo"), rows=3)
