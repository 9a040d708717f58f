"""The gate for files and texts that come in: what is let through, what is refused and with which sentence.

A file is judged before anything of it is stored: by its ending, by what the browser says, by its content, and by a reader in a process of
its own. Marks of state secrets stop it here; of such a file nothing is kept but who sent it, when, and which rule refused it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, text

SIZE_LIMIT: Final = 10 * 1024 * 1024
WALL_SECONDS: Final = 20
ACCEPT: Final = ".pdf,.jpg,.jpeg,.png"
_UNSAID: Final = frozenset({"", "application/octet-stream"})


@dataclass(frozen=True)
class FileType:
    """A kind of file we take: its content type, its endings, how its bytes begin, and which reader inspects it."""

    content_type: str
    endings: frozenset[str]
    browser_types: frozenset[str]
    signature: bytes
    reader: str


_TYPES: Final = (
    FileType("application/pdf", frozenset({".pdf"}), frozenset({"application/pdf", "application/x-pdf"}), b"%PDF-", "pdf"),
    FileType("image/jpeg", frozenset({".jpg", ".jpeg"}), frozenset({"image/jpeg", "image/jpg", "image/pjpeg"}), b"\xff\xd8\xff", "image"),
    FileType("image/png", frozenset({".png"}), frozenset({"image/png", "image/x-png"}), b"\x89PNG\r\n\x1a\n", "image"),
)

_SENTENCES: Final = {
    "ending": gettext_lazy("Chỉ nhận tệp PDF, JPG hoặc PNG. Hãy lưu hoặc chụp lại thành một trong các loại đó."),
    "empty": gettext_lazy("Tệp “%(name)s” không có nội dung. Hãy chọn lại tệp."),
    "size": gettext_lazy("Tệp “%(name)s” nặng hơn 10 MB. Hãy giảm dung lượng hoặc chia thành nhiều tệp."),
    "browser": gettext_lazy("Tệp “%(name)s” có đuôi không khớp với loại tệp. Hãy lưu lại đúng loại rồi tải lên."),
    "content": gettext_lazy("Nội dung tệp “%(name)s” không đúng với đuôi tệp. Hãy lưu lại thành PDF, JPG hoặc PNG thật."),
    "broken": gettext_lazy("Tệp “%(name)s” bị hỏng, không đọc được. Hãy mở thử trên máy rồi lưu lại."),
    "encrypted": gettext_lazy("Tệp “%(name)s” có đặt mật khẩu hoặc khóa. Hãy bỏ mật khẩu rồi tải lên."),
    "active": gettext_lazy("Tệp “%(name)s” có chứa lệnh tự chạy nên không được nhận. Hãy in lại thành PDF thường."),
    "embedded": gettext_lazy("Tệp “%(name)s” có tệp khác nhúng bên trong nên không được nhận. Hãy tách ra và tải từng tệp."),
    "bomb": gettext_lazy("Tệp “%(name)s” bung ra quá lớn nên không được nhận. Hãy lưu lại với kích thước nhỏ hơn."),
    "too_many_pages": gettext_lazy("Tệp “%(name)s” có quá 500 trang. Hãy chỉ gửi những trang cần thiết."),
    "secrecy": gettext_lazy(
        "Tệp có dấu hiệu bí mật nhà nước (%(mark)s) nên không được nhận và không được lưu. Không đưa tài liệu mật lên hệ thống này."
    ),
}


@dataclass(frozen=True)
class Accepted:
    """A file that may be stored: its content (pictures written anew), a clean name and the type its content has."""

    data: bytes
    name: str
    content_type: str
    pages: int = 0


def gate(uploaded: UploadedFile, *, actor: Any = None, target: models.Model | None = None) -> Accepted:
    """Judge an uploaded file before anything is stored.

    Raises:
        ValidationError: with a sentence for the user; the refusal is recorded with its rule and nothing of the file.
    """
    name = _clean_name(uploaded.name or "")
    try:
        return _judge(uploaded, name)
    except _Refusal as refusal:
        audit.refused("upload.refuse", target, actor=actor, reason=f"{refusal.rule}{': ' if refusal.mark else ''}{refusal.mark}")
        raise ValidationError(str(_SENTENCES[refusal.rule]) % {"name": name, "mark": refusal.mark}, code=refusal.rule) from refusal


class _Refusal(Exception):
    def __init__(self, rule: str, mark: str = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.mark = mark


def _judge(uploaded: UploadedFile, name: str) -> Accepted:
    ending = PurePosixPath(name).suffix.lower()
    kind = next((each for each in _TYPES if ending in each.endings), None)
    if kind is None:
        raise _Refusal("ending")
    if (uploaded.size or 0) > SIZE_LIMIT:
        raise _Refusal("size")
    data = uploaded.read(SIZE_LIMIT + 1)
    if not data:
        raise _Refusal("empty")
    if len(data) > SIZE_LIMIT:
        raise _Refusal("size")
    if (uploaded.content_type or "").lower() not in kind.browser_types | _UNSAID:
        raise _Refusal("browser")
    _judge_content(data, kind)
    if mark := secrecy_mark(re.sub(r"[-_.]+", " ", PurePosixPath(name).stem)):
        raise _Refusal("secrecy", mark)
    answer, picture = _inspect(data, kind)
    if mark := secrecy_mark(str(answer.get("text", ""))):
        raise _Refusal("secrecy", mark)
    kept = picture if kind.reader == "image" else data
    if len(kept) > SIZE_LIMIT:
        raise _Refusal("size")
    return Accepted(kept, name, kind.content_type, int(answer.get("pages", 0)))


def _judge_content(data: bytes, kind: FileType) -> None:
    """Begins as its type does, ends as its type does, and the magic table sees the same type."""
    if not data.startswith(kind.signature):
        raise _Refusal("content")
    if kind.reader == "pdf":
        _before, mark, after = data.rpartition(b"%%EOF")
        if not mark or after.strip(b"\r\n\t \x00"):
            raise _Refusal("content")
    try:
        found = puremagic.magic_string(data)[0].extension
    except (puremagic.PureError, IndexError, ValueError) as error:
        raise _Refusal("content") from error
    if found not in kind.endings | {".jfif", ".jpe"} and not (kind.reader == "pdf" and found == ".ai"):
        raise _Refusal("content")


def _inspect(data: bytes, kind: FileType) -> tuple[dict[str, Any], bytes]:
    """Have the file read by a child process; one that dies or hangs refuses the file."""
    command = [sys.executable, "-s", "-B", "-m", "core.upload_inspection", kind.reader, str(SIZE_LIMIT)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=WALL_SECONDS, cwd=settings.BASE_DIR, env={"LANG": "C.UTF-8"}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _Refusal("bomb") from error
    head, _line, picture = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise _Refusal("broken" if done.returncode > 0 else "bomb")
    answer: dict[str, Any] = json.loads(head)
    if rule := answer.get("refused"):
        raise _Refusal(rule)
    return answer, picture


def _clean_name(name: str) -> str:
    """The last part of a path, in NFC, without control characters, short enough to show; the ending stays."""
    plain = "".join(mark for mark in text.clean(name.replace("\\", "/").rpartition("/")[2]) if unicodedata.category(mark)[0] != "C")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:150]}{dot}{ending[:10]}" if dot else plain[:150]


# ---------- Marks of state secrets ----------

_ANY_CASE: Final = {"TUYỆTMẬT": "TUYỆT MẬT", "TỐIMẬT": "TỐI MẬT"}
_CAPITALS: Final = {"MẬT": "MẬT", "TUYETMAT": "TUYỆT MẬT", "TOIMAT": "TỐI MẬT"}
_DEGREE: Final = re.compile(r"(^|[^\w])(ĐỘ\s+MẬT|Đ\sỘ\s+M\sẬ\sT)\s*:")


def secrecy_mark(content: str) -> str:
    """The mark of a state secret found in a text, or an empty string.

    TUYỆT MẬT, TỐI MẬT and MẬT count as a line (or a column of a line) of their own, letter-spaced too; ``ĐỘ MẬT:`` counts when it begins
    a line or is written in capitals. “bảo mật”, “mật khẩu”, “bí mật nhà nước” and rules that speak about secret papers do not.
    """
    plain = unicodedata.normalize("NFKC", "".join(mark for mark in content if unicodedata.category(mark) != "Cf"))
    for line in plain.splitlines():
        for part in (line, *re.split(r"\t|\s{3,}|\|", line)):
            if mark := _own_line_mark(part):
                return mark
        if _DEGREE.search(line) or re.match(r"\W*độ\s+mật\s*:", line, re.IGNORECASE):
            return "ĐỘ MẬT"
    return ""


def _own_line_mark(part: str) -> str:
    if len(part) > 60:
        return ""
    letters = re.sub(r"[\W_]+", "", part)
    return _CAPITALS.get(letters) or _ANY_CASE.get(letters.upper(), "")


def refuse_secrecy(content: str) -> None:
    """Validator of every free text.

    Raises:
        ValidationError: the text carries a mark of a state secret.
    """
    if mark := secrecy_mark(content):
        raise ValidationError(
            _("Nội dung có dấu hiệu bí mật nhà nước (%(mark)s) nên không được lưu. Hãy viết lại, không ghi nội dung mật.") % {"mark": mark},
            code="secrecy",
        )
