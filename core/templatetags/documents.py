"""Filters of the printed documents."""

import datetime

from django import template

from core import typography

register = template.Library()


@register.filter
def glue(text: str) -> str:
    """Keep document numbers on one line."""
    return typography.glue(text)


@register.filter
def formal_date(day: datetime.date | None) -> str:
    return typography.formal_date(day)


@register.filter
def formal_time(at: datetime.datetime) -> str:
    return typography.formal_time(at)


@register.filter
def plain_count(value: int) -> str:
    return typography.plain_count(value)


@register.filter
def subject_lines(text: str) -> tuple[str, ...]:
    """A title of 14 pt, broken by sense within the text column."""
    return typography.split_lines(text, width_mm=160, size_pt=14)


@register.filter
def addressee_lines(text: str) -> tuple[str, ...]:
    """One addressee after “Kính gửi:”, broken by sense."""
    return typography.split_lines(text, width_mm=134, size_pt=14)


@register.filter
def roman(number: int) -> str:
    """Groups and appendices are numbered I, II, III … (NĐ 30/2020, PL1.III.1)."""
    numerals = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, letters in numerals:
        text, number = text + letters * (number // value), number % value
    return text


@register.filter
def point_letter(number: int) -> str:
    """Letters of the points (điểm): a, b, c, d, đ, e … (NĐ 30/2020, PL1.II.6); past the last letter aa, ab, ac …"""
    letters = "abcdđeghiklmnopqrstuvxy"
    rounds, place = divmod(number - 1, len(letters))
    return f"{letters[rounds - 1] if rounds else ''}{letters[place]}"


@register.filter
def lines_short_of(lines: tuple[str, ...], other: tuple[str, ...]) -> range:
    """Empty lines that bring the name of one signer level with the other's."""
    return range(len(other) - len(lines))
