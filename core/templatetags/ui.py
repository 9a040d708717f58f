"""The components of the product. A tag's signature is its contract: an unknown or missing argument fails when the template loads.

Pieces of a table are written here, since a page has hundreds of them; larger ones have a template in ``templates/components``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from core.forms import ErrorSummary
from core.templatetags.icons import BRAND, ICONS

register = template.Library()

STATUS_ICONS = {"ok": "done", "bad": "unmet", "mute": "na", "open": "todo", "info": "doing", "warn": "clock"}
NOTICE_ICONS = {"info": "info", "ok": "done", "warn": "clock", "bad": "overdue"}
PAGE_PARAMETER = "trang"
SORT_PARAMETER = "xep"
EMPTY = SafeString("")


def _classes(*names: str | bool) -> str:
    return " ".join(name for name in names if isinstance(name, str) and name)


def _content(content: str) -> SafeString:
    """The inside of a block tag, which Django has rendered and escaped; without outer spaces so that an empty cell is :empty."""
    return mark_safe(content.strip())


def _query(context: Context, **changes: str | int | None) -> str:
    """The address of this list with some parameters changed; None takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"


# ---------- Figures and dates ----------


@register.filter(is_safe=True)
def number(value: formats.Number | None, places: int | None = None) -> str:
    return "" if value is None else formats.number(value, places)


@register.filter(is_safe=True)
def percent(value: formats.Number | None, places: int | None = None) -> str:
    return "" if value is None else formats.percent(value, places)


@register.filter(is_safe=True)
def day(value: date | None) -> str:
    return "" if value is None else formats.day(value)


@register.filter(is_safe=True)
def moment(value: datetime | None) -> str:
    return "" if value is None else formats.moment(value)


@register.filter(is_safe=True)
def weekday(value: date | None) -> str:
    return "" if value is None else formats.weekday(value)


@register.filter(is_safe=True)
def formal_date(value: date | None) -> str:
    return "" if value is None else formats.formal_date(value)


@register.filter(is_safe=True)
def phone(value: str) -> str:
    return formats.phone(value or "")


# ---------- Icons, statuses, figures ----------


@register.simple_tag
def icon(name: str) -> SafeString:
    """An inline drawing, hidden from readers: the words beside it speak."""
    return format_html('<svg class="by-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', mark_safe(ICONS[name]))


@register.simple_tag
def brand_mark() -> SafeString:
    return mark_safe(BRAND)


@register.simple_tag(name="status")
def status(*, tone: str, label: str, shape: str = "", bare: bool = False) -> SafeString:
    """A word, a shape and a tint; tones: ok warn bad info open mute."""
    return format_html(
        '<span class="{}">{}{}</span>',
        _classes("by-status", f"by-status-{tone}", bare and "by-status-bare"),
        icon(shape or STATUS_ICONS[tone]),
        label,
    )


@register.simple_tag
def figure(*, value: formats.Number, url: str = "", places: int | None = None) -> SafeString:
    """A number that opens exactly its rows; zero is plain grey text."""
    text = formats.number(value, places)
    if not value:
        return format_html('<span class="by-zero">{}</span>', text)
    return format_html('<a href="{}">{}</a>', url, text) if url else format_html("{}", text)


@register.simple_block_tag(end_name="endstats")
def stats(content: str, *, label: str) -> SafeString:
    return format_html('<div class="by-stats" role="group" aria-label="{}">{}</div>', label, _content(content))


@register.simple_tag
def stat(*, value: formats.Number, label: str, url: str = "", note: str = "", tone: str = "", shape: str = "") -> str:
    """A large figure in ``stats``; a link unless it is zero. Tones: bad, warn."""
    context = {"value": formats.number(value), "label": label, "url": url if value else "", "note": note}
    return render_to_string("components/stat.html", {**context, "tone": tone if value else "", "shape": shape if value else ""})


