"""The pytest plugin: what it loads, what it gives, what it says when something is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {"httpx", "attrs", "attr", "msgspec", "h11", "litestar", "sqlalchemy", "uvicorn", "numpy", "asyncio"}


def loaded_by_pytest(folder: Path, *options: str) -> set[str]:
    """Packages that a run of pytest over a test without fixtures has loaded."""
    (folder / "test_nothing.py").write_text("def test_nothing(): pass\n")
    script = (
        "import json, sys, pytest; code = pytest.main(sys.argv[1:]); "
        "print(json.dumps([int(code), sorted(sys.modules)]))"
    )
    command = [sys.executable, "-c", script, "-q", "-p", "no:cacheprovider", *options, str(folder)]
    # without the plugins of others: what they load is not ours to answer for
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=folder, env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stdout
    return set(modules)


@pytest.mark.services
def test_the_plugin_loads_nothing_heavy_until_a_fixture_is_asked_for(tmp_path: Path) -> None:
    without = loaded_by_pytest(tmp_path)
    with_it = loaded_by_pytest(tmp_path, "-p", "sekur_sdk.testing.plugin")

    added = {name.partition(".")[0] for name in with_it - without}
    assert not added & HEAVY
    assert {name for name in with_it - without if name.startswith("sekur_sdk")} == {
        "sekur_sdk",
        "sekur_sdk.testing",
        "sekur_sdk.testing.plugin",
    }


def test_the_plugin_is_found_by_pytest_itself(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.has_plugin("sekur")


@pytest.mark.services
def test_without_the_extra_a_test_that_asks_for_the_sandbox_is_an_error_that_says_so(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest("import sys; sys.modules['uvicorn'] = None")  # as if it were not installed
    pytester.makepyfile("def test_something(sekur_client): pass")

    done = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(
        ["*needs the extra `sandbox` (uvicorn is not installed): pip install 'sekur-sdk?sandbox?'"]
    )
    assert "Traceback" not in done.stdout.str()


@pytest.mark.services
def test_a_test_begins_with_the_demo_data_whatever_the_one_before_did(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_turn(turn, sekur_sandbox, sekur_client):
            assert [site.id for site in sekur_client.sites.list() if site.name == "Nouveau"] == []
            assert not list(sekur_client.alerts.list())
            sekur_client.sites.create(name="Nouveau", customer_name="ACME", address="Lyon")
            sekur_sandbox.raise_alert("sos")
            (alert,) = sekur_client.alerts.list()
            assert alert.kind == "sos"
        """
    )

    pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider").assert_outcomes(passed=2)


@pytest.mark.services
def test_an_asynchronous_client_that_is_left_open_is_an_error_that_says_how_to_use_it(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import asyncio

        def test_closed(async_sekur_client):
            async def use():
                async with async_sekur_client as client:
                    return await client.health()
            assert asyncio.run(use()).status == "ok"

        def test_left_open(async_sekur_client):
            assert asyncio.run(async_sekur_client.health()).status == "ok"
        """
    )

    done = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    done.assert_outcomes(passed=2, errors=1, warnings=done.parseoutcomes().get("warnings", 0))
    done.stdout.fnmatch_lines(["*use it in `async with async_sekur_client:`*"])
