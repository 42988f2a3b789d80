"""Shared fixtures: the real parts that tests rest on, and what happens when one of them is missing.

``broker``, ``start_broker``
    a real mosquitto (:class:`real_parts.mosquitto.Broker`): ``.port``, ``.start()``, ``.stop()``, ``.kill()``, ``.freeze()``,
    ``.thaw()``, ``.restart()`` on the same port, ``.log``.
``gpsd``, ``start_gpsd``
    a real gpsd (:class:`real_parts.gpsd.Gpsd`), same verbs, with ``.receiver`` to place, silence or blind it and
    ``.wait_for_fix()``.
``mosquitto_path``, ``gpsd_path``, ``recordings_dir``
    where the programs and the recordings are.

A part that is missing makes the tests that need it "not run", with what to install; under ``CI=true`` it makes them fail, and so
does any other skip: what CI does not run must not look green.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import pytest
from hypothesis import settings
from real_parts.gpsd import Gpsd
from real_parts.mosquitto import Broker

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from real_parts.gpsd import StartGpsd
    from real_parts.mosquitto import StartBroker
    from real_parts.receiver import Sky

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# their assertions tell what they compared, as those of a test do
pytest.register_assert_rewrite("stories")

ROOT = Path(__file__).resolve().parent.parent


def under_ci() -> bool:
    return os.environ.get("CI") == "true"


# a machine that is slow for a moment is no counterexample; pytest-timeout bounds a test as a whole
settings.register_profile("house", deadline=None, derandomize=under_ci(), print_blob=True)
settings.load_profile("house")


def not_run(needs: str) -> NoReturn:
    """Report the test as not run, or as failed under CI=true."""
    reason = f"not run: needs {needs}"
    if under_ci():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _failed_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _failed_if_skipped((yield))


def _failed_if_skipped(report: Report) -> Report:
    if under_ci() and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"CI=true runs every test, and this one was skipped: {reason}"
    return report


def _program(name: str, package: str) -> Path:
    # Debian keeps daemons in sbin, which is not on every user's PATH
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
    if found is None:
        not_run(f"{name} (Debian package {package})")
    return Path(found)


@pytest.fixture(scope="session")
def mosquitto_path() -> Path:
    """The mosquitto broker's executable."""
    return _program("mosquitto", "mosquitto")


@pytest.fixture(scope="session")
def gpsd_path() -> Path:
    """The gpsd daemon's executable."""
    return _program("gpsd", "gpsd")


@pytest.fixture(scope="session")
def recordings_dir() -> Path:
    """The folder of recordings: SEKUR_RECORDINGS, or ``../shared/data`` beside the repository."""
    named = os.environ.get("SEKUR_RECORDINGS")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not any(folder.glob("*.npz")):
        not_run(f"the recordings (SEKUR_RECORDINGS names their folder; nothing in {folder})")
    return folder


@pytest.fixture
def start_broker(mosquitto_path: Path, tmp_path: Path) -> Iterator[StartBroker]:
    """Start mosquitto with these lines of mosquitto.conf: ``start_broker("persistence true", "autosave_interval 1")``.

    ``start=False`` only prepares it (its port is known, nothing listens). All are ended after the test.
    """
    with ExitStack() as stack:
        count = 0

        def make(*settings: str, port: int | None = None, start: bool = True) -> Broker:
            nonlocal count
            count += 1
            broker = Broker(mosquitto_path, tmp_path / f"mosquitto-{count}", settings, port=port)
            stack.callback(broker.stop)
            if start:
                broker.start()
            return broker

        yield make


@pytest.fixture
def broker(start_broker: StartBroker) -> Broker:
    """A running mosquitto, anonymous, that persists nothing."""
    return start_broker()


@pytest.fixture
def start_gpsd(gpsd_path: Path, tmp_path: Path) -> Iterator[StartGpsd]:
    """Start gpsd and its receiver: ``start_gpsd(sky=Sky(latitude=45.76, longitude=4.84))``, ``start_gpsd(device=False)``."""
    with ExitStack() as stack:
        count = 0

        def make(*, sky: Sky | None = None, period_s: float = 0.2, device: bool = True) -> Gpsd:
            nonlocal count
            count += 1
            directory = tmp_path / f"gpsd-{count}"
            return stack.enter_context(Gpsd(gpsd_path, directory, sky=sky, period_s=period_s, device=device))

        yield make


@pytest.fixture
def gpsd(start_gpsd: StartGpsd) -> Gpsd:
    """A running gpsd whose receiver has a fix in Paris, five times a second."""
    return start_gpsd()
