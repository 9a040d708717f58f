"""Components: escaped, wired for readers, without inline script or style, and strict about their arguments."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms as django_forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.html import strip_tags

from core import forms
from core.templatetags.icons import ICONS

ROOT = Path(settings.BASE_DIR) if hasattr(settings, "BASE_DIR") else Path(__file__).resolve().parents[2]


def draw(source: str, query: str = "", **context: object) -> str:
    request = RequestFactory().get(f"/{query}")
    return Template("{% load ui i18n %}" + source).render(Context({"request": request, **context}))


def words(html: str) -> str:
    return " ".join(strip_tags(html).split())


@pytest.mark.parametrize(
    "source",
    [
        '{% status tone="ok" lable="Đạt" %}',
        '{% status tone="ok" %}',
        '{% status "ok" "Đạt" %}',
        '{% panel titel="Hồ sơ" %}{% endpanel %}',
        '{% panel title="Hồ sơ" %}',
        '{% notice colour="red" %}{% endnotice %}',
        "{% table %}{% endtable %}",
        '{% column label="Đơn vị" width=3 %}',
        '{% cell lable="Hạn" %}{% endcell %}',
        "{% summary_row %}x{% endsummary_row %}",
        '{% task name="x" %}',
        '{% job title="x" %}{% endjob %}',
        "{% pager %}",
        "{% figure 3 %}",
        "{% due date=d %}",
        "{% crumbs %}",
        '{% page_head lead="x" %}{% endpage_head %}',
        '{% post_button label="x" %}{% endpost_button %}',
        '{% empty_state titel="x" %}{% endempty_state %}',
        "{% stat value=1 %}",
        "{% bar value=1 %}",
    ],
)
def test_wrong_argument_fails_when_the_template_loads(source):
    with pytest.raises(TemplateSyntaxError):
        Template("{% load ui %}" + source)


@pytest.mark.parametrize(
    "source", ['{% icon "clok" %}', '{% status tone="green" label="Đạt" %}', '{% notice tone="red" %}x{% endnotice %}']
)
def test_unknown_icon_or_tone_is_not_drawn(source):
    with pytest.raises(KeyError):
        draw(source)


@pytest.mark.parametrize("name", sorted(ICONS))
def test_icon_is_hidden_from_readers(name):
    html = draw("{% icon name %}", name=name)

    assert html.startswith('<svg class="by-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><')
    assert "style" not in html.replace("stroke", "")


def test_status_has_a_word_a_shape_and_a_tint():
    html = draw('{% status tone="warn" label="Đã trả lại" shape="returned" %}')

    assert html == f'<span class="by-status by-status-warn">{draw("""{% icon "returned" %}""")}Đã trả lại</span>'


@pytest.mark.parametrize(
    "source",
    [
        '{% status tone="ok" label=bad %}',
        "{% page_head title=bad lead=bad %}{{ bad }}{% endpage_head %}",
        "{% panel title=bad id=bad %}{{ bad }}{% endpanel %}",
        "{% section title=bad id=bad lead=bad %}{{ bad }}{% endsection %}",
        "{% notice title=bad %}{{ bad }}{% endnotice %}",
        "{% empty_state title=bad text=bad %}{{ bad }}{% endempty_state %}",
        "{% table caption=bad %}{% columns %}{% column label=bad sort=bad note=bad %}{% endcolumns %}{% rows %}"
        "{% group_row label=bad span=1 %}"
        "{% row id=bad %}{% row_head url=bad sub=bad %}{{ bad }}{% endrow_head %}{% cell label=bad %}{{ bad }}{% endcell %}{% endrow %}"
        "{% endrows %}{% endtable %}",
        "{% crumbs bad bad current=bad %}{% back url=bad label=bad %}",
        '{% stats label=bad %}{% stat value=1 label=bad url=bad note=bad tone="bad" %}{% endstats %}',
        "{% summary %}{% summary_row label=bad edit_url=bad %}{{ bad }}{% endsummary_row %}{% endsummary %}",
        '{% tasks %}{% task name=bad url=bad sub=bad tone="ok" label=bad %}{% endtasks %}',
        "{% file name=bad url=bad meta=bad state=bad %}{{ bad }}{% endfile %}{% file_chip name=bad url=bad %}",
        '{% job title=bad tone="ok" label=bad done=1 total=2 left=bad started=bad %}{{ bad }}{% endjob %}',
        "{% filter_chip label=bad parameter=bad %}{% keyset_pager previous=bad summary=bad %}{% steps current=1 total=2 title=bad %}",
        "{% post_button url=bad style=bad %}{{ bad }}{% endpost_button %}",
    ],
)
def test_every_text_is_escaped_once(source):
    html = draw(source, bad='"><script>x</script>')

    assert "<script" not in html
    assert "&lt;script" in html
    assert "&amp;lt;" not in html


@pytest.mark.parametrize(
    ("on", "note"),
    [
        (date(2026, 11, 10), "10/11/2026 Quá 2 ngày"),
        (date(2026, 11, 12), "12/11/2026 Hôm nay"),
        (date(2026, 11, 13), "13/11/2026 Ngày mai"),
        (date(2026, 11, 16), "16/11/2026 Còn 4 ngày"),
    ],
)
def test_due_says_how_far_the_deadline_is(on, note):
    html = draw("{% due on=on today=today %}", on=on, today=date(2026, 11, 12))

    assert words(html.replace("><", "> <")) == note


def test_due_of_what_is_done_is_a_plain_date():
    assert words(draw("{% due on=on today=today done=True %}", on=date(2026, 11, 10), today=date(2026, 11, 12))) == "10/11/2026"
    assert draw("{% due on=None today=today %}", today=date(2026, 11, 12)) == ""


def test_figure_is_a_link_unless_it_is_zero():
    assert draw('{% figure value=1217 url="/x/" %}') == '<a href="/x/">1.217</a>'
    assert draw('{% figure value=0 url="/x/" %}') == '<span class="by-zero">0</span>'
    assert draw("{% figure value=8.5 %}") == "8,5"


def test_large_figure_is_a_link_unless_it_is_zero():
    assert 'href="/x/"' in draw('{% stat value=2 label="Quá hạn" url="/x/" tone="bad" %}')
    assert (
        draw('{% stat value=0 label="Quá hạn" url="/x/" tone="bad" %}').strip() == '<div class="by-stat"><b>0</b><span>Quá hạn</span></div>'
    )


def test_bar_draws_attributes_with_a_point_whatever_the_language():
    html = draw("{% bar total=96 a=45 b=8 mark=67.2 large=True %}")

    assert re.findall(r'<rect class="(\w)" x="([\d.]+)" width="([\d.]+)"', html) == [
        ("a", "0.00", "46.88"),
        ("g", "46.88", "0.90"),
        ("b", "47.78", "8.33"),
        ("x", "69.60", "0.80"),
    ]
    assert 'aria-hidden="true"' in html


def test_bar_of_nothing_is_an_empty_track():
    assert draw("{% bar total=0 a=0 %}").count("<rect") == 1


def test_filters_write_figures_and_dates():
    at = datetime(2026, 11, 12, 7, 5, tzinfo=UTC)
    html = draw(
        "{{ n|number }} {{ f|number:1 }} {{ p|percent }} {{ d|day }} {{ at|moment }} {{ d|formal_date }} {{ d|date }}"
        "{{ none|number }}{{ none|day }}",
        n=1217,
        f=88,
        p=92.35,
        d=date(2026, 11, 12),
        at=at,
        none=None,
    )

    assert html == "1.217 88,0 92,35% 12/11/2026 14:05, 12/11/2026 ngày 12 tháng 11 năm 2026 12/11/2026"


TABLE = """{% table caption="Hồ sơ" %}{% columns %}{% column label="Đơn vị" lead=True sort="name" %}{% column label="Điểm" num=True %}
{% column label="Thao tác" hidden=True %}{% endcolumns %}{% rows %}{% group_row label="Quá hạn" span=3 count=1 %}
{% row next=True %}{% row_head url="/1/" sub="Khu dân cư" %}Tổ 4{% endrow_head %}{% cell label="Điểm" num=True %}8,5{% endcell %}
{% act_cell %}x{% endact_cell %}{% endrow %}{% endrows %}{% endtable %}"""


def test_table_keeps_its_meaning_as_cards():
    html = draw(TABLE)

    assert [html.count(f'role="{role}"') for role in ("table", "rowgroup", "row", "columnheader", "rowheader", "cell")] == [
        1,
        2,
        3,
        3,
        2,
        2,
    ]
    assert '<caption class="visually-hidden">Hồ sơ</caption>' in html
    assert 'data-label="Điểm"' in html
    assert '<tr role="row" class="by-next">' in html


@pytest.mark.parametrize(
    ("query", "aria", "url"),
    [
        ("", "", "?xep=name"),
        ("?xep=name", 'aria-sort="ascending"', "?xep=-name"),
        ("?xep=-name&trang=3", 'aria-sort="descending"', "?xep=name"),
    ],
)
def test_column_sorts_up_then_down_from_the_first_page(query, aria, url):
    html = draw(TABLE, query)

    assert f'href="{url}"' in html
    assert aria in html
    assert ("aria-sort" in html) == bool(aria)


def test_empty_cell_is_really_empty():
    assert draw('{% cell label="Hạn" %}  {% endcell %}') == '<td role="cell" data-label="Hạn"></td>'


def test_pager_keeps_the_filters():
    page = Paginator(range(200), 12).page(3)
    html = draw("{% pager page=page %}", "?xa=03390&trang=3", page=page)

    assert 'href="?xa=03390&amp;trang=4" rel="next"' in html
    assert 'href="?xa=03390&amp;trang=3" aria-current="page"' in html
    assert "Trang 3/17" in html


def test_pager_of_one_page_is_nothing():
    assert draw("{% pager page=page %}", page=Paginator(range(3), 12).page(1)).strip() == ""


def test_filter_chip_takes_its_filter_away():
    assert 'href="?q=a"' in draw('{% filter_chip label="Bình Lư" parameter="xa" %}', "?q=a&xa=1&trang=2")


def test_crumbs_need_an_address_for_each_label():
    with pytest.raises(TemplateSyntaxError):
        draw('{% crumbs "Hồ sơ" current="x" %}')


def test_edit_link_names_its_line():
    html = draw('{% summary %}{% summary_row label="Địa chỉ" edit_url="/s/" %}Bản Nà Đon{% endsummary_row %}{% endsummary %}')

    assert words(html.replace("<dd", " <dd")) == "Địa chỉ Bản Nà Đon Sửa Địa chỉ"


def test_task_that_cannot_begin_is_no_link():
    html = draw('{% task name="Biên bản" tone="mute" shape="locked" label="Chưa thể làm" %}')

    assert "<a " not in html


def test_job_announces_its_progress():
    html = draw(
        '{% job title="Tạo giấy" tone="info" label="Đang chạy" done=718 total=1150 failed=2 failed_url="/l/"'
        ' left="Còn 6 phút" %}{% endjob %}'
    )

    assert '<p class="visually-hidden" role="status">Xong 718 trên 1.150, Còn 6 phút</p>' in html
    assert '<a href="/l/">' in html


def test_post_button_carries_token_and_key():
    html = draw('{% post_button url="/x/" style="primary" small=True %}Tiếp nhận{% endpost_button %}', csrf_token="t" * 64)

    assert 'name="csrfmiddlewaretoken"' in html
    assert re.search(r'name="once" value="[0-9a-f-]{36}"', html)
    assert 'class="btn btn-primary btn-sm"' in html


def test_saved_line_is_local_time():
    assert words(draw("{% saved at=at %}", at=datetime(2026, 11, 12, 7, 5, tzinfo=UTC))) == "Đã lưu lúc 14:05"
    assert words(draw("{% saved at=None %}")) == ""


@pytest.mark.parametrize(("level", "tone", "role"), [("success", "ok", "status"), ("error", "bad", "alert"), ("info", "info", "status")])
def test_message_is_announced(level, tone, role):
    html = draw("{% message each %}", each=SimpleNamespace(level_tag=level, message="Xong <b>"))

    assert f'class="by-notice by-notice-{tone}" role="{role}"' in html
    assert "Xong &lt;b&gt;" in html


class Sample(forms.OnceForm):
    title = django_forms.CharField(label="Trích yếu")
    note = django_forms.CharField(label="Ý kiến", required=False)


def test_error_summary_takes_focus_and_links_to_the_field():
    html = draw("{% error_summary form %}", form=Sample({"once": "x"}))

    assert 'role="alert" tabindex="-1" data-autofocus' in html
    assert "Có 2 chỗ cần sửa" in html
    assert '<a href="#id_title">Trích yếu: Không được để trống mục này.</a>' in html


def test_error_summary_of_a_good_form_is_nothing():
    assert draw("{% error_summary form %}", form=Sample()) == ""


def test_title_says_that_the_form_was_refused():
    rows = django_forms.formset_factory(Sample, extra=0)
    sent = rows({"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})

    assert draw("{% error_prefix %}", form=Sample({})) == "Lỗi: "
    assert draw("{% error_prefix %}", has_errors=True) == "Lỗi: "
    assert [draw("{% error_prefix %}"), draw("{% error_prefix %}", form=Sample()), draw("{% error_prefix %}", form=sent)] == ["", "", ""]


def test_fields_can_be_chosen():
    form = Sample()

    assert draw("{% fields form %}", form=form).count("<input") == 3
    assert 'name="title"' not in draw('{% fields form without="title" %}', form=form)
    assert draw('{% fields form only="note" %}', form=form).count("<input") == 1


def sources(*patterns: str) -> list[Path]:
    return [path for pattern in patterns for path in sorted((ROOT / "templates").glob(pattern))]


@pytest.mark.parametrize(
    "path", sources("*.html", "components/**/*.html", "account/**/*.html"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_template_loads_and_has_no_inline_script_or_style(path):
    text = path.read_text()
    Template("{% load ui i18n static %}" + re.sub(r"^\{% extends .*?%\}", "", text))

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|https?://(?!www\.w3\.org)", text)


def test_public_style_is_small_and_asks_for_nothing():
    text = (ROOT / "static/css/public.css").read_text()

    assert len(text.encode()) <= 4096
    assert "url(" not in text
    assert "@import" not in text


def test_colours_are_named_in_one_place():
    text = (ROOT / "static/css/app.css").read_text()

    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) <= {"#fff"}


def test_classes_of_the_components_exist():
    known = set(re.findall(r"\.(by-[a-z-]+)", (ROOT / "static/css/app.css").read_text()))
    used: set[str] = set()
    for path in sources("*.html", "components/**/*.html", "account/**/*.html"):
        for value in re.findall(r'class="([^"]*)"', path.read_text()):
            used |= {name for name in re.sub(r"\{[%{].*?[%}]\}", " ", value).split() if name.startswith("by-") and not name.endswith("-")}

    assert used - known <= {"by-dense", "by-roomy", "by-notice-info"}
