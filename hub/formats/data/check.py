"""What a form cannot hold, found before the first byte is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hub.errors import Internal, NotAcceptable
from hub.formats.data.form import DataForm, Family
from hub.formats.data.layout import at_observation
from hub.formats.message import Action, DataSet
from hub.model import TIME_PERIOD


def check(datasets: Sequence[DataSet], form: DataForm) -> None:
    """Raise NotAcceptable where the form has no place for what is to be written.

    Raises Unprocessable where a dimension at observation level does not exist.
    """
    if not datasets:
        raise Internal("a data message needs a data set, if only one without observations")
    if form.labels not in ("id", "name", "both") or form.keys not in (
        "none",
        "obs",
        "series",
        "both",
    ):
        raise NotAcceptable(
            f"labels={form.labels};keys={form.keys}: SDMX-CSV knows labels=id|name|both and "
            "keys=none|obs|series|both"
        )
    levels = [at_observation(dataset) for dataset in datasets]
    if form.is_simple:
        for dataset in datasets:
            _check_measures(dataset, form)
            _check_version(dataset, form)
    if form.is_time_series and set(levels) != {TIME_PERIOD}:
        raise NotAcceptable(
            f"{form.media_type} holds time series only: leave dimensionAtObservation out, "
            "or ask for the media type without 'timeseries'"
        )
    if form.family is Family.CSV and form.is_simple:
        _check_csv1(datasets, form)
    if form.family is Family.JSON and form.is_simple:
        _check_json1(datasets, levels)


def _check_measures(dataset: DataSet, form: DataForm) -> None:
    others = [
        c.id for c in dataset.schema.measures if c.id in dataset.columns and c.id != "OBS_VALUE"
    ]
    if others:
        raise NotAcceptable(
            f"{form.media_type} is of SDMX 2.1, whose only measure is OBS_VALUE; "
            f"{dataset.schema.context} has {', '.join(others)}: ask for a format of SDMX 3.0"
        )


def _check_version(dataset: DataSet, form: DataForm) -> None:
    """SDMX-ML 2.1 types versions as numbers, so that a draft cannot be named in its header."""
    context = dataset.schema.context
    if form.family not in (Family.CSV, Family.JSON) and "-" in context.version:
        raise NotAcceptable(
            f"{form.media_type} cannot name a version with an extension, and the data asked for is "
            f"that of {context}: ask for a format of SDMX 3.0"
        )


def _check_csv1(datasets: Sequence[DataSet], form: DataForm) -> None:
    if form.labels == "name":
        raise NotAcceptable("SDMX-CSV 1.0 knows labels=id and labels=both, not labels=name")
    for dataset in datasets:
        if dataset.schema.dataflow is None:
            raise NotAcceptable(
                f"SDMX-CSV 1.0 names the dataflow of each row, and {dataset.schema.context} is "
                "none: ask for a dataflow, or for SDMX-CSV 2.0"
            )
        if dataset.action is Action.DELETE:
            raise NotAcceptable(
                "SDMX-CSV 1.0 has no actions, so that deleted observations would be read as data: "
                "ask for SDMX-CSV 2.0, SDMX-JSON or SDMX-ML"
            )
    contexts = Counter(dataset.schema.context for dataset in datasets)
    if any(times > 1 for times in contexts.values()):
        raise NotAcceptable(
            "SDMX-CSV 1.0 does not tell data sets of one dataflow apart, so that older figures "
            "would be read as present ones: ask for SDMX-CSV 2.0, SDMX-JSON or SDMX-ML"
        )


def _check_json1(datasets: Sequence[DataSet], levels: Sequence[str]) -> None:
    contexts = {dataset.schema.context for dataset in datasets}
    if len(contexts) > 1 or len(set(levels)) > 1:
        named = ", ".join(sorted(str(context) for context in contexts))
        raise NotAcceptable(
            f"SDMX-JSON 1.0 describes one structure in a message, not {len(contexts)} ({named}): "
            "ask for one of them, or for SDMX-JSON 2.0"
        )
