"""The cross-check written out in plain Python, pair by pair, from the text of METHODS."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

R = {"M0": 0.53, "M1": 0.53 + 0.1 / 3, "M3": 0.63, "M6": 0.73, "M12": 1.0, "PERM": 2.26}
R["M6P"] = 0.73 + 0.27 * (12 / 365) / 6
NOISE = {"RR3": 2, "RR5": 4, "CR": 4, "CKM": 2}
SURVEYS = {"LFS", "HHS", "PAXSURV"}
REGISTERS = {"POPREG", "FORREG", "RESPERM", "VISA", "WORKPERM", "STUDREG", "ASYREG", "CONSREG"}
REGISTERS |= {"BORDER", "CEN_R"}

Row = Mapping[str, Any]


def is_given(row: Row | None) -> bool:
    return row is not None and row["OBS_VALUE"] is not None and row["OBS_STATUS"] not in "OMLHQK"


def srd(i: float, e: float) -> float:
    return 100 * (i - e) / ((i + e) / 2)


def letter(value: float) -> str:
    for name, limit in zip("ABCD", (5, 10, 25, 50), strict=True):
        if abs(value) <= limit:
            return name
    return "E"


def classify(e: float | None, i: float | None) -> str:
    if e is None:
        return "MISSING_SENDER"
    if i is None:
        return "MISSING_RECEIVER"
    if e == i == 0:
        return "ZZ"
    if max(i, e) < 100:
        return "N"
    return letter(srd(i, e))


def measures(e: float, i: float) -> dict[str, float]:
    found = {"ABS": i - e}
    if e:
        found["REL_SND"] = 100 * (i - e) / e
    if i:
        found["REL_RCV"] = 100 * (e - i) / i
    if i + e:
        found["SRD"] = srd(i, e)
        found["IDX"] = abs(i - e) / (i + e)
    found["LOG"] = math.log(i / e) if i and e else math.log((i + 0.5) / (e + 0.5))
    return found


def both_say_otherwise(snd: Row, rcv: Row, attribute: str) -> bool:
    ours, theirs = snd.get(attribute), rcv.get(attribute)
    return None not in (ours, theirs) and "_U" not in (ours, theirs) and ours != theirs


def reasons(snd: Row | None, rcv: Row | None) -> set[str]:
    e = snd["OBS_VALUE"] if is_given(snd) else None
    i = rcv["OBS_VALUE"] if is_given(rcv) else None
    if e is None or i is None:
        missing = snd if e is None else rcv
        return {"MIS"} | ({"SDC"} if missing and missing["OBS_STATUS"] == "Q" else set())
    if e == i:
        return set()
    names = {
        "DURB": "DURATION_BASIS",
        "POP": "POP_CONCEPT",
        "CIT": "COV_CTZ",
        "ASY": "REFUGEE_INCL",
        "TIM": "TIME_PER_COLLECT",
    }
    found = {code for code, name in names.items() if both_say_otherwise(snd, rcv, name)}
    sources = {snd.get("SOURCE_TYPE"), rcv.get("SOURCE_TYPE")}
    if sources & SURVEYS and sources & REGISTERS:
        found.add("SRC")
    noise = sum(NOISE.get(row.get("SDC_METHOD"), 0) for row in (snd, rcv))
    if abs(i - e) <= noise:
        found.add("SDC")
    if both_say_otherwise(snd, rcv, "DURATION_CRIT") and classify(e, i) in "BCDE":
        corrected = srd(i * R[rcv["DURATION_CRIT"]], e * R[snd["DURATION_CRIT"]])
        if letter(corrected) < classify(e, i):
            found.add("DUR")
    if not found and classify(e, i) in {"C", "D", "E"}:
        found.add("UNX")
    return found


def match(rows: Iterable[Row]) -> dict[tuple[str, ...], dict[str, Row]]:
    """Return (sender, receiver, year, sex) -> {"SND": row, "RCV": row}."""
    pairs: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in rows:
        if row["CTZ_GROUP"] != "_T" or row["REF_AREA"] == row["COUNTERPART_AREA"]:
            continue
        if any(c.startswith(("_", "M49_")) for c in (row["REF_AREA"], row["COUNTERPART_AREA"])):
            continue
        ends = [row["REF_AREA"], row["COUNTERPART_AREA"]]
        kind = (row["FLOW_TYPE"], row["COUNTERPART_BASIS"])
        if kind == ("IMM", "PREV_RES"):
            ends, role = ends[::-1], "RCV"
        elif kind == ("EMI", "NEXT_RES"):
            role = "SND"
        else:
            continue
        pairs.setdefault((*ends, row["TIME_PERIOD"], row["SEX"]), {})[role] = row
    return {key: sides for key, sides in pairs.items() if any(map(is_given, sides.values()))}
