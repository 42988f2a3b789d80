"""The OpenAPI document: what the framework derives from the routes, and what of the contract it can't derive."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

from litestar.openapi.plugins import JsonRenderPlugin

from sekur_sdk.sandbox.access import ALL_SCOPES, Needs, for_clients
from sekur_sdk.sandbox.problems import API_VERSION, MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Litestar, Request

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Object = dict[str, Json]

_BODY_METHODS = ("post", "patch")
_PAGE = re.compile(r"Page(?:_|\[)sekur_sdk\.models\.\w+\.(\w+)(?:_|\])")
_BINARY: Object = {"*/*": {}}

_PARAMETERS: Mapping[str, str] = {
    "after": "Resume after this event; `Last-Event-ID` counts more.",
    "action": "Those of this action.",
    "actor_id": "Those by this token.",
    "alert_id": "Those of this alert.",
    "already_paid": "The penalties of the 12 months before, in euros, which the cap covers too.",
    "amends_id": "Those that amend this entry.",
    "author_id": "Those by this author.",
    "category": "Those of this category.",
    "checkpoint_id": "Those of this checkpoint.",
    "code": "Those with this code.",
    "Content-Disposition": "The file's name: `attachment; filename*=UTF-8''...`, or `filename=\"...\"`.",
    "client_id": "Those of this client.",
    "command_id": "The id of the command.",
    "contract_id": "Those of this contract.",
    "cursor": "The `next_cursor` of the page before; the first page without it.",
    "decimal": "How decimals are written.",
    "device_id": "Those of this wearable.",
    "due_before": "Those that are due before this day.",
    "document_id": "Those of this document.",
    "duty_id": "Those of this duty.",
    "edition": "Those of this edition.",
    "einvoice_code": "Those at this status of their electronic life.",
    "employee_id": "Those of this employee.",
    "ends_from": "Those that end at or after this time.",
    "event_id": "Those of this event.",
    "expires_before": "Those that expire before this day.",
    "forgotten_end": "Those whose end was forgotten, or was not.",
    "format": "The form of the file.",
    "id": "The id of the resource.",
    "Idempotency-Key": "Makes the request safe to send again for 24 h: the same key with the same body replays the answer.",
    "If-Match": "The version that the caller saw, as the `ETag` of the resource has it.",
    "invoice_id": "Those of this invoice.",
    "kind": "Those of this kind.",
    "Last-Event-ID": "Resume after this event.",
    "limit": "How many come in one page.",
    "method": "Those that came this way.",
    "mode": "Those that go in this order.",
    "number": "Those with this number.",
    "occurred_before": "Those that occurred before this time.",
    "occurred_from": "Those that occurred at or after this time.",
    "on": "The day to count to, or one of the contract year; today without it.",
    "period": "Those of this month, like 2026-11.",
    "planned_before": "Those planned before this time.",
    "planned_from": "Those planned at or after this time.",
    "post_id": "Those of this post.",
    "quote_id": "Those made from this quote.",
    "Range": "A part of the file: `bytes=N-` or `bytes=N-M`.",
    "received_before": "Those received before this time.",
    "received_from": "Those received at or after this time.",
    "Repr-Digest": "The body's SHA-256 (RFC 9530); it is stored only if it is that.",
    "retained_before": "Those that need not be kept from this day on.",
    "shift_id": "Those of this shift.",
    "round_id": "Those of this round.",
    "scanned_before": "Those scanned before this time.",
    "scanned_from": "Those scanned at or after this time.",
    "severity": "Those of this severity.",
    "shared_with_client": "Those that the client may read, or may not.",
    "siren": "Those with this SIREN.",
    "site_id": "Those of this site.",
    "sort": "The field to sort by, `-` before it for descending.",
    "staff_number": "The one with this staff number (matricule).",
    "started_before": "Those started before this time.",
    "started_from": "Those started at or after this time.",
    "starts_before": "Those that start before this time.",
    "starts_from": "Those that start at or after this time.",
    "status": "Those in this state.",
    "subject_id": "Those about this resource.",
    "subject_kind": "Those about resources of this kind.",
    "template_id": "Those of this template.",
    "to_acknowledge": "Those that have to be acknowledged and are not.",
    "types": "Types of events to send, separated by commas; all without it.",
    "valid": "Those that count, or do not.",
    "unread_by": "Those in force that this employee must read and has not read in their newest edition.",
    "user_id": "Those of this user.",
    "updated_since": "Those that changed at or after this time.",
    "yearly_fee": "What is due for 12 months, in euros; that of the subscription without it.",
    "webhook_id": "Those of this webhook.",
}

_PATTERNS: Mapping[str, str] = {
    "Idempotency-Key": r"^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$",
    "If-Match": r'^"[0-9]+"$',
    "Last-Event-ID": r"^[0-9]{1,18}$",
}

_FOR_ALL: tuple[Object, ...] = (
    {
        "name": "X-Request-Id",
        "in": "header",
        "required": False,
        "description": "The caller's own id of the request, 1 to 64 of A-Z, a-z, 0-9, _ and -; the server makes one without it, or for another.",
        "schema": {"type": "string"},
    },
    {
        "name": "Sekur-Version",
        "in": "header",
        "required": False,
        "description": "The dated version of this contract that the caller was written for.",
        "schema": {"type": "string", "const": API_VERSION},
    },
)

_HEADERS: Mapping[str, Json] = {
    "RequestId": {"description": "The id of the request.", "required": True, "schema": {"type": "string"}},
    "Version": {"description": "The version of this contract.", "required": True, "schema": {"const": API_VERSION}},
    "ETag": {"description": "The resource's version.", "schema": {"type": "string", "pattern": r'^"[0-9]+"$'}},
    "Replayed": {"description": "The answer was kept for the key.", "schema": {"const": "true"}},
    "Challenge": {"description": "How to authenticate.", "schema": {"type": "string"}},
    "RetryAfter": {"description": "When to try again.", "schema": {"type": "string"}},
}

_TOKEN_FORM: Object = {
    "type": "object",
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "client_id": {"type": "string", "description": "Unless HTTP Basic has it."},
        "client_secret": {"type": "string", "description": "Unless HTTP Basic has it."},
        "scope": {"type": "string", "description": "Scopes separated by spaces; all that the client has without it."},
    },
    "required": ["grant_type"],
}


class ServedDocument(JsonRenderPlugin):
    """Serves what `describe` tells."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        del openapi_schema  # what the framework derived, incomplete
        return json.dumps(describe(request.app)).encode()


