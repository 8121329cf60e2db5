"""JSON Schemas for SDMX-JSON data messages of one structure, versions 2.0 and 2.1."""
