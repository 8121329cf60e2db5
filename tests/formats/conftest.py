"""The structure and the rows of the tests of writers, for tests that write and read."""

from tests.formats.data.conftest import (  # noqa: F401
    build,
    form,
    header,
    message,
    rows,
    schema,
)
