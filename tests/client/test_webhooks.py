"""Webhooks by the Standard Webhooks scheme."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk import Secret, models
from sekur_sdk.client.errors import WebhookError
from sekur_sdk.webhooks import sign, verify

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"
PAYLOAD = (EXAMPLES / "event.json").read_bytes()
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "QUFB" * 8
NOW = 1_794_000_000


def headers(payload=PAYLOAD, *, secret=SECRET, at=NOW, **changes):
    made = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": sign(payload, "msg_1", at, secret),
    }
    return made | {name.replace("_", "-"): value for name, value in changes.items()}


def test_a_signature_is_that_of_the_schemes_own_example():
    signature = sign(b'{"test": 2432232314}', "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, SECRET)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_good_webhook_is_a_typed_event():
    event = verify(PAYLOAD, headers(), SECRET, now=NOW)
    assert isinstance(event, models.Event)
    assert event.id == json.loads(PAYLOAD)["id"]


def test_a_secret_may_be_hidden_and_several_may_hold_while_one_is_replaced():
    assert verify(PAYLOAD, headers(), Secret(SECRET), now=NOW)
    assert verify(PAYLOAD, headers(secret=OTHER), [SECRET, Secret(OTHER)], now=NOW)


def test_one_good_signature_of_several_is_enough():
    good = sign(PAYLOAD, "msg_1", NOW, SECRET)
    several = f"v1a,c2lnbmVk v1,{'A' * 43}= {good} v2,later"
    assert verify(PAYLOAD, headers(Webhook_Signature=several), SECRET, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"Webhook_Id": "msg_2"},
        {"Webhook_Timestamp": str(NOW + 1)},
        {"Webhook_Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"Webhook_Signature": "é"},
    ],
    ids=repr,
)
def test_whatever_is_changed_is_noticed(changed):
    with pytest.raises(WebhookError, match="webhook-signature"):
        verify(PAYLOAD, headers(**changed), SECRET, now=NOW)


@given(st.binary(), st.integers(0, 7), st.data())
def test_a_payload_with_one_bit_changed_is_noticed(payload, bit, data):
    payload = payload or b"x"
    place = data.draw(st.integers(0, len(payload) - 1))
    changed = bytes(byte ^ (1 << bit) if index == place else byte for index, byte in enumerate(payload))
    with pytest.raises(WebhookError, match="webhook-signature"):
        verify(changed, headers(payload), SECRET, now=NOW)


@pytest.mark.parametrize(("age", "told"), [(301, "301 s old"), (-301, "301 s ahead")])
def test_a_webhook_out_of_its_time_is_refused(age, told):
    with pytest.raises(WebhookError, match=told):
        verify(PAYLOAD, headers(at=NOW), SECRET, now=NOW + age)
    assert verify(PAYLOAD, headers(at=NOW), SECRET, now=NOW + age, tolerance_s=600)


def test_now_is_the_clocks_unless_told():
    with pytest.raises(WebhookError, match="old"):
        verify(PAYLOAD, headers(at=1_600_000_000), SECRET)


@pytest.mark.parametrize("name", ["Webhook_Id", "Webhook_Timestamp", "Webhook_Signature"])
def test_a_missing_header_is_named(name):
    with pytest.raises(WebhookError, match=rf"{name.lower().replace('_', '-')}: the header is missing"):
        verify(PAYLOAD, headers(**{name: ""}), SECRET, now=NOW)


def test_a_payload_that_is_no_event_names_the_path_and_shows_nothing():
    payload = json.dumps(json.loads(PAYLOAD) | {"at": "Chez Madame Martin"}).encode()
    with pytest.raises(WebhookError, match=r"\$\.at") as caught:
        verify(payload, headers(payload), SECRET, now=NOW)
    assert "Martin" not in str(caught.value)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "not base64", []])
def test_a_secret_that_is_none_is_the_receivers_fault(secret):
    with pytest.raises(ValueError, match=r"^secret: ") as caught:
        verify(PAYLOAD, headers(), secret, now=NOW)
    assert not isinstance(caught.value, WebhookError)


def test_checking_a_webhook_loads_no_http():
    script = "import sekur_sdk.webhooks, sys; print({'httpx', 'msgspec', 'asyncio', 'ssl'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
