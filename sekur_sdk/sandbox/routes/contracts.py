"""Contracts with clients."""

from __future__ import annotations

from sekur_sdk.models.billing import Invoice
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.contracts import (
    ContractCreate,
    ContractEnd,
    ContractInvoice,
    ContractSign,
    ContractStatusName,
    ContractUpdate,
)
from sekur_sdk.sandbox.routes.resource import Routes
from sekur_sdk.sandbox.store.records import contracts
from sekur_sdk.sandbox.trade import contracts as trade
from sekur_sdk.sandbox.trade.contract_invoices import invoice_contract

_CONTRACTS = Routes(path="/contracts", module="billing", what="contract", records=contracts)

HANDLERS = (
    _CONTRACTS.list(
        sorts=("number", "starts_on", "created_at", "updated_at"),
        equal={"status": ContractStatusName, "client_id": str, "site_id": str},
    ),
    _CONTRACTS.get(),
    _CONTRACTS.create(ContractCreate, lambda tx, data, _: trade.create_contract(tx, data)),
    _CONTRACTS.update(ContractUpdate, lambda tx, contract, data, _: trade.update_contract(tx, contract, data)),
    _CONTRACTS.step("sign", ContractSign, lambda tx, contract, data, _: trade.sign(tx, contract, data.signed_on)),
    _CONTRACTS.step("cancel", Nothing, lambda tx, contract, *_: trade.cancel(tx, contract)),
    _CONTRACTS.step("end", ContractEnd, lambda tx, contract, data, _: trade.end(tx, contract, data)),
    _CONTRACTS.step(
        "invoice",
        ContractInvoice,
        lambda tx, contract, data, _: invoice_contract(tx, contract, data),
        answer=Invoice,
        makes="/invoices",
    ),
)
