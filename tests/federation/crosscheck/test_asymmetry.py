"""Two countries' figures of one flow: published examples, classes, reasons, summaries."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from federation.crosscheck import CrossCheckOptions, DurationCoefficients, derive_asymmetry
from federation.mirror import MIRROR_SCHEMA
from hub.errors import BadRequest, Invalid
from tests.federation.crosscheck.observations import flows, pair, side

FIGURES = Path(__file__).parents[4] / "shared" / "data" / "figures" / "flows_2004_2008.csv"


def judged(*arguments, options: CrossCheckOptions | None = None) -> dict[tuple[str, str], dict]:
    """The rows of one pair by (statistic, side)."""
    table = derive_asymmetry(flows(pair(*arguments)), options).table
    return {(row["MIRROR_STAT"], row["REPORTED_BY"]): row for row in table.to_pylist()}


def reasons(*arguments) -> list[str] | None:
    rows = judged(*arguments)
    return next(row["ASYM_REASON"] for key, row in rows.items() if key[0] == "VAL")


class TestPublishedExamples:
    """UN DESA, International Migration Flows to and from Selected Countries, 2015 revision."""

    def test_spain_to_germany_2007(self) -> None:
        rows = judged(3601.0, 15515.0)
        assert rows["VAL", "SND"]["OBS_VALUE"] == 3601
        assert rows["VAL", "RCV"]["OBS_VALUE"] == 15515
        assert rows["ABS", "_Z"]["OBS_VALUE"] == 11914
        assert rows["REL_SND", "_Z"]["OBS_VALUE"] == pytest.approx(330.852541)
        assert rows["REL_RCV", "_Z"]["OBS_VALUE"] == pytest.approx(-76.790203)
        assert rows["SRD", "_Z"]["OBS_VALUE"] == pytest.approx(124.649508)
        assert rows["IDX", "_Z"]["OBS_VALUE"] == pytest.approx(0.623248, abs=1e-6)
        assert rows["LOG", "_Z"]["OBS_VALUE"] == pytest.approx(math.log(15515 / 3601))
        assert rows["VAL", "SND"]["ASYM_CLASS"] == rows["VAL", "RCV"]["ASYM_CLASS"] == "E"

    def test_poland_to_germany_2008(self) -> None:
        rows = judged(17951.0, 131308.0)
        assert rows["VAL", "RCV"]["ASYM_CLASS"] == "E"
        assert rows["SRD", "_Z"]["OBS_VALUE"] == pytest.approx(151.89, abs=0.005)

    def test_nordic_countries_to_sweden_2005_agree(self) -> None:
        """Sweden counted 12,607 from Denmark, Finland and Norway; they counted 12,697 to it."""
        sent = {"DNK": 5074.0, "FIN": 3301.0, "NOR": 4322.0}
        received = {"DNK": 5008.0, "FIN": 3282.0, "NOR": 4317.0}
        rows = [side(o, o, "SWE", v, TIME_PERIOD="2005") for o, v in sent.items()]
        rows += [side("SWE", o, "SWE", v, TIME_PERIOD="2005") for o, v in received.items()]
        result = derive_asymmetry(flows(rows))
        (sweden,) = [r for r in result.country_level().to_pylist() if r["AREA"] == "SWE"]
        assert (sweden["ROLE"], sweden["N_PAIRS"]) == ("RCV", 3)
        assert (sweden["RECEIVED"], sweden["SENT"]) == (12607, 12697)
        assert sweden["ASYMMETRY"] == pytest.approx(90 / 25304)
        assert sweden["BIAS"] == pytest.approx(-90 / 25304)
        assert set(result.pairs["ASYM_CLASS"].to_pylist()) == {"A"}

    def test_the_figures_of_the_demo(self) -> None:
        if not FIGURES.exists():
            pytest.skip(f"no {FIGURES}")
        rows = []
        with FIGURES.open(encoding="utf-8") as file:
            for line in csv.DictReader(file):
                ends = (line["origin"], line["destination"])
                year = {"TIME_PERIOD": line["year"]}
                if line["reported_by_sender"]:
                    rows.append(side(ends[0], *ends, float(line["reported_by_sender"]), **year))
                if line["reported_by_receiver"]:
                    rows.append(side(ends[1], *ends, float(line["reported_by_receiver"]), **year))
        result = derive_asymmetry(flows(rows))
        found = {
            (r["ORIG_AREA"], r["DEST_AREA"], r["TIME_PERIOD"]): r for r in result.pairs.to_pylist()
        }
        poland = found["POL", "DEU", "2008"]
        assert (poland["SENT"], poland["RECEIVED"], poland["ASYM_CLASS"]) == (17951, 131308, "E")
        spain = found["ESP", "DEU", "2007"]
        assert (spain["SENT"], spain["RECEIVED"]) == (3601, 15515)


class TestClasses:
    @pytest.mark.parametrize(
        ("sent", "received", "expected"),
        [
            (975.0, 1025.0, "A"),
            (1025.0, 975.0, "A"),
            (974.0, 1026.0, "B"),
            (950.0, 1050.0, "B"),
            (949.0, 1051.0, "C"),
            (875.0, 1125.0, "C"),
            (874.0, 1126.0, "D"),
            (750.0, 1250.0, "D"),
            (749.0, 1251.0, "E"),
            (0.0, 100.0, "E"),
            (99.0, 1.0, "N"),
            (0.0, 0.0, "ZZ"),
            (None, 50.0, "MISSING_SENDER"),
            (50.0, None, "MISSING_RECEIVER"),
        ],
    )
    def test_limits_belong_to_the_better_class(self, sent, received, expected) -> None:
        rows = judged(sent, received)
        assert {r["ASYM_CLASS"] for k, r in rows.items() if k[0] == "VAL"} == {expected}
        assert all(r["ASYM_CLASS"] is None for k, r in rows.items() if k[0] != "VAL")

    def test_limits_and_threshold_can_be_set(self) -> None:
        options = CrossCheckOptions(class_limits=(1.0, 2.0, 3.0, 4.0), min_cell=2000.0)
        assert judged(975.0, 1025.0, options=options)["VAL", "SND"]["ASYM_CLASS"] == "N"
        options = CrossCheckOptions(class_limits=(1.0, 2.0, 3.0, 4.0))
        assert judged(975.0, 1025.0, options=options)["VAL", "SND"]["ASYM_CLASS"] == "E"

    def test_limits_must_rise(self) -> None:
        with pytest.raises(BadRequest, match="rising"):
            CrossCheckOptions(class_limits=(5.0, 5.0, 25.0, 50.0))

    def test_zero_leaves_out_what_cannot_be_divided(self) -> None:
        rows = judged(0.0, 4.0)
        assert ("REL_SND", "_Z") not in rows
        assert rows["REL_RCV", "_Z"]["OBS_VALUE"] == -100
        assert rows["SRD", "_Z"]["OBS_VALUE"] == 200
        assert rows["LOG", "_Z"]["OBS_VALUE"] == pytest.approx(math.log(9))
        assert "0.5" in rows["LOG", "_Z"]["COMMENT_OBS"]
        assert ("SRD", "_Z") not in judged(0.0, 0.0)


class TestReasons:
    def test_a_one_sided_pair_says_so(self) -> None:
        assert reasons(None, 500.0) == ["MIS"]
        withheld = {"OBS_STATUS": "Q"}
        rows = [side("ESP", "ESP", "DEU", None, **withheld), side("DEU", "ESP", "DEU", 500.0)]
        (row,) = derive_asymmetry(flows(rows)).table.to_pylist()
        assert (row["ASYM_CLASS"], row["ASYM_REASON"]) == ("MISSING_SENDER", ["SDC", "MIS"])

    def test_duration_is_named_where_correcting_for_it_brings_a_better_class(self) -> None:
        rows = judged(730.0, 1000.0, {"DURATION_CRIT": "M12"}, {"DURATION_CRIT": "M6"})
        given = rows["VAL", "RCV"]
        assert (given["ASYM_CLASS"], given["ASYM_REASON"]) == ("D", ["DUR"])
        told = "SRD 31.2 (class D) as counted, 0.0 (class A) after correction for duration"
        assert given["COMMENT_OBS"] == rows["SRD", "_Z"]["COMMENT_OBS"] == told

    def test_duration_is_not_named_where_it_explains_nothing(self) -> None:
        same = {"DURATION_CRIT": "M12"}
        assert reasons(730.0, 1000.0, same, same) == ["UNX"]
        assert reasons(730.0, 1000.0, {"DURATION_CRIT": "M6"}, same) == ["UNX"]
        assert reasons(730.0, 1000.0, {"DURATION_CRIT": "_U"}, {"DURATION_CRIT": "M6"}) == ["UNX"]

    @pytest.mark.parametrize(
        ("attribute", "ours", "theirs", "code"),
        [
            ("DURATION_BASIS", "INT", "ACT", "DURB"),
            ("POP_CONCEPT", "UR12", "REG", "POP"),
            ("COV_CTZ", "ALL", "FOR", "CIT"),
            ("REFUGEE_INCL", "INC", "EXC", "ASY"),
            ("SOURCE_TYPE", "PAXSURV", "POPREG", "SRC"),
            ("REF_DATE", "2007-12-31", "2008-06-30", "TIM"),
            ("TIME_PER_COLLECT", "S", "E", "TIM"),
        ],
    )
    def test_a_stated_difference_is_a_reason_and_silence_is_none(
        self, attribute, ours, theirs, code
    ) -> None:
        assert reasons(500.0, 1000.0, {attribute: ours}, {attribute: theirs}) == [code]
        for unknown in ("_U", None):
            assert reasons(500.0, 1000.0, {attribute: ours}, {attribute: unknown}) == ["UNX"]
        assert reasons(500.0, 500.0, {attribute: ours}, {attribute: theirs}) is None

    def test_two_registers_are_no_survey_against_a_register(self) -> None:
        assert reasons(500.0, 1000.0, {"SOURCE_TYPE": "FORREG"}, {"SOURCE_TYPE": "POPREG"}) == [
            "UNX"
        ]

    def test_rounding_explains_what_is_within_its_bounds(self) -> None:
        three, five = {"SDC_METHOD": "RR3"}, {"SDC_METHOD": "RR5"}
        assert reasons(6.0, 12.0, three, five) == ["SDC"]
        assert reasons(6.0, 13.0, three, five) is None
        assert reasons(600.0, 1000.0, three, five) == ["UNX"]

    def test_a_state_that_was_gone_is_a_matter_of_territory(self) -> None:
        rows = [side("DEU", "SCG", "DEU", 500.0, TIME_PERIOD=year) for year in ("2006", "2007")]
        found = {
            r["TIME_PERIOD"]: r["ASYM_REASON"]
            for r in derive_asymmetry(flows(rows)).table.to_pylist()
        }
        assert found == {"2006": ["MIS"], "2007": ["TER", "MIS"]}

    def test_small_asymmetry_needs_no_reason(self) -> None:
        assert reasons(950.0, 1050.0) is None


class TestConfidentiality:
    def test_measures_are_as_strict_as_the_stricter_side(self) -> None:
        rows = judged(500.0, 1000.0, {"CONF_STATUS": "A"})
        assert {r["CONF_STATUS"] for k, r in rows.items() if k[0] != "VAL"} == {"A"}
        assert rows["VAL", "RCV"]["CONF_STATUS"] == "F"

    def test_a_free_figure_does_not_bracket_a_confidential_one(self) -> None:
        rows = judged(500.0, 1000.0, {"CONF_STATUS": "A"})
        assert rows["VAL", "SND"]["ASYM_CLASS"] == "E"
        free = rows["VAL", "RCV"]
        assert (free["ASYM_CLASS"], free["ASYM_REASON"]) == (None, None)
        assert free["COMMENT_OBS"].startswith("class withheld")


class TestMatching:
    def test_other_bases_groups_and_areas_are_left_aside(self) -> None:
        rows = [
            *pair(500.0, 1000.0),
            side("DEU", "ESP", "DEU", 9.0, COUNTERPART_BASIS="CTZ"),
            side("DEU", "ESP", "DEU", 9.0, CTZ_GROUP="NAT"),
            side("DEU", "ESP", "DEU", 9.0, FLOW_TYPE="RET"),
            side("DEU", "DEU", "DEU", 9.0),
            *(side("DEU", code, "DEU", 9.0) for code in ("_T", "_U", "STLS", "M49_150")),
        ]
        assert derive_asymmetry(flows(rows)).pairs.num_rows == 1

    def test_sexes_ages_and_periods_are_pairs_of_their_own(self) -> None:
        rows = [
            *pair(500.0, 1000.0),
            *pair(200.0, 400.0, {"SEX": "F"}, {"SEX": "F"}),
            *pair(20.0, 40.0, {"AGE": "Y0T4"}, {"AGE": "Y5T9"}),
            *pair(50.0, 60.0, *[{"FREQ": "Q", "TIME_PERIOD": "2007-Q1"}] * 2),
        ]
        classes = derive_asymmetry(flows(rows)).pairs["ASYM_CLASS"].to_pylist()
        assert sorted(classes) == ["E", "E", "MISSING_RECEIVER", "MISSING_SENDER", "N"]

    def test_thousands_are_persons(self) -> None:
        rows = judged(1.0, 1000.0, {"UNIT_MULT": "3"})
        assert rows["ABS", "_Z"]["OBS_VALUE"] == 0

    def test_a_figure_given_twice_is_refused(self) -> None:
        with pytest.raises(Invalid, match=r"EMI\.A\.ESP\.DEU"):
            derive_asymmetry(flows([*pair(1.0, 2.0), *pair(1.0, None)]))

    def test_columns_are_those_of_the_structure_and_rows_sorted(self) -> None:
        table = derive_asymmetry(flows([*pair(1.0, 2.0), side("POL", "POL", "DEU", 3.0)])).table
        assert table.schema == MIRROR_SCHEMA
        keys = [tuple(row.values())[:11] for row in table.to_pylist()]
        assert keys == sorted(keys)
        assert {row["METHOD_VERSION"] for row in table.to_pylist()} == {"asymmetry-1.0"}


class TestSummaries:
    ROWS = (
        side("ESP", "ESP", "DEU", 100.0),
        side("DEU", "ESP", "DEU", 300.0),
        side("DEU", "DEU", "ESP", 500.0),
        side("ESP", "DEU", "ESP", 400.0),
        side("POL", "POL", "DEU", 10.0),
        side("DEU", "POL", "DEU", 50.0),
        side("SWE", "SWE", "DEU", 70.0),
    )

    def test_world_and_countries(self) -> None:
        result = derive_asymmetry(flows(self.ROWS))
        (world,) = result.world().to_pylist()
        assert (world["N_PAIRS"], world["N_ONE_SIDED"]) == (4, 1)
        assert world["ASYMMETRY"] == pytest.approx(340 / 1360)
        assert world["BIAS"] == pytest.approx(140 / 1360)
        countries = {(r["ROLE"], r["AREA"]): r for r in result.country_level().to_pylist()}
        assert countries["RCV", "DEU"]["ASYMMETRY"] == pytest.approx(240 / 460)
        assert countries["SND", "DEU"]["BIAS"] == pytest.approx(-100 / 900)
        assert ("SND", "SWE") not in countries

    def test_rankings(self) -> None:
        result = derive_asymmetry(flows(self.ROWS))
        by_size = result.rank_by_difference("2007").to_pylist()
        assert [r["ORIG_AREA"] for r in by_size] == ["ESP", "DEU", "POL"]
        assert sum(r["CONTRIBUTION"] for r in by_size) == pytest.approx(340 / 1360)
        by_srd = result.rank_by_srd("2007").to_pylist()
        assert [r["ORIG_AREA"] for r in by_srd] == ["ESP", "DEU"]
        everyone = result.rank_by_srd("2007", min_cell=0).to_pylist()
        assert [r["ORIG_AREA"] for r in everyone] == ["POL", "ESP", "DEU"]
        assert result.rank_by_contribution("2006").num_rows == 0

    def test_flow_ratio_corrects_for_duration(self) -> None:
        rows = [
            *pair(100.0, 400.0, {"DURATION_CRIT": "M12"}, {"DURATION_CRIT": "M0"}),
            side("POL", "POL", "DEU", 10.0),
            side("DEU", "POL", "DEU", 50.0),
        ]
        ratios = {
            (r["ROLE"], r["AREA"]): r["RATIO"]
            for r in derive_asymmetry(flows(rows)).flow_ratio(["DEU"]).to_pylist()
        }
        assert ratios == {
            ("SND", "ESP"): pytest.approx(100 / (400 * 0.53)),
            ("SND", "POL"): pytest.approx(0.2),
        }


def test_coefficients_between_durations_are_linear() -> None:
    coefficients = DurationCoefficients(months_0=0.5, months_3=0.8, months_6=0.9, permanent=2.0)
    assert coefficients.of("M1") == pytest.approx(0.6)
    assert 0.9 < coefficients.of("M6P") < 0.901
    assert coefficients.of("M12") == 1
    assert coefficients.of("_U") is None
