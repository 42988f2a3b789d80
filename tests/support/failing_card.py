"""Storage that fails or stalls for real: faults injected into a running process's syncs by strace, and a small disk in memory that fills up."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ATTACH_S = 10.0


def what_strace_lacks() -> str | None:
    """What this machine lacks to inject faults; None when nothing."""
    return None if shutil.which("strace") else "strace (Debian package strace)"


def what_mount_lacks() -> str | None:
    """What this machine lacks to make a small disk; None when nothing."""
    return None if os.geteuid() == 0 and shutil.which("mount") else "root, to mount a small disk in memory"


@contextmanager
def syncs_of(pid: int, inject: str, log: Path) -> Iterator[None]:
    """Let each fdatasync and fsync of a process end as ``inject`` says: ``error=EIO`` or ``delay_enter=5000000`` (microseconds)."""
    with log.open("wb") as output:
        strace = subprocess.Popen(
            ["strace", "-f", "-p", str(pid), "-e", "trace=fdatasync,fsync",
             "-e", f"inject=fdatasync,fsync:{inject}", "-o", "/dev/null"],
            stdout=output, stderr=output,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + _ATTACH_S
        while b"attached" not in log.read_bytes():
            if strace.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"strace did not attach: {log.read_text()}")
            time.sleep(0.02)
        # it has said so for the first thread: the others follow at once
        time.sleep(0.2)
        yield
    finally:
        strace.send_signal(signal.SIGINT)
        try:
            strace.wait(5)
        except subprocess.TimeoutExpired:
            # it waits for a delay to end
            strace.kill()
            strace.wait(5)


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Path]:
    """A disk of its own, of so many MiB."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Use up what the disk has left, to the last block; the file that does."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12, 1 << 9, 1):
            with contextlib.suppress(OSError):
                while True:
                    if file.write(bytes(size)) < size:
                        break
    return filler
