"""The live sandbox as a test double."""

from __future__ import annotations

import pytest

from sekur_sdk import AuthenticationError, PermissionDeniedError, SekurClient
from sekur_sdk.testing import LiveSandbox

pytestmark = pytest.mark.services


def test_a_sandbox_that_does_not_run_says_so() -> None:
    sandbox = LiveSandbox()

    with pytest.raises(RuntimeError, match="not running"):
        _ = sandbox.url


def test_it_can_be_stopped_and_started_again_with_the_same_token() -> None:
    sandbox = LiveSandbox()
    for _ in range(2):
        with sandbox, SekurClient.from_env(sandbox.environ) as client:
            assert client.organisation.get().id == "org_demo"


def test_a_reset_keeps_the_token_and_forgets_oauth_clients(sekur_sandbox) -> None:
    client_id, secret = sekur_sandbox.register_client()
    sekur_sandbox.reset()

    with (
        SekurClient(sekur_sandbox.url, client_id=client_id, client_secret=secret) as client,
        pytest.raises(AuthenticationError),
    ):
        client.organisation.get()
    with SekurClient(sekur_sandbox.url, token=sekur_sandbox.token) as client:
        assert client.organisation.get().id == "org_demo"


def test_an_oauth_client_has_the_scopes_it_was_given(sekur_sandbox) -> None:
    client_id, secret = sekur_sandbox.register_client(scopes=("planning:read",))

    with SekurClient(sekur_sandbox.url, client_id=client_id, client_secret=secret) as client:
        assert list(client.shifts.list())
        with pytest.raises(PermissionDeniedError):
            client.organisation.get()


def test_numbers_of_events_are_never_given_again(sekur_sandbox, sekur_client) -> None:
    def last_event():
        sekur_sandbox.raise_alert()
        with sekur_client.events.stream(after=0) as events:
            return next(event.id for event in events if event.type == "alert.opened")

    before = last_event()
    sekur_sandbox.reset()

    assert last_event() > before


def test_an_alert_of_an_unknown_wearable_is_refused(sekur_sandbox) -> None:
    with pytest.raises(ValueError, match="no alert of kind 'fall' from the wearable 'dev_nobody'"):
        sekur_sandbox.raise_alert(device_id="dev_nobody")


def test_an_alert_of_an_unknown_kind_is_refused(sekur_sandbox) -> None:
    with pytest.raises(ValueError, match="no alert of kind 'boredom'"):
        sekur_sandbox.raise_alert("boredom")


def test_neither_repr_nor_arguments_show_the_token(sekur_sandbox) -> None:
    assert sekur_sandbox.token not in repr(sekur_sandbox)
