"""The printed documents of registering: every value final, no layout, no query."""

import datetime
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from core.typography import Heading, Paragraph, Signature, paragraphs

_COMMITMENTS = Path(__file__).parent / "data" / "commitments.json"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line about the unit: “Địa chỉ:” and its value."""

    label: str  # without colon
    value: str


@dataclass(frozen=True, kw_only=True)
class CommitmentText:
    """The wording of a commitment for one kind of unit; `text` and `statement` carry placeholders."""

    version: str
    kind: str
    subject: str
    statement: str  # bản đăng ký phấn đấu (TT 124/2021, Đ9.2.a)
    text: str  # paragraphs apart by an empty line, titles begin with “# ”
    closing: str


@cache
def commitment_texts() -> tuple[CommitmentText, ...]:
    """The shipped wording, one per unit kind; placeholders are explained in the file."""
    content: dict[str, Any] = json.loads(_COMMITMENTS.read_text(encoding="utf-8"))
    return tuple(
        CommitmentText(
            version=content["version"],
            kind=kind,
            subject=layout["subject"],
            statement=layout["statement"],
            text="\n\n".join(layout["text"]),
            closing=layout["closing"],
        )
        for kind, layout in content["kinds"].items()
    )


@dataclass(frozen=True, kw_only=True)
class CommitmentDocument:
    """Bản đăng ký phấn đấu và cam kết of a unit (TT 124/2021, Đ9.2.a), prepared by one person and signed by the head."""

    template: ClassVar[str] = "documents/commitment.html"

    heading: Heading  # issuer = the unit, with place and date of signing
    subject: str  # “Đăng ký phấn đấu và cam kết thực hiện tiêu chuẩn … năm 2026”
    addressees: tuple[str, ...]  # “Ban Chỉ đạo … phường Hòa An”
    unit_name: str
    year: int
    facts: tuple[Fact, ...]  # name, kind, address, dossier code, head, size, households …
    statement: str  # registration statement, final
    pledges: tuple[Paragraph, ...]  # paragraphs(text, year=…, …)
    closing: str  # last sentence, printed with “./.”
    prepared_by: Signature  # lines ("NGƯỜI LẬP",)
    signed_by: Signature  # lines ("ĐẠI DIỆN ĐƠN VỊ CAM KẾT", "HIỆU TRƯỞNG")
    signed_at: datetime.datetime | None  # on the system; None when entered from signed paper
    entry_note: str = ""  # entry on behalf: who entered it from which paper

    @property
    def title(self) -> str:
        return f"Bản cam kết thực hiện tiêu chuẩn “An toàn về an ninh, trật tự” năm {self.year} - {self.unit_name}"

    @classmethod
    def of(
        cls,
        wording: CommitmentText,
        *,
        values: dict[str, object],
        heading: Heading,
        addressees: tuple[str, ...],
        unit_name: str,
        year: int,
        facts: tuple[Fact, ...],
        prepared_by: Signature,
        signed_by: Signature,
        signed_at: datetime.datetime | None,
        entry_note: str = "",
    ) -> "CommitmentDocument":
        """Fill the wording of the unit's kind; `values` are the placeholders of the wording."""
        return cls(
            heading=heading,
            subject=wording.subject.format_map(values),
            addressees=addressees,
            unit_name=unit_name,
            year=year,
            facts=facts,
            statement=wording.statement.format_map(values),
            pledges=paragraphs(wording.text, **values),
            closing=wording.closing.format_map(values),
            prepared_by=prepared_by,
            signed_by=signed_by,
            signed_at=signed_at,
            entry_note=entry_note,
        )
