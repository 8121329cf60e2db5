"""`export` and `import`: what one node publishes arrives at another as a harvest would bring it."""

from __future__ import annotations

import gzip
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hub.model import ArtefactClass, Reference, recorded
from hub.store import open_store
from tests.federation.exchange.conftest import FLOW, OTHER, Pair, packed, unpacked

CELL = "A.SWE.FB.BIRTH.POL._T._T.PS.2020"


def _reasons(done: Any) -> dict[str, str]:
    return {one["flow"]: one["reason"] for one in done.json["outcomes"]}


def test_what_was_exported_is_what_readers_of_the_other_node_get(pair: Pair) -> None:
    done = pair.take(pair.export())
    assert done.exit == 0, done.err
    assert _reasons(done) == {FLOW: "RELEASED"}
    assert pair.rows(pair.hub) == pair.rows(pair.swe) != []


def test_equal_releases_give_equal_bytes_whenever_they_are_exported(pair: Pair) -> None:
    first = pair.export("one").read_bytes()
    pair.publish({}, flow=OTHER)
    assert pair.export("two", FLOW).read_bytes() == first
    assert pair.export("three").read_bytes() != first


def test_the_same_bundle_again_changes_nothing(pair: Pair) -> None:
    bundle = pair.export()
    pair.take(bundle)
    again = pair.take(bundle)
    assert (again.exit, _reasons(again)) == (0, {FLOW: "UNCHANGED"})


def test_an_older_bundle_after_a_newer_one_is_refused(pair: Pair) -> None:
    old = pair.export("old")
    pair.publish({"OBS_VALUE": "93723"})
    new = pair.export("new")
    assert _reasons(pair.take(new)) == {FLOW: "RELEASED"}
    late = pair.take(old)
    assert late.exit == 1
    assert _reasons(late) == {FLOW: "REFUSED"}
    assert "import the newest bundle" in late.json["error"]["message"]
    assert pair.figures(pair.hub) == {"2019": 92759, "2020": 93723}


def test_a_past_release_can_be_exported_by_its_id(pair: Pair) -> None:
    listed = pair.run("--home", pair.swe, "release", "list", FLOW, "--json").json
    first = listed[-1]["release"]
    pair.publish({"OBS_VALUE": "93723"})
    bundle = pair.export("past", FLOW, "--release", first[:12])
    pair.take(bundle)
    assert pair.figures(pair.hub) == {"2019": 92759, "2020": 93722}


def test_nothing_under_embargo_or_waiting_leaves_the_node(pair: Pair) -> None:
    before = pair.export("before").read_bytes()
    pair.publish({"OBS_VALUE": "1111"}, embargo="2199-01-01T00:00:00Z")
    held = pair.run("--home", pair.swe, "release", "list", FLOW, "--json").json
    assert pair.export("during").read_bytes() == before
    for one in held:
        if one["release"] not in before.decode("latin-1"):
            refused = pair.run(
                "--home", pair.swe, "export", pair.folder / "x", FLOW, "--release", one["release"]
            )
            assert refused.exit == 1
    toml = pair.swe / "corridor.toml"
    toml.write_text(f"{toml.read_text('utf-8')}\nfour_eyes = true\n", "utf-8")
    pair.publish({"TIME_PERIOD": "2018", "OBS_VALUE": "2222"})
    assert pair.export("waiting").read_bytes() == before


def test_a_dry_run_takes_nothing_and_says_what_it_would(pair: Pair) -> None:
    done = pair.take(pair.export(), "--dry-run")
    assert done.exit == 0
    (one,) = done.json["outcomes"]
    assert one["counts"] == {"added": 2, "revised": 0, "withdrawn": 0}
    assert pair.rows(pair.hub) == []
    assert pair.run("--home", pair.hub, "partner", "show", "SWE", "--json").json["attempts"] == []


def test_only_a_partner_is_taken_from_and_only_for_its_areas(pair: Pair) -> None:
    bundle = pair.export()
    pair.grant("NOR")
    nothing = pair.take(bundle)
    assert nothing.exit == 0
    assert nothing.json["outcomes"] == []
    assert "nothing for the areas" in nothing.json["skipped"][0]["why"]
    pair.run("--home", pair.hub, "partner", "remove", "SWE")
    stranger = pair.take(bundle)
    assert stranger.exit == 1
    assert "no partner of this node" in stranger.json["error"]["message"]
    own = pair.run("--home", pair.swe, "import", bundle)
    assert own.exit == 1
    assert "made by this node itself" in own.err
    assert pair.rows(pair.hub) == []


def test_a_partner_can_be_added_from_its_bundle_and_is_not_harvested(pair: Pair) -> None:
    bundle = pair.export()
    assert pair.run("--home", pair.hub, "partner", "remove", "SWE").exit == 0
    added = pair.run("--home", pair.hub, "partner", "add", bundle, "--areas", "SWE", "--json")
    assert (added.exit, added.json["id"], added.json["url"]) == (0, "SWE", "")
    again = pair.run("--home", pair.hub, "partner", "add", bundle, "--areas", "SWE")
    assert again.exit == 1
    assert _reasons(pair.take(bundle)) == {FLOW: "RELEASED"}
    ran = pair.run("--home", pair.hub, "harvest", "--json")
    assert (ran.exit, ran.json["outcomes"]) == (0, [])
    assert "no address" in ran.json["skipped"][0]["why"]


