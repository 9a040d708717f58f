"""One unit's year in the browser, from its own registration to the page a phone shows; every step goes through pages and forms."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import quote

from django.urls import reverse

from reports.chain.browser import Browser, ChainBroken
from reports.chain.pages import Form, Page, prefixes

# What meets a question, by the name of its field.
MET = {
    "has": "yes",
    "happened": "yes",  # “không để xảy ra”
    "yes": "yes",
    "current": "2",
    "previous": "3",
    "source": "Báo cáo năm trước của Công an xã",
    "no_file_reason": "Bản giấy lưu tại bản.",
}


@dataclass(frozen=True)
class Cast:
    """Who plays: user names of one commune, their password, and the campaign in which they play."""

    commune: str
    campaign_id: int
    keeper: str
    appraiser: str
    chair: str
    members: tuple[str, ...]
    password: str
    today: date
    unit_name: str = "Bản Thử Nghiệm"
    head: str = "thu.nghiem"
    head_password: str = "muoi-hai-con-giap"


@dataclass
class Story:
    """Plays the chain; ``visitor`` opens a fresh browser, ``wait`` passes the time the worker needs."""

    cast: Cast
    visitor: Callable[[], Browser]
    wait: Callable[[float], None]
    say: Callable[[str], None]
    patience: float = 60
    browsers: dict[str, Browser] = field(default_factory=dict)

    def play(self) -> str:
        """Play everything; answer the address of the check page."""
        with self._step("đăng ký đơn vị trên trang công khai"):
            application = self.apply()
        with self._step("công an xã xác nhận"):
            self.confirm(application)
        with self._step("soạn, ký bản đăng ký và cam kết"):
            registration = self.register()
        with self._step("tiếp nhận đăng ký"):
            self.receive_registration(registration)
        with self._step("trả lời tiêu chí, tải minh chứng"):
            dossier = self.answer(registration)
        with self._step("họp tự đánh giá, nộp hồ sơ"):
            self.review_and_submit(dossier)
        with self._step("tiếp nhận, thẩm định, đề xuất"):
            self.appraise(dossier)
        with self._step("phiên họp Ban Chỉ đạo, bỏ phiếu"):
            session = self.hold_session(dossier)
        with self._step("dự thảo, duyệt, in quyết định và giấy công nhận"):
            decision = self.decide(session)
        with self._step("công bố"):
            self.release(decision)
        with self._step("kiểm tra giấy bằng mã QR"):
            return self.check(decision)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.say(f"{time.perf_counter() - began:6.1f} s  {name}")

    # ---------- Helpers ----------

    def as_user(self, username: str, password: str = "") -> Browser:
        """The browser of a user, signed in once."""
        if username not in self.browsers:
            browser = self.visitor()
            page = browser.get(reverse("account_login"))
            page = browser.submit(page.form(having="login"), {"login": username, "password": password or self.cast.password})
            if page.url.endswith(reverse("account_login")):
                raise ChainBroken(f"{username} cannot sign in: {page.summary()}")
            self.browsers[username] = browser
        return self.browsers[username]

    def until(self, look: Callable[[], Page], there: Callable[[Page], bool], what: str) -> Page:
        """Look again and again until the worker has done its part."""
        deadline = time.monotonic() + self.patience
        while True:
            page = look()
            if there(page):
                return page
            if time.monotonic() > deadline:
                raise ChainBroken(f"waited {self.patience:.0f} s for {what}: {page.summary()}")
            self.wait(0.5)

    def sign(self, browser: Browser, page: Page) -> Page:
        """Where a page asks for the password again, give it."""
        for form in page.forms:
            if "password" in form.names and "login" not in form.names:
                values: dict[str, Sequence[str] | bool] = {name: True for name in ("agree", "sworn") if name in form.names}
                return browser.submit(form, values | {"password": self._own_password(browser)})
        return page

    def _own_password(self, browser: Browser) -> str:
        return self.cast.head_password if browser is self.browsers.get(self.cast.head) else self.cast.password

    def press(self, browser: Browser, to: str) -> Page:
        """Press the button of the present page that posts to an address; where it asks for the password, give it."""
        form = browser.page.form(to=to)
        return browser.submit(form, {"password": self._own_password(browser)} if "password" in form.names else {})

    # ---------- Steps ----------

    def apply(self) -> int:
        """The head registers the unit on the public site, step by step, and is signed in at its end."""
        browser = self.visitor()
        page = browser.get(reverse("units:application-start"))
        page = browser.submit(page.form(having="kind"), {"kind": "residential_area"})
        page = browser.get(f"{page.url.partition('?')[0]}?q={quote(self.cast.commune)}")
        place = page.form(having="area")
        page = browser.submit(place, {"area": next(each.value for each in place.fields if each.name == "area")})
        facts = page.form(having="household_count")
        page = browser.submit(
            facts, {"name": self.cast.unit_name, "address": "Khu trung tâm", "household_count": "87", "has_party_organisation": "yes"}
        )
        page = browser.submit(
            page.form(having="head_name"),
            {"head_name": "Lò Văn Mẫu", "head_title": "Trưởng bản", "head_phone": "0912345678", "consent_registry": True},
        )
        account = {"username": self.cast.head, "password": self.cast.head_password, "repeated": self.cast.head_password}
        page = browser.submit(page.form(having="username"), account)
        page = browser.submit(page.form(having="declared"), {"declared": True})
        self.browsers[self.cast.head] = browser
        return _number(page.url, r"/(\d+)/da-gui/")

    def confirm(self, application: int) -> None:
        """The commune police look at the facts and confirm."""
        officer = self.as_user(self.cast.keeper)
        officer.get(reverse("units:application-list"))
        officer.get(reverse("units:application-detail", args=[application]))
        self.press(officer, reverse("units:application-confirm", args=[application]))

    def register(self) -> int:
        """The head fills the registration in, and signs it with the password."""
        head = self.browsers[self.cast.head]
        pattern = r"/dang-ky/(\d+)/"
        url = f"{reverse('movement:registration-list')}?dot={self.cast.campaign_id}"
        page = self.until(lambda: head.get(url), lambda page: page.has_link(pattern), "the unit to be invited")
        pk = _number(page.link(pattern), pattern)
        page = head.get(reverse("movement:registration-edit", args=[pk]))
        form = page.form(having="goals")
        typed = {"goals": "Không để xảy ra tội phạm nghiêm trọng; mọi hộ tham gia.", "resolution_number": "05-NQ/CB ngày 15/01"}
        page = head.submit(form, {**typed, "household_total": "87", "household_signed_up": "87"})
        page = self.press(head, reverse("movement:registration-prepare", args=[pk]))
        if not page.url.endswith(reverse("movement:registration-sign", args=[pk])):
            page = head.get(reverse("movement:registration-sign", args=[pk]))
        self.sign(head, page)
        return pk

    def receive_registration(self, pk: int) -> None:
        officer = self.as_user(self.cast.keeper)
        officer.get(reverse("movement:registration-detail", args=[pk]))
        self.press(officer, reverse("movement:registration-receive", args=[pk]))

    def answer(self, registration: int) -> int:
        """Every question of every group, and one evidence file."""
        head = self.browsers[self.cast.head]
        own = reverse("movement:registration-detail", args=[registration])
        page = self.until(lambda: self._dossier_with(head, own), lambda page: own in page.links, "the dossier to be opened")
        dossier = _number(page.url, r"/ho-so/(\d+)/")
        groups = list(dict.fromkeys(link for link in page.links if re.search(r"/ho-so/\d+/nhom/\d+/", link)))
        for group in groups:
            page = head.get(group)
            if group == groups[0]:
                self._attach(head, page.link(r"/tra-loi/\d+/minh-chung/"))
                page = head.get(group)
            head.submit(answered(page.form(having="csrfmiddlewaretoken", to="nhom")))
        return dossier

    def _dossier_with(self, head: Browser, link: str) -> Page:
        """The dossier of the head's work list that leads to this registration; the list itself as long as there is none."""
        listed = head.get(reverse("reports:home"))
        for url in dict.fromkeys(link for link in listed.links if re.search(r"/ho-so/\d+/$", link)):
            page = head.get(url)
            if link in page.links:
                return page
        return listed

    def _attach(self, head: Browser, url: str) -> None:
        page = head.get(url)
        form = page.form(having="attached")
        head.submit(form, uploads={"attached": ("nghi-quyet.pdf", *_paper())})

    def review_and_submit(self, dossier: int) -> None:
        """The meeting with its minutes, the page of checking, the signature."""
        head = self.browsers[self.cast.head]
        page = head.get(reverse("evaluations:self-review", args=[dossier]))
        held = self.cast.today - timedelta(days=1)
        meeting = {"held_on": f"{held:%d/%m/%Y}", "starts_at": "19:30", "ends_at": "20:30", "place": "Nhà văn hóa bản"}
        guests = (("Lò Văn Mẫu", "Trưởng bản"), ("Vàng Thị Thử", "Bí thư chi bộ"))
        people = {
            f"nguoi-{row}-{name}": value for row, guest in enumerate(guests) for name, value in zip(("name", "post"), guest, strict=True)
        }
        head.submit(page.form(having="held_on"), {**meeting, "chair": "Lò Văn Mẫu, Trưởng bản", "secretary": "Vàng Thị Thử", **people})
        page = head.get(reverse("evaluations:dossier-check", args=[dossier]))
        form = page.form(to=reverse("evaluations:dossier-submit", args=[dossier]))
        page = head.submit(form, {name: True for name in ("sworn", "nothing_will_change") if name in form.names})
        page = self.sign(head, page)
        if any("sworn" in each.names for each in page.forms):  # the password was asked between: send the form again
            form = page.form(having="sworn")
            page = head.submit(form, {name: True for name in ("sworn", "nothing_will_change") if name in form.names})
        if not page.url.endswith(reverse("evaluations:dossier-submitted", args=[dossier])):
            raise ChainBroken(f"the dossier was not submitted: {page.url} {page.summary()}")

    def appraise(self, dossier: int) -> None:
        """Another officer takes the dossier in, agrees with every answer, and proposes."""
        officer = self.as_user(self.cast.appraiser)
        officer.get(reverse("evaluations:dossier-list"))
        officer.get(reverse("evaluations:appraisal", args=[dossier]))
        page = self.press(officer, reverse("evaluations:dossier-receive", args=[dossier]))
        form = page.form(to=reverse("evaluations:appraisal", args=[dossier]))
        results = {name: "met" for name in form.names if name.startswith("r-")}
        page = officer.submit(form, results, button=("act", "propose"))
        officer.submit(page.form(having="note"), {"note": "Đã kiểm tra thực tế."})

    def hold_session(self, dossier: int) -> int:
        """Planned and opened by the standing office, voted on by every member, closed by the chair."""
        keeper = self.as_user(self.cast.keeper)
        page = keeper.get(reverse("evaluations:session-plan"))
        today = self.cast.today
        form = page.form(having="held_on")
        planned = {"held_on": f"{today:%d/%m/%Y}", "held_time": "14:00", "place": "Trụ sở UBND", "secretary": "Cà Thị Ví Dụ"}
        page = keeper.submit(form, {**planned, "campaign": str(self.cast.campaign_id)})
        session = _number(page.url, r"/phien-hop/(\d+)/")
        keeper.submit(page.form(having="dossiers"), {"dossiers": [str(dossier)]})
        page = keeper.get(reverse("evaluations:session-attendance", args=[session]))
        keeper.submit(page.form(having="members"), {"members": True})
        self.press(keeper, reverse("evaluations:session-open", args=[session]))
        for member in self.cast.members:
            browser = self.as_user(member)
            page = browser.get(reverse("evaluations:session-detail", args=[session]))
            browser.submit(page.form(having="choice"), {"choice": "met"})
        chair = self.as_user(self.cast.chair)
        page = chair.get(reverse("evaluations:session-detail", args=[session]))
        chair.submit(page.form(to="/ket-thuc/"))
        self.press(chair, reverse("evaluations:session-close", args=[session]))
        return session

    def decide(self, session: int) -> int:
        """Drafted by the standing office, approved by the chair, printed by the worker."""
        keeper, chair = self.as_user(self.cast.keeper), self.as_user(self.cast.chair)
        keeper.get(reverse("evaluations:session-detail", args=[session]))
        page = self.press(keeper, reverse("evaluations:decision-draft", args=[session]))
        decision = _number(page.url, r"/quyet-dinh/(\d+)/")
        page = chair.get(reverse("evaluations:decision-approve", args=[decision]))
        chair.submit(page.form(having="issued_on"), {"password": self.cast.password})
        release = reverse("evaluations:decision-release", args=[decision])
        detail = reverse("evaluations:decision-detail", args=[decision])
        self.until(lambda: chair.get(detail), lambda page: any(release in form.action for form in page.forms), "the files to be printed")
        return decision

    def release(self, decision: int) -> None:
        chair = self.as_user(self.cast.chair)
        chair.get(reverse("evaluations:decision-detail", args=[decision]))
        self.press(chair, reverse("evaluations:decision-release", args=[decision]))

    def check(self, decision: int) -> str:
        """What a stranger's phone is told about the code that the unit's certificate carries."""
        head = self.browsers[self.cast.head]
        page = head.get(reverse("evaluations:decision-detail", args=[decision]))
        page = head.get(page.link(r"/giay-cong-nhan/\d+/$"))
        found = re.search(r"/c/([0-9A-Z]{26})/", page.text)
        if found is None:
            raise ChainBroken(f"the certificate's page shows no code: {page.summary()}")
        url = reverse("reports:certificate-check", args=[found.group(1)])
        page = self.visitor().get(url)
        if "Giấy công nhận hợp lệ" not in page.text or self.cast.unit_name not in page.text:
            raise ChainBroken(f"the check page does not recognise the unit: {page.summary()}")
        return url


def answered(form: Form) -> Form:
    """Every question of a group's page answered as met; what our own rows filled in stays."""
    for prefix in prefixes((each.name for each in form.fields), r"(a\d+-)"):
        own = {each.name.removeprefix(prefix): each for each in form.fields if each.name.startswith(prefix)}
        form.fill({f"{prefix}{name}": value for name, value in MET.items() if name in own})
        if "ticks" in own:
            form.fill({f"{prefix}ticks": True})
        if "rating" in own:
            first = next(each.value for each in form.fields if each.name == f"{prefix}rating")
            form.fill({f"{prefix}rating": first})
    return form


def _paper() -> tuple[bytes, str]:
    """A small real PDF."""
    import pikepdf  # noqa: PLC0415 -- slow import

    content = BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page(page_size=(595, 842))
        paper.save(content)
    return content.getvalue(), "application/pdf"


def _number(url: str, pattern: str) -> int:
    found = re.search(pattern, url)
    if found is None:
        raise ChainBroken(f"{url} is not like {pattern}")
    return int(found.group(1))
