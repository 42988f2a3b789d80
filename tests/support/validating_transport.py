"""A transport that holds each request and each answer against docs/openapi.json on its way, with openapi-core.

``validating(side, url)`` goes where a client takes its ``transport``; ``seen`` are the operations that were called.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from sekur_sdk.client._async.seam import DefaultTransport as AsyncTransport
from sekur_sdk.client._sync.seam import DefaultTransport as SyncTransport

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"

NOT_READ_YET = b"what comes later"


@functools.cache
def document() -> dict:
    return json.loads(DOCUMENT.read_text(encoding="utf-8"))


@functools.cache
def contract() -> OpenAPI:
    # openapi-core knows no OAuth2; either way a request carries the same bearer token
    known = json.loads(json.dumps(document()))
    for item in known["paths"].values():
        for operation in item.values():
            operation["security"] = [way for way in operation["security"] if "oauth2" not in way]
    # what is no JSON is left as it is: the document says no more of it than that it is text or bytes
    plain = {
        "application/problem+json": json.loads,
        "text/event-stream": bytes.decode,
        "*/*": bytes,
        "application/zip": bytes,
    }
    return OpenAPI.from_dict(
        known, config=Config(server_base_url="http://127.0.0.1", extra_media_type_deserializers=plain)
    )


class SentRequest:
    """A request as openapi-core reads it."""

    def __init__(self, request):
        parts = urlsplit(request.url)
        headers = Headers(request.headers)
        self.method = request.method.lower()
        self.host_url = "http://127.0.0.1"
        self.path = parts.path
        self.content_type = (headers.get("Content-Type") or "").partition(";")[0]
        self.body = request.body if isinstance(request.body, bytes | None) else b"a file, which is read once"
        self.parameters = RequestParameters(query=ImmutableMultiDict(parse_qsl(parts.query)), header=headers)


class GivenAnswer:
    """An answer as openapi-core reads it."""

    def __init__(self, answer, data):
        self.status_code = answer.status
        self.headers = Headers(dict(answer.headers))
        self.content_type = answer.headers.get("content-type", "").partition(";")[0]
        self.data = data


class Checked:
    """What both transports do with a request and its answer."""

    def __init__(self, url):
        self.wrapped = self.kind(url)
        self.seen = set()

    def check(self, request, answer, data):
        sent = SentRequest(request)
        found = operation_of(sent.method, sent.path)
        self.seen.add(found["operationId"])
        refused = 400 <= answer.status < 500
        if not refused:
            contract().validate_request(sent)  # what the server refuses may well be no request of the contract
        assert str(answer.status) in found["responses"], f"{found['operationId']} answered {answer.status}"
        if data is not NOT_READ_YET or answer.status < 300:
            contract().validate_response(sent, GivenAnswer(answer, data))


class ValidatingTransport(Checked):
    kind = SyncTransport

    def send(self, request):
        answer = self.wrapped.send(request)
        self.check(request, answer, answer.body)
        return answer

    def open(self, request):
        body = self.wrapped.open(request)
        self.check(request, body, NOT_READ_YET)
        return body

    def close(self):
        self.wrapped.close()


class AsyncValidatingTransport(Checked):
    kind = AsyncTransport

    async def send(self, request):
        answer = await self.wrapped.send(request)
        self.check(request, answer, answer.body)
        return answer

    async def open(self, request):
        body = await self.wrapped.open(request)
        self.check(request, body, NOT_READ_YET)
        return body

    async def aclose(self):
        await self.wrapped.aclose()


def validating(side, url):
    """The validating transport of a side, to the server at `url`."""
    kind = ValidatingTransport if side.name == "sync" else AsyncValidatingTransport
    return kind(f"{url}/api/v1")


def operation_of(method: str, path: str) -> dict:
    """The operation of the document that a request is of."""
    for template, operations in document()["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if method in operations and re.fullmatch(pattern, path):
            return operations[method]
    raise AssertionError(f"the document has no {method.upper()} {path}")
