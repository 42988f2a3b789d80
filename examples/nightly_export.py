"""Take all of the organisation's data home each night: ask for an export, wait, download, check the files in it, keep the last seven.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/nightly_export.py FOLDER`, from cron for instance. The database in it is loaded by `sqlite3 sekur.sqlite3 < database.sql`.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path

from sekur_sdk import SekurClient

KEPT = 7


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="sekur-"))
    with SekurClient.from_env() as client:
        export = client.exports.create(format="zip")
        export = client.exports.wait(export.id, progress=tell, poll_every=0.2, deadline=3600)
        path = folder / f"sekur-{export.created_at:%Y%m%d-%H%M%S}.zip"
        # it has this name only once it is whole and its SHA-256 is right
        client.exports.download(export.id, path)
    print(f"export     {path.name}, {export.size} bytes")
    print(f"checked    {check(path)} files against the manifest")
    for old in sorted(folder.glob("sekur-*.zip"))[:-KEPT]:
        old.unlink()
    print(f"kept       {len(list(folder.glob('sekur-*.zip')))}")


def tell(done: int, total: int) -> None:
    if done == total:
        print(f"rows       {done} of {total}")
    elif sys.stdout.isatty():
        print(f"rows       {done} of {total}", end="\r", flush=True)


def check(path: Path) -> int:
    """How many files are in the archive, each as its manifest says."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for entry in manifest["files"]:
            if entry.get("is_missing") or entry.get("is_damaged"):
                print(f"lost       {entry['path']}: so it was on the server", file=sys.stderr)
            elif hashlib.sha256(archive.read(entry["path"])).hexdigest() != entry["sha256"]:
                raise SystemExit(f"{path}: {entry['path']} is damaged")
        return len(manifest["files"])


if __name__ == "__main__":
    main()
