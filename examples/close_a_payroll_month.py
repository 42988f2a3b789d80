"""Close a month of pre-payroll: duties, a run computed and looked at, its lines locked and written to a file.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/close_a_payroll_month.py`.
"""

from __future__ import annotations

import secrets
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sekur_sdk import SekurClient, UnprocessableError

PARIS = ZoneInfo("Europe/Paris")


def main() -> None:
    this_month = datetime.now(PARIS).replace(day=1, hour=19, minute=0, second=0, microsecond=0)
    first_night = (this_month - timedelta(days=1)).replace(day=1)
    hired_on = first_night.date() - timedelta(days=5 * 365)
    with SekurClient.from_env() as client:
        number = f"P{secrets.randbelow(10**6):06}"
        agent = client.employees.create(
            staff_number=number,
            first_name="Noé",
            last_name="Exemplaire",
            job_title="Agent de sécurité confirmé",
            coefficient=140,
            hired_on=hired_on,
        )
        contract = client.employment_contracts.create(
            employee_id=agent.id,
            kind="cdi",
            job_title=agent.job_title,
            coefficient=140,
            weekly_hours=35,
            starts_on=hired_on,
        )
        client.employment_contracts.sign(contract.id, signed_on=hired_on)
        site = next(iter(client.sites.list(status="active")))
        for night in range(12):
            begins = first_night + timedelta(days=2 * night)
            duty = client.duties.start(employee_id=agent.id, site_id=site.id, started_at=begins)
            client.duties.end(duty.id, at=begins + timedelta(hours=12))
        print(f"duties         12 nights in {first_night:%Y-%m}")

        run = client.payroll_runs.create(period=f"{first_night:%Y-%m}", employee_ids=[agent.id])
        run = client.payroll_runs.compute(run.id)
        print(f"computed       by rules {run.rules_version}, {run.problems} problems")
        codes = {str(problem.code) for problem in client.payroll_runs.problems(run.id)}
        try:
            client.payroll_runs.check(run.id)
        except UnprocessableError:
            print(f"refused        {', '.join(sorted(codes))}: to be looked at")
        run = client.payroll_runs.check(run.id, accept_problems=True)
        run = client.payroll_runs.lock(run.id)
        print(f"locked         checked by {run.checked_by}")
        lines = [f"{line.code} {line.quantity.normalize():f}" for line in client.payroll_runs.lines(run.id)]
        print(f"lines          {', '.join(lines)}")

        settings = client.payroll_settings.get()
        client.payroll_settings.update(version=settings.version, codes={**settings.codes, "NIGHT10": "1315"})
        file = Path(tempfile.mkdtemp()) / f"prepaie-{run.period}.csv"
        file.write_bytes(client.payroll_runs.export(run.id, decimal="comma"))
        run = client.payroll_runs.mark_exported(run.id)
        print(
            f"exported       {len(file.read_text('utf-8').splitlines())} rows to {file.name}, the run is {run.status}"
        )


if __name__ == "__main__":
    main()
