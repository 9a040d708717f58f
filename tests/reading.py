"""Reading printed documents back."""

import io
import unicodedata
from dataclasses import dataclass

import pdfplumber

MM = 72 / 25.4


@dataclass(frozen=True)
class Line:
    """One printed line of a page, distances in mm."""

    text: str
    size: float
    font: str
    left: float
    right: float
    top: float
    bottom: float


def pages(pdf: bytes) -> list[list[Line]]:
    with pdfplumber.open(io.BytesIO(pdf)) as book:
        return [[_line(line) for line in page.extract_text_lines(return_chars=True)] for page in book.pages]


def texts(pdf: bytes) -> list[str]:
    """The text of each page, lines and joiners closed up."""
    with pdfplumber.open(io.BytesIO(pdf)) as book:
        return [unicodedata.normalize("NFC", " ".join(page.extract_text().split())) for page in book.pages]


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    with pdfplumber.open(io.BytesIO(pdf)) as book:
        return [(round(page.width / MM), round(page.height / MM)) for page in book.pages]


def words(pdf: bytes, page: int = 0) -> dict[str, Line]:
    """Pieces of a page that stand apart by more than a blank, by their text."""
    with pdfplumber.open(io.BytesIO(pdf)) as book:
        found = book.pages[page].extract_words(keep_blank_chars=True, x_tolerance=9, return_chars=True)
    return {piece["text"].strip(): _line(piece) for piece in found}


def family(font: str) -> str:
    """Face of an embedded font; the one cut at set-up is named Tinos VN, that of the system Tinos."""
    return font.partition("+")[2].replace("Tinos-VN", "Tinos")


def _line(line: dict) -> Line:
    first = line["chars"][0]
    return Line(
        text=line["text"].strip(),
        size=round(first["size"], 1),
        font=family(first["fontname"]),
        left=line["x0"] / MM,
        right=line["x1"] / MM,
        top=line["top"] / MM,
        bottom=line["bottom"] / MM,
    )
