"""Take on an employee: file, card checked and proven, qualification, contract with its DPAE, register, account and token.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/onboard_employee.py`.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sekur_sdk import ConflictError, SekurClient


def main() -> None:
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    number = secrets.randbelow(10**6)
    with SekurClient.from_env() as client:
        employee = client.employees.create(
            staff_number=f"E{number:06}",
            first_name="Noé",
            last_name="Exemplaire",
            job_title="Agent de sécurité",
            coefficient=130,
            born_on=date(1996, 5, 21),
            nationality="FR",
            sex="male",
            status="draft",
        )
        print(f"employee       {employee.staff_number} {employee.status}")

        expires_on = today + timedelta(days=5 * 365)
        card = client.cards.create(employee_id=employee.id, number=f"CAR-075-{expires_on}-20240{number:06}")
        proof = client.attachments.upload(b"%PDF-1.7 ...", name="verification.pdf", content_type="application/pdf")
        document = client.documents.create(
            attachment_id=proof.id,
            sha256=proof.sha256,
            kind="card_check",
            title="Vérification CNAPS",
            subject_kind="employee",
            subject_id=employee.id,
            retain_until=expires_on,
        )
        card = client.cards.check(card.id, result="valid", document_id=document.id)
        print(f"card           {card.status} until {card.expires_on}, checked: {card.check_result}")

        client.qualifications.create(employee_id=employee.id, kind="tfp_aps", obtained_on=today - timedelta(days=90))
        contract = client.employment_contracts.create(
            employee_id=employee.id,
            kind="cdi",
            job_title=employee.job_title,
            coefficient=130,
            weekly_hours=35,
            starts_on=today,
            trial_ends_on=today + timedelta(days=60),
        )
        contract = client.employment_contracts.update(
            contract.id, version=contract.version, dpae_number=f"DPAE-{number:06}", dpae_filed_on=today
        )
        contract = client.employment_contracts.sign(contract.id)
        print(f"contract       {contract.kind} {contract.status}, DPAE {contract.dpae_number}")

        employee = client.employees.activate(employee.id)
        [line] = client.personnel_register.list(employee_id=employee.id)
        print(f"register       {line.change} on {line.hired_on}")

        role = next(role for role in client.roles.list(status="active") if role.name == "Poste central")
        user = client.users.invite(
            email=f"e{number:06}@vigie-fictive.example",
            first_name=employee.first_name,
            last_name=employee.last_name,
            role_ids=[role.id],
            employee_id=employee.id,
        )
        client.users.activate(user.id)
        token = client.api_tokens.create(name="Application mobile", scopes=["logbook:write"], user_id=user.id)
        print(f"token          {token.status} until {token.expires_at:%Y-%m-%d}; its secret is shown this once")

        to_read = [unread.title for unread in client.instructions.list(unread_by=employee.id)]
        print(f"instructions   {len(to_read)} to read")
        try:
            client.employees.leave(employee.id)
        except ConflictError as refusal:
            # a contract still runs
            print(f"refused        {refusal}")


if __name__ == "__main__":
    main()
