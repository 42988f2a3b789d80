"""The examples of docs/sdk.md, against the sandbox."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.services

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "sdk.md").read_text("utf-8")
TOKEN = "a-token-that-may-do-everything"
BLOCKS = re.findall(r"## ([^\n]+)\n(?:(?!\n## ).)*?```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    from sekur_sdk.sandbox.server import SandboxServer
    from sekur_sdk.sandbox.settings import Settings

    with SandboxServer(Settings(database=tmp_path_factory.mktemp("sandbox") / "s.sqlite3", token=TOKEN)) as server:
        yield server


def test_every_example_is_run():
    assert len(BLOCKS) == GUIDE.count("```python")


@pytest.mark.parametrize("code", [code for _, code in BLOCKS], ids=[heading for heading, _ in BLOCKS])
def test_an_example_runs(sandbox, monkeypatch, tmp_path, code):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEKUR_BASE_URL", sandbox.url)
    monkeypatch.setenv("SEKUR_TOKEN", TOKEN)
    names = {"base_url": sandbox.url, "token": TOKEN}
    exec("from sekur_sdk import SekurClient\n" + code, names)
    if "event" in names:
        assert names["event"].id == 7
    if "content" in names:
        assert names["content"].getvalue() == b"%PDF-1.7 ..."
    if "table" in names:
        assert names["table"].num_rows > 0
