"""A client on each side, against a server that answers by a script."""

from __future__ import annotations

import pytest
from client_sides import AsyncSide, SyncSide
from scripted_http import ScriptedServer

from sekur_sdk import RetryPolicy


@pytest.fixture
def server():
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture(params=[SyncSide, AsyncSide], ids=["sync", "async"])
def side(request):
    side = request.param()
    yield side
    side.stop()


@pytest.fixture
def make_client(side, server):
    made = []

    def make(base_url=None, **settings):
        settings = {"retries": RetryPolicy(first_pause=0.001, longest_pause=0.002)} | settings
        if "client_id" not in settings:
            settings = {"token": "t0ken"} | settings
        made.append(side.client_class(base_url or server.url, **settings))
        return made[-1]

    yield make
    for client in made:
        side.close(client)


@pytest.fixture
def client(make_client):
    return make_client()
