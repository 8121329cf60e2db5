"""Every rule of the validator, in the order in which it looks.

`check`, `publish` and `harvest` go through this one table. What the documentation says of the
rules (docs/validation.md) is compared with it by a test.
"""

from __future__ import annotations

from collections.abc import Sequence

from hub.publish.findings import Findings
from hub.publish.observations import Observations
from hub.publish.rules import (
    absent,
    attachment,
    attributes,
    balances,
    combinations,
    constraints,
    duplicates,
    series,
    signs,
    totals,
    units,
)
from hub.publish.rules.rule import ERROR, INFORMATION, Rule, Thresholds

#: What is noticed before there are typed observations to look at.
READING: tuple[Rule, ...] = (
    Rule(
        id="no-observations",
        severities=(ERROR,),
        about="a header and nothing below it",
        remedy="export the table again",
    ),
    Rule(
        id="structure",
        severities=(ERROR,),
        about="the file says it is data of another structure",
        remedy="name the dataflow it belongs to, or correct the file",
    ),
    Rule(
        id="unknown-column",
        severities=(ERROR,),
        about="a column that is no component",
        remedy="rename it, or take it out",
    ),
    Rule(
        id="missing-column",
        severities=(ERROR,),
        about="a dimension without a column",
        remedy="add the column",
    ),
    Rule(
        id="missing-dimension",
        severities=(ERROR,),
        about="a row without a value for a dimension",
        remedy="give it a code; `_T` where it is the total, `_U` where it is unknown",
    ),
    Rule(
        id="missing-measure",
        severities=(ERROR,),
        about="a row without a value for a mandatory measure",
        remedy="give the value",
    ),
    Rule(
        id="missing-attribute",
        severities=(ERROR,),
        about="a row without a value for a mandatory attribute",
        remedy="give it; `_U` where it is coded and unknown",
    ),
    Rule(
        id="unknown-code",
        severities=(ERROR,),
        about="not a code of the list; told with the nearest code, or the scheme it is of",
        remedy="write the code, or map the column",
    ),
    Rule(
        id="not-of-type",
        severities=(ERROR,),
        about="not of the declared type: `1,234` is not a number, `1.1.2020` is not a day",
        remedy="write numbers without separators, days as YYYY-MM-DD",
    ),
    Rule(
        id="mandatory-delete",
        severities=(ERROR,),
        about="a row to delete that marks a value without which an observation cannot be",
        remedy="leave all but the dimensions empty to delete the observation, or give another "
        "value with the action M",
    ),
)
STRUCTURAL: tuple[Rule, ...] = (duplicates.RULE, attachment.RULE, constraints.RULE)
#: Those that may be errors first, so that there is room for them in the list.
CONTENT: tuple[Rule, ...] = (
    *combinations.RULES,
    *units.RULES,
    *attributes.RULES,
    *signs.RULES,
    absent.RULE,
    *balances.RULES,
    totals.RULE,
    *series.RULES,
)
CLOSING: tuple[Rule, ...] = (
    Rule(
        id="incomplete-merge",
        severities=(ERROR,),
        about="a row to merge without a mandatory value that is not there before either",
        remedy="give the value",
    ),
    Rule(
        id="too-many-findings",
        severities=(ERROR, INFORMATION),
        about="there are more than the setting max_findings lists",
        remedy="mend what is listed, then check again",
    ),
)
RULES: tuple[Rule, ...] = (*READING, *STRUCTURAL, *CONTENT, *CLOSING)


def look_for_all(
    observations: Observations,
    findings: Findings,
    thresholds: Thresholds,
    rules: Sequence[Rule] = RULES,
) -> None:
    """Let every rule look; those that read values only where nothing was wrong before them."""
    for reads_values in (False, True):
        if reads_values and findings.errors:  # sums over broken values would mislead
            return
        for rule in rules:
            if rule.look is not None and rule.reads_values is reads_values:
                rule.look(observations, findings, thresholds)
