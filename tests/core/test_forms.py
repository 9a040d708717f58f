"""Fields read what officers type and refuse the rest with a sentence; every field is wired for readers."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django import forms as django_forms
from django.http import QueryDict

from core import forms


def refusal(field: django_forms.Field, value: object) -> list[str]:
    with pytest.raises(django_forms.ValidationError) as caught:
        field.clean(value)
    return caught.value.messages


@pytest.mark.parametrize("text", ["30/11/2026", "30-11-2026", "30.11.2026", "2026-11-30", " 30 / 11 / 2026 "])
def test_date_is_read_in_every_usual_way(text):
    assert forms.VietnameseDateField().clean(text) == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["11-thang-11", "31/02/2026", "11/30/2026", "30/11/26", "30/11/1026", "30/11/2826"])
def test_date_is_refused_with_an_example(text):
    assert refusal(forms.VietnameseDateField(), text) == ["Ngày phải có dạng 30/11/2026."]


@pytest.mark.parametrize(("text", "value"), [("1217", 1217), ("1.217", 1217), ("1 217", 1217), ("152.328", 152328), ("-5", -5), ("07", 7)])
def test_whole_number_is_read_with_or_without_points(text, value):
    assert forms.IntegerField().clean(text) == value


@pytest.mark.parametrize("text", ["8,5", "8.5", "1.21", "1,217", "mười", "1.217.5"])
def test_whole_number_refuses_decimals_and_words(text):
    assert refusal(forms.IntegerField(), text) == ["Nhập một số nguyên, ví dụ 1.217."]


@pytest.mark.parametrize(
    ("text", "value"),
    [("8,5", "8.5"), ("8.5", "8.5"), ("0,25", "0.25"), ("1.217,25", "1217.25"), ("1.217", "1217"), ("88", "88"), (" 2 , 5 ", "2.5")],
)
def test_decimal_is_read_with_a_comma(text, value):
    assert forms.DecimalField().clean(text) == Decimal(value)


@pytest.mark.parametrize("text", ["8,5,1", "1,217.5", "tám", "NaN", "1e"])
def test_decimal_refuses_what_is_no_figure(text):
    assert refusal(forms.DecimalField(), text) == ["Nhập một số, ví dụ 8,5."]


def test_limits_are_named_in_plain_words():
    assert refusal(forms.IntegerField(max_value=128), "131") == ["Không được lớn hơn 128."]
    assert refusal(forms.DecimalField(min_value=0), "-1") == ["Không được nhỏ hơn 0."]
    assert refusal(forms.DecimalField(max_digits=5, decimal_places=2), "1,234") == ["Chỉ nhập 2 chữ số sau dấu phẩy."]
    assert refusal(forms.IntegerField(), "") == ["Không được để trống mục này."]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("0912345678", "+84912345678"),
        ("0912 345 678", "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0296 3 841 234", "+842963841234"),
        ("(0213) 000-0147", "+842130000147"),
    ],
)
def test_phone_is_stored_as_e164(text, stored):
    assert forms.PhoneField().clean(text) == stored


@pytest.mark.parametrize("text", ["123", "091234567", "09123456789", "0112345678", "+1 912 345 678", "abc0912345678", "0296384123"])
def test_phone_refuses_what_cannot_be_dialled(text):
    assert refusal(forms.PhoneField(), text) == ["Số điện thoại phải có 10 số, máy cố định 11 số, ví dụ 0912 345 678."]


def test_phone_may_be_left_out():
    assert forms.PhoneField(required=False).clean("  ") == ""


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("0100233488", "0100233488"),
        ("0314409058-002", "0314409058-002"),
        ("0314409058002", "0314409058-002"),
        ("01 00 23 34 88", "0100233488"),
    ],
)
def test_tax_code_is_stored_in_one_spelling(text, stored):
    assert forms.TaxCodeField().clean(text) == stored


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0100233480", "Mã số thuế sai số kiểm tra. Xem lại từng chữ số."),
        ("0314409058-000", "Mã số thuế sai số kiểm tra. Xem lại từng chữ số."),
        ("12345", "Mã số thuế phải có 10 số, hoặc 10 số, dấu gạch và 3 số, ví dụ 0100233488 hoặc 0314409058-002."),
        ("001085012345", "Mã số thuế phải có 10 số, hoặc 10 số, dấu gạch và 3 số, ví dụ 0100233488 hoặc 0314409058-002."),
    ],
)
def test_tax_code_is_refused_with_its_reason(text, sentence):
    assert refusal(forms.TaxCodeField(), text) == [sentence]


def test_tax_code_of_an_individual_has_twelve_digits():
    assert forms.TaxCodeField(personal=True).clean("001085012345") == "001085012345"


class Sample(forms.OnceForm):
    title = django_forms.CharField(label="Trích yếu", help_text="Một câu.", max_length=20)
    held_on = forms.VietnameseDateField(label="Ngày họp")
    score = forms.DecimalField(label="Điểm", required=False)
    phone = forms.PhoneField(label="Điện thoại", required=False)
    result = django_forms.ChoiceField(
        label="Kết quả?", choices=[("met", "Đạt"), ("not_met", "Chưa đạt")], widget=forms.ChoiceRow(bad=frozenset({"not_met"}))
    )
    agree = django_forms.BooleanField(label="Tôi cam đoan")
    files = django_forms.MultipleChoiceField(label="Nội quy", choices=[("a", "A")], widget=forms.Checks, required=False)
    commune = django_forms.ChoiceField(label="Xã", choices=[("", "Chọn"), ("1", "Bình Lư")], required=False)


def test_text_is_stripped_and_in_one_normal_form():
    data = QueryDict(mutable=True)
    data.update({"title": unicodedata.normalize("NFD", "  Tổ dân phố  ")})
    form = Sample(data)
    form.is_valid()

    assert form.cleaned_data["title"] == "Tổ dân phố"
    assert form["title"].value() == "  Tổ dân phố  "


def test_data_of_the_caller_is_left_alone():
    decomposed = unicodedata.normalize("NFD", "Tổ")
    data = {"title": decomposed}
    Sample(data)

    assert data == {"title": decomposed}


def test_values_are_shown_the_way_they_are_typed():
    form = Sample(initial={"held_on": date(2026, 4, 3), "score": Decimal("8.50"), "phone": "+84912345678"})

    assert 'value="03/04/2026"' in str(form["held_on"])
    assert 'value="8,5"' in str(form["score"])
    assert 'value="0912 345 678"' in str(form["phone"])


def test_help_and_error_describe_the_field():
    form = Sample({"title": ""})
    html = form["title"].as_field_group()

    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="form-control is-invalid"' in html
    assert '<label for="id_title">Trích yếu</label>' in html
    assert '<span class="by-help" id="id_title_helptext">Một câu.</span>' in html
    assert 'id="id_title_error"' in html
    assert " required" not in html


def test_field_without_error_is_not_marked():
    html = Sample()["title"].as_field_group()

    assert 'aria-describedby="id_title_helptext"' in html
    assert "aria-invalid" not in html
    assert "is-invalid" not in html


def test_optional_field_says_so():
    assert "(không bắt buộc)" in Sample()["score"].as_field_group()
    assert "(không bắt buộc)" not in Sample()["title"].as_field_group()


def test_answers_are_a_described_fieldset():
    html = Sample({"result": ""})["result"].as_field_group()

    assert '<fieldset class="by-field by-field-error" aria-describedby="id_result_error">' in html
    assert "<legend>Kết quả?</legend>" in html
    assert html.count('<input type="radio"') == 2
    assert html.count("by-choice-bad") == 1
    assert "aria-invalid" not in html


def test_boxes_and_lists_have_their_classes():
    form = Sample()

    assert 'class="form-check-input"' in form["agree"].as_field_group()
    assert 'class="form-check-input"' in form["files"].as_field_group()
    assert 'class="form-select"' in form["commune"].as_field_group()


def test_field_escapes_what_was_typed():
    html = Sample({"title": '"><script>x</script>'})["title"].as_field_group()

    assert "<script>" not in html


def test_once_key_is_new_for_each_page_and_kept_on_the_way_back():
    first, second = Sample(), Sample()
    key = first["once"].value()
    again = Sample({"once": str(key)})

    assert UUID(str(key)).version == 4
    assert key != second["once"].value()
    assert f'value="{key}"' in str(again["once"])
    assert " id=" not in str(first["once"])


def test_error_summary_leads_to_the_fields():
    form = Sample({"title": "x" * 21, "held_on": "hôm qua", "result": "met", "agree": ""})
    form.add_error(None, "Đơn vị này đã đăng ký.")

    assert [(line.target, line.text) for line in forms.ErrorSummary.of(form).lines] == [
        ("", "Trang này đã cũ. Hãy tải lại rồi gửi lần nữa."),
        ("id_title", "Trích yếu: Không được dài quá 20 ký tự (đang có 21)."),
        ("id_held_on", "Ngày họp: Ngày phải có dạng 30/11/2026."),
        ("id_agree", "Tôi cam đoan: Không được để trống mục này."),
        ("", "Đơn vị này đã đăng ký."),
    ]


def test_error_summary_leads_to_the_first_answer_of_a_group():
    form = Sample({"result": "?"})

    assert ("id_result_0", "Kết quả: Chọn một trong các câu trả lời đã cho.") in {
        (line.target, line.text) for line in forms.ErrorSummary.of(form).lines
    }


def test_error_summary_of_a_page_not_sent_yet_is_empty():
    assert forms.ErrorSummary.of(Sample()).lines == ()


def test_error_summary_covers_every_form_of_a_set():
    rows = django_forms.formset_factory(Sample, extra=2)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-score": "a", "form-1-score": "b"}

    targets = {line.target for line in forms.ErrorSummary.of(rows(data)).lines}

    assert {"id_form-0-score", "id_form-1-score"} <= targets
