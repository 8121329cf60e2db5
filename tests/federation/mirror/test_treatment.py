"""Citizens in place of birth, unknown origins, former states."""

from __future__ import annotations

import pytest

from federation.mirror import MirrorOptions, derive_emigrants
from tests.federation.mirror.observations import figures, stock, totals


def birth_figures(rows: list, options: MirrorOptions | None = None) -> dict:
    return figures(derive_emigrants(stock(rows), None, totals({}), options).table)


def series(found: dict, treatment: str, destination: str, year: str = "2020") -> dict:
    return {
        key[2]: value
        for key, value in found.items()
        if key[1] == treatment and key[3] == destination and key[5] == year
    }


class TestCitizenship:
    def test_a_destination_is_substituted_whole_or_not_at_all(self) -> None:
        birth = stock([("DEU", "POL", 2020, 10.0)])
        citizens = stock([("DEU", "UKR", 2020, 3.0), ("FRA", "UKR", 2020, 4.0)], "CTZ")
        found = figures(derive_emigrants(birth, citizens, totals({})).table)
        assert found["STK_BIRTH_CTZ", "SUBC", "UKR", "_T", "_T", "2020"] == 4
        assert found["STK_CTZ", "RPT", "UKR", "_T", "_T", "2020"] == 7

    def test_a_mere_total_by_birth_does_not_keep_citizens_out(self) -> None:
        birth = stock([("DEU", "_T", 2020, 10.0)])
        citizens = stock([("DEU", "UKR", 2020, 3.0)], "CTZ")
        found = figures(derive_emigrants(birth, citizens, totals({})).table)
        assert found["STK_BIRTH_CTZ", "SUBC", "UKR", "DEU", "_T", "2020"] == 3

    def test_without_citizens_there_is_one_item(self) -> None:
        empty = stock([], "CTZ")
        for citizens in (None, empty):
            result = derive_emigrants(stock([("DEU", "POL", 2020, 1.0)]), citizens, totals({}))
            assert set(result.table["MIRROR_ITEM"].to_pylist()) == {"STK_BIRTH"}


class TestUnknownOrigin:
    ROWS = (
        ("DEU", "POL", 2020, 60.0),
        ("DEU", "UKR", 2020, 30.0),
        ("DEU", "_O", 2020, 10.0),
        ("DEU", "_U", 2020, 10.0),
        ("DEU", "_T", 2020, 110.0),
        ("FRA", "POL", 2020, 7.0),
    )

    def test_named_origins_get_their_share_and_no_person_is_lost(self) -> None:
        found = birth_figures(list(self.ROWS))
        shared = series(found, "RED", "DEU")
        assert shared == pytest.approx({"POL": 66.0, "UKR": 33.0, "_U": 1.0})
        assert sum(shared.values()) + 10 == pytest.approx(110)

    def test_a_sum_takes_the_plain_figure_where_nothing_was_unknown(self) -> None:
        found = birth_figures(list(self.ROWS))
        assert series(found, "RED", "_T") == pytest.approx({"POL": 73.0, "UKR": 33.0, "_U": 1.0})
        assert series(found, "RED", "FRA") == {}
        assert series(found, "RPT", "_T")["POL"] == 67

    def test_whole_persons_add_up_to_the_total(self) -> None:
        rows = [
            ("DEU", "POL", 2020, 10.0),
            ("DEU", "UKR", 2020, 10.0),
            ("DEU", "RUS", 2020, 10.0),
            ("DEU", "_U", 2020, 5.0),
            ("DEU", "_T", 2020, 35.0),
        ]
        found = birth_figures(rows, MirrorOptions(whole_persons=True))
        assert series(found, "RED", "DEU") == {"POL": 12, "RUS": 12, "UKR": 11, "_U": 0}

    def test_without_a_total_the_cells_are_the_total(self) -> None:
        found = birth_figures([row for row in self.ROWS if row[1] != "_T"])
        assert series(found, "RED", "DEU")["POL"] == pytest.approx(66)

    def test_a_total_below_its_parts_does_not_multiply_the_unknown(self) -> None:
        rows = [("DEU", "POL", 2020, 60.0), ("DEU", "_U", 2020, 10.0), ("DEU", "_T", 2020, 30.0)]
        assert series(birth_figures(rows), "RED", "DEU") == {"POL": 70, "_U": 0}

    def test_a_confidential_total_makes_the_shares_confidential(self) -> None:
        rows = [*self.ROWS[:4], ("DEU", "_T", 2020, 110.0, {"CONF_STATUS": "C"})]
        table = derive_emigrants(stock(rows), None, totals({})).table.to_pylist()
        found = {
            (r["ORIGIN_TREAT"], r["ORIG_AREA"], r["DEST_AREA"]): r["CONF_STATUS"] for r in table
        }
        assert found["RED", "POL", "DEU"] == found["RED", "POL", "_T"] == "C"
        assert found["RPT", "POL", "DEU"] == found["RPT", "POL", "_T"] == "F"