def describe(app: Litestar) -> Object:
    """The document of an application, in a fixed order."""
    derived = json.dumps(app.openapi_schema.to_schema())
    document = cast("Object", _tidy(json.loads(_PAGE.sub(r"\1Page", derived))))
    components = _object(document, "components")
    components["headers"] = dict(_HEADERS)
    components["responses"] = {"Refused": _refused("Any other refusal.")}
    _object(components, "securitySchemes")["oauth2"] = _oauth2(app)
    scopes, sorts = _scopes(app), _sorts(app)
    schemas = _object(components, "schemas")
    for path, item in _object(document, "paths").items():
        for method, operation in cast("Object", item).items():
            _complete(cast("Object", operation), method, path, scopes.get((method, path), ()), schemas)
            _name_sorts(cast("Object", operation), sorts.get(path, ()))
    return document


def _scopes(app: Litestar) -> dict[tuple[str, str], tuple[str, ...]]:
    """The scopes one of which each route needs, by method and path; ("",) for those that take a client's person's token."""
    found = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            guards = [guard for guard in handler.guards or () if isinstance(guard, Needs) or guard is for_clients]
            for method in handler.http_methods if guards else ():
                found[method.lower(), route.path_format] = getattr(guards[0], "scopes", ("",))
    return found


def _sorts(app: Litestar) -> dict[str, tuple[str, ...]]:
    """The values of `sort` that each list takes, the one that it has without it first, by path."""
    return {
        route.path_format: handler.opt["sorts"]
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if "sorts" in handler.opt
    }


def _name_sorts(operation: Object, sorts: tuple[str, ...]) -> None:
    for parameter in cast("list[Object]", operation["parameters"]):
        if parameter["name"] == "sort":
            schema: Object = {"type": "string", "enum": list(sorts), "default": sorts[0]}
            parameter["schema"] = schema


def _oauth2(app: Litestar) -> Object:
    (token_url,) = (route.path for route in app.routes if route.path.endswith("/oauth/token"))
    told: Object = {scope: f"To {scope.partition(':')[2]} {scope.partition(':')[0]}" for scope in sorted(ALL_SCOPES)}
    return {
        "type": "oauth2",
        "description": "Client credentials (RFC 6749, section 4.4).",
        "flows": {"clientCredentials": {"tokenUrl": token_url, "scopes": told}},
    }


def _complete(operation: Object, method: str, path: str, scopes: tuple[str, ...], schemas: Object) -> None:
    operation["tags"] = [path.removeprefix("/api/v1/").partition("/")[0]]
    operation["summary"] = str(operation.pop("description", operation["summary"])).partition("\n")[0].rstrip(".")
    operation["security"] = [*_schemes(scopes), {"token": []}] if scopes else [{}]
    responses = _object(operation, "responses")
    operation["parameters"] = [
        *(
            _parameter(cast("Object", parameter), method)
            for parameter in cast("list[Json]", operation.get("parameters", []))
            if _is_meant(cast("Object", parameter), method, responses)
        ),
        *_FOR_ALL,
    ]
    if method in _BODY_METHODS:
        operation["requestBody"] = _body(operation, schemas)
    if path.endswith("/ics"):
        _object(responses, "200")["content"] = {"text/calendar": {}}
    if path.endswith("/content"):
        # a file as it was sent has parts and any type; one that is made for the request is a ZIP
        _object(responses, "200")["content"] = _BINARY if "416" in responses else {"application/zip": {}}
    if "416" in responses:
        responses["206"] = {"description": "A part of the file.", "content": _BINARY}
    if operation["operationId"] == "download_payroll_run":
        _object(responses, "200")["content"] = {"text/csv": {}}
    for status, response in responses.items():
        _answer(cast("Object", response), status, method, schemas)
    responses["default"] = {"$ref": "#/components/responses/Refused"}


