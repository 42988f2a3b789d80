"""docs/openapi.json and the SDK, side by side: operations, parameters, fields and enums; none missing, none extra.

The SDK's side is what its operations build from every argument that they take.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import sys
import types
import typing
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qsl

import attrs
import msgspec
import pytest

from sekur_sdk import NewLine, Secret, Timeouts, models
from sekur_sdk.client import operations
from sekur_sdk.client.content import read_content
from sekur_sdk.client.errors import ArgumentError
from sekur_sdk.client.fields import types_of
from sekur_sdk.client.options import Call
from sekur_sdk.client.paging import list_operation, page_at
from sekur_sdk.client.protocol import build_request
from sekur_sdk.models.paging import Page
from sekur_sdk.models.scalars import OpenEnum

if typing.TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
TIME = datetime(2026, 11, 7, 19, tzinfo=UTC)

ON_EVERY_CALL = {"X-Request-Id", "Sekur-Version"}
OF_HTTP = {"Content-Length"}
SAID_OTHERWISE = {("stream_events", "after"): "the SDK says it by Last-Event-ID"}

SAMPLES = {
    "activities": ["guarding"],
    "activity": "guarding",
    "after": 7,
    "address": "Lyon",
    "author_id": "emp_1",
    "break_minutes": 30,
    "buyer": models.Party(name="ACME", address="Lyon", siren="999000425", vat_number="FR47999000425", email="a@b.fr"),
    "by": "PC",
    "card_expires_on": date(2030, 1, 1),
    "card_number": "CAR-1",
    "category": "ronde",
    "client_id": "cli_1",
    "client_secret": Secret("s3cret"),
    "coefficient": 140,
    "content_type": "image/jpeg",
    "customer_name": "ACME",
    "description": "Jour",
    "due_on": date(2026, 12, 7),
    "false_alarm": True,
    "first_name": "Awa",
    "hired_on": date(2026, 1, 1),
    "issued_on": date(2026, 11, 7),
    "job_title": "ADS",
    "kind": "fall",
    "label": "PTI 11",
    "last_name": "Vald",
    "lat": 45.7,
    "lines": [NewLine(kind="day", description="Jour", quantity=1, unit_price=Decimal("25.1"), vat_rate=Decimal("0.2"))],
    "lon": 4.8,
    "model": "Zero 2 W",
    "name": "Dock",
    "notes": "Clés",
    "part": (("Range", "bytes=0-"),),
    "period_end": date(2026, 11, 30),
    "period_start": date(2026, 11, 1),
    "post_name": "PC",
    "radius_m": 100.0,
    "resolution": "Fausse alerte",
    "scopes": ("planning:read",),
    "severity": "low",
    "staff_number": "M1",
    "text": "RAS",
    "time_zone": "Europe/Paris",
    "title": "Été",
    "types": ("shift.created",),
    "valid_until": date(2026, 12, 1),
    "version": 3,
}
SAMPLES |= {
    "authorisation_number": "AUT-075-2124-07-01-20250900001",
    "billing_address": "Lyon",
    "dog_icad": "250269800123456",
    "dpae_number": "DPAE-1",
    "edition": 2,
    "email": "a@b.fr",
    "is_break_paid": True,
    "legal_form": "SAS",
    "must_read": True,
    "nationality": "FR",
    "number": "CAR-075-2029-01-11-20240123456",
    "payment_days": 30,
    "phone": "+33 1 99 00 12 34",
    "qualifications": ["sst"],
    "reason": "Remplacement",
    "result": "valid",
    "role_ids": ["rol_1"],
    "sex": "female",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "siren": "999000425",
    "siret": "99900042500010",
    "subject_kind": "employee",
    "unread_by": "emp_1",
    "vat_number": "FR47999000425",
    "weekly_hours": Decimal(35),
}
KINDS = {
    "documents": "identity",
    "employment_contracts": "cdi",
    "instructions": "site",
    "qualifications": "sst",
}
OWN_SAMPLES = {
    **{
        (f"{module}.{name}", "kind"): kind
        for module, kind in KINDS.items()
        for name in ("list_all", "create", "update")
    },
    **{
        (f"instructions.{name}", field): TIME
        for name in ("create", "update", "revise")
        for field in ("valid_from", "valid_until")
    },
    ("personnel_register.list_all", "number"): 42,
}
STATES = {
    "employment_contracts": "draft",
    "instructions": "draft",
    "qualifications": "valid",
    "cards": "valid",
    "shifts": "draft",
    "duties": "open",
    "quotes": "draft",
    "invoices": "draft",
    "alerts": "open",
}


def builders() -> dict[str, types.FunctionType]:
    """Each function that builds an operation, by module and name."""
    found = {}
    for module in pkgutil.iter_modules(operations.__path__):
        home = importlib.import_module(f"{operations.__name__}.{module.name}")
        for name, function in inspect.getmembers(home, inspect.isfunction):
            returns = str(function.__annotations__.get("return"))
            if function.__module__ == home.__name__ and not name.startswith("_") and returns.startswith("Operation["):
                found[f"{module.name}.{name}"] = function
    return found


BUILDERS = builders()


def sample(builder: str, parameter: str) -> object:  # noqa: PLR0911  # a rule each
    if parameter == "content":
        return read_content(b"photo", None)
    if (builder, parameter) in OWN_SAMPLES:
        return OWN_SAMPLES[builder, parameter]
    if parameter == "status":
        return STATES.get(builder.partition(".")[0], "active")
    if re.search(r"_on$|^(expires|retained)_before$|^retain_until$", parameter):
        return date(2026, 11, 7)
    if parameter.endswith("_id") and parameter not in SAMPLES:
        return "id_1"
    if re.search(r"(^at|_at|_from|_before)$", parameter):
        return TIME
    assert parameter in SAMPLES, f"{builder} takes {parameter}: give the test a sample of it"
    return SAMPLES[parameter]


def parameters(name: str) -> list[str]:
    """The arguments of a builder; those that it takes by name alone are in a TypedDict."""
    found = inspect.signature(BUILDERS[name]).parameters.values()
    by_name = [parameter.annotation for parameter in found if parameter.kind == parameter.VAR_KEYWORD]
    home = sys.modules[BUILDERS[name].__module__]
    kinds = [getattr(home, annotation.removeprefix("Unpack[").removesuffix("]")) for annotation in by_name]
    versions = [name for kind in kinds for name in kind.__annotations__ if name == "version"]
    fields = [field for kind in kinds for field in types_of(kind)]
    return [parameter.name for parameter in found if parameter.kind != parameter.VAR_KEYWORD] + versions + fields


def build(name: str, **instead: object) -> Operation:
    """The operation with a value for every argument, a list's own options among them."""
    arguments = {parameter: sample(name, parameter) for parameter in parameters(name)}
    operation = BUILDERS[name](**(arguments | instead))
    if typing.get_origin(operation.answer) is Page:
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
    built = [told(build(name))[:2] for name in BUILDERS]

    assert sorted(built) == sorted(documented)


