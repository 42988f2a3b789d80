"""A client on each side, against a server that answers by a script."""

from __future__ import annotations

import pytest
from client_sides import AsyncSide, SyncSide
from scripted_http import ScriptedServer

from sekur_sdk import RetryPolicy

QUICK = RetryPolicy(first_pause=0.001, longest_pause=0.002)


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
    """Makes clients of the server, closed at the end."""
    made = []

    def make(base_url=None, **settings):
        settings = {"retries": QUICK} | settings
        if "client_id" not in settings:
            settings = {"token": "t0ken"} | settings
        client = side.client_class(base_url or server.url, **settings)
        made.append(client)
        return client

    yield make
    for client in made:
        side.close(client)


@pytest.fixture
def client(make_client):
    return make_client()
