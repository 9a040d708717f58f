"""Vietnamese text: one normal form, folding for search, and an order of letters that every server gives alike."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306", "\u0302", "\u031b"}


def clean(text: str) -> str:
    """NFC, non-breaking spaces made plain, runs of spaces collapsed, ends trimmed; line breaks stay."""
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")).strip()


def fold(text: str) -> str:
    """Lower case without marks, ``đ`` as ``d``: what a search compares. The SQL function ``vn_fold`` gives the same."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    plain = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return re.sub(r"[\s\x00]+", " ", plain.replace("đ", "d")).strip()


def slug(text: str) -> str:
    """An ASCII name for files and addresses: ``Tổ dân phố số 4`` becomes ``to-dan-pho-so-4``."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def sort_key(text: str) -> str:
    """A key whose plain byte order is the Vietnamese order: letters a ă â b … first, tones (none, grave, hook, tilde, acute, dot) second.

    Numbers inside a name sort by value (``Tổ 4`` before ``Tổ 10``).
    """
    letters: list[str] = []
    tones: list[str] = []
    for part in re.split(r"(\d+)", clean(text).lower()):
        if part.isdigit():
            letters.append("1" + part.lstrip("0").rjust(8, "0"))
            tones.append("0")
            continue
        for letter in part:
            base, tone = _split(letter)
            position = _LETTERS.find(base)
            if position >= 0:
                letters.append(f"2{chr(ord('A') + position)}" if position < 26 else f"2{chr(ord('a') + position - 26)}")
                tones.append(str(tone))
            else:
                letters.append("0 " if letter.isspace() else f"0{letter}")
    return "".join(letters)[:240] + "!" + "".join(tones)[:120]


def _split(letter: str) -> tuple[str, int]:
    tone = 0
    kept = []
    for mark in unicodedata.normalize("NFD", letter):
        if mark in _TONES:
            tone = _TONES[mark]
        elif not unicodedata.combining(mark) or mark in _SHAPES:
            kept.append(mark)
    return unicodedata.normalize("NFC", "".join(kept)), tone


def person_sort_key(full_name: str) -> str:
    """Persons sort by given name (the last word), then by the whole name."""
    words = clean(full_name).split()
    return sort_key(f"{words[-1]} {' '.join(words)}") if words else ""
