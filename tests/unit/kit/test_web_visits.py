"""Signed cookies, and the proof that a form came from a page of ours."""

from datetime import timedelta

import pytest
from fastapi import Request
from fastapi.responses import Response

from services.kit.web.visits import Visits, fingerprint

VISITS = Visits(b"a key", "visit", secure=True)


def request(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", f"visit={cookie}".encode("latin-1"))]})


def cookie_of(response: Response) -> str:
    return response.headers["set-cookie"].partition("=")[2].partition(";")[0]


def test_a_token_comes_back_in_its_cookie() -> None:
    response, token = Response(), VISITS.new()
    VISITS.remember(response, token, timedelta(hours=1))
    assert VISITS.token(request(cookie_of(response))) == token
    assert "Max-Age=3600; Path=/; SameSite=lax; Secure" in response.headers["set-cookie"]
    assert "HttpOnly" in response.headers["set-cookie"]


@pytest.mark.parametrize("cookie", ["", ".", "a", "a.b", "a.b.c", "\xe9.\xe9", f".{VISITS.signed('cookie', '')}"])
def test_a_cookie_we_did_not_sign_is_nobodys(cookie: str) -> None:
    assert VISITS.token(request(cookie)) is None


def test_a_cookie_of_another_key_is_nobodys() -> None:
    response = Response()
    Visits(b"another key", "visit", secure=True).remember(response, "token", timedelta(hours=1))
    assert VISITS.token(request(cookie_of(response))) is None


def test_a_forms_proof_is_its_visits_alone() -> None:
    assert VISITS.proves("one", VISITS.csrf("one"))
    assert not VISITS.proves("one", VISITS.csrf("other"))
    assert not VISITS.proves("one", VISITS.signed("cookie", "one"))
    assert not VISITS.proves("one", "\udcff")


def test_what_is_kept_of_a_token_is_not_the_token() -> None:
    assert "token" not in fingerprint("token")
    assert fingerprint("token") == fingerprint("token") != fingerprint("tokeN")


def test_a_cookie_is_taken_away() -> None:
    response = Response()
    VISITS.forget(response)
    assert "Max-Age=0" in response.headers["set-cookie"]
