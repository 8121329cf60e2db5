"""Writes artefacts as a structure message."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from hub.errors import NotAcceptable
from hub.formats.message import Header
from hub.formats.structure.expressible import is_known_kind, obstacle, reduced
from hub.formats.structure.form import Family, StructureForm
from hub.formats.structure.json.message import write_json
from hub.formats.structure.languages import Languages
from hub.formats.structure.ml.message import write_ml
from hub.formats.structure.stub import Stub
from hub.model import Maintainable, Reference


def write(
    header: Header,
    artefacts: Iterable[Maintainable],
    form: StructureForm,
    languages: Sequence[str] | None = None,
    *,
    as_stub: Callable[[Reference], bool] | Collection[Reference] = (),
    stub: Stub = Stub.NAMED,
) -> bytes:
    """Write artefacts as a structure message, in UTF-8.

    `languages` None writes them all; otherwise every text comes once, in the best match. Artefacts
    that `as_stub` names (a test or a collection) are written as stubs, which say as much as `stub`:
    identification and name, or description and annotations too.

    Kinds of artefacts the form does not have are left out, unless nothing would be left. Raises
    NotAcceptable for an artefact the form cannot express, naming it and a form that can; ask
    `obstacle` beforehand where such artefacts are rather to be passed over.
    """
    given = list(artefacts)
    known = [artefact for artefact in given if is_known_kind(artefact, form)]
    if given and not known:
        raise NotAcceptable(str(obstacle(given[0], form)))

    def stub_of(artefact: Maintainable) -> Stub | None:
        ref = artefact.reference
        named = as_stub(ref) if callable(as_stub) else ref in as_stub
        return stub if named else None

    for artefact in known:
        reason = obstacle(artefact, form, is_stub=stub_of(artefact) is not None)
        if reason is not None:
            raise NotAcceptable(reason)
    writer = write_ml if form.family is Family.ML else write_json
    chosen = [reduced(artefact, form) for artefact in known]
    return writer(header, chosen, form, Languages(languages), stub_of)