class TestFormerStates:
    def test_shares_follow_the_successors_own_stocks(self) -> None:
        rows = [
            ("DEU", "SUN", 2020, 100.0),
            ("DEU", "RUS", 2020, 30.0),
            ("DEU", "UKR", 2020, 10.0),
            ("FRA", "UKR", 2020, 1.0),
        ]
        found = birth_figures(rows)
        assert series(found, "DISS", "DEU") == pytest.approx({"RUS": 105.0, "UKR": 35.0})
        assert series(found, "DISS", "_T") == pytest.approx({"RUS": 105.0, "UKR": 36.0})
        assert series(found, "RPT", "_T") == {"SUN": 100, "RUS": 30, "UKR": 11}

    def test_the_fixed_key_serves_where_no_successor_is_reported(self) -> None:
        """Population of 1993: Czechia 10,329,855, Slovakia 5,325,305 (World Bank)."""
        shared = series(birth_figures([("DEU", "CSK", 2020, 1000.0)]), "DISS", "DEU")
        assert shared["CZE"] == pytest.approx(1000 * 10329855 / 15655160)
        assert sum(shared.values()) == pytest.approx(1000)

    def test_a_state_that_still_stands_is_not_shared_out(self) -> None:
        rows = [("DEU", "CSK", 1992, 10.0), ("DEU", "CSK", 1993, 10.0)]
        found = birth_figures(rows)
        assert series(found, "DISS", "DEU", "1992") == {}
        assert series(found, "DISS", "DEU", "1993").keys() == {"CZE", "SVK"}

    def test_a_successor_gets_nothing_of_its_own_table(self) -> None:
        rows = [("RUS", "SUN", 2020, 100.0), ("RUS", "UKR", 2020, 10.0)]
        assert series(birth_figures(rows), "DISS", "RUS") == {"UKR": 110}

    def test_yugoslavia_counts_what_serbia_and_montenegro_left(self) -> None:
        rows = [
            ("DEU", "YUG", 2020, 100.0),
            ("DEU", "SCG", 2020, 30.0),
            ("DEU", "SRB", 2020, 60.0),
            ("DEU", "HRV", 2020, 10.0),
        ]
        shared = series(birth_figures(rows), "DISS", "DEU")
        assert shared == pytest.approx({"SRB": 180.0, "HRV": 20.0})

    def test_provenance_names_the_former_state_and_the_share(self) -> None:
        rows = [("DEU", "SUN", 2020, 100.0), ("DEU", "RUS", 2020, 30.0), ("DEU", "UKR", 2020, 10.0)]
        result = derive_emigrants(stock(rows), None, totals({}))
        inputs = result.inputs_of("UKR", "_T", "2020", treatment="DISS").to_pylist()
        assert [
            (r["ROLE"], r["COUNTERPART_AREA"], r["FACTOR"], r["INPUT_VALUE"]) for r in inputs
        ] == [("cell", "UKR", 1.0, 10.0), ("former", "SUN", 0.25, 100.0)]
