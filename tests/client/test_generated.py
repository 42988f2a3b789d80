"""The synchronous shell is what the generator makes of the asynchronous one."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "sekur_sdk" / "client"


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("generate_sync", ROOT / "tools" / "generate_sync.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_committed_is_what_a_fresh_generation_gives(generator):
    assert generator.differences(generator.generate()) == []


def test_nothing_asynchronous_is_left(generator):
    for name, text in generator.generate().items():
        found = [
            node
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
        ]
        assert found == [], name
        assert not re.search(r"\bAsync[A-Z]|Awaitable|asyncio|_async\b", text.replace("client/_async by", "")), name


def test_awaitable_is_unwrapped_whatever_it_holds(generator):
    assert (
        generator._unwrap_awaitable("f: Callable[[int], Awaitable[dict[str, list[int]]]] = g")
        == "f: Callable[[int], dict[str, list[int]]] = g"
    )


def test_a_file_that_differs_is_named_and_fails_the_check(generator, capsys, monkeypatch):
    sources = generator.generate()
    monkeypatch.setattr(generator, "generate", lambda: sources | {"shell.py": "changed"} | {"new.py": ""})
    assert generator.main(["--check"]) == 1
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == [
        "sekur_sdk/client/_sync/new.py",
        "sekur_sdk/client/_sync/shell.py",
    ]


def test_both_seams_offer_the_same(generator):
    def names(side):
        tree = ast.parse((CLIENT / side / "seam.py").read_text("utf-8"))
        return (
            {"Lock"}
            | {  # threading's own on one side
                node.name
                for node in tree.body
                if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            }
            | {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets}
        )

    assert names("_async") == names("_sync")