@register.simple_tag
def bar(
    *,
    total: formats.Number,
    a: formats.Number = 0,
    b: formats.Number = 0,
    w: formats.Number = 0,
    m: formats.Number = 0,
    mark: formats.Number | None = None,
    large: bool = False,
) -> SafeString:
    """A bar of up to four parts (a b w m) of ``total``, with a mark at so many of ``total``; always beside its numbers."""
    drawn, start, full = [], Decimal(0), Decimal(str(total)) or Decimal(1)
    for name, value in (("a", a), ("b", b), ("w", w), ("m", m)):
        width = min(Decimal(str(value)) * 100 / full, 100 - start)
        if width > 0:
            if start:
                drawn.append(("g", f"{start:.2f}", "0.90"))
            drawn.append((name, f"{start + (Decimal('0.9') if start else 0):.2f}", f"{width:.2f}"))
            start += width
    if mark is not None:
        drawn.append(("x", f"{Decimal(str(mark)) * 100 / full - Decimal('0.4'):.2f}", "0.80"))
    return format_html(
        '<svg class="{}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="t" width="100" height="8"/>{}</svg>',
        _classes("by-bar", large and "by-bar-lg"),
        format_html_join("", '<rect class="{}" x="{}" width="{}" height="8"/>', drawn),
    )


@register.simple_tag
def bar_cell(*, value: formats.Number, total: formats.Number, places: int = 1) -> SafeString:
    """A bar with its percentage, for a table cell."""
    return format_html('<div class="by-barcell">{}<span>{}</span></div>', bar(total=total, a=value), formats.ratio(value, total, places))


@register.simple_tag
def due(*, on: date | None, today: date, done: bool = False) -> SafeString:
    """A deadline and how far it is: “Quá 2 ngày”, “Hôm nay”, “Còn 4 ngày”."""
    if on is None:
        return EMPTY
    left = (on - today).days
    if done:
        words, tone = "", ""
    elif left < 0:
        words, tone = _("Quá %(days)s ngày") % {"days": formats.number(-left)}, "by-late"
    elif left == 0:
        words, tone = _("Hôm nay"), "by-soon"
    elif left == 1:
        words, tone = _("Ngày mai"), "by-soon"
    else:
        words, tone = _("Còn %(days)s ngày") % {"days": formats.number(left)}, "by-soon" if left <= 3 else ""
    note = format_html('<span class="{}">{}</span>', _classes("by-cell-sub", tone), words) if words else EMPTY
    return format_html('<span class="by-nowrap">{}</span>{}', formats.day(on), note)


# ---------- Head of a page, sections, messages ----------


@register.simple_block_tag(end_name="endpage_head")
def page_head(content: str, *, title: str, lead: str = "") -> str:
    """The page's only h1, with its actions inside the tag."""
    return render_to_string("components/page_head.html", {"actions": _content(content), "title": title, "lead": lead})


@register.simple_tag
def crumbs(*pairs: str, current: str) -> str:
    """Where the page lies: label and address by turns, then the page itself."""
    if len(pairs) % 2:
        raise template.TemplateSyntaxError("crumbs takes label and url by turns")
    return render_to_string("components/crumbs.html", {"links": list(zip(pairs[::2], pairs[1::2], strict=True)), "current": current})


@register.simple_tag
def back(*, url: str, label: str) -> SafeString:
    return format_html('<a class="by-back" href="{}">{}{}</a>', url, icon("back"), label)


@register.simple_tag
def steps(*, current: int, total: int, title: str) -> str:
    """“Bước 2/5 · Đăng ký đơn vị” with its bar."""
    marks = [index < current for index in range(total)]
    return render_to_string("components/steps.html", {"current": current, "total": total, "title": title, "marks": marks})


@register.simple_block_tag(end_name="endpanel")
def panel(content: str, *, title: str = "", level: int = 2, flush: bool = False, id: str = "") -> str:
    """A white panel; with a title it is a section named by it."""
    context = {"content": _content(content), "title": title, "tag": SafeString(f"h{level:d}"), "flush": flush, "id": id}
    return render_to_string("components/panel.html", context)


@register.simple_block_tag(end_name="endsection")
def section(content: str, *, title: str, id: str, lead: str = "") -> str:
    """A part of a page under its own h2; ``id`` names the part in links."""
    return render_to_string("components/section.html", {"content": _content(content), "title": title, "id": id, "lead": lead})


@register.simple_block_tag(end_name="endactions")
def actions(content: str, *, stack: bool = False) -> SafeString:
    """A row of buttons; ``stack`` makes them full width on a phone."""
    return format_html('<div class="{}">{}</div>', _classes("by-actions", stack and "by-actions-stack"), _content(content))


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, *, tone: str = "info", title: str = "", shape: str = "", slim: bool = False) -> str:
    """A sentence the reader must not miss; tones: info ok warn bad."""
    context = {"content": _content(content), "tone": tone, "title": title, "shape": shape or NOTICE_ICONS[tone], "slim": slim}
    return render_to_string("components/notice.html", context)


