"""The `sekur` command."""

from __future__ import annotations

import sys

INSTALL = "pip install 'sekur-sdk[{extra}]'"


def main() -> int:
    """Runs the command on the process's arguments; its exit code.

    0: done; 1: the server or the network refused; 2: wrong usage, configuration or installation; 130: interrupted.
    """
    try:
        from sekur_sdk.cli.program import run  # noqa: PLC0415  # needs the extra
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.stderr.write(f"sekur: the command needs the extra `cli`: {INSTALL.format(extra='cli')}\n")
        return 2
    return run(sys.argv[1:])
