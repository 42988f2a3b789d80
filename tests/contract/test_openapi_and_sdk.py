"""docs/openapi.json and the SDK, side by side: operations, parameters, fields and enums; none missing, none extra.

The SDK's side is what its operations build from every argument that they take.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qsl

import attrs
import msgspec
import pytest

from sekur_sdk import Secret, Timeouts, models
from sekur_sdk.client.content import read_content
from sekur_sdk.client.endpoint import Listing
from sekur_sdk.client.errors import ArgumentError
from sekur_sdk.client.operations import attachments, events, service
from sekur_sdk.client.options import Call
from sekur_sdk.client.paging import list_operation, page_at
from sekur_sdk.client.protocol import build_request
from sekur_sdk.models.paging import Page
from sekur_sdk.models.scalars import Amount, OpenEnum
from sekur_sdk.testing.calls import stated_calls

if typing.TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
TIME = datetime(2026, 11, 7, 19, tzinfo=UTC)

ON_EVERY_CALL = {"X-Request-Id", "Sekur-Version"}
OF_HTTP = {"Content-Length"}
SAID_OTHERWISE = {("stream_events", "after"): "the SDK says it by Last-Event-ID"}

BY_HAND = {
    "service.health": lambda **_: service.health(),
    "service.token": lambda **_: service.token("cli_1", Secret("s3cret"), ["planning:read"]),
    "events.stream": lambda types=("shift.created",), **_: events.stream(after=7, types=types),
    "attachments.upload": lambda **_: attachments.upload(
        read_content(b"photo", None), name="p.jpg", content_type="image/jpeg"
    ),
    "attachments.content": lambda **_: attachments.content("attachments", "att_1", (("Range", "bytes=1-"),)),
    "exports.content": lambda **_: attachments.content("exports", "exp_1", (("Range", "bytes=1-"),)),
    "portal.content": lambda **_: attachments.content("client-portal/reports", "doc_1", (("Range", "bytes=1-"),)),
    "documents.content": lambda **_: attachments.content("documents", "doc_1", (("Range", "bytes=1-"),)),
}
"""Operations that no resource states."""
STATED = stated_calls()
CALLS = [*BY_HAND, *STATED]


def sample(name: str, kind: object) -> object:  # a rule each
    """A value of the type that a parameter has."""
    while typing.get_origin(kind) in (types.UnionType, typing.Union):
        kind = typing.get_args(kind)[0]
    parts = typing.get_args(kind)
    if typing.get_origin(kind) is typing.Literal:
        return parts[0]
    if typing.get_origin(kind) in (Sequence, tuple):
        return [sample(name, parts[0])]
    if typing.get_origin(kind) is Mapping:
        return {"name": sample(name, parts[1])}
    if isinstance(kind, type) and issubclass(kind, OpenEnum):
        return next(iter(kind))
    if isinstance(kind, type) and attrs.has(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{field.name: sample(field.name, hints[field.name]) for field in attrs.fields(kind)})
    return {
        str: "id_1",
        bool: True,
        int: 30,
        float: 45.7,
        Amount: Decimal(1),
        Decimal: Decimal(1),
        date: TIME.date(),
        datetime: TIME,
    }[kind]


def parameters(name: str) -> list[str]:
    """What a stated call takes, but for its options."""
    return [*STATED[name].plan.types] if name in STATED else []


def build(name: str, **instead: object) -> Operation:
    """The operation with a value for every argument, a list's own options among them."""
    if name in BY_HAND:
        return BY_HAND[name](**instead)
    call = STATED[name]
    arguments = {parameter: sample(parameter, kind) for parameter, kind in call.plan.types.items()}
    if "version" in call.plan.options:
        arguments["version"] = 3
    operation, _ = call.read((), arguments | instead)
    if isinstance(call, Listing):
        options = {"page_size": 10, "sort": "-id", "updated_since": TIME}
        operation = page_at(list_operation(operation, options), "cursor")
    return operation


