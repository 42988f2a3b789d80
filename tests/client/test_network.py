"""Timeouts each by its own name, proxies, certificates: against real sockets."""

from __future__ import annotations

import base64
import contextlib
import pickle
import select
import socket
import ssl
import threading

import pytest
import trustme
from scripted_http import SHIFT, Answer, ScriptedServer, json_answer

from sekur_sdk import RetryPolicy, Timeouts
from sekur_sdk.client import errors

ONCE = RetryPolicy(retries=0)


@pytest.fixture
def full_backlog():
    """An address where nobody takes calls: its queue is full, so that a further connection is never made."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(8):
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
            select.select([], [caller], [], 0.05)
        yield "http://{}:{}".format(*listener.getsockname())


def test_a_connection_that_is_not_made_in_time_is_a_connect_timeout(make_client, side, full_backlog):
    client = make_client(full_backlog, retries=ONCE, timeout=Timeouts(connect=0.2))
    with pytest.raises(errors.ConnectTimeoutError) as caught:
        side.run(client.shifts.get("shf_1"))
    assert not caught.value.was_sent
    assert caught.value.is_retryable


def test_a_pool_without_a_free_connection_is_a_pool_timeout(make_client, side, server):
    server.answer(Answer(pause_s=1.0, body=b"{}"))
    client = make_client(retries=ONCE, timeout=Timeouts(pool=0.1), max_connections=1)
    outcomes = []

    def call():
        return outcome(client.shifts.get)

    def outcome(method):
        if side.name == "sync":
            try:
                method("shf_1")
            except errors.SekurError as error:
                outcomes.append(type(error))
            return None

        async def wait():
            try:
                await method("shf_1")
            except errors.SekurError as error:
                outcomes.append(type(error))

        return wait()

    side.gather(call, call)
    assert sorted(kind.__name__ for kind in outcomes) == ["PoolTimeoutError", "ResponseDecodeError"]


def test_a_request_that_the_server_does_not_take_is_a_write_timeout(make_client, side):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        client = make_client("http://{}:{}".format(*listener.getsockname()), retries=ONCE, timeout=Timeouts(write=0.2))
        with pytest.raises(errors.WriteTimeoutError):
            side.run(client.attachments.upload(bytes(20 * 1024 * 1024), name="x.bin"))


def test_an_answer_that_does_not_come_is_a_read_timeout_after_10_s_by_default():
    assert Timeouts() == Timeouts(connect=5.0, read=10.0, write=10.0, pool=5.0)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def secure(authority, tmp_path):
    """A TLS server that wants a client's certificate; its address, and the folder of the files."""
    server = ScriptedServer()
    server.answer(json_answer(SHIFT))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL
    server._server.socket = context.wrap_socket(server._server.socket, server_side=True, do_handshake_on_connect=False)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    client = authority.issue_cert("client@example.fr")
    client.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    client.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    client.private_key_pem.write_to_path(tmp_path / "key.pem")
    peers = []
    original = server.handle
    server.handle = lambda handler: (peers.append(handler.connection.getpeercert()), original(handler))
    yield server.url.replace("http:", "https:"), tmp_path, peers
    server.close()


def test_an_authority_that_is_not_known_is_a_connect_error(make_client, side, secure):
    with pytest.raises(errors.ConnectError, match="certificate verify failed"):
        side.run(make_client(secure[0], retries=ONCE).shifts.get("shf_1"))


@pytest.mark.parametrize("kind", ["file", "context"])
def test_an_authority_of_ones_own_may_be_given(make_client, side, secure, kind):
    url, folder, _ = secure
    bundle = folder / "ca.pem"
    given = bundle if kind == "file" else ssl.create_default_context(cafile=bundle)
    assert side.run(make_client(url, ca_bundle=given).shifts.get("shf_1")).id == "shf_1"


@pytest.mark.parametrize("names", [("both.pem",), ("cert.pem", "key.pem")], ids=len)
def test_a_client_certificate_is_shown(make_client, side, secure, names):
    url, folder, peers = secure
    files = tuple(folder / name for name in names)
    client = make_client(url, ca_bundle=folder / "ca.pem", client_certificate=files if len(files) > 1 else files[0])
    side.run(client.shifts.get("shf_1"))
    assert peers[0]["subjectAltName"] == (("email", "client@example.fr"),)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"ca_bundle": "/nowhere/ca.pem"}, "ca_bundle: can't be read"),
        ({"ca_bundle": __file__}, "ca_bundle: no certificate"),
        ({"client_certificate": "/nowhere/cert.pem"}, "client_certificate: can't be read"),
        ({"client_certificate": __file__}, "client_certificate: no certificate"),
        ({"proxy": "proxy.example.fr:3128"}, "proxy: give a URL"),
        ({"proxy": "http://user:sw0rdfish@"}, "proxy: give a URL"),
        ({"max_connections": 0}, "max_connections: give 1 or more"),
    ],
)
def test_a_setting_that_can_not_be_used_is_told_at_once(side, setting, told):
    with pytest.raises(errors.ConfigurationError, match=told) as caught:
        side.client_class("https://sekur.example.fr", token="t", **setting)
    assert "sw0rdfish" not in str(caught.value)


def test_a_transport_of_ones_own_has_its_own_settings(side):
    with pytest.raises(errors.ConfigurationError, match="its own to set"):
        side.client_class("https://sekur.example.fr", token="t", transport=object(), proxy="http://127.0.0.1:9")


@pytest.fixture
def proxy(server):
    """A forward proxy that wants a password; what it was asked for."""
    asked = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                line = stream.readline().decode()
                headers = {}
                while (header := stream.readline().strip()) != b"":
                    name, _, value = header.decode().partition(": ")
                    headers[name.lower()] = value
                asked.append((line.split()[1], headers.get("proxy-authorization")))
                body = b'{"status": "ok", "version": "1"}'
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                stream.write(head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"127.0.0.1:{listener.getsockname()[1]}", asked
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_a_proxy_carries_the_requests_and_gets_its_password(make_client, side, proxy, caplog):
    caplog.set_level("DEBUG")
    address, asked = proxy
    client = make_client("http://sekur.example.fr", proxy=f"http://user:sw0rdfish@{address}")
    assert side.run(client.health()).version == "1"
    authorization = "Basic " + base64.b64encode(b"user:sw0rdfish").decode()
    assert asked == [("http://sekur.example.fr/api/v1/health", authorization)]
    assert "sw0rdfish" not in caplog.text
    assert authorization not in caplog.text


def test_a_proxy_that_is_not_there_is_a_connect_error_without_its_password(make_client, side):
    client = make_client("http://sekur.example.fr", proxy="http://user:sw0rdfish@127.0.0.1:9", retries=ONCE)
    with pytest.raises(errors.ConnectError) as caught:
        side.run(client.health())
    assert "sw0rdfish" not in str(caught.value)
    assert type(pickle.loads(pickle.dumps(caught.value))) is errors.ConnectError
