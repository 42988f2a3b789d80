"""The organisation, clients, sites, posts, instructions, documents: what each rule refuses and each step tells."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from people_bodies import at_fault, create, made, refused

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

ANY = {"If-Match": "*"}


# the organisation


def test_the_organisation_is_changed_with_its_version(api: httpx.Client, sandbox: SandboxServer) -> None:
    after = sandbox.feed.latest
    refused(api.patch("/organisation", json={"phone": None}), 428)
    changed = made(api.patch("/organisation", json={"phone": None}, headers={"If-Match": '"1"'}))
    assert (changed["phone"], changed["version"]) == (None, 2)
    refused(api.patch("/organisation", json={"phone": None}, headers={"If-Match": '"1"'}), 412)
    assert [type_ for _, type_, _ in sandbox.feed.read(after, frozenset())[0]] == ["organisation.updated"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"siren": "999000426"}, "$.siren"),
        ({"siret": "99900042500011"}, "$.siret"),
        ({"siret": "99900107600010"}, "$.siret"),
        ({"authorisation_number": "CAR-075-2029-01-31-20240123456"}, "$.authorisation_number"),
        ({"authorisation_number": "AUT-075-2124-13-01-20250900001"}, "$.authorisation_number"),
    ],
)
def test_the_organisations_numbers_are_right(shared_api: httpx.Client, change: dict[str, str], path: str) -> None:
    at_fault(shared_api.patch("/organisation", json=change, headers=ANY), path)


# clients and sites


def test_a_clients_numbers_are_right_and_its_own(shared_api: httpx.Client) -> None:
    body = {"name": "X", "billing_address": "Y"}
    at_fault(shared_api.post("/clients", json=body | {"siren": "123456789"}), "$.siren")
    at_fault(shared_api.post("/clients", json=body | {"siren": "999001076", "siret": "99900042500010"}), "$.siret")
    # the demo's client
    at_fault(shared_api.post("/clients", json=body | {"siren": "999001076"}), "$.siren")
    made(shared_api.post("/clients", json=body | {"siren": "999001076", "siret": "99900107600010"}))
    at_fault(shared_api.post("/clients", json=body | {"siret": "99900107600010"}), "$.siret")


def test_a_site_has_its_clients_name_and_keeps_up_with_it(api: httpx.Client) -> None:
    client = create(api, "/clients", name="Avant")
    body = {"name": "Quai", "address": "Lyon", "client_id": client["id"]}
    at_fault(api.post("/sites", json=body | {"customer_name": "Autre"}), "$.customer_name")
    site = made(api.post("/sites", json=body))
    assert site["customer_name"] == "Avant"
    made(api.patch(f"/clients/{client['id']}", json={"name": "Après"}, headers=ANY))
    now = made(api.get(f"/sites/{site['id']}"))
    assert (now["customer_name"], now["version"]) == ("Après", 2)
    assert [item["id"] for item in made(api.get(f"/sites?client_id={client['id']}"))["items"]] == [site["id"]]


def test_a_site_may_still_be_of_a_customer_known_by_name_alone(shared_api: httpx.Client) -> None:
    site = made(shared_api.post("/sites", json={"name": "Quai", "customer_name": "Essai", "address": "Lyon"}))
    assert (site["client_id"], site["status"]) == (None, "active")
    at_fault(shared_api.post("/sites", json={"name": "Quai", "address": "Lyon"}), "$.customer_name")
    moved = made(shared_api.patch(f"/sites/{site['id']}", json={"client_id": "clt_belvedere"}, headers=ANY))
    assert moved["customer_name"] == "Foncière Belvédère"
    at_fault(shared_api.patch(f"/sites/{site['id']}", json={"customer_name": "Autre"}, headers=ANY), "$.customer_name")


def test_a_client_with_an_active_site_is_not_closed_nor_a_site_of_a_closed_one_taken_up(api: httpx.Client) -> None:
    client = create(api, "/clients", status="active")
    site = made(api.post("/sites", json={"name": "Quai", "address": "Lyon", "client_id": client["id"]}))
    close = f"/clients/{client['id']}/close"
    assert refused(api.post(close), 409)["current"]["status"] == "active"
    made(api.post(f"/sites/{site['id']}/close"))
    made(api.post(close))
    refused(api.post(f"/sites/{site['id']}/reopen"), 409)
    at_fault(api.post("/sites", json={"name": "Q", "address": "L", "client_id": client["id"]}), "$.client_id")
    assert refused(api.patch(f"/clients/{client['id']}", json={"name": "Z"}, headers=ANY), 409)["allowed"] == ["reopen"]
    made(api.post(f"/clients/{client['id']}/reopen"))
    made(api.post(f"/sites/{site['id']}/reopen"))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"lat": None}, "$.lat"),
        ({"time_zone": "Europe/Nulle-Part"}, "$.time_zone"),
        ({"time_zone": "../etc/passwd"}, "$.time_zone"),
        ({"client_id": "clt_nobody"}, "$.client_id"),
    ],
)
def test_a_site_keeps_its_rules_when_changed(shared_api: httpx.Client, change: dict[str, Any], path: str) -> None:
    at_fault(shared_api.patch("/sites/sit_tour", json=change, headers=ANY), path)


def test_a_post_has_its_name_alone_at_an_open_site(shared_api: httpx.Client) -> None:
    post = create(shared_api, "/posts")
    body = {"site_id": post["site_id"], "name": post["name"]}
    at_fault(shared_api.post("/posts", json=body), "$.name")
    made(shared_api.post(f"/posts/{post['id']}/archive"))
    made(shared_api.post("/posts", json=body))
    refused(shared_api.post(f"/posts/{post['id']}/restore"), 409)
    site = create(shared_api, "/sites")
    made(shared_api.post(f"/sites/{site['id']}/close"))
    at_fault(shared_api.post("/posts", json={"site_id": site["id"], "name": "X"}), "$.site_id")


# instructions


def publish(api: httpx.Client, **changes: object) -> dict[str, Any]:
    return made(api.post(f"/instructions/{create(api, '/instructions', **changes)['id']}/publish", json={}))


def test_editions_stay_as_they_were_published(api: httpx.Client, sandbox: SandboxServer) -> None:
    after = sandbox.feed.latest
    instruction = publish(api)
    own = f"/instructions/{instruction['id']}"
    assert (instruction["edition"], instruction["published_by"]) == (1, "Poste central")
    revised = made(api.post(f"{own}/revise", json={"text": "Fermer la porte nord."}))
    assert (revised["edition"], revised["title"]) == (2, "Ronde")
    first, second = made(api.get(f"{own}/editions"))["items"]
    assert (first["text"], second["text"]) == ("Fermer la porte sud à 22 h.", "Fermer la porte nord.")
    assert first["sha256"] == hashlib.sha256(first["text"].encode()).hexdigest()
    made(api.post(f"{own}/withdraw"))
    types = [type_ for _, type_, _ in sandbox.feed.read(after, frozenset())[0]]
    assert types == [
        "instruction.created",
        "instruction.published",
        "instruction.published",
        "instruction.withdrawn",
    ]


def test_who_has_not_read_the_newest_edition_is_told_apart(api: httpx.Client) -> None:
    instruction = publish(api, kind="general", site_id=None)
    own = f"/instructions/{instruction['id']}"

    def unread() -> list[str]:
        return [item["id"] for item in made(api.get("/instructions?unread_by=emp_demo&kind=general"))["items"]]

    assert unread() == [instruction["id"]]
    read = made(api.post(f"{own}/acknowledge", json={"employee_id": "emp_demo", "edition": 1}))
    assert unread() == []
    assert made(api.post(f"{own}/acknowledge", json={"employee_id": "emp_demo", "edition": 1})) == read
    made(api.post(f"{own}/revise", json={"text": "Autre texte."}))
    assert unread() == [instruction["id"]]
    told = refused(api.post(f"{own}/acknowledge", json={"employee_id": "emp_demo", "edition": 1}), 409)
    assert told["current"]["edition"] == 2
    made(api.post(f"{own}/acknowledge", json={"employee_id": "emp_demo", "edition": 2}))
    both = made(api.get(f"{own}/acknowledgements?employee_id=emp_demo"))["items"]
    assert [item["edition"] for item in both] == [1, 2]
    assert made(api.get(f"{own}/acknowledgements?edition=1"))["items"] == [read]


def test_an_instruction_has_to_be_read_only_while_it_is_in_force(api: httpx.Client, clock: Clock) -> None:
    publish(
        api,
        kind="temporary",
        valid_from="2026-11-08T00:00:00Z",
        valid_until="2026-11-09T00:00:00Z",
    )
    publish(api, must_read=False)

    def unread() -> int:
        return len(made(api.get("/instructions?unread_by=emp_demo&site_id=sit_tour"))["items"])

    counts = [unread()]
    for _ in range(2):
        clock.advance(24 * 3600)
        counts.append(unread())
    assert counts == [0, 1, 0]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"kind": "general"}, "$.site_id"),
        ({"site_id": None}, "$.site_id"),
        ({"site_id": "sit_nobody"}, "$.site_id"),
        ({"kind": "temporary"}, "$.valid_until"),
        ({"kind": "shift"}, "$.shift_id"),
        ({"shift_id": "shf_1"}, "$.shift_id"),
        ({"kind": "shift", "shift_id": "shf_nobody"}, "$.shift_id"),
        ({"post_id": "pst_nobody"}, "$.post_id"),
        ({"valid_from": "2026-11-08T00:00:00Z", "valid_until": "2026-11-08T00:00:00Z"}, "$.valid_until"),
    ],
)
def test_an_instruction_is_for_a_place_and_a_time(shared_api: httpx.Client, changes: dict[str, Any], path: str) -> None:
    body = {"kind": "site", "site_id": "sit_tour", "title": "T", "text": "X"} | changes
    at_fault(shared_api.post("/instructions", json=body), path)


def test_a_post_of_another_site_is_none_of_an_instructions(shared_api: httpx.Client) -> None:
    post = create(shared_api, "/posts")
    body = {"kind": "site", "site_id": "sit_tour", "title": "T", "text": "X", "post_id": post["id"]}
    at_fault(shared_api.post("/instructions", json=body), "$.post_id")
    made(shared_api.post("/instructions", json=body | {"site_id": post["site_id"]}))


def test_an_instruction_past_its_end_is_not_published_and_a_revision_says_something(shared_api: httpx.Client) -> None:
    late = create(shared_api, "/instructions", kind="temporary", valid_until="2026-11-07T19:00:00Z")
    at_fault(shared_api.post(f"/instructions/{late['id']}/publish"), "$.valid_until")
    published = publish(shared_api)
    at_fault(shared_api.post(f"/instructions/{published['id']}/revise", json={}), "$")


def test_a_draft_or_gone_employee_acknowledges_nothing(shared_api: httpx.Client) -> None:
    own = f"/instructions/{publish(shared_api)['id']}"
    draft = create(shared_api, "/employees")
    for employee in (draft["id"], "emp_nobody"):
        at_fault(shared_api.post(f"{own}/acknowledge", json={"employee_id": employee, "edition": 1}), "$.employee_id")


def test_the_lists_below_an_instruction_need_it(shared_api: httpx.Client) -> None:
    for name in ("editions", "acknowledgements"):
        refused(shared_api.get(f"/instructions/ins_nobody/{name}"), 404)


# documents


def upload(api: httpx.Client) -> dict[str, Any]:
    headers = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="carte.pdf"'}
    return made(api.post("/attachments", content=b"%PDF-1.7 essai", headers=headers))


def test_a_document_is_a_stored_file_about_somebody(api: httpx.Client, sandbox: SandboxServer) -> None:
    file, after = upload(api), sandbox.feed.latest
    body = {
        "attachment_id": file["id"],
        "sha256": file["sha256"],
        "kind": "card_check",
        "title": "Vérification",
        "subject_kind": "employee",
        "subject_id": "emp_demo",
        "retain_until": "2026-11-07",
    }
    document = made(api.post("/documents", json=body))
    assert {name: document[name] for name in ("sha256", "size", "content_type")} == {
        name: file[name] for name in ("sha256", "size", "content_type")
    }
    assert api.get(f"/documents/{document['id']}/content").content == b"%PDF-1.7 essai"
    part = api.get(f"/documents/{document['id']}/content", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")
    found = made(api.get("/documents?subject_kind=employee&subject_id=emp_demo&retained_before=2026-11-08"))["items"]
    assert found == [document]
    own = f"/documents/{document['id']}"
    archived = made(api.post(f"{own}/archive"))
    assert archived["status"] == "archived"
    assert refused(api.patch(own, json={"title": "X"}, headers=ANY), 409)["allowed"] == ["restore"]
    assert refused(api.post(f"{own}/archive"), 409)["allowed"] == ["restore"]
    made(api.post(f"{own}/restore"))
    assert refused(api.post(f"{own}/restore"), 409)["allowed"] == ["archive"]
    types = [type_ for _, type_, _ in sandbox.feed.read(after, frozenset())[0]]
    assert types == ["document.created", "document.updated", "document.updated"]
    checked = api.post(
        f"/cards/{made(api.get('/cards?employee_id=emp_demo'))['items'][0]['id']}/check",
        json={"result": "valid", "document_id": document["id"]},
    )
    assert made(checked)["check_document_id"] == document["id"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"attachment_id": "att_nobody"}, "$.attachment_id"),
        ({"sha256": "0" * 64}, "$.sha256"),
        ({"sha256": "0" * 63}, "$.sha256"),
        ({"subject_kind": "site"}, "$.subject_id"),
        ({"subject_kind": "device"}, "$.subject_kind"),
        ({"retain_until": "2026-11-06"}, "$.retain_until"),
        ({"kind": "selfie"}, "$.kind"),
    ],
)
def test_a_document_keeps_its_rules(shared_api: httpx.Client, changes: dict[str, str], path: str) -> None:
    body = {
        "attachment_id": upload(shared_api)["id"],
        "kind": "card",
        "title": "T",
        "subject_kind": "employee",
        "subject_id": "emp_demo",
    }
    at_fault(shared_api.post("/documents", json=body | changes), path)


def test_who_may_not_read_documents_gets_neither_them_nor_their_content(shared_api: httpx.Client) -> None:
    weak = {"Authorization": f"Bearer {create(shared_api, '/tokens', scopes=['logbook:read'])['secret']}"}
    refused(shared_api.get("/documents", headers=weak), 403)
    refused(shared_api.get("/documents/doc_x/content", headers=weak), 403)
