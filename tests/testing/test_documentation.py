"""docs/testing.md, run as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.services


def test_the_examples_with_fixtures_pass(pytester: pytest.Pytester) -> None:
    blocks = [block for block in BLOCKS if "def test_" in block]
    pytester.makepyfile(**{f"test_example_{number}": block for number, block in enumerate(blocks)})

    # a process of its own: what pytester does to sys.modules in this one, SQLAlchemy does not survive
    done = pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider")

    done.assert_outcomes(passed=sum(block.count("def test_") for block in blocks))


def test_the_example_without_pytest_runs(pytester: pytest.Pytester) -> None:
    (block,) = (block for block in BLOCKS if "def test_" not in block)

    done = pytester.runpython(pytester.makepyfile(script=block))

    assert done.ret == 0
    done.stdout.fnmatch_lines(["Vigie Fictive Sécurité"])


def test_every_fixture_of_the_plugin_is_told(pytester: pytest.Pytester) -> None:
    done = pytester.runpytest_subprocess("--fixtures", "-p", "no:cacheprovider")

    fixtures = re.findall(r"^((?:async_)?sekur_\w+)", done.stdout.str(), re.MULTILINE)
    assert set(fixtures) == set(re.findall(r"^\| `(\w*sekur_\w+)` \|", GUIDE, re.MULTILINE))


def test_every_fault_is_told() -> None:
    from sekur_sdk.testing import faults

    told = set(re.findall(r"^\| `([A-Z]\w+)\(", GUIDE, re.MULTILINE))
    assert told == {kind.__name__ for kind in faults.Fault.__args__}
