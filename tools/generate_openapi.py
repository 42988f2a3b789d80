# ruff: noqa: INP001  # a script, not a package
"""Write docs/openapi.json: the sandbox's own document, with the contract's written-out examples.

``--check`` writes nothing and exits 1 when the file is not what would be written.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from sekur_sdk.sandbox.app import create_app
from sekur_sdk.sandbox.document import describe

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "docs" / "openapi.json"
EXAMPLES = ROOT / "docs" / "contract" / "examples"

REQUESTS = {
    "ApiToken": "token",
    "EntryAppend": "logbook-append",
    "NewApiToken": "token-created",
    "NewWebhook": "webhook-created",
    "ProfessionalCard": "card",
}
"""Schemas whose example is not called after their class."""


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    text = json.dumps(with_examples(), indent=1, ensure_ascii=False) + "\n"
    if not options.check:
        OUTPUT.write_text(text, encoding="utf-8")
        return 0
    if OUTPUT.exists() and OUTPUT.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("docs/openapi.json is not what the sandbox tells: run tools/generate_openapi.py\n")
    return 1


def with_examples() -> dict[str, object]:
    """The document, each schema with its example where there is one."""
    document: dict[str, object] = json.loads(json.dumps(describe(create_app())))
    schemas = document["components"]["schemas"]  # type: ignore[index]  # JSON
    for name, schema in schemas.items():
        slug = REQUESTS.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
        for file in (EXAMPLES / f"{slug}.json", EXAMPLES / f"request-{slug}.json"):
            if file.exists():
                schema["examples"] = [json.loads(file.read_text(encoding="utf-8"))]
    return document


if __name__ == "__main__":
    sys.exit(main())