def test_rows_about_others_than_the_document_says_are_refused(pair: Pair) -> None:
    """The document names SWE, the data is about NOR too: so much for what it says of itself."""
    bundle = pair.export()
    files = unpacked(bundle)
    name = "data/MIGX.DF_STOCK_BIRTH.csv.gz"
    text = gzip.decompress(files[name]).decode()
    files[name] = gzip.compress(
        (text + text.splitlines()[1].replace("SWE", "NOR") + "\r\n").encode()
    )
    done = pair.take(packed(pair.folder / "more", files))
    assert done.exit == 1
    assert "may speak for SWE only" in done.json["error"]["message"]
    assert pair.rows(pair.hub) == []


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_where_one_flow_is_refused_none_is_taken(pair: Pair, words: tuple[str, ...]) -> None:
    pair.publish({}, flow=OTHER)
    files = unpacked(pair.export())
    name = "data/MIGX.DF_STOCK_CTZ.csv.gz"
    wrong = gzip.decompress(files[name]).replace(b",93722", b",many")
    assert b",many" in wrong
    files[name] = gzip.compress(wrong)
    done = pair.take(packed(pair.folder / "bad", files), *words)
    assert done.exit == 1
    assert not words or "outcomes" not in done.json
    assert words or _reasons(done) == {FLOW: "REFUSED", OTHER: "REFUSED"}
    assert pair.rows(pair.hub) == pair.rows(pair.hub, OTHER) == []


def test_a_figure_is_explained_down_to_the_bytes_in_the_bundle(pair: Pair) -> None:
    pair.take(pair.export())
    done = pair.run("--home", pair.hub, "explain", FLOW, CELL, "--verify", "--json")
    assert done.exit == 0, done.err
    told = json.dumps(done.json)
    assert "corridor:ArchivedBytes" in told
    assert "urn:corridor" in told
    attempt = pair.run("--home", pair.hub, "partner", "show", "SWE", "--json").json
    assert attempt["offers"][0] | {"taken": True, "hops": 1} == attempt["offers"][0]


def test_the_structures_in_a_bundle_can_be_loaded_and_are_sdmx(pair: Pair) -> None:
    files = unpacked(pair.export())
    message = pair.folder / "structures.json"
    message.write_bytes(files["structures.json"])
    loaded = pair.run("--home", pair.hub, "structures", "load", message)
    assert loaded.exit == 0, loaded.err


def test_reference_metadata_goes_with_what_it_is_about(pair: Pair, root: Path) -> None:
    sample = root / "tests" / "publish" / "metadata" / "samples" / "good.xml"
    assert "metadata.json" not in unpacked(pair.export("without"))
    assert pair.run("--home", pair.swe, "metadata", "load", sample).exit == 0
    bundle = pair.export("with")
    message = pair.folder / "metadata.json"
    message.write_bytes(unpacked(bundle)["metadata.json"])
    assert pair.take(bundle).exit == 0
    loaded = pair.run("--home", pair.hub, "metadata", "load", message)
    assert (loaded.exit, loaded.out) == (0, "MIGX.SWE:META_STOCK(1.0.0): created\n")


def test_a_harvest_after_an_import_asks_for_nothing_it_has(pair: Pair, served: Any) -> None:
    pair.take(pair.export())
    toml = pair.hub / "corridor.toml"
    toml.write_text(f"{toml.read_text('utf-8')}\npartner_networks = ['127.0.0.1/32']\n", "utf-8")
    with closing(open_store(pair.swe)) as store, served(store) as (url,):
        pair.grant("SWE", url=url)
        same = pair.run("--home", pair.hub, "harvest", "--json")
        pair.publish({"OBS_VALUE": "93723"})
        new = pair.run("--home", pair.hub, "harvest", "--json")
    assert {one["flow"]: one["reason"] for one in same.json["outcomes"]}[FLOW] == "NOT_MODIFIED"
    (done,) = [one for one in new.json["outcomes"] if one["flow"] == FLOW]
    assert (done["reason"], done["counts"]["revised"]) == ("RELEASED", 1)


def test_a_purge_reaches_the_bytes_that_came_in_a_bundle(pair: Pair) -> None:
    pair.take(pair.export())
    raw = pair.hub / "lake" / "raw"
    assert list(raw.rglob("*.bin"))
    why = ("--cell", CELL, "--reason", "it is confidential")
    assert pair.run("--home", pair.hub, "purge", FLOW, *why).exit == 0
    assert list(raw.rglob("*.bin")) == []
    assert pair.figures(pair.hub) == {"2019": 92759}


def test_what_jumps_is_held_for_a_person_as_in_a_harvest(pair: Pair) -> None:
    pair.take(pair.export())
    rows = [{"TIME_PERIOD": year, "OBS_VALUE": "92759000"} for year in ("2019", "2020")]
    pair.publish(*rows)
    bundle = pair.export("jump")
    would = pair.take(bundle, "--dry-run")
    assert _reasons(would) == {FLOW: "HELD"}
    done = pair.take(bundle)
    assert _reasons(done) == {FLOW: "HELD"}
    assert would.json["outcomes"][0]["note"].split(";")[0] in done.json["outcomes"][0]["note"]
    assert pair.figures(pair.hub) == {"2019": 92759, "2020": 93722}
    (waits,) = pair.run("--home", pair.hub, "review", "list", "--json").json
    accepted = pair.run("--home", pair.hub, "review", "accept", waits["id"])
    assert accepted.exit == 0, accepted.err
    assert pair.figures(pair.hub) == {"2019": 92759000, "2020": 92759000}
    (shown,) = pair.run("--home", pair.hub, "partner", "show", "SWE", "--json").json["offers"]
    with closing(open_store(pair.hub)) as store:
        reference = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
        release = store.release(reference)
        assert release is not None
        descent = recorded(release.slices[0].origin)
    assert descent is not None
    assert (descent.origin, descent.path) == ("SWE", ("SWE",))
    assert (descent.release, descent.digest) == (shown["release"], shown["digest"])
