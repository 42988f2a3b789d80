"""Have a contract of employment signed by the employee and by the company, in this order, and keep the evidence.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/sign_a_contract.py`. These are plain electronic signatures: no qualified one in the sense of eIDAS is claimed.
"""

from __future__ import annotations

from sekur_sdk import ConflictError, SekurClient
from sekur_sdk.models import Signer


def main() -> None:
    with SekurClient.from_env() as client:
        employee = next(iter(client.employees.list(status="active")))
        file = client.attachments.upload(b"%PDF-1.7 contrat", name="contrat.pdf", content_type="application/pdf")
        document = client.documents.create(
            attachment_id=file.id,
            kind="employment_contract",
            title=f"Contrat de travail {employee.staff_number}",
            subject_kind="employee",
            subject_id=employee.id,
        )
        signers = [
            Signer(name=f"{employee.first_name} {employee.last_name}", email="salarie@vigie-fictive.example"),
            Signer(name="Direction", email="direction@vigie-fictive.example"),
        ]
        request = client.signature_requests.create(document_id=document.id, signers=signers)
        request = client.signature_requests.send(request.id, version=request.version)
        print(f"sent      {request.title}, SHA-256 {request.sha256[:12]}…")

        try:
            client.signature_requests.sign(request.id, signer=signers[0].email, sha256=request.sha256)
        except ConflictError as unseen:
            print(f"refused   unseen, nothing is signed; allowed: {', '.join(unseen.problem.allowed)}")
        for signer in signers:
            client.signature_requests.view(request.id, signer=signer.email, sha256=request.sha256)
            request = client.signature_requests.sign(
                request.id, signer=signer.email, sha256=request.sha256, method="sms_code"
            )
            print(f"signed    by {signer.name}: {request.status}")
        for done in request.evidence:
            print(f"evidence  {done.at:%Y-%m-%d %H:%M} {done.action} by {done.method}")

        usage = client.signature_requests.usage()
        print(f"counted   {usage.used} signatures, {usage.price} euros")


if __name__ == "__main__":
    main()
