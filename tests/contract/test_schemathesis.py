"""The running sandbox against its OpenAPI document: no 500, no answer that the document does not have.

schemathesis makes the requests: each example and each limit of the document, random ones that keep to it and random ones that do not.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from schemathesis.checks import CHECKS, load_all_checks

from sekur_sdk.sandbox.server import SandboxServer
from sekur_sdk.sandbox.settings import Settings

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
TOKEN = "schemathesis-token-0123456789"

EXCEPTIONS = {
    "positive_data_acceptance": "a request may be right by its schema and break a rule of the trade: an id that nobody has, an end before its "
    "start, a number that another has. That is 409 or 422 and names the field; tests/sandbox has each rule",
    "missing_required_header": "a PATCH without If-Match is 428 (RFC 6585), which the check does not know",
}
"""The checks that are left out, each with its reason."""

ENDLESS = "/api/v1/events"
"""An answer without an end: tests/sandbox/test_events.py has it."""


def test_each_exception_is_a_check_that_there_is() -> None:
    load_all_checks()
    assert set(EXCEPTIONS) < set(CHECKS.get_all_names())


@pytest.mark.services
@pytest.mark.timeout(900)
def test_every_operation_keeps_to_the_document_whatever_it_is_sent(tmp_path: Path) -> None:
    with SandboxServer(Settings(database=tmp_path / "store.sqlite3", token=TOKEN)) as server:
        options = {
            "--url": server.url.removesuffix("/api/v1"),
            "--header": f"Authorization: Bearer {TOKEN}",
            "--checks": "all",
            "--exclude-checks": ",".join(EXCEPTIONS),
            "--exclude-path": ENDLESS,
            "--phases": "examples,coverage,fuzzing",
            "--max-examples": "10",
            "--seed": "20261124",
            "--warnings": "off",
        }
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(DOCUMENT), "--continue-on-failure"]
        command += [part for option in options.items() for part in option]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