def told(operation: Operation) -> tuple[str, str, dict]:
    """Method, path template and description of the operation in the document."""
    found = [
        (operation.method, template, item[operation.method.lower()])
        for template, item in DOCUMENT["paths"].items()
        if operation.method.lower() in item
        and re.fullmatch(re.sub(r"\{\w+\}", "[^/{}]+", template), f"/api/v1{operation.path}")
    ]
    assert len(found) == 1, f"{operation.method} {operation.path} is {len(found)} times in the document"
    return found[0]


def resolved(schema: dict) -> dict:
    return SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def not_null(schema: dict) -> dict:
    kinds = [kind for kind in schema.get("oneOf", ()) if kind != {"type": "null"}]
    return resolved(kinds[0]) if len(kinds) == 1 else resolved(schema)


def test_the_sdk_has_every_operation_once_and_no_other() -> None:
    documented = {(method.upper(), template) for template, item in DOCUMENT["paths"].items() for method in item}
    built = [told(build(name))[:2] for name in CALLS]

    assert sorted(built) == sorted(documented)


@pytest.mark.parametrize("name", CALLS)
def test_an_operation_has_the_documents_query_parameters(name: str) -> None:
    operation = build(name)
    _, _, description = told(operation)
    documented = {
        parameter["name"]
        for parameter in description["parameters"]
        if parameter["in"] == "query" and (description["operationId"], parameter["name"]) not in SAID_OTHERWISE
    }

    assert {key for key, _ in operation.query} == documented


@pytest.mark.parametrize("name", CALLS)
def test_an_operation_has_the_documents_headers(name: str) -> None:
    operation = build(name)
    sent = {key for key, _ in operation.headers} - OF_HTTP
    sent |= {"Idempotency-Key"} if operation.has_key else set()
    sent |= {"If-Match"} if operation.if_match is not None else set()
    _, _, description = told(operation)
    documented = {parameter["name"] for parameter in description["parameters"] if parameter["in"] == "header"}

    assert sent == documented - ON_EVERY_CALL


def test_every_call_has_the_headers_that_the_document_has_for_all() -> None:
    call = Call(timeouts=Timeouts(), deadline=None, request_id="r")
    request = build_request(
        build("Shifts.get"), call, base_url="http://127.0.0.1", token=None, timeouts=Timeouts(), expires_at=None
    )

    assert {name for name, _ in request.headers} >= ON_EVERY_CALL
    for item in DOCUMENT["paths"].values():
        for description in item.values():
            assert {parameter["name"] for parameter in description["parameters"]} >= ON_EVERY_CALL


