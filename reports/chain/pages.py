"""A page as a program reads it: its forms with every field a browser would send, its links, its errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

Pairs = list[tuple[str, str]]
VOID = frozenset({"input", "br", "img", "hr", "meta", "link"})


@dataclass
class Field:
    """One control: a text, a radio or a box with its value, a select with its options."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form with its fields in order; ``fill`` types, ticks and chooses."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {each.name for each in self.fields}

    def fill(self, values: Mapping[str, str | Sequence[str] | bool]) -> Form:
        """Type into the named fields; an unknown name is an error of the caller, not of the page."""
        for name, value in values.items():
            found = [each for each in self.fields if each.name == name]
            if not found:
                raise KeyError(f"no field {name} in the form {self.action}: it has {', '.join(sorted(self.names))}")
            for each in found:
                _set(each, value)
        return self

    def pairs(self) -> Pairs:
        """What a browser would send."""
        return [(each.name, each.value) for each in self.fields if each.is_on and each.kind != "file"]


def _set(each: Field, value: str | Sequence[str] | bool) -> None:
    if each.kind in {"radio", "checkbox"}:
        if isinstance(value, bool):
            each.is_on = value
        else:
            each.is_on = each.value in ([value] if isinstance(value, str) else value)
    else:
        each.value = str(value)


@dataclass
class Page:
    """What came back."""

    url: str
    status: int
    text: str
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def form(self, *, to: str = "", having: str = "") -> Form:
        """The one form that is sent to an address containing ``to`` and has a field ``having``."""
        for form in self.forms:
            if to in form.action and (not having or having in form.names):
                return form
        raise LookupError(f"{self.url}: no form to “{to}” with “{having}”; forms: {[form.action for form in self.forms]}; {self.summary()}")

    def link(self, pattern: str) -> str:
        """The first link that fits a regular expression."""
        found = next((link for link in self.links if re.search(pattern, link)), None)
        if found is None:
            raise LookupError(f"{self.url}: no link like {pattern}; {self.summary()}")
        return found

    def has_link(self, pattern: str) -> bool:
        return any(re.search(pattern, link) for link in self.links)

    def summary(self) -> str:
        """The words of the page's main part, for a message about what went wrong."""
        body = self.text.partition("<main")[2] or self.text
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()[:600]


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.open: Form | None = None
        self.area: Field | None = None
        self.select: Field | None = None
        self.loose: list[tuple[str, Field]] = []  # fields that name their form by its id
        self.by_id: dict[str, Form] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.page.links.append(given["href"])
        elif tag == "form":
            self.open = Form(given.get("action") or self.page.url, given.get("method", "get").lower())
            if self.open.method != "dialog":  # closes a dialog, sends nothing
                self.page.forms.append(self.open)
            if "id" in given:
                self.by_id[given["id"]] = self.open
        elif tag == "option" and self.select is not None:
            self.select.options.append(given.get("value", ""))
            if "selected" in given or len(self.select.options) == 1:
                self.select.value = given.get("value", "")
        elif tag in {"input", "select", "textarea"} and given.get("name") and "disabled" not in given:
            self._add(tag, given)

    def _add(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        if kind in {"submit", "button"}:
            return
        boxed = kind in {"radio", "checkbox"}
        found = Field(given["name"], kind, given.get("value", "on" if boxed else ""), is_on=not boxed or "checked" in given)
        if "form" in given:
            self.loose.append((given["form"], found))
        elif self.open is not None:
            self.open.fields.append(found)
        self.area = found if tag == "textarea" else None
        self.select = found if tag == "select" else self.select

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.area is not None:
            self.area.value = self.area.value.removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None


def read(url: str, status: int, text: str) -> Page:
    """Parse a page."""
    page = Page(url, status, text)
    reader = _Reader(page)
    reader.feed(text)
    for name, found in reader.loose:
        if name in reader.by_id:
            reader.by_id[name].fields.append(found)
    return page


def prefixes(names: Iterable[str], pattern: str) -> list[str]:
    """The distinct beginnings of field names, in order: one per question of a page."""
    return list(dict.fromkeys(match.group(1) for name in names if (match := re.match(pattern, name))))
