"""Signing in by name or mail; one name locked at one address locks nobody else."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from tests.world import PASSWORD, make_user
from units.roles import Role

HOME = "/viec-cua-toi/"


def sign_in(client, login, password=PASSWORD, address="203.0.113.7"):
    return client.post(reverse("account_login"), {"login": login, "password": password}, REMOTE_ADDR=address)


@pytest.mark.parametrize("login", ["ban.truong", "Ban.Truong", " ban.truong ", "ban.truong@example.invalid", "BAN.TRUONG@example.invalid"])
def test_name_and_mail_in_any_case_sign_in(world, client, login):
    response = sign_in(client, login)

    assert (response.status_code, response.url) == (302, HOME)


@pytest.mark.parametrize(("login", "password"), [("ban.truong", "sai-mat-khau"), ("khong.co.ai", PASSWORD)])
def test_wrong_name_and_wrong_password_are_answered_alike(world, client, login, password):
    page = sign_in(client, login, password).content.decode()

    assert "không đúng" in page


def test_six_wrong_tries_lock_that_name_at_that_address_only(world, client):
    for attempt in range(6):
        sign_in(client, "ban.truong", f"sai-{attempt}")

    locked = sign_in(client, "ban.truong")
    colleague = sign_in(client, "truong.hieutruong")
    client.logout()
    elsewhere = sign_in(client, "ban.truong", address="203.0.113.8")

    assert (locked.status_code, colleague.status_code, elsewhere.status_code) == (429, 302, 302)
    assert "Chờ 15 phút" in locked.content.decode()


def test_capitals_do_not_give_more_tries(world, client):
    for login in ("ban.truong", "Ban.truong", "BAN.truong", "ban.Truong", "ban.TRUONG", " ban.truong"):
        sign_in(client, login, "sai")

    assert sign_in(client, "bAn.truong").status_code == 429


def test_an_office_behind_one_address_signs_in(world, client):
    users = [make_user(f"xa.canbo.{number}", f"Cán bộ {number}", Role.COMMUNE_OFFICER, world.commune) for number in range(25)]

    statuses = []
    for user in users:
        statuses.append(sign_in(client, user.username).status_code)
        client.logout()

    assert statuses == [302] * 25


def test_accounts_do_not_come_from_the_sign_up_page(world, client):
    response = client.get(reverse("account_signup"))

    assert "password1" not in response.content.decode()


def test_letters_that_become_the_same_capital_give_no_more_tries(world, client):
    for login in ("suoi.bien", "ſuoi.bien", "suoi.bıen", "ſuoi.bıen", "Suoi.bien", "SUOI.BIEN"):
        sign_in(client, login, "sai")

    assert sign_in(client, "suoi.bien").status_code == 429


def test_asking_the_password_again_counts_under_the_own_name(world, client):
    sign_in(client, "ban.truong")
    for number in range(7):
        client.post(reverse("account_reauthenticate"), {"password": "sai", "login": f"ai-do-{number}"}, REMOTE_ADDR="203.0.113.7")
    client.logout()

    assert sign_in(client, "ban.truong").status_code == 429


def test_signing_in_and_out_and_failing_are_recorded(world, client):
    sign_in(client, "ban.truong", "sai")
    sign_in(client, "ban.truong")
    client.post(reverse("account_logout"))

    events = AuditEvent.objects.filter(verb__startswith="account.sign").order_by("id")
    assert [(event.verb, event.actor, event.refused, event.address) for event in events] == [
        ("account.sign_in", None, True, "203.0.113.7"),
        ("account.sign_in", world.cast.head, False, "203.0.113.7"),
        ("account.sign_out", world.cast.head, False, "127.0.0.1"),
    ]


@pytest.fixture
def newcomer(world):
    return make_user("xa.moi", "Cán bộ mới", Role.COMMUNE_OFFICER, world.commune, must_change_password=True)


def test_a_password_given_by_somebody_else_is_changed_first(newcomer, client):
    landed = sign_in(client, "xa.moi")
    pages = [client.get(path) for path in (landed.url, "/don-vi/", "/xac-nhan-don-vi/")]
    posted = client.post("/thong-bao/da-doc/")

    change = reverse("account_change_password")
    assert [response.url for response in (*pages, posted)] == [change] * 4
    assert client.get(change).status_code == 200
    assert client.get("/don-vi-duoc-cong-nhan/").status_code == 302


def test_after_the_change_everything_opens_and_it_is_recorded(newcomer, client):
    sign_in(client, "xa.moi")

    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "nuong-doi-xanh-8", "password2": "nuong-doi-xanh-8"}
    )

    newcomer.refresh_from_db()
    assert (newcomer.must_change_password, client.get(HOME).status_code) == (False, 200)
    assert AuditEvent.objects.filter(verb="account.password", actor=newcomer, target_id=newcomer.pk).count() == 1


def test_the_same_password_again_is_no_change(newcomer, client):
    sign_in(client, "xa.moi")

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD})

    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_who_must_change_the_password_may_sign_out(newcomer, client):
    sign_in(client, "xa.moi")

    client.post(reverse("account_logout"))

    assert "_auth_user_id" not in client.session
