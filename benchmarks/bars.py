"""Every figure and the bar it is held against, in the order of the report."""

from __future__ import annotations

from benchmarks.measure import Bar

_CONSTANT = "x constant"
_MB = "MB"

BARS: tuple[Bar, ...] = (
    Bar(
        figure="download-csv",
        about="whole download of 10^6 observations, first time, SDMX-CSV 2.0, "
        "against DuckDB `COPY` of the same rows to a CSV file",
        limit=2.5,
        unit="x COPY",
        bound="text of cells and sockets: one core writes, the other reads",
    ),
    Bar(
        figure="download-json",
        about="the same in SDMX-JSON 2.0, series",
        limit=4,
        unit="x COPY",
        bound="text of cells, one look at each row for where a series begins",
    ),
    Bar(
        figure="download-xml",
        about="the same in SDMX-ML 3.0, series",
        limit=4,
        unit="x COPY",
        bound="text of cells; attributes spelt out on every observation",
    ),
    Bar(
        figure="download-xml-pysdmx",
        about="the same in SDMX-ML 3.0 against pysdmx writing it from a data frame",
        limit=30,
        unit="x faster",
        bound="as the figure before",
        at_least=True,
    ),
    Bar(
        figure="download-cached",
        about="throughput of the same when cached, against a static file of the same server",
        limit=60,
        unit="% of static",
        bound="copies between file, event loop and socket",
        at_least=True,
    ),
    Bar(
        figure="first-byte",
        about="first byte of the body of a 10^7 download, any format",
        limit=60,
        unit=_CONSTANT,
        bound="the engine's first batch",
    ),
    Bar(
        figure="download-memory",
        about="growth of the server's resident memory during a 10^7 download, any format",
        limit=150,
        unit=_MB,
        bound="batches under way in the engine, in the writer and on the socket",
    ),
    Bar(
        figure="series",
        about="one series out of 10^7, not cached, median, any format",
        limit=25,
        unit=_CONSTANT,
        bound="parsing, planning the query, one row group scanned, the writer's set-up",
    ),
    Bar(
        figure="series-p99",
        about="its 99th percentile against its median",
        limit=4,
        unit="x median",
        bound="the scheduler, on two cores",
    ),
    Bar(
        figure="series-growth",
        about="its median against the same at 10^6",
        limit=2,
        unit="x at 10^6",
        bound="how well statistics of row groups exclude them",
    ),
    Bar(
        figure="origin",
        about="one origin over all destinations (not the sort order) out of 10^7",
        limit=100,
        unit=_CONSTANT,
        bound="a scan of one ENUM column",
    ),
    Bar(
        figure="availability",
        about="availability over the whole flow of 10^7",
        limit=5,
        unit=_CONSTANT,
        bound="writing the constraint",
    ),
    Bar(
        figure="availability-filtered",
        about="availability with a filter on one dimension, the sort order or not",
        limit=60,
        unit=_CONSTANT,
        bound="distinct values of nine columns",
    ),
    Bar(
        figure="rate",
        about="requests per second for a key of 960 observations, two workers, eight connections, "
        "distinct keys, any format",
        limit=3,
        unit="% of constant",
        bound="as one series, on every core",
        at_least=True,
    ),
    Bar(
        figure="rate-cached",
        about="the same when cached",
        limit=40,
        unit="% of constant",
        bound="parsing, digest, sending a body from disk",
        at_least=True,
    ),
    Bar(
        figure="rate-304",
        about="requests per second answered 304",
        limit=30,
        unit="% of constant",
        bound="parsing and digest",
        at_least=True,
    ),
    Bar(
        figure="publish-csv",
        about="publishing 10^6 observations from SDMX-CSV onto a release that 1 % of them revise, "
        "against DuckDB reading the same file into Parquet",
        limit=6,
        unit="x DuckDB",
        bound="sums over the totals, sorting, the delta",
    ),
    Bar(
        figure="publish-memory",
        about="memory of the publishing process, with Python and its libraries",
        limit=1000,
        unit=_MB,
        bound="Python and its libraries, then one portion of slices before and after",
    ),
    Bar(
        figure="publish-json",
        about="the same from SDMX-JSON 2.0",
        limit=25,
        unit="x DuckDB",
        bound="the reader",
    ),
    Bar(
        figure="publish-xml",
        about="the same from SDMX-ML 3.0",
        limit=25,
        unit="x DuckDB",
        bound="the reader: one event an observation",
    ),
    Bar(
        figure="harvest",
        about="harvest of 10^6 observations from a node on the same machine, "
        "against publishing them as a first release",
        limit=2,
        unit="x publish",
        bound="as publishing, with the partner's rendering beside it",
    ),
    Bar(
        figure="harvest-partners",
        about="harvest of 200 partners each of which revised an observation, against the same "
        "requests alone; a small server has their answers ready",
        limit=3,
        unit="x downloads",
        bound="the interpreter: two answers of each partner archived, read and logged",
    ),
    Bar(
        figure="harvest-nodes",
        about="the same with 200 nodes as partners, served by the node's own application",
        limit=3,
        unit="x downloads",
        bound="the nodes, which look up what changed",
    ),
    Bar(
        figure="publish-rules",
        about="publishing 10^6 observations as a first release with every rule, "
        "against the same with the structural rules only",
        limit=3,
        unit="x structural",
        bound="a sort of the series, hash aggregations over cells and totals",
    ),
    Bar(
        figure="growth-publish",
        about="time of publishing ten times as much, divided by ten",
        limit=1.2,
        unit="x linear",
        bound="sorting",
    ),
    Bar(
        figure="publish-memory-large",
        about="memory of the process publishing 10^7 as a first release; the engine may take 2 GB "
        "of it before it spills",
        limit=3000,
        unit=_MB,
        bound="columns of the submission, hash tables over all keys",
    ),
    Bar(
        figure="growth-harvest",
        about="the same of a harvest",
        limit=1.2,
        unit="x linear",
        bound="sorting",
    ),
    Bar(
        figure="growth-download",
        about="the same of a download in SDMX-CSV",
        limit=1.2,
        unit="x linear",
        bound="rows come from the index in order",
    ),
)

BY_NAME = {bar.figure: bar for bar in BARS}
