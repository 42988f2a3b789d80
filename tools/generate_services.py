# ruff: noqa: INP001  # a script, not a package
"""Write docs/services.md: each service of article 1.4 of the terms, with its calls, its states and its example.

``--check`` writes nothing and exits 1 when the file is not what would be written. Calls are what the SDK states, states what the sandbox
enforces; what belongs to which service is the table below, and a resource that is in none stops the script.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import pkgutil
import sys
import typing
from pathlib import Path

import attrs

from sekur_sdk.client._async.client import AsyncSekurClient
from sekur_sdk.client.endpoint import Listing, Statement
from sekur_sdk.client.lazy import lazy
from sekur_sdk.models.scalars import OpenEnum
from sekur_sdk.sandbox import trade

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "docs" / "services.md"
EXAMPLES = ROOT / "examples"


@attrs.frozen
class Service:
    """What the terms call it, what we do, the client's attributes that do it, and the scripts that show it."""

    french: str
    english: str
    domains: tuple[str, ...]
    examples: tuple[str, ...]


SERVICES = (
    Service(
        "Comptes et habilitations",
        "Accounts and rights (article 1.7)",
        ("organisation", "users", "roles", "api_tokens"),
        ("onboard_employee",),
    ),
    Service(
        "Fiches collaborateurs",
        "Employees, their papers and the personnel register",
        ("employees", "cards", "qualifications", "employment_contracts", "personnel_register", "documents"),
        ("onboard_employee",),
    ),
    Service(
        "Clients, sites et consignes",
        "Clients, sites, posts and instructions",
        ("clients", "sites", "posts", "instructions"),
        ("onboard_employee",),
    ),
    Service(
        "Planning",
        "Shifts, absences and cycles",
        ("shifts", "absences", "cycles"),
        ("plan_and_publish_a_week", "from_shift_to_invoice"),
    ),
    Service("Prise et fin de service", "Start, breaks and end of service", ("duties",), ("hand_over_a_device",)),
    Service(
        "Devis et factures",
        "Quotes, contracts with clients, invoices, credit notes and payments",
        ("quotes", "contracts", "invoices", "credit_notes", "payments"),
        ("from_shift_to_invoice", "bill_a_month"),
    ),
    Service("Prépaie", "Pre-payroll", ("payroll_runs", "payroll_settings"), ("close_a_payroll_month",)),
    Service(
        "Abonnement et disponibilité",
        "Subscription and availability (articles 7, 10, 12 and 13)",
        ("subscription", "availability_incidents"),
        ("check_the_subscription",),
    ),
    Service(
        "Main courante électronique",
        "Logbook",
        ("logbook", "attachments"),
        ("append_logbook_with_photo", "verify_a_chain"),
    ),
    Service(
        "Rondier",
        "Rounds over checkpoints",
        ("checkpoints", "round_templates", "rounds", "scans"),
        ("walk_a_round",),
    ),
    Service(
        "PTI et détection de chute",
        "Lone-worker protection, falls, alerts",
        ("alerts", "pti_sessions", "devices"),
        ("hand_over_a_device", "watch_and_acknowledge_alerts"),
    ),
    Service(
        "Géolocalisation",
        "Positions, their retention, and the rights of persons (article 32)",
        ("positions", "privacy"),
        ("export_a_person",),
    ),
    Service(
        "Alertes en temps réel",
        "Events as they happen",
        ("events", "webhooks", "webhook_deliveries"),
        ("webhook_receiver",),
    ),
    Service(
        "Accès client",
        "Client access",
        ("client_users", "client_tokens", "shares", "portal"),
        ("client_month_report",),
    ),
    Service("Signature électronique", "Signature requests", ("signature_requests",), ("sign_a_contract",)),
    Service("Réversibilité", "Exports (article 21)", ("exports",), ("nightly_export",)),
)

HEAD = """# Services

Written by `tools/generate_services.py`. Each service of article 1.4 of SEKUR's terms, as an integrator's script drives it against the sandbox: the
calls of `SekurClient` (`AsyncSekurClient` has the same ones, to be awaited; a list iterates and awaits), the states that the server
enforces (another step is 409 and names the allowed ones), and a script of `examples/` that the tests run. Fields and errors: the docstrings,
[the contract](contract/http.md), [openapi.json](openapi.json).
"""


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    text = page()
    if not options.check:
        OUTPUT.write_text(text, encoding="utf-8")
        return 0
    if OUTPUT.exists() and OUTPUT.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("docs/services.md is out of date: run python tools/generate_services.py\n")
    return 1


def page() -> str:
    """The whole text."""
    resources = _resources()
    placed = [name for service in SERVICES for name in service.domains]
    if sorted(placed) != sorted(resources):
        raise SystemExit(f"in no service, in two, or unknown: {sorted(set(placed) ^ set(resources)) or placed}")
    shown = {name for service in SERVICES for name in service.examples}
    if missing := sorted({file.stem for file in EXAMPLES.glob("*.py")} ^ shown):
        raise SystemExit(f"examples that no service shows, or that are not there: {missing}")
    lives = _lives()
    return HEAD + "".join(_service(service, resources, lives) for service in SERVICES)


