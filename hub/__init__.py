"""The Corridor node: publishes, stores and serves migration statistics over SDMX."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("corridor-hub")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"

__all__ = ["__version__"]
