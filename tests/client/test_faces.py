"""What can be imported from where, and what that loads."""

from __future__ import annotations

import asyncio
import inspect
import json
import pkgutil
import subprocess
import sys
from importlib import import_module

import attrs
import pytest

import sekur_sdk
from sekur_sdk import models
from sekur_sdk.models.scalars import OpenEnum

PUBLIC = [
    "APIError",
    "Abort",
    "ArgumentError",
    "AsyncBody",
    "AsyncEventStream",
    "AsyncMiddleware",
    "AsyncPager",
    "AsyncSekurClient",
    "AsyncSend",
    "AsyncTransport",
    "AuthenticationError",
    "BadRecord",
    "BadRequestError",
    "Body",
    "CallOptions",
    "ChecksumError",
    "ClientClosedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectError",
    "ConnectTimeoutError",
    "ConnectionLostError",
    "Content",
    "CreditedLine",
    "DeadlineExceededError",
    "EventStream",
    "ExportFailedError",
    "Health",
    "ListOptions",
    "Middleware",
    "NewLine",
    "NewPosition",
    "NewPrice",
    "NewShift",
    "NotFoundError",
    "Pager",
    "PermissionDeniedError",
    "PoolTimeoutError",
    "PostOptions",
    "PreconditionFailedError",
    "PreconditionRequiredError",
    "RateLimit",
    "RateLimitError",
    "ReadTimeoutError",
    "RepeatedCursorError",
    "Request",
    "Response",
    "ResponseDecodeError",
    "RetryBudget",
    "RetryPolicy",
    "Secret",
    "SekurClient",
    "SekurError",
    "Send",
    "ServerError",
    "Timeouts",
    "Transport",
    "TransportError",
    "UNSET",
    "UnprocessableError",
    "WebhookError",
    "WriteTimeoutError",
    "__version__",
    "models",
]

NAMESPACES = {
    "attachments": ["download", "get", "upload"],
    "alerts": ["acknowledge", "create", "escalate", "get", "list", "resolve"],
    "devices": ["commands", "configure", "create", "get", "get_command", "get_config", "list", "send_command"],
    "absences": ["approve", "cancel", "create", "get", "list", "refuse", "update"],
    "cycles": ["archive", "create", "generate", "get", "list", "restore", "update"],
    "duties": ["correct", "end", "end_break", "get", "list", "start", "start_break", "validate"],
    "employees": ["activate", "create", "get", "leave", "list", "rehire", "update"],
    "personnel_register": ["list"],
    "cards": ["check", "create", "get", "list", "update", "withdraw"],
    "qualifications": ["archive", "create", "get", "list", "update"],
    "employment_contracts": ["cancel", "create", "end", "get", "list", "sign", "update"],
    "documents": ["archive", "create", "download", "get", "list", "restore", "update"],
    "roles": ["archive", "create", "get", "list", "restore", "update"],
    "users": ["activate", "close", "get", "invite", "list", "reinstate", "suspend", "update"],
    "api_tokens": ["create", "get", "list", "revoke", "update"],
    "clients": ["activate", "close", "create", "get", "list", "reopen", "update"],
    "posts": ["archive", "create", "get", "list", "restore", "update"],
    "instructions": [
        "acknowledge",
        "acknowledgements",
        "create",
        "editions",
        "get",
        "list",
        "publish",
        "revise",
        "update",
        "withdraw",
    ],
    "events": ["stream"],
    "contracts": ["cancel", "create", "end", "get", "invoice", "list", "sign", "update"],
    "credit_notes": ["get", "list"],
    "invoices": [
        "create",
        "credit",
        "discard",
        "dispute",
        "einvoice_statuses",
        "get",
        "issue",
        "late_penalty",
        "list",
        "record_einvoice_status",
        "send",
        "settle",
        "update",
    ],
    "payments": ["confirm", "create", "get", "list", "refund", "reject"],
    "payroll_runs": [
        "cancel",
        "check",
        "compute",
        "create",
        "export",
        "get",
        "hours",
        "lines",
        "list",
        "lock",
        "mark_exported",
        "problems",
    ],
    "payroll_settings": ["get", "update"],
    "subscription": ["get", "overages", "price", "update"],
    "availability_incidents": ["create", "end", "get", "list", "report", "update", "withdraw"],
    "logbook": ["acknowledge", "amendments", "append", "erase", "get", "list", "verify"],
    "checkpoints": ["archive", "create", "get", "list", "restore", "update"],
    "round_templates": ["archive", "create", "get", "list", "restore", "update"],
    "rounds": ["cancel", "create", "end", "get", "list", "report_anomaly", "scan", "start", "update"],
    "scans": ["get", "list"],
    "organisation": ["get", "update"],
    "positions": ["last", "list", "send"],
    "privacy": [
        "audit",
        "erase",
        "erasures",
        "export",
        "export_content",
        "exports",
        "get_erasure",
        "get_export",
        "purge",
    ],
    "pti_sessions": ["end", "get", "heartbeat", "list", "open"],
    "quotes": [
        "accept",
        "cancel",
        "convert",
        "convert_to_contract",
        "create",
        "get",
        "list",
        "refuse",
        "send",
        "update",
    ],
    "shifts": [
        "acknowledge",
        "assign",
        "calendar",
        "cancel",
        "check",
        "create",
        "create_many",
        "get",
        "import_csv",
        "list",
        "no_show",
        "publish",
        "replace",
        "swap",
        "unassign",
        "update",
    ],
    "sites": ["activate", "close", "create", "get", "list", "reopen", "update"],
    "webhooks": ["create", "disable", "enable", "get", "list", "replay", "rotate_secret", "update"],
    "webhook_deliveries": ["get", "list", "replay"],
    "client_users": ["close", "create", "get", "list", "reinstate", "suspend", "update"],
    "client_tokens": ["create", "get", "list", "revoke"],
    "shares": ["create", "get", "list", "withdraw"],
    "portal": [
        "download_report",
        "entries",
        "entry",
        "invoice",
        "invoices",
        "report",
        "reports",
        "round",
        "rounds",
        "shift",
        "shifts",
        "site",
        "sites",
    ],
    "signature_requests": ["cancel", "create", "decline", "get", "list", "send", "sign", "update", "usage", "view"],
    "exports": ["create", "download", "get", "list", "wait"],
}

