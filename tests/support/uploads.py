"""A file, its upload, and the files that a sandbox has on its disk."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

    from sekur_sdk.sandbox.server import SandboxServer

CONTENT = bytes(range(256)) * 500
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def digest(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def upload(api: httpx.Client, content: bytes = CONTENT, **headers: str) -> httpx.Response:
    sent = {"Content-Type": "image/jpeg", "Content-Disposition": "attachment; filename*=UTF-8''portail%20%C3%A9.jpg"}
    return api.post(
        "/attachments", content=content, headers=sent | {n.replace("_", "-"): v for n, v in headers.items()}
    )


def files(sandbox: SandboxServer) -> list[str]:
    folder = sandbox.store.path.with_name(f"{sandbox.store.path.name}.attachments")
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
