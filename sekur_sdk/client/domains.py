"""What a client can be asked about, the same for both shells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from sekur_sdk.client.lazy import lazy
from sekur_sdk.client.shells import ShellT

if TYPE_CHECKING:
    from sekur_sdk.client.resources.absences import Absences
    from sekur_sdk.client.resources.access import ApiTokens, Roles, Users
    from sekur_sdk.client.resources.alerts import Alerts
    from sekur_sdk.client.resources.availability import AvailabilityIncidents
    from sekur_sdk.client.resources.billing import Invoices, Quotes
    from sekur_sdk.client.resources.client_access import ClientTokens, ClientUsers, Shares
    from sekur_sdk.client.resources.clients import Clients
    from sekur_sdk.client.resources.contracts import Contracts
    from sekur_sdk.client.resources.cycles import Cycles
    from sekur_sdk.client.resources.duties import Duties
    from sekur_sdk.client.resources.employees import (
        Cards,
        Employees,
        EmploymentContracts,
        PersonnelRegister,
        Qualifications,
    )
    from sekur_sdk.client.resources.fleet import Devices
    from sekur_sdk.client.resources.geolocation import Positions
    from sekur_sdk.client.resources.instructions import Instructions
    from sekur_sdk.client.resources.logbook import Logbook
    from sekur_sdk.client.resources.organisation import OwnOrganisation
    from sekur_sdk.client.resources.payments import CreditNotes, Payments
    from sekur_sdk.client.resources.payroll import OwnPayrollSettings, PayrollRuns
    from sekur_sdk.client.resources.planning import Shifts
    from sekur_sdk.client.resources.privacy import Privacy
    from sekur_sdk.client.resources.pti import PtiSessions
    from sekur_sdk.client.resources.rounds import Checkpoints, Rounds, RoundTemplates, Scans
    from sekur_sdk.client.resources.signatures import SignatureRequests
    from sekur_sdk.client.resources.sites import Posts, Sites
    from sekur_sdk.client.resources.subscription import OwnSubscription
    from sekur_sdk.client.resources.webhooks import WebhookDeliveries, Webhooks


class Domains(Generic[ShellT]):
    """One attribute for each kind of resource, loaded when first used."""

    organisation: OwnOrganisation[ShellT] = lazy("OwnOrganisation")
    """The company an account belongs to."""
    sites: Sites[ShellT] = lazy("Sites")
    """Guarded places."""
    employees: Employees[ShellT] = lazy("Employees")
    """The people who work for the company."""
    roles: Roles[ShellT] = lazy("Roles", "access")
    """What users may do (habilitations)."""
    users: Users[ShellT] = lazy("Users", "access")
    """People's accounts."""
    api_tokens: ApiTokens[ShellT] = lazy("ApiTokens", "access")
    """Static tokens."""
    clients: Clients[ShellT] = lazy("Clients")
    """Who orders the guarding (donneurs d'ordre)."""
    posts: Posts[ShellT] = lazy("Posts", "sites")
    """What guards do at sites (postes)."""
    instructions: Instructions[ShellT] = lazy("Instructions")
    """Consignes that guards must have read."""
    personnel_register: PersonnelRegister[ShellT] = lazy("PersonnelRegister", "employees")
    """The register of the people hired."""
    cards: Cards[ShellT] = lazy("Cards", "employees")
    """Professional cards."""
    qualifications: Qualifications[ShellT] = lazy("Qualifications", "employees")
    """Qualifications of employees."""
    employment_contracts: EmploymentContracts[ShellT] = lazy("EmploymentContracts", "employees")
    """Contracts of employment."""
    shifts: Shifts[ShellT] = lazy("Shifts", "planning")
    """The planning."""
    absences: Absences[ShellT] = lazy("Absences")
    """When employees do not work."""
    cycles: Cycles[ShellT] = lazy("Cycles")
    """Patterns of shifts that repeat."""
    duties: Duties[ShellT] = lazy("Duties")
    """Start, breaks and end of service."""
    quotes: Quotes[ShellT] = lazy("Quotes", "billing")
    """Quotes."""
    invoices: Invoices[ShellT] = lazy("Invoices", "billing")
    """Invoices."""
    contracts: Contracts[ShellT] = lazy("Contracts")
    """Contracts with clients."""
    credit_notes: CreditNotes[ShellT] = lazy("CreditNotes", "payments")
    """Credit notes (avoirs)."""
    payments: Payments[ShellT] = lazy("Payments")
    """Payments of invoices."""
    payroll_runs: PayrollRuns[ShellT] = lazy("PayrollRuns", "payroll")
    """Pre-payroll, a month at a time."""
    payroll_settings: OwnPayrollSettings[ShellT] = lazy("OwnPayrollSettings", "payroll")
    """How the payroll software calls the codes."""
    subscription: OwnSubscription[ShellT] = lazy("OwnSubscription", "subscription")
    """The subscription to SEKUR."""
    availability_incidents: AvailabilityIncidents[ShellT] = lazy("AvailabilityIncidents", "availability")
    """Times without service, and what is due for them."""
    logbook: Logbook[ShellT] = lazy("Logbook")
    """The logbooks (main courante) of the sites."""
    checkpoints: Checkpoints[ShellT] = lazy("Checkpoints", "rounds")
    """Places to pass by (pointeaux)."""
    round_templates: RoundTemplates[ShellT] = lazy("RoundTemplates", "rounds")
    """Rounds to be made, with their schedules."""
    rounds: Rounds[ShellT] = lazy("Rounds")
    """Rounds (rondes)."""
    scans: Scans[ShellT] = lazy("Scans", "rounds")
    """What was scanned."""
    devices: Devices[ShellT] = lazy("Devices", "fleet")
    """Wearables."""
    alerts: Alerts[ShellT] = lazy("Alerts")
    """Calls for help and technical alarms."""
    positions: Positions[ShellT] = lazy("Positions", "geolocation")
    """Where wearables were."""
    pti_sessions: PtiSessions[ShellT] = lazy("PtiSessions", "pti")
    """Lone-worker protection."""
    privacy: Privacy[ShellT] = lazy("Privacy")
    """Retention, and the rights of persons."""
    webhooks: Webhooks[ShellT] = lazy("Webhooks")
    """Events sent to an integrator's own server."""
    webhook_deliveries: WebhookDeliveries[ShellT] = lazy("WebhookDeliveries", "webhooks")
    """What became of them."""
    client_users: ClientUsers[ShellT] = lazy("ClientUsers", "client_access")
    """Clients' own people."""
    client_tokens: ClientTokens[ShellT] = lazy("ClientTokens", "client_access")
    """Tokens of clients' people."""
    shares: Shares[ShellT] = lazy("Shares", "client_access")
    """What clients are shown."""
    signature_requests: SignatureRequests[ShellT] = lazy("SignatureRequests", "signatures")
    """Documents for people to sign."""
