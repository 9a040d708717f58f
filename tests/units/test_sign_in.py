"""Signing in by name or mail; one name locked at one address locks nobody else."""

import pytest
from django.urls import reverse

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