@pytest.mark.parametrize("name", BUILDERS)
def test_an_operation_has_the_documents_query_parameters(name: str) -> None:
    operation = build(name)
    _, _, description = told(operation)
    documented = {
        parameter["name"]
        for parameter in description["parameters"]
        if parameter["in"] == "query" and (description["operationId"], parameter["name"]) not in SAID_OTHERWISE
    }

    assert {key for key, _ in operation.query} == documented


@pytest.mark.parametrize("name", BUILDERS)
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
        build("shifts.get"), call, base_url="http://127.0.0.1", token=None, timeouts=Timeouts(), expires_at=None
    )

    assert {name for name, _ in request.headers} >= ON_EVERY_CALL
    for item in DOCUMENT["paths"].values():
        for description in item.values():
            assert {parameter["name"] for parameter in description["parameters"]} >= ON_EVERY_CALL


def compare_body(value: object, schema: dict, path: str) -> None:
    schema = not_null(schema)
    if isinstance(value, dict):
        assert set(value) == set(schema["properties"]), path
        for key, item in value.items():
            compare_body(item, schema["properties"][key], f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            compare_body(item, schema["items"], f"{path}[]")


@pytest.mark.parametrize("name", [name for name in BUILDERS if build(name).body is not None])
def test_a_body_has_the_documents_fields(name: str) -> None:
    operation = build(name)
    content = told(operation)[2]["requestBody"]["content"]
    if operation.content_type not in content:
        assert list(content) == ["*/*"]
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
CHOICES = [(name, key) for name in BUILDERS for key in enums_of(name)]


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
    assert {("shifts.list_all", "status"), ("shifts.update", "status"), ("logbook.append", "category")} <= set(CHOICES)
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


@pytest.mark.parametrize("name", [name for name in BUILDERS if build(name).answer is not object])
def test_an_answer_has_the_documents_fields_types_and_values(name: str) -> None:
    operation = build(name)
    responses = told(operation)[2]["responses"]
    content = next(response["content"] for status, response in responses.items() if status.startswith("2"))
    if "application/json" not in content:
        assert list(content) == ["text/event-stream"]
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
    for name in BUILDERS:
        msgspec.json.Decoder(build(name).answer)
