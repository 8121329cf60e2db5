"""Structure messages in SDMX-JSON 1.0, 2.0 and 2.1."""
