"""Verify a site's logbook: by the server, and by an export of its entries that needs no server.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/verify_a_chain.py`; `python examples/verify_a_chain.py FILE` reads such an export again, offline.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from sekur_sdk import SekurClient
from sekur_sdk.models import LogbookEntry
from sekur_sdk.rules.logbook_chain import first_break
from sekur_sdk.wire import decode, encode

if TYPE_CHECKING:
    from sekur_sdk.models import ChainBreak


def read_export(path: Path) -> list[LogbookEntry]:
    """The entries of a file with one in JSON a line."""
    return [decode(line, LogbookEntry) for line in path.read_bytes().splitlines()]


def told(broken: ChainBreak | None) -> str:
    if broken is None:
        return "whole"
    return f"broken at number {broken.seq} ({broken.reason}): {broken.expected} expected, {broken.found} found"


def main() -> None:
    if len(sys.argv) > 1:
        print(f"export    {told(first_break(read_export(Path(sys.argv[1]))))}")
        return
    with SekurClient.from_env() as client, tempfile.TemporaryDirectory() as folder:
        site = next(
            site for site in client.sites.list(status="active") if any(True for _ in client.logbook.list(site.id))
        )
        verified = client.logbook.verify(site.id)
        # keep these two elsewhere, each day: nobody can then rewrite what was before
        print(f"server    {verified.seq} entries, {told(verified.broken)}, last hash {verified.hash[:12]}")

        export = Path(folder) / "logbook.jsonl"
        export.write_bytes(b"".join(encode(entry) + b"\n" for entry in client.logbook.list(site.id)))
        entries = read_export(export)
        broken = first_break(entries, last_seq=verified.seq, last_hash=verified.hash)
        print(f"export    {len(entries)} entries, {told(broken)}")

        forged = [attrs.evolve(entries[0], text="Rien à signaler."), *entries[1:]]
        print(f"forged    {told(first_break(forged))}")
        cut = first_break(entries[:-1], last_seq=verified.seq, last_hash=verified.hash)
        print(f"cut off   {told(cut)}")


if __name__ == "__main__":
    main()