def compare_body(value: object, schema: dict, path: str) -> None:
    schema = not_null(schema)
    if isinstance(value, dict) and "properties" not in schema:
        for key, item in value.items():
            compare_body(item, schema["additionalProperties"], f"{path}.{key}")
    elif isinstance(value, dict):
        assert set(value) == set(schema["properties"]), path
        for key, item in value.items():
            compare_body(item, schema["properties"][key], f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            compare_body(item, schema["items"], f"{path}[]")


@pytest.mark.parametrize("name", [name for name in CALLS if build(name).body is not None])
def test_a_body_has_the_documents_fields(name: str) -> None:
    operation = build(name)
    content = told(operation)[2]["requestBody"]["content"]
    if operation.content_type not in content or not content[operation.content_type]:
        assert list(content) in (["*/*"], ["text/csv"])
        return
    schema = content[operation.content_type]["schema"]
    json_ = operation.content_type == "application/json"
    compare_body(json.loads(operation.body) if json_ else dict(parse_qsl(operation.body.decode())), schema, "$")


def enums_of(name: str) -> dict[str, set[str]]:
    """Arguments of a builder for which the document names the values."""
    operation = build(name)
    _, _, description = told(operation)
    schemas = {parameter["name"]: parameter["schema"] for parameter in description["parameters"]}
    body = description.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    schemas |= resolved(body).get("properties", {})
    named = {
        key: set(not_null(schema)["enum"]) - {None} for key, schema in schemas.items() if "enum" in not_null(schema)
    }
    return {key: values for key, values in named.items() if key in parameters(name)}


KNOWN_VALUES = sorted({str(member) for kind in OpenEnum.__subclasses__() for member in kind})
CHOICES = [(name, key) for name in CALLS for key in enums_of(name)]


@pytest.mark.parametrize(("name", "argument"), CHOICES)
def test_an_argument_takes_the_documents_values_and_no_other(name: str, argument: str) -> None:
    def takes(value: str) -> bool:
        try:
            build(name, **{argument: value})
        except ArgumentError:
            return False
        return True

    documented = enums_of(name)[argument]
    assert {value for value in {*KNOWN_VALUES, *documented} if takes(value)} == documented


def test_there_are_choices_in_filters_and_in_bodies() -> None:
    assert {("Shifts.list", "status"), ("Shifts.update", "status"), ("Logbook.append", "category")} <= set(CHOICES)
    assert set(SCHEMAS["QuoteLine"]["properties"]["kind"]["enum"]) == {str(kind) for kind in models.LineKind}


SCALARS = {
    str: ("string", None),
    bool: ("boolean", None),
    int: ("integer", None),
    float: ("number", None),
    Decimal: ("string", None),
    datetime: ("string", "date-time"),
    date: ("string", "date"),
}


def compare_model(kind: object, schema: dict, path: str) -> None:
    """The type of a field of the SDK, and its schema."""
    if typing.get_origin(kind) is typing.Annotated:
        kind = kind.__origin__
    union = typing.get_args(kind) if typing.get_origin(kind) in (types.UnionType, typing.Union) else ()
    if union:
        assert {"type": "null"} in schema.get("oneOf", ()) or "null" in schema.get("type", ()), f"{path} may be null"
        kind, schema = next(part for part in union if part is not types.NoneType), not_null(schema)
        compare_model(kind, schema, path)
    elif typing.get_origin(kind) in (tuple, Page):
        if typing.get_origin(kind) is Page:
            schema = resolved(schema)
            assert set(schema["properties"]) == {field.name for field in attrs.fields(Page)}, path
            schema = schema["properties"]["items"]
        assert schema["type"] == "array", path
        compare_model(typing.get_args(kind)[0], schema["items"], f"{path}[]")
    elif attrs.has(kind):
        compare_fields(kind, resolved(schema), path)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        assert set(resolved(schema)["enum"]) == {str(member) for member in kind}, path
    elif isinstance(kind, type) and issubclass(kind, Decimal):
        assert schema["type"] == "string", path
    elif kind in SCALARS:
        name, form = SCALARS[kind]
        assert (schema["type"], schema.get("format")) == (name, form), path


def compare_fields(kind: type, schema: dict, path: str) -> None:
    hints = typing.get_type_hints(kind, include_extras=True)
    assert {field.name for field in attrs.fields(kind)} == set(schema["properties"]), path
    for field in attrs.fields(kind):
        compare_model(hints[field.name], schema["properties"][field.name], f"{path}.{field.name}")


@pytest.mark.parametrize("name", [name for name in CALLS if build(name).answer is not object])
def test_an_answer_has_the_documents_fields_types_and_values(name: str) -> None:
    operation = build(name)
    responses = told(operation)[2]["responses"]
    content = next(response["content"] for status, response in responses.items() if status.startswith("2"))
    if "application/json" not in content:
        assert list(content) == [operation.accept if operation.answer is bytes else "text/event-stream"]
        return

    compare_model(operation.answer, content["application/json"]["schema"], "$")


def test_a_refusal_has_the_documents_fields() -> None:
    compare_fields(models.Problem, SCHEMAS["Problem"], "$")


def test_every_schema_is_of_an_answer_or_a_body() -> None:
    text = json.dumps(DOCUMENT)

    assert not [name for name in SCHEMAS if f'"#/components/schemas/{name}"' not in text]


def test_the_comparison_notices_a_field_too_many_and_one_too_few() -> None:
    schema = json.loads(json.dumps(SCHEMAS["Shift"]))
    schema["properties"]["colour"] = {"type": "string"}
    with pytest.raises(AssertionError):
        compare_fields(models.Shift, schema, "$")
    del schema["properties"]["colour"], schema["properties"]["post"]
    with pytest.raises(AssertionError):
        compare_fields(models.Shift, schema, "$")


def test_msgspec_knows_every_answer() -> None:
    for name in CALLS:
        msgspec.json.Decoder(build(name).answer)
