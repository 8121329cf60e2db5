"""The choice of a language, by the lookup of RFC 4647."""

import pytest

from hub.model import InternationalString

NAME = InternationalString.of({"fr": "Suède", "en": "Sweden", "zh-Hant": "瑞典", "pt-BR": "Suécia"})


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ([], "Sweden"),
        (["fr"], "Suède"),
        (["FR"], "Suède"),
        (["fr-CA"], "Suède"),
        (["de", "fr"], "Suède"),
        (["de-CH", "fr-CH"], "Suède"),
        (["zh-Hant-TW"], "瑞典"),
        (["zh"], "Sweden"),  # lookup shortens what is wanted, never what there is
        (["zh-Hans", "pt-BR"], "Suécia"),
        (["xx"], "Sweden"),
        (["*"], "Sweden"),
    ],
)
def test_best(wanted, text):
    assert NAME.best(wanted) == text


def test_best_language_names_the_tag_as_it_is_kept():
    assert NAME.best_language(["PT-br"]) == "pt-BR"
    assert InternationalString().best_language(["fr"]) is None


def test_without_english_the_first_text_serves():
    name = InternationalString.of({"sv": "Sverige", "fi": "Ruotsi"})
    assert name.best(["de"]) == str(name) == "Sverige"


def test_empty_texts_go_and_nothing_is_false():
    assert InternationalString.of({"en": "", "fr": "x"}).texts == (("fr", "x"),)
    assert not InternationalString.of(None)
    assert not InternationalString.of({"en": ""})
    assert InternationalString().best(["en"]) == ""
    assert InternationalString.of("x").texts == (("en", "x"),)


def test_the_first_of_two_texts_in_one_language_counts():
    assert InternationalString((("en", "a"), ("en", "b"))).best() == "a"
