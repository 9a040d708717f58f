"""The gate of uploads: what comes in clean, what is refused with which sentence, and which words count as a mark of a state secret."""

import io
import unicodedata
import zlib
from unittest import mock

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core import audit, uploads
from core.models import AuditEvent, StoredFile

pytestmark = pytest.mark.django_db


def pdf(*, text: str = "", edit=None, **save) -> bytes:
    """A PDF of one page, drawn with our own typesetter's fonts only where text is needed."""
    if text:
        from weasyprint import HTML

        data = HTML(string=f"<body style='white-space:pre-wrap'>{text}</body>").write_pdf()
    else:
        made = pikepdf.new()
        made.add_blank_page()
        made.save(blank := io.BytesIO())
        data = blank.getvalue()
    if edit is None and not save:
        return data
    with pikepdf.open(io.BytesIO(data)) as opened:
        if edit:
            edit(opened)
        opened.save(target := io.BytesIO(), **save)
    return target.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **save) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "green").save(target, kind, **save)
    return target.getvalue()


def sent(data: bytes, name: str, content_type: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)


def with_javascript(opened: pikepdf.Pdf) -> None:
    opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def with_launch(opened: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    opened.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)])


def with_file(opened: pikepdf.Pdf) -> None:
    opened.attachments["danh-sach.exe"] = b"MZ"


def with_bomb(opened: pikepdf.Pdf) -> None:
    deflate = zlib.compressobj(9)
    packed = b"".join(deflate.compress(b" " * 1024 * 1024) for _turn in range(200)) + deflate.flush()
    stream = pikepdf.Stream(opened, b"")
    stream.write(packed, filter=pikepdf.Name.FlateDecode)
    opened.pages[0].Contents = stream


def test_gate_takes_a_plain_pdf_as_it_is():
    data = pdf(text="Kế hoạch bảo đảm an ninh, trật tự năm 2026")

    accepted = uploads.gate(sent(data, "C:\\hồ sơ\\Kế hoạch 07.pdf", "application/pdf"))

    assert accepted == uploads.Accepted(data, "Kế hoạch 07.pdf", "application/pdf", 1)


def test_gate_writes_a_picture_anew_upright_and_without_exif():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x8825] = {1: "N", 2: (22.0, 23.0, 0.0)}  # where it was taken

    accepted = uploads.gate(sent(picture("JPEG", exif=exif) + b"PK\x03\x04 hidden", "IMG_1.JPG", "image/jpeg"))

    with Image.open(io.BytesIO(accepted.data)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (20, 40), {})
    assert b"PK\x03\x04" not in accepted.data


