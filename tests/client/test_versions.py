"""The version of the contract that is asked for, and what the server says will end."""

from __future__ import annotations

import warnings

import pytest
from scripted_http import SHIFT, json_answer

from sekur_sdk.client.protocol import API_VERSION

ENDING = {"Deprecation": "@1782864000", "Sunset": "Fri, 01 Jan 2027 00:00:00 GMT"}


def test_every_request_names_the_version_that_this_release_was_made_for(client, side, server):
    server.answer(json_answer(SHIFT))
    side.run(client.shifts.get("shf_1"))
    assert server.received[0].headers["sekur-version"] == API_VERSION == "2026-11-01"


def test_what_will_end_is_told_once_with_its_dates_where_the_caller_is(client, side, server):
    server.answer(json_answer(SHIFT, **ENDING))

    with pytest.warns(DeprecationWarning, match="GET /shifts: deprecated since 2026-07-01, ends on 2027-01-01") as told:
        side.run(client.shifts.get("shf_1"))
    if side.name == "sync":
        assert told[0].filename.endswith("client_sides.py") or told[0].filename == __file__
    assert "sekur_sdk" not in told[0].filename
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        side.run(client.shifts.get("shf_2"))


def test_each_announcement_is_told(client, side, server):
    server.answer(json_answer(SHIFT, **ENDING), json_answer(SHIFT, Sunset="Sat, 01 May 2027 00:00:00 GMT"))
    with pytest.warns(DeprecationWarning, match="2027-01-01"):
        side.run(client.shifts.get("shf_1"))
    with pytest.warns(DeprecationWarning, match="2027-05-01"):
        side.run(client.shifts.get("shf_1"))


@pytest.mark.parametrize("value", ["soon", "@x", "@99999999999999999", "true"])
def test_an_announcement_without_a_readable_date_is_told_without(client, side, server, value):
    server.answer(json_answer(SHIFT, Deprecation=value))
    with pytest.warns(DeprecationWarning, match="GET /shifts: deprecated;"):
        side.run(client.shifts.get("shf_1"))
