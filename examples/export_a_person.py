"""Answer an employee who asks what is held about them (GDPR art. 15): one ZIP, and the line in the audit that says so.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/export_a_person.py`. The ZIP is written to a folder of its own and deleted with it: keep it elsewhere, or nowhere.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path

from sekur_sdk import SekurClient


def main() -> None:
    with SekurClient.from_env() as client, tempfile.TemporaryDirectory() as folder:
        employee = next(iter(client.employees.list(status="active")))
        export = client.privacy.export(employee_id=employee.id)
        print(f"export  {export.id}, until {export.expires_at:%d/%m/%Y}")

        file = Path(folder) / f"{employee.staff_number}.zip"
        file.write_bytes(client.privacy.export_content(export.id))
        with zipfile.ZipFile(file) as archive:
            person = json.loads(archive.read("person.json"))
            files = len(archive.namelist()) - 1
        held = {name: len(rows) for name, rows in person["tables"].items() if rows}
        print(f"held    {sum(held.values())} rows in {len(held)} tables, {files} files")
        for act in client.privacy.audit(employee_id=employee.id, sort="-at", page_size=2).page().items:
            print(f"audit   {act.action} by {act.actor} at {act.at:%H:%M:%S}")
        due = client.privacy.purge(dry_run=True)
        print(f"due     {sum(due.counts.values())} rows are past their retention")


if __name__ == "__main__":
    main()
