"""The clauses of the standard that the suite goes by: SDMX REST 2.2, and 1.5 where it differs."""

from __future__ import annotations

CLAUSES = {
    "1": "Rules common to all resources",
    "2 context": "Data: context, agency, id",
    "2 key": "Data: key",
    "2 counts": "Data: firstNObservations, lastNObservations",
    "2 packaging": "Data: dimensionAtObservation",
    "2 content": "Data: attributes, measures",
    "2 pages": "Data: offset, limit",
    "2.1": "Data: sort",
    "3": "Availability",
    "4": "Version queries",
    "5": "Component filters",
    "5.1": "Time in queries",
    "6": "Actions and history",
    "7.1": "Media types",
    "7.2": "Choosing a representation",
    "7.3": "Language and compression",
    "7.4": "Parameters in place of headers",
    "8 conditional": "Conditional requests",
    "8 limits": "Limits",
    "8 CORS": "Cross-origin access, methods",
    "9": "Structure queries",
    "9.1": "Schemas",
    "10 data": "API 1.5: data",
    "10 availability": "API 1.5: availability",
    "10 structure": "API 1.5: structures",
    "11": "Status codes and errors",
    "12": "Messages",
    "generated": "Generated requests, both APIs",
}
