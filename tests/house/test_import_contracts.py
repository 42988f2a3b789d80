"""Who may import whom: the contracts of pyproject.toml say all that the architecture forbids, and new interpreters agree."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MAY_IMPORT = {
    "sekur_sdk.models": {"sekur_sdk.wire"},
    "sekur_sdk.wire": {"sekur_sdk.models"},
    "sekur_sdk.rules": {"sekur_sdk.models", "sekur_sdk.wire"},
    "sekur_sdk.client": {"sekur_sdk.models", "sekur_sdk.wire"},
    "sekur_sdk.webhooks": {"sekur_sdk.models", "sekur_sdk.wire", "sekur_sdk.client", "sekur_sdk.requests_transport"},
    "sekur_sdk.requests_transport": {"sekur_sdk.models", "sekur_sdk.wire", "sekur_sdk.client", "sekur_sdk.webhooks"},
    "sekur_sdk.reports": {"sekur_sdk.models", "sekur_sdk.wire", "sekur_sdk.client", "sekur_sdk.rules"},
    "sekur_sdk.sandbox": {"sekur_sdk.models", "sekur_sdk.wire", "sekur_sdk.rules"},
    "sekur_sdk.testing": {"sekur_sdk.*"},
    "sekur_sdk.cli": {"sekur_sdk.*"},
    "edge_agent": {"sekur_sdk.models", "sekur_sdk.wire"},
}


def packages() -> set[str]:
    found = {f"sekur_sdk.{file.stem}" for file in (ROOT / "sekur_sdk").glob("*.py") if not file.stem.startswith("_")}
    found |= {f"sekur_sdk.{file.parent.name}" for file in (ROOT / "sekur_sdk").glob("*/__init__.py")}
    return found | {"edge_agent"}


def contracts() -> list[dict[str, list[str]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def loaded_by(statement: str) -> set[str]:
    """Names of the modules that a new interpreter has after the statement, and not before it."""
    script = f"import sys; before = set(sys.modules); {statement}; import json; print(json.dumps(sorted(set(sys.modules) - before)))"
    # away from the repository: what is imported is what is installed
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def top_level(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_every_package_is_placed_in_the_architecture() -> None:
    assert packages() <= MAY_IMPORT.keys()


@pytest.mark.parametrize("package", sorted(packages()))
def test_contracts_forbid_all_that_is_not_allowed(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    inside = "sekur_sdk.*" in allowed
    forbidden = {name for name in packages() - allowed if not (inside and name.startswith("sekur_sdk."))}
    written: set[str] = set()
    for contract in contracts():
        if package in contract["source_modules"]:
            written |= set(contract["forbidden_modules"])

    assert forbidden <= written, f"add to forbidden_modules of {package} in pyproject.toml"
    assert not written & allowed


def test_type_checking_imports_are_not_excused() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert "exclude_type_checking_imports" not in settings


def test_importing_the_sdk_loads_no_heavy_library_and_no_domain() -> None:
    loaded = loaded_by("import sekur_sdk")

    assert not top_level(loaded) & {
        "httpx",
        "numpy",
        "msgspec",
        "attr",
        "attrs",
        "litestar",
        "sqlalchemy",
        "click",
        "rich",
        "pyarrow",
    }
    assert not {name for name in loaded if name.startswith("sekur_sdk.")}


def test_the_agent_loads_neither_httpx_nor_the_rest_of_the_sdk() -> None:
    loaded = loaded_by("import edge_agent.agent")

    assert not top_level(loaded) & {"httpx", "litestar", "sqlalchemy", "click", "rich", "uvicorn", "pyarrow"}
    ours = {".".join(name.split(".")[:2]) for name in loaded if name.startswith("sekur_sdk.")}
    assert ours <= {"sekur_sdk.models", "sekur_sdk.wire"}


def test_models_and_wire_load_neither_httpx_nor_numpy() -> None:
    loaded = loaded_by("import sekur_sdk.models.device, sekur_sdk.wire")

    assert not top_level(loaded) & {"httpx", "numpy", "pyarrow"}


def test_the_client_loads_neither_numpy_nor_arrow() -> None:
    loaded = loaded_by("import sekur_sdk; sekur_sdk.SekurClient; sekur_sdk.AsyncSekurClient")

    assert not top_level(loaded) & {"numpy", "pyarrow"}