def _schemes(scopes: tuple[str, ...]) -> list[Json]:
    return [{"oauth2": [scope]} for scope in scopes if scope]


def _is_meant(parameter: Object, method: str, responses: Object) -> bool:
    """Whether the contract has it: the framework shows what is read for all changes at once."""
    name = parameter["name"]
    if name == "Content-Type":
        return False  # told by the body
    if name == "If-Match":
        return "412" in responses
    return name != "Idempotency-Key" or method == "post"


def _parameter(parameter: Object, method: str) -> Object:
    name = str(parameter["name"])
    schema = _not_null(_object(parameter, "schema"))
    if name in _PATTERNS:
        schema["pattern"] = _PATTERNS[name]
    required = parameter["in"] == "path" or (name == "If-Match" and method == "patch")
    told = "The site." if parameter["in"] == "path" and name == "site_id" else _PARAMETERS[name]
    return {"name": name, "in": parameter["in"], "required": required, "description": told, "schema": schema}


def _not_null(schema: Object) -> Object:
    """The schema without null, which a parameter can't be: it is left out instead."""
    schema = dict(schema)
    kinds = [kind for kind in cast("list[Json]", schema.pop("oneOf", [])) if kind != {"type": "null"}]
    if len(kinds) == 1:
        schema = {**cast("Object", kinds[0]), **schema}
    elif kinds:
        schema["oneOf"] = kinds
    if isinstance(schema.get("enum"), list):
        schema["enum"] = [value for value in cast("list[Json]", schema["enum"]) if value is not None]
        schema["type"] = "string"
    return schema


def _body(operation: Object, schemas: Object) -> Object:
    if operation["operationId"] == "create_token":
        return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _TOKEN_FORM}}}
    if operation["operationId"] == "import_shifts":
        return {"required": True, "content": {"text/csv": {}}}
    if "requestBody" not in operation:
        return {"required": True, "content": _BINARY}
    body = _object(operation, "requestBody")
    schema = _object(_object(_object(body, "content"), "application/json"), "schema")
    # without any field that is needed there need be no body at all
    return {"required": bool(_resolved(schema, schemas).get("required")), "content": body["content"]}


def _answer(response: Object, status: str, method: str, schemas: Object) -> None:
    headers: Object = {
        "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
        "Sekur-Version": {"$ref": "#/components/headers/Version"},
    }
    if status.startswith("2"):
        response["description"] = {"201": "It was made.", "206": "A part of the file."}.get(status, "As asked.")
        content = _object(response, "content")
        schema = cast("Object", cast("Object", content.get("application/json", {})).get("schema", {}))
        if "version" in cast("Object", _resolved(schema, schemas).get("properties", {})) and "$ref" in schema:
            headers["ETag"] = {"$ref": "#/components/headers/ETag"}
        if method == "post":
            headers["Idempotency-Replayed"] = {"$ref": "#/components/headers/Replayed"}
    if status in ("401", "403"):
        headers["WWW-Authenticate"] = {"$ref": "#/components/headers/Challenge"}
    if status == "409":
        headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
    response["headers"] = headers


def _refused(told: str) -> Object:
    return {
        "description": told,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _resolved(schema: Object, schemas: Object) -> Object:
    reference = schema.get("$ref")
    return _object(schemas, str(reference).rpartition("/")[2]) if reference else schema


def _object(parent: Object, name: str) -> Object:
    return cast("Object", parent[name])


_NOISE = {("deprecated", False), ("allowEmptyValue", False), ("allowReserved", False)}


def _tidy(value: Json) -> Json:
    """Without what says nothing, whole numbers as such, lists of types in one order."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    tidied = {
        name: _tidy(item) for name, item in value.items() if not (isinstance(item, bool) and (name, item) in _NOISE)
    }
    if isinstance(kinds := tidied.get("type"), list):
        tidied["type"] = sorted(kinds, key=str)
    alternatives = tidied.get("oneOf")
    if isinstance(alternatives, list) and len(alternatives) == 1:
        (only,) = alternatives
        del tidied["oneOf"]
        tidied = {**cast("Object", only), **tidied}
    return tidied
