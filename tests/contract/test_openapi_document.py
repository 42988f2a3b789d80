"""docs/openapi.json itself: valid, whole, and of one mind with the contract that was written by hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
CONTRACT = (ROOT / "docs" / "contract" / "http.md").read_text(encoding="utf-8")
SCHEMAS = DOCUMENT["components"]["schemas"]

OPERATIONS = {
    f"{method.upper()} {path.removeprefix('/api/v1')}": operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}


def written_by_hand() -> dict[str, str]:
    """Scope of each route in the contract's table."""
    found = {}
    for cells in re.findall(r"^\| (`[A-Z]+ /[^|]*) \| ([^|]*) \|", CONTRACT, re.MULTILINE):
        route = ""
        for text in re.findall(r"`([^`]+)`", cells[0]):
            route = text if " " in text else f"{route.rpartition('/')[0]}/{text.removeprefix('…/')}"
            found[route] = cells[1].strip()
    return found


def test_it_is_a_valid_document_of_openapi_31() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


@pytest.mark.services
def test_it_is_what_the_sandbox_tells() -> None:
    check = [sys.executable, str(ROOT / "tools" / "generate_openapi.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_it_has_the_routes_of_the_contract_and_no_other() -> None:
    assert set(OPERATIONS) == set(written_by_hand())


@pytest.mark.parametrize("route", OPERATIONS)
def test_a_route_needs_the_scope_that_the_contract_says(route: str) -> None:
    scopes = re.findall(r"[a-z]+:[a-z]+", written_by_hand()[route])

    needed = [*({"oauth2": [scope]} for scope in scopes), {"token": []}]
    told = {"none": [{}], "a client's token": [{"token": []}]}.get(written_by_hand()[route])
    assert OPERATIONS[route]["security"] == (needed if scopes else told)
    known = DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"]
    assert set(scopes) <= set(known)


@pytest.mark.parametrize("route", OPERATIONS)
def test_a_route_declares_its_refusals_as_problem_details(route: str) -> None:
    operation = OPERATIONS[route]
    refusals = {status: told for status, told in operation["responses"].items() if status.startswith("4")}

    assert operation["responses"]["default"] == {"$ref": "#/components/responses/Refused"}
    if operation["security"] != [{}]:
        assert {"400", "401", "403"} <= set(refusals)
    for told in refusals.values():
        assert told["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@pytest.mark.parametrize("route", [route for route in OPERATIONS if "{" in route])
def test_a_route_with_an_id_may_not_find_it(route: str) -> None:
    assert "404" in OPERATIONS[route]["responses"]


@pytest.mark.parametrize("route", [route for route in OPERATIONS if route.startswith("PATCH")])
def test_an_update_needs_the_version(route: str) -> None:
    (version,) = (one for one in OPERATIONS[route]["parameters"] if one["name"] == "If-Match")

    assert version["required"]
    assert {"412", "428"} <= set(OPERATIONS[route]["responses"])


@pytest.mark.parametrize("route", OPERATIONS)
def test_everything_has_a_description(route: str) -> None:
    operation = OPERATIONS[route]

    assert " " in operation["summary"]
    assert operation["tags"]
    assert all(parameter["description"] for parameter in operation["parameters"])


EXAMPLES = {name: schema["examples"] for name, schema in SCHEMAS.items() if "examples" in schema}


def test_each_example_of_the_contract_over_http_is_in_the_document() -> None:
    files = {file.name: json.loads(file.read_text()) for file in (ROOT / "docs/contract/examples").glob("*.json")}
    shown = [example for examples in EXAMPLES.values() for example in examples]

    # those of MQTT have their own pages, and an event goes over a stream that has no schema
    missing = {name for name, example in files.items() if example not in shown and not name.startswith("mqtt-")}
    assert missing == {"event.json"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_its_schema_says(name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for example in EXAMPLES[name]:
        assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(example)] == []


def test_each_list_names_the_fields_that_it_can_be_sorted_by() -> None:
    lists = {
        path: parameter["schema"]
        for path, item in DOCUMENT["paths"].items()
        for operation in item.values()
        for parameter in operation["parameters"]
        if parameter["name"] == "sort"
    }
    assert lists["/api/v1/shifts"]["default"] == "starts_at"
    for path, schema in lists.items():
        assert schema["default"] in schema["enum"], path
        assert {f"-{way}" for way in schema["enum"] if way[0] != "-"} < set(schema["enum"]), path
