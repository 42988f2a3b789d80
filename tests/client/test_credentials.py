"""Tokens: where they come from, and that they show up nowhere."""

from __future__ import annotations

import copy
import logging
import pickle
from urllib.parse import parse_qs

import pytest
from scripted_http import SHIFT, json_answer, problem

from sekur_sdk import Secret
from sekur_sdk.client import errors


def grant(token, expires_in=3600):
    return json_answer({"access_token": token, "token_type": "bearer", "expires_in": expires_in, "scope": ""})


@pytest.fixture
def oauth_client(make_client):
    return make_client(client_id="cli_1", client_secret="s3cret", scopes=["planning:read", "alerts:write"])


def authorizations(server):
    return [request.headers.get("authorization") for request in server.received]


def test_client_credentials_are_exchanged_for_a_token_once(oauth_client, side, server):
    server.answer(grant("first"), json_answer(SHIFT))
    for _ in range(3):
        side.run(oauth_client.shifts.get("shf_1"))
    assert authorizations(server) == [None, "Bearer first", "Bearer first", "Bearer first"]
    asked = server.received[0]
    assert (asked.method, asked.path) == ("POST", "/api/v1/oauth/token")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "idempotency-key" not in asked.headers
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["cli_1"],
        "client_secret": ["s3cret"],
        "scope": ["planning:read alerts:write"],
    }


def test_a_token_is_renewed_before_it_expires(oauth_client, side, server):
    server.answer(grant("first", expires_in=0), json_answer(SHIFT), grant("second"), json_answer(SHIFT))
    side.run(oauth_client.shifts.get("shf_1"))
    side.run(oauth_client.shifts.get("shf_1"))
    assert authorizations(server) == [None, "Bearer first", None, "Bearer second"]


def test_a_refused_token_is_renewed_once(oauth_client, side, server):
    server.answer(grant("first"), problem(401), grant("second"), json_answer(SHIFT))
    assert side.run(oauth_client.shifts.get("shf_1")).id == "shf_1"
    assert authorizations(server) == [None, "Bearer first", None, "Bearer second"]


def test_a_token_that_is_refused_after_its_renewal_is_an_error(oauth_client, side, server):
    server.answer(grant("first"), problem(401), grant("second"), problem(401))
    with pytest.raises(errors.AuthenticationError):
        side.run(oauth_client.shifts.get("shf_1"))
    assert len(server.received) == 4


def test_calls_made_at_once_share_one_renewal(oauth_client, side, server):
    server.answer(grant("first"), json_answer(SHIFT))
    side.gather(*[lambda: oauth_client.shifts.get("shf_1") for _ in range(8)])
    assert sum(request.path.endswith("/oauth/token") for request in server.received) == 1
    assert len(server.received) == 9


def test_refused_credentials_are_an_error(oauth_client, side, server):
    server.answer(problem(401))
    with pytest.raises(errors.AuthenticationError):
        side.run(oauth_client.shifts.get("shf_1"))
    assert len(server.received) == 1


@pytest.mark.parametrize(
    "credentials",
    [
        {"token": None},
        {"token": "a", "client_id": "b", "client_secret": "c"},
        {"token": None, "client_id": "b"},
        {"token": None, "client_id": "b", "client_secret": ""},
        {"token": "with space"},
        {"token": "sw0rdfish\n"},
        {"token": ""},
        {"token": None, "client_id": "b", "client_secret": "c", "scopes": "planning:read"},
    ],
)
def test_credentials_that_are_none_or_two_kinds_or_unreadable_are_told_at_once(side, credentials):
    with pytest.raises(errors.ConfigurationError) as caught:
        side.client_class("http://127.0.0.1:9", **credentials)
    assert "sw0rdfish" not in str(caught.value)


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "sekur.example.fr",
        "ftp://sekur.example.fr",
        "https://",
        "https://u:p@sekur.example.fr",
        "http://h:99999",
        "https://h/?a=b",
    ],
)
def test_an_address_that_is_none_is_told_at_once(side, base_url):
    with pytest.raises(errors.ConfigurationError, match="base_url"):
        side.client_class(base_url, token="t")


def test_the_environment_names_server_and_token(side, server):
    server.answer(json_answer(SHIFT))
    client = side.client_class.from_env({"SEKUR_BASE_URL": server.url, "SEKUR_TOKEN": "fr0m-env"})
    side.run(client.shifts.get("shf_1"))
    side.close(client)
    assert authorizations(server) == ["Bearer fr0m-env"]


def test_what_the_environment_lacks_is_named(side):
    with pytest.raises(errors.ConfigurationError, match="set SEKUR_TOKEN in the environment"):
        side.client_class.from_env({"SEKUR_BASE_URL": "http://127.0.0.1"})


def test_the_log_names_the_call_and_nothing_of_people_or_tokens(oauth_client, side, server, caplog):
    caplog.set_level(logging.DEBUG)
    server.answer(grant("gr4nted"), json_answer(SHIFT | {"notes": "Chez Madame Martin"}, X_Request_Id="req-5"))
    side.run(oauth_client.shifts.get("shf_1", request_id="mine"))
    ours = [record.getMessage() for record in caplog.records if record.name == "sekur_sdk"]
    assert ours[-1] == (
        "GET /shifts/shf_1: 200 content-type=application/json content-length=325 server_request_id=req-5 request_id=mine"
    )
    for secret in ("s3cret", "gr4nted", "Martin"):
        assert secret not in "\n".join(
            record.getMessage() for record in caplog.records if record.name.startswith(("sekur", "httpx"))
        )


def test_a_secret_shows_itself_only_when_asked():
    secret = Secret("hunter2")
    assert secret.reveal() == "hunter2"
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", "%s" % secret, repr([secret]), repr(vars)):  # noqa: UP031  # a form that logging uses
        assert "hunter2" not in shown


def test_a_secret_is_not_pickled():
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret("hunter2"))


def test_a_secret_can_be_copied_and_compared():
    secret = Secret("hunter2")
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret
    assert secret == Secret("hunter2")
    assert secret != Secret("hunter3")
    assert secret != "hunter2"
    assert len({secret, Secret("hunter2")}) == 1


def test_a_secret_can_not_be_written_as_json():
    from sekur_sdk.wire import encode

    with pytest.raises(NotImplementedError):
        encode({"token": Secret("hunter2")})
