"""Demo data: an invented company, put into an empty store.

Names, numbers and places are made up: the SIREN numbers have the right key and belong to nobody that we know of.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sekur_sdk.models.clients import ClientStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.fleet import DeviceStatus
from sekur_sdk.models.logbook import LogbookCategory, Severity
from sekur_sdk.models.planning import ShiftStatus
from sekur_sdk.models.sites import SiteStatus
from sekur_sdk.models.subscription import LicencePack, OverageBilling, SubscriptionTerm
from sekur_sdk.sandbox.access import ALL_SCOPES, Caller
from sekur_sdk.sandbox.inputs.access import RoleCreate
from sekur_sdk.sandbox.inputs.billing import Buyer, QuoteCreate, QuoteLine
from sekur_sdk.sandbox.inputs.company import PostCreate
from sekur_sdk.sandbox.inputs.instructions import InstructionCreate
from sekur_sdk.sandbox.inputs.people import EmployeeCreate, EmploymentCreate, QualificationCreate, QualificationName
from sekur_sdk.sandbox.inputs.planning import AbsenceCreate, CycleCreate, Slot
from sekur_sdk.sandbox.inputs.rounds import CheckpointCreate, TemplateCreate
from sekur_sdk.sandbox.store.records import clients, devices, orders, organisations, payroll_settings, shifts, sites
from sekur_sdk.sandbox.trade.absences import create_absence
from sekur_sdk.sandbox.trade.accounts import create_role
from sekur_sdk.sandbox.trade.billing import PARIS, french_day
from sekur_sdk.sandbox.trade.cards import create_qualification
from sekur_sdk.sandbox.trade.checkpoints import create_checkpoint, create_template
from sekur_sdk.sandbox.trade.company import create_post
from sekur_sdk.sandbox.trade.cycles import create_cycle
from sekur_sdk.sandbox.trade.employees import create_employee
from sekur_sdk.sandbox.trade.employment import create_contract, sign
from sekur_sdk.sandbox.trade.instructions import create_instruction, publish
from sekur_sdk.sandbox.trade.logbook import append_entry
from sekur_sdk.sandbox.trade.planning import post_of
from sekur_sdk.sandbox.trade.quotes import create_quote

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

DEMO_TENANT = "demo"
DEMO_DEVICE = "dev_demo"
DEMO_EMPLOYEE = "emp_demo"
DEMO_SITE = "sit_entrepot"

_CLIENTS = (
    ("clt_grand_large", "Logistique du Grand-Large", "999001076", "4 quai des Entrepôts, 93300 Aubervilliers"),
    ("clt_belvedere", "Foncière Belvédère", None, "12 parvis du Belvédère, 92800 Puteaux"),
    ("clt_tilleuls", "Les Tilleuls Exploitation", None, "30 avenue des Tilleuls, 93100 Montreuil"),
    ("clt_quai_neuf", "Bâtisseurs du Quai Neuf", None, "1 quai Neuf, 94200 Ivry-sur-Seine"),
)

_SITES = (
    (DEMO_SITE, "Entrepôt du Grand-Large", _CLIENTS[0], 48.9072, 2.3831, 250.0),
    ("sit_tour", "Tour Belvédère", _CLIENTS[1], 48.8915, 2.2402, 120.0),
    ("sit_tilleuls", "Centre commercial Les Tilleuls", _CLIENTS[2], 48.8621, 2.4435, 300.0),
    ("sit_chantier", "Chantier du Quai Neuf", _CLIENTS[3], 48.8157, 2.3963, 180.0),
)

_EMPLOYEES = (
    (DEMO_EMPLOYEE, "A0107", "Camille", "Rochefontaine", "Agent de sécurité confirmé", 140, "2022-11-15", "2029-03-14", "20240318042"),
    ("emp_diallo", "A0102", "Mamadou", "Valdiallo", "Chef de poste", 150, "2019-05-02", "2027-09-30", "20220907311"),
    ("emp_lenoir", "A0111", "Sophie", "Lenoir-Vasseur", "Agent de sécurité confirmé", 140, "2023-02-01", "2028-01-19", "20230124518"),
    ("emp_benali", "A0114", "Karim", "Ben Alidor", "Agent rondier", 140, "2021-09-13", "2027-02-08", "20220213077"),
    ("emp_moreau", "A0118", "Julien", "Moreaulac", "Agent cynophile", 140, "2020-01-06", "2029-11-02", "20241105263"),
    ("emp_nguyen", "A0121", "Linh", "Nguyenval", "SSIAP 1", 140, "2024-04-22", "2029-04-10", "20240415629"),
    ("emp_silva", "A0125", "Inês", "Da Silveirac", "Agent de sécurité qualifié", 130, "2025-06-16", "2030-05-27", "20250602114"),
    ("emp_petit", "A0130", "Hugo", "Petitjean-Morel", "Agent de sécurité qualifié", 130, "2026-03-02", "2031-02-11", "20260216385"),
)  # fmt: skip

_QUALIFICATIONS: dict[str, tuple[QualificationName, ...]] = {
    "emp_moreau": ("cynophile",),
    "emp_nguyen": ("ssiap_1", "sst"),
    "emp_diallo": ("sst",),
}

_ROLES = (
    ("Administration", ALL_SCOPES),
    (
        "Exploitation",
        (
            "clients:read",
            "sites:write",
            "employees:read",
            "planning:write",
            "duties:write",
            "rounds:write",
            "devices:write",
        ),
    ),
    (
        "Poste central",
        (
            "sites:read",
            "employees:read",
            "planning:read",
            "duties:read",
            "logbook:write",
            "rounds:write",
            "alerts:write",
        ),
    ),
    ("Ressources humaines", ("employees:write", "documents:write", "planning:read", "duties:read")),
)

_NIGHT = (time(19, 0), timedelta(hours=12))
_DAY = (time(7, 0), timedelta(hours=12))
_POSTS = (
    # post, site, when, who takes turns
    ("Rondier nuit", DEMO_SITE, _NIGHT, (DEMO_EMPLOYEE, "emp_benali")),
    ("Poste de garde jour", DEMO_SITE, _DAY, ("emp_diallo", "emp_silva")),
    ("PC sécurité jour", "sit_tour", _DAY, ("emp_nguyen", "emp_lenoir")),
    ("Surveillance nuit", "sit_chantier", _NIGHT, ("emp_moreau", "emp_petit")),
)
_DAYS_AROUND = range(-3, 5)


def seed(tx: Transaction) -> None:
    """Write the demo data, unless there is an organisation already."""
    if organisations.first(tx.connection) is not None:
        return
    organisations.create(
        tx,
        internal={"tenant": DEMO_TENANT},
        id_="org_demo",
        name="Vigie Fictive Sécurité",
        legal_form="SAS au capital de 40 000 €",
        siren=_SIREN,
        siret=_SIRET,
        vat_number=_VAT,
        authorisation_number="AUT-075-2124-07-01-20250900001",
        address="18 rue de l'Exemple, 75011 Paris",
        email="contact@vigie-fictive.example",
        phone="+33 1 99 00 12 34",
    )
    _seed_subscription(tx)
    _seed_sites(tx)
    _seed_employees(tx)
    _seed_instructions(tx)
    _seed_roles(tx)
    _seed_devices(tx)
    _seed_shifts(tx)
    _seed_cycle(tx)
    _seed_absence(tx)
    _seed_quote(tx)
    _seed_logbook(tx)
    _seed_rounds(tx)


_SIREN = "999000425"
_SIRET = "99900042500010"
_VAT = "FR47999000425"


def _seed_subscription(tx: Transaction) -> None:
    orders.create(
        tx,
        id_="sub_demo",
        packs=(LicencePack(size=10, count=1),),
        term=SubscriptionTerm.MONTHLY,
        overage_billing=OverageBilling.MONTHLY,
        company_created_on=date(2019, 3, 1),
        ordered_on=date(2026, 1, 5),
        go_live_on=date(2026, 1, 15),
    )
    payroll_settings.create(tx, id_="pys_demo", codes={})


def _seed_sites(tx: Transaction) -> None:
    for id_, name, siren, address in _CLIENTS:
        clients.create(
            tx, id_=id_, name=name, siren=siren, billing_address=address, payment_days=30, status=ClientStatus.ACTIVE
        )
    for id_, name, (client_id, customer, _, address), lat, lon, radius in _SITES:
        sites.create(
            tx,
            id_=id_,
            name=name,
            client_id=client_id,
            customer_name=customer,
            address=address,
            lat=lat,
            lon=lon,
            radius_m=radius,
            time_zone="Europe/Paris",
            status=SiteStatus.ACTIVE,
        )
    for name, site_id, *_ in _POSTS:
        create_post(tx, PostCreate(site_id=site_id, name=name, qualifications=["tfp_aps"]))


def _seed_employees(tx: Transaction) -> None:
    # the register has them in the order of hiring
    for id_, number, first, last, job, coefficient, hired, expires, card in sorted(_EMPLOYEES, key=lambda row: row[6]):
        hired_on = date.fromisoformat(hired)
        create_employee(
            tx,
            EmployeeCreate(
                staff_number=number,
                first_name=first,
                last_name=last,
                job_title=job,
                coefficient=coefficient,
                hired_on=hired_on,
                card_number=f"CAR-075-{expires}-{card}",
                nationality="FR",
            ),
            id_=id_,
        )
        kinds: tuple[QualificationName, ...] = ("tfp_aps", *_QUALIFICATIONS.get(id_, ()))
        for kind in kinds:
            create_qualification(tx, QualificationCreate(employee_id=id_, kind=kind, obtained_on=hired_on))
        contract = create_contract(
            tx,
            EmploymentCreate(
                employee_id=id_,
                kind="cdi",
                job_title=job,
                coefficient=coefficient,
                weekly_hours=Decimal(35),
                starts_on=hired_on,
                dpae_number=f"DPAE-{hired}-{number}",
                dpae_filed_on=hired_on - timedelta(days=2),
            ),
        )
        sign(tx, contract, hired_on)


def _seed_instructions(tx: Transaction) -> None:
    instruction = create_instruction(
        tx,
        InstructionCreate(
            kind="site",
            site_id=DEMO_SITE,
            title="Ouverture du quai 3",
            text="Le quai 3 reste fermé de 20 h à 5 h ; appeler le responsable avant toute ouverture.",
        ),
    )
    publish(tx, instruction, by="Poste central")


def _seed_roles(tx: Transaction) -> None:
    everything = Caller("seed", "seed", frozenset(ALL_SCOPES))
    for name, scopes in _ROLES:
        create_role(tx, RoleCreate(name=name, scopes=list(scopes)), everything)


def _seed_devices(tx: Transaction) -> None:
    for id_, label, employee_id, site_id in (
        (DEMO_DEVICE, "PTI 07", DEMO_EMPLOYEE, DEMO_SITE),
        ("dev_pti_08", "PTI 08", "emp_benali", DEMO_SITE),
        ("dev_pti_09", "PTI 09", "emp_moreau", "sit_chantier"),
    ):
        devices.create(
            tx,
            id_=id_,
            label=label,
            model="Raspberry Pi Zero 2 W, ADXL345",
            employee_id=employee_id,
            site_id=site_id,
            status=DeviceStatus.ACTIVE,
            online=False,
        )


def _seed_shifts(tx: Transaction) -> None:
    today = french_day(tx.now)
    for offset in _DAYS_AROUND:
        for post, site_id, (start, length), turns in _POSTS:
            starts_at = datetime.combine(today + timedelta(days=offset), start, PARIS)
            ends_at = starts_at + length
            name, post_id = post_of(tx, site_id, post, None)
            shift = shifts.create(
                tx,
                site_id=site_id,
                employee_id=turns[offset % len(turns)],
                post=name,
                post_id=post_id,
                starts_at=starts_at,
                ends_at=ends_at,
                break_minutes=20,
                published_at=starts_at - timedelta(days=14),
                status=_status(tx.now, starts_at, ends_at),
            )
            tx.record(EventType.SHIFT_CREATED, shift)


def _seed_cycle(tx: Transaction) -> None:
    post, site_id, _, turns = _POSTS[3]
    create_cycle(
        tx,
        CycleCreate(
            name="Deux nuits sur quatre",
            site_id=site_id,
            post=post,
            length_days=4,
            anchor_on=french_day(tx.now),
            slots=[
                Slot(day=day, start="19:00", end="07:00", employee_id=turns[(day - 1) // 2], break_minutes=20)
                for day in (1, 2, 3, 4)
            ],
        ),
    )


def _seed_absence(tx: Transaction) -> None:
    first = datetime.combine(french_day(tx.now) + timedelta(days=20), time(), PARIS)
    asked = AbsenceCreate(
        employee_id="emp_silva", kind="conge_paye", starts_at=first, ends_at=first + timedelta(days=7)
    )
    create_absence(tx, asked)


def _status(now: datetime, starts_at: datetime, ends_at: datetime) -> ShiftStatus:
    if ends_at <= now:
        return ShiftStatus.DONE
    if starts_at <= now:
        return ShiftStatus.IN_PROGRESS
    return ShiftStatus.PUBLISHED


def _seed_quote(tx: Transaction) -> None:
    create_quote(
        tx,
        QuoteCreate(
            site_id=DEMO_SITE,
            buyer=Buyer(
                name="Logistique du Grand-Large",
                address="4 quai des Entrepôts, 93300 Aubervilliers",
                siren=_BUYER_SIREN,
                vat_number=_BUYER_VAT,
                email="comptabilite@grand-large.example",
            ),
            title="Surveillance de nuit",
            lines=[
                QuoteLine(
                    kind="night",
                    description="Agent de sécurité, heures de nuit",
                    quantity=Decimal(270),
                    unit_price=Decimal("27.45"),
                ),
                QuoteLine(
                    kind="sunday",
                    description="Agent de sécurité, heures de dimanche",
                    quantity=Decimal(48),
                    unit_price=Decimal("29.90"),
                ),
                QuoteLine(
                    kind="flat", description="Mise à disposition d'un PTI", quantity=Decimal(1), unit_price=Decimal(35)
                ),
            ],
            valid_until=french_day(tx.now) + timedelta(days=30),
        ),
    )


_BUYER_SIREN = "999001076"
_BUYER_VAT = "FR60999001076"


def _seed_logbook(tx: Transaction) -> None:
    for hours, author, category, severity, text in (
        (11.0, "emp_diallo", LogbookCategory.DUTY_START, Severity.INFO, "Prise de service, consignes lues, RAS."),
        (8.5, "emp_diallo", LogbookCategory.DELIVERY, Severity.INFO, "Livraison au quai 3, bon vérifié, départ du véhicule."),
        (5.0, "emp_diallo", LogbookCategory.ANOMALY, Severity.LOW, "Éclairage du parking Est en panne, prestataire prévenu."),
        (1.0, "emp_diallo", LogbookCategory.HANDOVER, Severity.INFO, "Relève, clés et main courante transmises."),
    ):  # fmt: skip
        append_entry(
            tx,
            site_id=DEMO_SITE,
            author_id=author,
            category=category,
            severity=severity,
            text=text,
            occurred_at=tx.now - timedelta(hours=hours),
        )


def _seed_rounds(tx: Transaction) -> None:
    places = [
        create_checkpoint(
            tx,
            CheckpointCreate(
                site_id=DEMO_SITE,
                name=name,
                tag_kind="nfc",
                tag=f"demo-{number}",
                lat=48.9072 + offset,
                lon=2.3831,
                radius_m=40,
            ),
        )
        for number, (name, offset) in enumerate(
            (("Portail nord", 0.0012), ("Quai 3", 0.0), ("Local technique", -0.0008)), start=1
        )
    ]
    create_template(
        tx,
        TemplateCreate(
            site_id=DEMO_SITE,
            name="Ronde de nuit",
            mode="ordered",
            checkpoint_ids=[place.id for place in places],
            expected_minutes=45,
        ),
    )