@register.simple_tag
def secrecy_notice() -> str:
    """No state secret is typed or uploaded here (quality: at sign-in, uploads and long texts)."""
    return render_to_string("components/secrecy_notice.html")


@register.simple_tag
def message(message: Any) -> str:
    """One message of ``django.contrib.messages`` as a notice that readers announce."""
    tone = {"success": "ok", "warning": "warn", "error": "bad"}.get(message.level_tag, "info")
    return render_to_string("components/message.html", {"text": message.message, "tone": tone, "shape": NOTICE_ICONS[tone]})


@register.simple_block_tag(end_name="endempty_state")
def empty_state(content: str, *, title: str, text: str = "", shape: str = "inbox", level: int = 2) -> str:
    """An empty list says why it is empty and what to do; actions inside the tag."""
    context = {"actions": _content(content), "title": title, "text": text, "shape": shape, "tag": SafeString(f"h{level:d}")}
    return render_to_string("components/empty_state.html", context)


# ---------- Tables: cards below 896 px, so every part carries its role ----------


@register.simple_block_tag(end_name="endtable")
def table(content: str, *, caption: str, compact: bool = False, matrix: bool = False, cards: bool = True) -> SafeString:
    """A table with its caption for readers; ``columns`` first, then ``rows``."""
    return format_html(
        '<div class="by-tablewrap"><table role="table" class="{}"><caption class="visually-hidden">{}</caption>{}</table></div>',
        _classes("by-table", cards and "by-cards", compact and "by-compact", matrix and "by-matrix"),
        caption,
        _content(content),
    )


@register.simple_block_tag(end_name="endcolumns")
def columns(content: str) -> SafeString:
    return format_html('<thead role="rowgroup"><tr role="row">{}</tr></thead>', _content(content))


@register.simple_tag(takes_context=True)
def column(
    context: Context, *, label: str, num: bool = False, lead: bool = False, hidden: bool = False, sort: str = "", note: str = ""
) -> SafeString:
    """A column head; with ``sort`` a link to ``?xep=<sort>`` and, when already sorted so, to ``?xep=-<sort>``."""
    inner: str = format_html('<span class="visually-hidden">{}</span>', label) if hidden else label
    aria: SafeString = EMPTY
    if sort:
        now = context["request"].GET.get(SORT_PARAMETER, "")
        order = {sort: ("ascending", "up"), f"-{sort}": ("descending", "down")}.get(now)
        aria = format_html(' aria-sort="{}"', order[0]) if order else EMPTY
        url = _query(context, **{SORT_PARAMETER: f"-{sort}" if now == sort else sort, PAGE_PARAMETER: None})
        inner = format_html('<a href="{}">{} {}</a>', url, label, icon(order[1] if order else "sort"))
    css = _classes(num and "by-num", lead and "by-lead")
    return format_html(
        '<th role="columnheader" scope="col"{}{}>{}{}</th>',
        format_html(' class="{}"', css) if css else EMPTY,
        aria,
        inner,
        format_html("<small>{}</small>", note) if note else EMPTY,
    )


@register.simple_block_tag(end_name="endrows")
def rows(content: str) -> SafeString:
    return format_html('<tbody role="rowgroup">{}</tbody>', _content(content))


@register.simple_tag
def group_row(*, label: str, span: int, count: int | None = None, shape: str = "", tone: str = "") -> SafeString:
    """A row that names the rows below it; tones: late, soon."""
    return format_html(
        '<tr role="row" class="by-group"><th role="rowheader" colspan="{}" scope="rowgroup"><span class="{}">{}{}</span>{}</th></tr>',
        span,
        f"by-{tone}" if tone else "",
        icon(shape) if shape else "",
        label,
        format_html(' <span class="by-count">{}</span>', formats.number(count)) if count is not None else "",
    )


@register.simple_block_tag(end_name="endrow")
def row(content: str, *, next: bool = False, sum: bool = False, id: str = "") -> SafeString:
    """A row; ``next`` marks the one to do now, ``sum`` a total."""
    css = _classes(next and "by-next", sum and "by-sum")
    return format_html(
        '<tr role="row"{}{}>{}</tr>',
        format_html(' class="{}"', css) if css else EMPTY,
        format_html(' id="{}"', id) if id else EMPTY,
        _content(content),
    )


