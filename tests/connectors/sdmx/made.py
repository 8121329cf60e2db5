"""Messages typed by hand for the tests, in the spelling of the services.

The flows to Austria are Eurostat's (migr_imm5prv, CC BY 4.0), the Belgians of 1998 to 2000; all
other figures are made up to be told apart.
"""

from __future__ import annotations

from pathlib import Path

HEAD = (
    "DATAFLOW,LAST UPDATE,freq,partner,agedef,age,unit,sex,geo,TIME_PERIOD,"
    "OBS_VALUE,OBS_FLAG,CONF_STATUS"
)
#: partner, agedef, age, sex, geo, year, value, flag
IMMIGRATION = (
    "BE,COMPLET,TOTAL,T,AT,1998,324,",
    "BE,COMPLET,TOTAL,T,AT,1999,238,b",
    "BE,COMPLET,TOTAL,T,AT,2000,294,ep",
    "BE,REACH,TOTAL,T,AT,1998,324,",
    "EL,COMPLET,TOTAL,T,AT,1998,11,",
    "UK,COMPLET,Y15-19,F,AT,1998,12,",
    "XK,COMPLET,Y_LT5,M,AT,1998,13,",
    "EX_SU,COMPLET,TOTAL,T,AT,1998,14,",
    "UNK,COMPLET,TOTAL,T,DE,1998,15,",
    "TOTAL,COMPLET,TOTAL,T,DE,1998,900,",
    "EU27_2020,COMPLET,TOTAL,T,AT,1998,800,",
    "EUR_OTH,COMPLET,TOTAL,T,AT,1998,20,",
    "AT,COMPLET,TOTAL,T,AT,1998,1,",
    "BE,COMPLET,Y7-9,T,AT,1998,2,",
    "BE,COMPLET,TOTAL,T,EU27_2020,1998,5000,",
    "BE,COMPLET,TOTAL,T,DE_TOT,1998,700,",
    "FR,COMPLET,TOTAL,T,AT,1998,,u",
    "ZZ9,COMPLET,TOTAL,T,AT,1998,3,",
)


def eurostat(*rows: str, flow: str = "MIGR_IMM5PRV", unit: str = "NR") -> bytes:
    """A message of Eurostat in SDMX-CSV 1.0 of rows as above."""
    lines = [HEAD]
    for row in rows or IMMIGRATION:
        partner, agedef, age, sex, geo, year, value, flag = row.split(",")
        place = f"A,{partner},{agedef},{age},{unit},{sex},{geo}"
        lines.append(f"ESTAT:{flow}(1.0),28/11/26 23:00:00,{place},{year},{value},{flag},")
    return ("\n".join(lines) + "\n").encode()


def written(folder: Path, content: bytes, name: str = "message.csv") -> Path:
    """The message in a file."""
    path = folder / name
    path.write_bytes(content)
    return path
