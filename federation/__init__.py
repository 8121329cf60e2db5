"""Working with partners: harvest, mirror, cross-check, derivation."""