@register.simple_block_tag(end_name="endrow_head")
def row_head(content: str, *, url: str = "", sub: str = "") -> SafeString:
    """What the row is about, as a link if it has an address."""
    inner = format_html('<a href="{}">{}</a>', url, _content(content)) if url else _content(content)
    return format_html(
        '<th role="rowheader" scope="row">{}{}</th>', inner, format_html('<span class="by-cell-sub">{}</span>', sub) if sub else EMPTY
    )


@register.simple_block_tag(end_name="endcell")
def cell(content: str, *, label: str = "", num: bool = False, nowrap: bool = False, wide: bool = False) -> SafeString:
    """A cell; ``label`` stands before it on a card."""
    css = _classes(num and "by-num", nowrap and "by-nowrap", wide and "by-wide")
    inner = _content(content)
    return format_html(
        '<td role="cell"{}{}>{}</td>',
        format_html(' data-label="{}"', label) if label else EMPTY,
        format_html(' class="{}"', css) if css else EMPTY,
        format_html("<div>{}</div>", inner) if label and inner else inner,  # one box beside the label on a card
    )


@register.simple_block_tag(end_name="endact_cell")
def act_cell(content: str) -> SafeString:
    """The last cell with its small buttons, full width on a card."""
    return format_html('<td role="cell" class="by-act">{}</td>', _content(content))