def test_gate_drops_texts_hidden_in_a_png():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "<script>")

    accepted = uploads.gate(sent(picture(pnginfo=info), "anh.png", "image/png"))

    assert (accepted.content_type, b"<script>" in accepted.data) == ("image/png", False)


ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + b"\x00" * 60
REFUSED = {
    "no ending": (b"x", "ten", "application/pdf", "ending"),
    "renamed program": (b"MZ\x90\x00" + b"\x00" * 100, "bao-cao.pdf", "application/pdf", "content"),
    "program by name": (b"MZ\x90\x00", "bao-cao.exe", "application/pdf", "ending"),
    "double ending": (b"MZ\x90\x00", "bao-cao.pdf.exe", "application/pdf", "ending"),
    "word file": (ZIP, "bao-cao.docx", "application/pdf", "ending"),
    "empty": (b"", "bao-cao.pdf", "application/pdf", "empty"),
    "web page as picture": (b"<html><script>alert(1)</script></html>", "anh.png", "image/png", "content"),
    "svg as picture": (b"<svg onload='alert(1)'/>", "anh.jpg", "image/jpeg", "content"),
    "picture called pdf": (picture(), "anh.pdf", "application/pdf", "content"),
    "jpeg called png": (picture("JPEG"), "anh.png", "image/png", "content"),
    "gif": (b"GIF89a" + b"\x00" * 30, "anh.gif", "image/gif", "ending"),
    "browser says html": (picture(), "anh.png", "text/html", "browser"),
    "pdf with a zip behind": (pdf() + ZIP, "bao-cao.pdf", "application/pdf", "content"),
    "zip with a pdf behind": (ZIP + pdf(), "bao-cao.pdf", "application/pdf", "content"),
    "cut pdf": (pdf()[:200], "bao-cao.pdf", "application/pdf", "content"),
    "pdf in name only": (b"%PDF-1.7\nhello\n%%EOF", "bao-cao.pdf", "application/pdf", "broken"),
    "cut picture": (picture(size=(400, 400))[:90], "anh.png", "image/png", "broken"),
    "locked": (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "bao-cao.pdf", "application/pdf", "encrypted"),
    "locked for printing": (pdf(encryption=pikepdf.Encryption(owner="a", user="")), "bao-cao.pdf", "application/pdf", "encrypted"),
    "script": (pdf(edit=with_javascript), "bao-cao.pdf", "application/pdf", "active"),
    "starts a program": (pdf(edit=with_launch), "bao-cao.pdf", "application/pdf", "active"),
    "carries a file": (pdf(edit=with_file), "bao-cao.pdf", "application/pdf", "embedded"),
    "blown up pdf": (pdf(edit=with_bomb, compress_streams=False), "bao-cao.pdf", "application/pdf", "bomb"),
    "blown up picture": (picture(size=(9000, 9000)), "anh.png", "image/png", "bomb"),
    "secret pdf": (pdf(text="CÔNG AN TỈNH\nTUYỆT MẬT\nBáo cáo"), "bao-cao.pdf", "application/pdf", "secrecy"),
    "secret name": (pdf(), "TỐI-MẬT.pdf", "application/pdf", "secrecy"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_gate_refuses(case):
    data, name, content_type, rule = REFUSED[case]

    with pytest.raises(ValidationError) as refusal:
        uploads.gate(sent(data, name, content_type))

    assert refusal.value.code == rule
    assert "%(" not in refusal.value.messages[0]


def test_gate_refuses_what_is_too_large_before_reading_it():
    uploaded = mock.Mock(size=uploads.SIZE_LIMIT + 1, content_type="image/png")
    uploaded.name = "anh.png"
    uploaded.read.side_effect = AssertionError

    with pytest.raises(ValidationError) as refusal:
        uploads.gate(uploaded)

    assert refusal.value.code == "size"


@pytest.mark.parametrize(("returncode", "rule"), [(-9, "bomb"), (-6, "bomb"), (1, "broken")])
def test_gate_refuses_when_the_reader_dies(returncode, rule):
    died = mock.Mock(returncode=returncode, stdout=b"", stderr=b"")

    with mock.patch.object(uploads.subprocess, "run", return_value=died), pytest.raises(ValidationError) as refusal:
        uploads.gate(sent(pdf(), "a.pdf", "application/pdf"))

    assert refusal.value.code == rule


def test_gate_refuses_when_the_reader_hangs():
    hung = uploads.subprocess.TimeoutExpired("python", uploads.WALL_SECONDS)

    with mock.patch.object(uploads.subprocess, "run", side_effect=hung), pytest.raises(ValidationError) as refusal:
        uploads.gate(sent(pdf(), "a.pdf", "application/pdf"))

    assert refusal.value.code == "bomb"


def test_secret_file_leaves_nothing_but_the_rule():
    audit.start_request("192.0.2.7")

    with pytest.raises(ValidationError):
        uploads.gate(sent(pdf(text="ĐỘ MẬT: TỐI MẬT\nPhương án X"), "phuong-an.pdf", "application/pdf"))
    audit.flush_refusals()

    event = AuditEvent.objects.get(verb="upload.refuse")
    assert (event.refused, event.reason, event.data, StoredFile.objects.count()) == (True, "secrecy: ĐỘ MẬT", {}, 0)


@pytest.mark.parametrize(
    ("content", "mark"),
    [
        ("TUYỆT MẬT", "TUYỆT MẬT"),
        ("CÔNG AN TỈNH\n  TUYỆT  MẬT  \nBáo cáo", "TUYỆT MẬT"),
        ("T U Y Ệ T   M Ậ T", "TUYỆT MẬT"),
        ("Tối mật", "TỐI MẬT"),
        ("[ TỐI MẬT ]", "TỐI MẬT"),
        ("TOI MAT", "TỐI MẬT"),
        ("MẬT", "MẬT"),
        ("*** M Ậ T ***", "MẬT"),
        ("CÔNG AN TỈNH\tMẬT", "MẬT"),
        ("CÔNG AN TỈNH      MẬT", "MẬT"),
        (unicodedata.normalize("NFD", "MẬT"), "MẬT"),
        ("M\u200bẬT", "MẬT"),
        ("Độ mật: Mật", "ĐỘ MẬT"),
        ("Văn bản có ĐỘ MẬT: A", "ĐỘ MẬT"),
        ("", ""),
        ("Nội quy bảo mật thông tin", ""),
        ("Đổi mật khẩu định kỳ", ""),
        ("MẬT KHẨU", ""),
        ("BẢO MẬT", ""),
        ("Mật độ dân số cao", ""),
        ("mật", ""),
        ("Luật Bảo vệ bí mật nhà nước", ""),
        ("Tài liệu Tuyệt mật, Tối mật, Mật phải để trong tủ có khóa.", ""),
        ("Không tải lên tài liệu có dấu MẬT, TỐI MẬT, TUYỆT MẬT.", ""),
        ("xác định độ mật: theo quy định", ""),
    ],
)
def test_secrecy_mark(content, mark):
    assert uploads.secrecy_mark(content) == mark


def test_refuse_secrecy_says_what_to_do():
    uploads.refuse_secrecy("Cổng trường an toàn")

    with pytest.raises(ValidationError, match="Hãy viết lại"):
        uploads.refuse_secrecy("MẬT")
