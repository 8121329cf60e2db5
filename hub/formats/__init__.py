"""Record batches and artefacts as SDMX messages, and back."""