@register.simple_tag(takes_context=True)
def pager(context: Context, *, page: Page[Any], label: str = "") -> str:
    """Pages of a list by number (``?trang=2``), keeping filters and order."""
    numbers = [
        (number, _query(context, **{PAGE_PARAMETER: number}), number == page.number) if isinstance(number, int) else (number, "", False)
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    following = _query(context, **{PAGE_PARAMETER: page.next_page_number()}) if page.has_next() else ""
    return render_to_string(
        "components/pager.html", {"page": page, "numbers": numbers, "following": following, "label": label or _("Trang")}
    )


@register.simple_tag
def keyset_pager(*, previous: str = "", following: str = "", summary: str = "", label: str = "") -> str:
    """Previous and next of a list that is walked by key; addresses are made by the view."""
    context = {"previous": previous, "following": following, "summary": summary, "label": label or _("Trang")}
    return render_to_string("components/keyset_pager.html", context)


@register.simple_tag(takes_context=True)
def filter_chip(context: Context, *, label: str, parameter: str) -> str:
    """A filter in use, inside ``<ul class="by-active">``; the link takes it away."""
    url = _query(context, **{parameter: None, PAGE_PARAMETER: None})
    return render_to_string("components/filter_chip.html", {"label": label, "url": url})


# ---------- Facts, task lists, files, jobs ----------


@register.simple_block_tag(end_name="endsummary")
def summary(content: str) -> SafeString:
    """Check answers, facts of a row: a list of ``summary_row``."""
    return format_html('<dl class="by-summary">{}</dl>', _content(content))


@register.simple_block_tag(end_name="endsummary_row")
def summary_row(content: str, *, label: str, edit_url: str = "") -> str:
    """One fact; “Sửa” carries the label for readers."""
    return render_to_string("components/summary_row.html", {"content": _content(content), "label": label, "edit_url": edit_url})


@register.simple_block_tag(end_name="endtasks")
def tasks(content: str) -> SafeString:
    return format_html('<ul class="by-tasks">{}</ul>', _content(content))


@register.simple_tag
def task(*, name: str, tone: str, label: str, shape: str = "", url: str = "", sub: str = "", current: bool = False) -> str:
    """A line of a task list, the whole row is the target; without an address it cannot be done yet."""
    context = {"name": name, "url": url, "sub": sub, "current": current, "status": status(tone=tone, label=label, shape=shape)}
    return render_to_string("components/task.html", context)


@register.simple_block_tag(end_name="endfiles")
def files(content: str) -> SafeString:
    return format_html('<ul class="by-files">{}</ul>', _content(content))


@register.simple_block_tag(end_name="endfile")
def file(
    content: str, *, name: str, url: str = "", meta: str = "", state: str = "", state_shape: str = "check", image: bool = False
) -> str:
    """A file with its size, date and scan state; buttons inside the tag; no address until it is clean."""
    context = {"name": name, "url": url, "meta": meta, "state": state, "state_shape": state_shape, "shape": "image" if image else "file"}
    return render_to_string("components/file.html", {**context, "actions": _content(content)})


@register.simple_tag
def file_chip(*, name: str, url: str, image: bool = False) -> SafeString:
    """A file in a dense place, inside ``<ul class="by-chips">``."""
    return format_html('<li><a class="by-chip" href="{}">{}<span>{}</span></a></li>', url, icon("image" if image else "file"), name)


@register.simple_block_tag(end_name="endjob")
def job(
    content: str,
    *,
    title: str,
    tone: str,
    label: str,
    done: int,
    total: int,
    failed: int = 0,
    failed_url: str = "",
    left: str = "",
    started: str = "",
) -> str:
    """A long work: bar, counts, time left; buttons (look again, cancel) inside the tag."""
    context = {"title": title, "status": status(tone=tone, label=label), "done": done, "total": total, "failed": failed}
    context |= {"failed_url": failed_url, "left": left, "started": started, "actions": _content(content)}
    return render_to_string("components/job.html", context)


@register.simple_block_tag(end_name="endsavebar")
def savebar(content: str, *, saved_at: datetime | None = None, id: str = "da-luu") -> str:
    """The bar at the bottom of a long form: when it was saved, and its buttons inside the tag."""
    return render_to_string("components/savebar.html", {"actions": _content(content), "saved": saved(at=saved_at), "id": id})


@register.simple_tag
def saved(*, at: datetime | None) -> str:
    """“Đã lưu lúc 14:05”: the answer to an autosave, swapped into the bar."""
    return render_to_string("components/saved.html", {"at": formats.local(at) if at else None})


# ---------- Forms ----------


def _has_errors(form: BaseForm | BaseFormSet[Any]) -> bool:
    return bool(form.total_error_count()) if isinstance(form, BaseFormSet) else bool(form.errors)


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """“Lỗi: ” before the title of a page whose form was refused."""
    form = context.get("form")
    refused = context.get("has_errors") or (isinstance(form, BaseForm | BaseFormSet) and _has_errors(form))
    return _("Lỗi: ") if refused else ""


@register.simple_tag
def error_summary(*forms: BaseForm | BaseFormSet[Any] | list[BaseForm]) -> str:
    """All errors on top, each a link to its field; takes focus. Nothing when there is none."""
    found = ErrorSummary.of(*forms)
    if not found.lines:
        return ""
    heading = ngettext("Có %(count)s chỗ cần sửa", "Có %(count)s chỗ cần sửa", len(found.lines)) % {"count": len(found.lines)}
    return render_to_string("components/error_summary.html", {"heading": heading, "lines": found.lines})


@register.simple_tag
def once_key() -> SafeString:
    """The one-time key of a form without fields (``core.http.once``)."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid4())


@register.simple_block_tag(takes_context=True, end_name="endpost_button")
def post_button(context: Context, content: str, *, url: str, style: str = "secondary", small: bool = False) -> str:
    """One act as a form of its own: token, one-time key and a button named with the act; styles: primary secondary danger quiet."""
    shared = {"content": _content(content), "url": url, "css": _classes("btn", f"btn-{style}", small and "btn-sm")}
    return render_to_string("components/post_button.html", {**shared, "csrf_token": context.get("csrf_token", "")})


@register.simple_tag
def fields(form: BaseForm, *, only: str = "", without: str = "") -> SafeString:
    """Hidden fields and then every visible one, or only those named (with spaces between); the token is for the form tag."""
    chosen: Iterable[str] = only.split() if only else [name for name in form.fields if name not in without.split()]
    bound = [form[name] for name in chosen]
    if only:
        return format_html_join("\n", "{}", ((field if field.is_hidden else field.as_field_group(),) for field in bound))
    hidden = [field for field in bound if field.is_hidden]
    shown = [field.as_field_group() for field in bound if not field.is_hidden]
    return format_html_join("\n", "{}", ((part,) for part in [*hidden, *shown]))


@register.simple_tag
def keys_list() -> str:
    """The dialog that ``?`` opens on a page with ``data-keys``; a link with ``data-keys-open`` opens it too."""
    return render_to_string("components/keys_list.html")
