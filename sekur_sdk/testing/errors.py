"""What can be missing."""

from __future__ import annotations


class SandboxMissingError(Exception):
    """The sandbox is asked for and its extra is not installed."""

    def __init__(self, module: str | None) -> None:
        super().__init__(
            f"a live sandbox needs the extra `sandbox` ({module} is not installed): pip install 'sekur-sdk[sandbox]'"
        )
