"""The one way in: write data sets as a message of some form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hub.formats.data.check import check
from hub.formats.data.csv_message import write_csv
from hub.formats.data.form import DataForm, Family
from hub.formats.data.json_message import write_json
from hub.formats.data.ml_message import write_ml
from hub.formats.message import DataSet, Header

_Writer = Callable[[Header, Sequence[DataSet], DataForm, tuple[str, ...]], Iterator[bytes]]
_WRITERS: dict[Family, _Writer] = {
    Family.CSV: write_csv,
    Family.JSON: write_json,
    Family.STRUCTURE_SPECIFIC: write_ml,
    Family.GENERIC: write_ml,
}


def write(
    header: Header,
    datasets: Sequence[DataSet],
    form: DataForm,
    languages: Sequence[str] = (),
) -> Iterator[bytes]:
    """Write data sets as one message, in chunks of UTF-8 bytes.

    `languages` are those wanted for names, best first; none, or `*` among them, means all that
    there are, where the form can hold several. Given equal arguments the bytes are equal, however
    the observations are cut into batches. Batches are read as the chunks are taken.

    Before the first chunk: raises NotAcceptable where the form has no place for what is to be
    written, Unprocessable where the dimension at observation level does not exist.
    """
    check(datasets, form)
    return _WRITERS[form.family](header, datasets, form, tuple(languages))
