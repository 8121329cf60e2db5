"""Structure-specific XML Schemas, as SDMX-ML 2.1, 3.0 and 3.1 have them."""
