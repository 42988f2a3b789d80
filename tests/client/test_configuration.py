"""What a client reads of the environment and of the user's configuration file."""

from __future__ import annotations

import stat
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_http import SHIFT, json_answer

from sekur_sdk import Secret
from sekur_sdk.client import errors
from sekur_sdk.client.configuration import configuration_file, read_settings, write_settings

URL = "https://sekur.example.fr"


@pytest.fixture
def environ(tmp_path):
    return {"XDG_CONFIG_HOME": str(tmp_path)}


@pytest.fixture
def file(environ):
    return configuration_file(environ)


def written(file, text, mode=0o600):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)


def test_the_file_is_in_the_users_configuration_folder():
    assert str(configuration_file({"XDG_CONFIG_HOME": "/c", "HOME": "/h"})) == "/c/sekur/config.toml"
    assert str(configuration_file({"XDG_CONFIG_HOME": "c", "HOME": "/h"})) == "/h/.config/sekur/config.toml"
    assert str(configuration_file({"HOME": "/h"})) == "/h/.config/sekur/config.toml"
    assert configuration_file({}) is None


def test_what_is_written_is_read_again_and_only_its_owner_may(environ, file):
    write_settings(file, URL, Secret('t"o\\ken'))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]
    base_url, settings = read_settings(environ)
    assert (base_url, settings["token"].reveal()) == (URL + "/api/v1", 't"o\\ken')


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1))
def test_any_token_survives_the_file(tmp_path_factory, token):
    file = tmp_path_factory.getbasetemp() / "any" / "config.toml"
    write_settings(file, URL, Secret(token))
    assert tomllib.loads(file.read_text())["token"] == token


def test_a_client_is_made_from_the_file(side, server, environ, file):
    server.answer(json_answer(SHIFT))
    write_settings(file, server.url, Secret("fr0m-file"))
    client = side.client_class.from_env(environ)
    side.run(client.shifts.get("shf_1"))
    side.close(client)
    assert server.received[0].headers["authorization"] == "Bearer fr0m-file"


def test_the_environment_comes_first(environ, file):
    write_settings(file, URL, Secret("fr0m-file"))
    _, settings = read_settings(environ | {"SEKUR_BASE_URL": "https://other.example.fr", "SEKUR_TOKEN": "fr0m-env"})
    assert settings["token"].reveal() == "fr0m-env"


def test_the_files_token_is_not_sent_to_another_server(environ, file):
    write_settings(file, URL, Secret("fr0m-file"))
    assert read_settings(environ | {"SEKUR_BASE_URL": URL + "/"})[1]["token"].reveal() == "fr0m-file"
    with pytest.raises(errors.ConfigurationError, match="set SEKUR_TOKEN"):
        read_settings(environ | {"SEKUR_BASE_URL": "https://other.example.fr"})


def test_client_credentials_come_from_either(environ, file):
    found = read_settings(
        {"SEKUR_BASE_URL": URL, "SEKUR_CLIENT_ID": "c", "SEKUR_CLIENT_SECRET": "s", "SEKUR_SCOPES": "a:read b:write"}
    )[1]
    assert (found["client_id"], found["client_secret"].reveal(), found["scopes"]) == ("c", "s", ["a:read", "b:write"])
    written(file, f'base_url = "{URL}"\nclient_id = "c2"\nclient_secret = "s2"\n')
    assert read_settings(environ)[1]["client_id"] == "c2"


def test_proxy_and_certificates_come_from_the_environment():
    found = read_settings(
        {
            "SEKUR_BASE_URL": URL,
            "SEKUR_TOKEN": "t",
            "SEKUR_PROXY": "http://u:p@127.0.0.1:3128",
            "SEKUR_CA_BUNDLE": "/ca.pem",
            "SEKUR_CLIENT_CERTIFICATE": "/cert.pem",
            "SEKUR_CLIENT_KEY": "/key.pem",
        }
    )[1]
    assert (found["ca_bundle"], found["client_certificate"]) == ("/ca.pem", ("/cert.pem", "/key.pem"))
    assert "u:p" not in repr(found)


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "set SEKUR_BASE_URL and SEKUR_TOKEN in the environment, or run `sekur login`"),
        ({"SEKUR_TOKEN": "t"}, "set SEKUR_BASE_URL in"),
        ({"SEKUR_BASE_URL": URL, "SEKUR_TOKEN": "t", "SEKUR_CLIENT_ID": "c"}, "set either SEKUR_TOKEN, or"),
        ({"SEKUR_BASE_URL": URL, "SEKUR_CLIENT_ID": "c"}, "set both SEKUR_CLIENT_ID and"),
        ({"SEKUR_BASE_URL": URL, "SEKUR_TOKEN": "sw0rd fish"}, "SEKUR_TOKEN: a secret is printable"),
    ],
)
def test_what_is_missing_or_too_much_is_named(variables, told):
    with pytest.raises(errors.ConfigurationError, match=told) as caught:
        read_settings(variables)
    assert "sw0rd" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["base_url = ", 'token = "sw0rdfish"\nname = 3\n', 'base_url = "u"\ntoken = ["sw0rdfish"]\n', "\xff"]
)
def test_a_file_that_can_not_be_read_is_told_with_its_place_and_no_secret(environ, file, text):
    written(file, text)
    with pytest.raises(errors.ConfigurationError, match=r"config\.toml: ") as caught:
        read_settings(environ)
    assert "sw0rdfish" not in str(caught.value)


def test_a_file_that_others_can_read_is_warned_about(environ, file):
    written(file, f'base_url = "{URL}"\ntoken = "t"\n', mode=0o644)
    with pytest.warns(UserWarning, match="can be read by others: run `chmod 600 "):
        read_settings(environ)


def test_a_folder_that_can_not_be_written_is_told(tmp_path):
    (tmp_path / "sekur").write_text("a file")
    with pytest.raises(errors.ConfigurationError, match="can't be written"):
        write_settings(tmp_path / "sekur" / "config.toml", URL, Secret("t"))
