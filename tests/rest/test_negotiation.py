from __future__ import annotations

import pytest

from hub.errors import BadRequest, NotAcceptable
from hub.rest.language import wanted_languages
from hub.rest.media_type import version_fits
from hub.rest.negotiation import choose
from hub.rest.offers import data_form, data_offers, structure_offers
from hub.rest.parameters import Parameters, parse_parameters

P = "application/vnd.sdmx."
JSON_21, JSON_20, JSON_10 = (f"{P}data+json;version={v}" for v in ("2.1.0", "2.0.0", "1.0.0"))
XML_31, XML_30 = (f"{P}data+xml;version={v}" for v in ("3.1.0", "3.0.0"))
CSV_21, CSV_20, CSV_10 = (f"{P}data+csv;version={v}" for v in ("2.1.0", "2.0.0", "1.0.0"))
GENERIC = f"{P}genericdata+xml;version=2.1"
SPECIFIC = f"{P}structurespecificdata+xml;version=2.1"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("major", "accept", "expected"),
    [
        (2, None, JSON_21),
        (2, "*/*", JSON_21),
        (1, None, GENERIC),
        (1, "*/*", GENERIC),
        (1, "application/xml", GENERIC),
        (2, "application/xml", XML_31),
        (2, "text/xml", XML_31),
        (1, "application/json", JSON_10),
        (2, "application/json", JSON_21),
        (1, "text/csv", CSV_10),
        (2, "text/csv", CSV_21),
        (2, "application/*", JSON_21),
        # Version left out: the latest of that type.
        (2, f"{P}data+json", JSON_21),
        (2, f"{P}data+csv", CSV_21),
        (1, f"{P}data+csv", CSV_10),
        # Exact versions, and the spellings met in the wild.
        (2, JSON_20, JSON_20),
        (2, f"{P}data+json;version=1.0.0-wd", JSON_10),
        (2, f"{P}data+json; version=2.0", JSON_20),
        (2, f"{P}DATA+JSON ; Version=2.0.0", JSON_20),
        (2, f'{P}data+json;version="2.0.0"', JSON_20),
        # Wildcards in versions.
        (2, f"{P}data+json;version=2+.0.0", JSON_21),
        (2, f"{P}data+xml;version=3.0.0+", XML_30),
        (2, f"{P}data+xml;version=3.0+.0", XML_31),
        (2, f"{P}data+json;version=~", JSON_21),
        # 2.1 formats on 2.x.
        (2, GENERIC, GENERIC),
        (2, SPECIFIC, SPECIFIC),
        # Weights, then specificity, then the order of the header.
        (2, f"{CSV_20};q=0.5,{JSON_20};q=0.6", JSON_20),
        (2, f"*/*,{CSV_20}", CSV_20),
        (2, f"{CSV_20},{JSON_20}", CSV_20),
        (2, f"{JSON_21};q=0,*/*", JSON_20),
        (2, f"nonsense/type,{XML_30};q=0.1", XML_30),
        (2, BROWSER, XML_31),
        (1, BROWSER, GENERIC),
        # Options of SDMX-CSV come back when they were asked for.
        (2, f"{P}data+csv; version=2.0.0; labels=both", f"{CSV_20};labels=both"),
        (
            2,
            f"{P}data+csv;version=2.0.0;label=both;key=series",
            f"{CSV_20};labels=both;keys=series",
        ),
        (1, f"{P}data+csv;version=1.0.0;timeFormat=original", f"{CSV_10};timeFormat=original"),
    ],
)
def test_the_representation_of_data(major, accept, expected):
    assert choose(data_offers(major), accept, Parameters()).content_type == expected


@pytest.mark.parametrize(
    ("major", "accept"),
    [
        (2, "text/html"),
        (2, f"{P}data+json;version=9.0.0"),
        (2, f"{P}structure+json;version=2.0.0"),
        (1, JSON_21),
        (2, "*/*;q=0"),
        (2, f"{CSV_20};labels=everything"),
    ],
)
def test_what_is_not_offered_is_refused_with_what_there_is(major, accept):
    with pytest.raises(NotAcceptable, match=r"vnd\.sdmx\.data"):
        choose(data_offers(major), accept, Parameters())


def test_the_defaults_of_structures():
    assert choose(structure_offers(1), None, Parameters()).content_type == (
        f"{P}structure+xml;version=2.1"
    )
    assert choose(structure_offers(2), "*/*", Parameters()).content_type == (
        f"{P}structure+json;version=2.1.0"
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (b"format=csvdata", CSV_21),
        (b"format=jsondata&formatVersion=2.0.0", JSON_20),
        (b"format=genericdata", GENERIC),
        (b"format=structurespecificdata", SPECIFIC),
        (b"format=xml", XML_31),
        # formatVersion alone means nothing; then the header counts.
        (b"formatVersion=9", JSON_20),
    ],
)
def test_parameters_override_the_header(query, expected):
    parameters = parse_parameters(query)
    assert choose(data_offers(2), JSON_20, parameters).content_type == expected


def test_an_unknown_format_is_not_acceptable_and_a_weight_must_be_a_number():
    with pytest.raises(NotAcceptable):
        choose(data_offers(2), None, parse_parameters(b"format=pdf"))
    with pytest.raises(BadRequest, match="q is a number"):
        choose(data_offers(2), "*/*;q=high", Parameters())


def test_options_reach_the_form():
    choice = choose(data_offers(2), f"{CSV_20};labels=both;keys=both", Parameters())
    form = data_form(choice)
    assert (form.labels, form.keys, form.version) == ("both", "both", "2.0.0")


@pytest.mark.parametrize(
    ("offered", "asked", "fits"),
    [
        ("3.0.0", "2+.0.0", True),
        ("2.1", "2.1.0", True),
        ("2.1", "2.1", True),
        ("2.0.0", "x", False),
    ],
)
def test_versions_fit(offered, asked, fits):
    assert version_fits(offered, asked) is fits


@pytest.mark.parametrize(
    ("header", "query", "expected"),
    [
        (None, b"", ()),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0", b"", ("fr-ch", "fr", "en")),
        ("en;q=0.2, es", b"", ("es", "en")),
        ("*", b"", ()),
        ("es", b"lang=pt-BR", ("pt-br",)),
        ("es", b"lang=all", ()),
    ],
)
def test_languages(header, query, expected):
    assert wanted_languages(header, parse_parameters(query)) == expected
