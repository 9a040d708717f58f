"""The commitment, read back from its PDF."""

import pytest

from core import pdf
from core.typography import Paragraph
from movement.documents import commitment_texts
from tests import reading
from tests.factories import printed

KINDS = ("residential_area", "commune", "agency", "enterprise", "school")


def test_every_kind_of_unit_has_its_wording() -> None:
    assert tuple(text.kind for text in commitment_texts()) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_commitment_prints_statement_pledges_and_signers(kind: str) -> None:
    document = printed.commitment(kind)

    text = " ".join(reading.texts(pdf.render(document.template, document)))

    assert "{" not in text
    for part in (
        "BẢN CAM KẾT",
        "đăng ký phấn đấu đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm 2026 và cam kết:",
        "Mã hồ sơ: ANTT-01001-2026-0047",
        "1. Về ",
        "Họp tự đánh giá dân chủ" if kind != "commune" else "Tự kiểm điểm dân chủ",
        "NGƯỜI LẬP ĐẠI DIỆN ĐƠN VỊ CAM KẾT",
        "ký trên hệ thống lúc 08 giờ 30 phút, ngày 05 tháng 3 năm 2026.",
    ):
        assert part in text


def test_names_of_both_signers_are_level() -> None:
    document = printed.commitment()
    file = pdf.render(document.template, document)

    found = reading.words(file, page=1)

    assert found["Vũ Thị Hạnh"].top == pytest.approx(found["Ngô Tấn Phát"].top, abs=0.1)


def test_entry_from_paper_is_said_instead_of_a_signature_on_the_system() -> None:
    document = printed.commitment_from_paper()

    text = " ".join(reading.texts(pdf.render(document.template, document)))

    assert "ký trên hệ thống" not in text
    assert "Nhập thay theo bản giấy ký ngày 05/3/2026" in text


def test_titles_and_paragraphs_come_from_the_wording() -> None:
    pledges = printed.commitment("residential_area").pledges

    assert pledges[0] == Paragraph(text="1. Về lãnh đạo và tổ chức đăng ký", is_title=True)
    assert pledges[1].text.startswith("a) Trong quý I năm 2026, chi bộ có nghị quyết")
