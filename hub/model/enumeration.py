"""What may enumerate the values of a component."""

from __future__ import annotations

from hub.model.codelists import Code, Codelist, ValueList
from hub.model.concepts import Concept, ConceptScheme

#: A concept scheme enumerates the values of a measure dimension (SDMX 2.1) alone.
Enumeration = Codelist | ValueList | ConceptScheme
Enumerated = Code | Concept
