"""What the framework can't tell by itself of the contract, for the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litestar._openapi.schema_generation.plugins.struct import StructSchemaPlugin
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, OpenAPIType, Schema, SecurityScheme
from litestar.plugins import OpenAPISchemaPlugin

from sekur_sdk.models.scalars import MAX_DIGITS, Amount, Rate
from sekur_sdk.sandbox.document import ServedDocument
from sekur_sdk.sandbox.inputs.body import Strict
from sekur_sdk.sandbox.release import RELEASE

if TYPE_CHECKING:
    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.typing import FieldDefinition

_PLACES: dict[object, tuple[int, str]] = {
    Amount: (2, "Euros, 2 decimals."),
    Rate: (4, "A unit price, a quantity or a rate, 4 decimals."),
}


class DecimalSchema(OpenAPISchemaPlugin):
    """Decimals are strings in plain digits."""

    @staticmethod
    def is_plugin_supported_type(value: object) -> bool:
        """Whether it is one of the contract's decimals."""
        return isinstance(value, type) and value in _PLACES

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Schema:
        """The decimal's schema."""
        del schema_creator
        places, told = _PLACES[field_definition.annotation]
        return Schema(
            type=OpenAPIType.STRING,
            pattern=rf"^-?(0|[1-9][0-9]{{0,{MAX_DIGITS - places - 1}}})(\.[0-9]{{1,{places}}})?$",
            description=f"{told} At most {MAX_DIGITS - places} digits before the point.",
        )


class StrictSchema(StructSchemaPlugin):
    """Inputs take no other fields than their own."""

    @staticmethod
    def is_plugin_supported_type(value: object) -> bool:
        """Whether it is one of the sandbox's inputs."""
        return isinstance(value, type) and issubclass(value, Strict)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Schema:
        """The input's schema, closed."""
        schema = super().to_openapi_schema(field_definition, schema_creator)
        schema.additional_properties = False
        return schema


def openapi_config(base: str) -> OpenAPIConfig:
    """The document's head, served at `{base}/openapi.json`."""
    return OpenAPIConfig(
        title="SEKUR (contract of sekur-sdk)",
        version=RELEASE,
        description="Unofficial: the contract is this project's own.",
        path=f"{base}/openapi.json",
        render_plugins=[ServedDocument(path="/")],
        components=Components(
            security_schemes={
                "token": SecurityScheme(
                    type="http", scheme="bearer", description="A static token, or one of POST /oauth/token."
                )
            }
        ),
        use_handler_docstrings=True,
        security=[{"token": []}],
    )
