"""Registry messages of SDMX-ML: what is asked of a registry, and what it answers."""

from hub.formats.registry.answers import (
    Status,
    StructureResult,
    write_registration_results,
    write_registrations,
    write_structure_results,
)
from hub.formats.registry.form import (
    FORMS,
    REGISTRY_21,
    REGISTRY_30,
    REGISTRY_31,
    RegistryForm,
)
from hub.formats.registry.requests import RegistrationRequest, read_registration_requests

__all__ = [
    "FORMS",
    "REGISTRY_21",
    "REGISTRY_30",
    "REGISTRY_31",
    "RegistrationRequest",
    "RegistryForm",
    "Status",
    "StructureResult",
    "read_registration_requests",
    "write_registration_results",
    "write_registrations",
    "write_structure_results",
]
