"""Signing in, out and back in: every sentence is Vietnamese, allauth's own included."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.html import strip_tags

from units.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "Bình-yên-mỗi-nhà-19-8"
ENGLISH = re.compile(
    r"\b(the|your|you|password|email|please|sign|login|username|account|enter|this|not|invalid|required|confirm|change|forgot|code|address)\b",
    re.IGNORECASE,
)


def text(response) -> str:
    """What a person reads: without tags, addresses and names of files."""
    return strip_tags(re.sub(r"<head>.*?</head>", "", response.content.decode(), flags=re.DOTALL))


@pytest.fixture
def person() -> User:
    user = User(username="lo.thinh", full_name="Lò Văn Thịnh", email="lo.thinh@binhyen.example")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_reset_password_done", "account_signup", "account_inactive"]
)
def test_page_for_everybody_has_no_english(client, name):
    response = client.get(reverse(name))

    assert ENGLISH.findall(text(response)) == []
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("name", ["account_logout", "account_change_password", "account_reauthenticate"])
def test_page_of_an_account_has_no_english(client, person, name):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(reverse(name))

    assert ENGLISH.findall(text(response).replace(person.email, "")) == []
    assert "<h1" in response.content.decode()


def test_sign_in_warns_of_state_secrets(client):
    assert "Không nhập, không tải lên tài liệu có dấu MẬT, TỐI MẬT, TUYỆT MẬT." in text(client.get(reverse("account_login")))


@pytest.mark.parametrize("login", ["lo.thinh", "lo.thinh@binhyen.example"])
def test_name_or_mail_signs_in(client, person, login):
    client.post(reverse("account_login"), {"login": login, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(person.pk)


def test_wrong_password_is_refused_without_saying_which_part(client, person):
    known = client.post(reverse("account_login"), {"login": "lo.thinh", "password": "sai"})
    unknown = client.post(reverse("account_login"), {"login": "khong.co", "password": "sai"})

    assert "Tên đăng nhập hoặc mật khẩu không đúng." in text(known)
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in text(unknown)
    assert "<title>Lỗi: Đăng nhập" in known.content.decode()
    assert ENGLISH.findall(text(known)) == []


def test_too_many_tries_meet_a_closed_door(client, person):
    for _ in range(6):
        response = client.post(reverse("account_login"), {"login": "lo.thinh", "password": "sai"})

    assert response.status_code == 429
    assert "Chờ 15 phút rồi thử lại." in text(response)


def test_forgotten_password_is_set_anew(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    message = mail.outbox[0]
    link = re.search(r"https?://[^/]+(/\S+)", message.body)[1]
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    short = client.post(address, {"password1": "ngắn", "password2": "ngắn"})
    client.post(address, {"password1": "Một-mật-khẩu-khác-2", "password2": "Một-mật-khẩu-khác-2"})
    person.refresh_from_db()

    assert "Đặt lại mật khẩu" in message.subject
    assert ENGLISH.findall(re.sub(r"https?://\S+", "", message.body)) == []
    assert "Mật khẩu quá ngắn, phải có ít nhất 10 ký tự." in text(short)
    assert ENGLISH.findall(text(page) + text(short)) == []
    assert person.check_password("Một-mật-khẩu-khác-2")


def test_unknown_mail_gets_the_same_answer(client, person):
    known = client.post(reverse("account_reset_password"), {"email": person.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "khong.co@binhyen.example"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_used_link_says_so(client):
    response = client.get(reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "x-y"}))

    assert "Liên kết đã hết hạn" in text(response)


def test_password_is_changed_with_the_old_one(client, person):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    wrong = client.post(reverse("account_change_password"), {"oldpassword": "sai", "password1": "Một-mật-khẩu-khác-2", "password2": "khác"})

    assert "Nhập mật khẩu đang dùng." in text(wrong)
    assert "Hai lần nhập mật khẩu phải giống nhau." in text(wrong)


def test_no_account_is_made_at_the_sign_up_page(client):
    client.post(reverse("account_signup"), {"username": "moi", "password1": PASSWORD, "password2": PASSWORD})

    assert not User.objects.filter(username="moi").exists()


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/abc:def/", "login/code/confirm/"])
def test_pages_of_allauth_that_are_not_ours_do_not_exist(client, person, path):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    got = client.get(f"/tai-khoan/{path}")
    client.post(f"/tai-khoan/{path}", {"email": "cua-nguoi-khac@binhyen.example", "action_add": "", "action_primary": ""})

    person.refresh_from_db()
    assert (got.status_code, person.email, ENGLISH.findall(text(got))) == (404, "lo.thinh@binhyen.example", [])