def _service(service: Service, resources: dict[str, type], lives: dict[type, dict[str, dict[str, str]]]) -> str:
    lines = [f"\n## {service.french}\n", f"{service.english}.\n"]
    told: set[type] = set()
    for name in service.domains:
        lines.append(f"### `client.{name}`\n")
        lines.append(f"{_summary(resources[name])}\n")
        lines += ["| call | contract | |", "|---|---|---|"]
        lines += [_call(name, key, member) for key, member in _members(resources[name])]
        lines.append("")
        kinds = [kind for kind in _statuses(resources[name]) if kind not in told]
        lines += [_states(kind, lives) for kind in kinds]
        told.update(kinds)
    for example in service.examples:
        text = ast.get_docstring(ast.parse((EXAMPLES / f"{example}.py").read_text(encoding="utf-8"))) or ""
        lines.append(f"Example: [`examples/{example}.py`](../examples/{example}.py): {_first(text)}\n")
    return "\n".join(lines)


def _resources() -> dict[str, type]:
    """The class of each attribute of a client."""
    found: dict[str, type] = {}
    form = type(lazy(""))
    for owner in AsyncSekurClient.__mro__:
        for name, value in vars(owner).items():
            if isinstance(value, form):
                module = importlib.import_module(value._module)  # noqa: SLF001  # the two are one
                found[name] = getattr(module, value._name)  # noqa: SLF001  # as above
    return found


def _members(resource: type) -> list[tuple[str, object]]:
    members = {key: value for owner in reversed(resource.__mro__) for key, value in vars(owner).items()}
    return [
        (key, value)
        for key, value in members.items()
        if not key.startswith("_") and (isinstance(value, Statement) or inspect.isfunction(value))
    ]


def _call(domain: str, name: str, member: object) -> str:
    stated = member.stated if isinstance(member, Statement) else member
    signature = inspect.signature(typing.cast("typing.Any", stated))
    shown, is_named = [], False
    for parameter in signature.parameters.values():
        if parameter.name == "self" or parameter.kind == parameter.VAR_KEYWORD:
            continue
        if parameter.kind == parameter.KEYWORD_ONLY and not is_named:
            shown.append("*")
            is_named = True
        shown.append(parameter.name + ("" if parameter.default is parameter.empty else "?"))
    route = f"`{member.method} {member.path}`" if isinstance(member, Statement) else ""
    return f"| `{domain}.{name}({', '.join(shown)})` | {route} | {_first(inspect.getdoc(stated) or '')} |"


def _statuses(resource: type) -> list[type[OpenEnum]]:
    """The enums of the states of what the resource's calls answer, each once."""
    kinds: list[type[OpenEnum]] = []
    for _, member in _members(resource):
        if not isinstance(member, Statement):
            continue
        answer = member.plan.answer
        model = typing.get_args(answer)[0] if isinstance(member, Listing) else answer
        kind = typing.get_type_hints(model).get("status") if attrs.has(typing.cast("type", model)) else None
        if isinstance(kind, type) and issubclass(kind, OpenEnum) and kind not in kinds:
            kinds.append(kind)
    return kinds


def _lives() -> dict[type, dict[str, dict[str, str]]]:
    """The lives that the sandbox enforces, by the enum of their states."""
    found: dict[type, dict[str, dict[str, str]]] = {}
    for info in pkgutil.iter_modules(trade.__path__):
        for value in vars(importlib.import_module(f"{trade.__name__}.{info.name}")).values():
            if isinstance(value, dict) and value and all(isinstance(steps, dict) for steps in value.values()):
                [*kinds] = {type(state) for state in value}
                if len(kinds) == 1 and issubclass(kinds[0], OpenEnum):
                    found[kinds[0]] = {
                        str(state): {str(action): str(after) for action, after in steps.items()}
                        for state, steps in value.items()
                    }
    return found


def _one(kind: type[OpenEnum]) -> str:
    name = kind.__name__.removesuffix("Status")
    return f"{'an' if name[0] in 'AEIO' else 'a'} `{name}`"


def _states(kind: type[OpenEnum], lives: dict[type, dict[str, dict[str, str]]]) -> str:
    life = lives.get(kind)
    if life is None:
        return f"States of {_one(kind)}: {', '.join(f'`{state}`' for state in kind)}.\n"
    rows = [
        f"| `{state}` | {', '.join(f'`{action}` → `{after}`' for action, after in steps.items()) or 'nothing'} |"
        for state, steps in life.items()
    ]
    by_time = [f"`{state}`" for state in kind if str(state) not in life]
    more = f"\nBy time or by the server: {', '.join(by_time)}.\n" if by_time else ""
    return "\n".join([f"| {_one(kind)} that is | allows |", "|---|---|", *rows, more])


def _summary(resource: type) -> str:
    return _first(inspect.getdoc(resource) or "")


def _first(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