HEAVY = (
    "httpx",
    "msgspec",
    "numpy",
    "attr",
    "asyncio",
    "ssl",
    "click",
    "rich",
    "litestar",
    "sqlalchemy",
    "paho",
    "pyarrow",
)


def loaded_after(code):
    """The top-level modules that a fresh interpreter has loaded after `code`."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout))


def test_the_public_names_are_these():
    assert sorted(sekur_sdk.__all__) == PUBLIC
    for name in PUBLIC:
        assert getattr(sekur_sdk, name) is not None
        assert name in dir(sekur_sdk)


def test_the_namespaces_of_a_client_have_these_methods(client):
    def public(thing):
        return [name for name in dir(thing) if not name.startswith("_")]

    assert set(NAMESPACES) <= set(public(client))
    for name, methods in NAMESPACES.items():
        assert public(getattr(client, name)) == methods, name


def test_both_clients_have_the_same_signatures():
    def signatures(client):
        bound = {
            f"{name}.{method}": getattr(getattr(client, name), method)
            for name in NAMESPACES
            for method in NAMESPACES[name]
        }
        return {name: inspect.signature(method).parameters for name, method in bound.items()}

    async def of_async():
        async with sekur_sdk.AsyncSekurClient("http://127.0.0.1", token="t") as client:
            return signatures(client)

    with sekur_sdk.SekurClient("http://127.0.0.1", token="t") as client:
        assert signatures(client) == asyncio.run(of_async())


def test_every_resource_stands_in_the_face_of_models():
    for info in pkgutil.iter_modules(models.__path__):
        module = import_module(f"sekur_sdk.models.{info.name}")
        for name, found in vars(module).items():
            is_public = inspect.isclass(found) and found.__module__ == module.__name__ and not name.startswith("_")
            is_resource = is_public and (attrs.has(found) or issubclass(found, OpenEnum))
            if is_resource and info.name != "device" and name != "RawEvent":
                assert getattr(models, name) is found


def test_every_name_of_the_models_face_exists():
    for name in models.__all__:
        assert getattr(models, name) is not None


@pytest.mark.parametrize("module", [sekur_sdk, models])
def test_a_name_that_does_not_exist_is_an_attribute_error(module):
    with pytest.raises(AttributeError, match="has no attribute 'Shfit'"):
        _ = module.Shfit


def test_importing_the_package_loads_next_to_nothing():
    assert loaded_after("import sekur_sdk").isdisjoint(HEAVY)


def test_importing_the_models_loads_no_http():
    loaded = loaded_after("from sekur_sdk.models import Shift, Alert, Event\nimport sekur_sdk.wire.messages")
    assert loaded.isdisjoint({"httpx", "numpy", "ssl", "asyncio"})


def test_importing_the_errors_loads_no_http():
    assert loaded_after("from sekur_sdk import NotFoundError, SekurError").isdisjoint({"httpx", "msgspec"})


def test_making_a_client_loads_httpx_and_no_domain():
    loaded = loaded_after("import sekur_sdk\nsekur_sdk.SekurClient('http://127.0.0.1', token='t').close()")
    assert "httpx" in loaded
    assert "msgspec" not in loaded
    assert not any(name.startswith("sekur_sdk.models.") for name in loaded)


def test_one_domain_does_not_load_the_others():
    loaded = loaded_after("import sekur_sdk\nwith sekur_sdk.SekurClient('http://127.0.0.1', token='t') as c: c.shifts")
    assert {name for name in loaded if name.startswith("sekur_sdk.models.")} == {
        "sekur_sdk.models.paging",
        "sekur_sdk.models.planning",
        "sekur_sdk.models.scalars",
    }


def test_no_public_signature_names_the_http_library(client):
    for name, methods in NAMESPACES.items():
        for method in methods:
            assert "httpx" not in str(inspect.signature(getattr(getattr(client, name), method)))
    assert "httpx" not in str(inspect.signature(type(client)))


def test_a_stated_method_has_its_name_and_its_docstring(client):
    create = client.shifts.create
    assert create.__name__ == "create"
    assert create.__doc__ == type(client.shifts).create.__doc__
    assert create.__doc__.startswith("A new shift")
    assert "self" not in inspect.signature(create).parameters
