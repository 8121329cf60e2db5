// What packages of others make of the node's messages: rows of plain objects, by component id.
import { parse } from "csv-parse/sync";
import { XMLParser } from "fast-xml-parser";
import { fromSDMX } from "jsonstat-suite";
import JSONstat from "jsonstat-toolkit";

const REPEATED = new Set(["DataSet", "Series", "Obs", "Value", "Group"]);
const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  removeNSPrefix: true,
  parseAttributeValue: false,
  isArray: (name) => REPEATED.has(name),
});

/** SDMX-CSV with csv-parse. */
export function csv(text) {
  return parse(text, { columns: true, bom: true });
}

/** Flat SDMX-JSON with jsonstat-suite, which makes a cube of it; empty cells are no observations. */
export function cube(text) {
  const message = JSON.parse(text);
  const { meta, data } = message;
  // the suite knows 2.0 and the draft before 1.0, which had the members of `data` at the root
  const given = data.structures ? message : { header: meta, ...data };
  const dataset = JSONstat(fromSDMX(given));
  const rows = dataset.toTable({
    type: "arrobj", field: "id", content: "id", status: true, vlabel: "OBS_VALUE", slabel: "OBS_STATUS",
  });
  return rows
    .map((row) => ({ ...row, OBS_VALUE: row.OBS_VALUE ?? row.value, OBS_STATUS: row.OBS_STATUS ?? row.status }))
    .map(({ value, status, ...row }) => row)
    .filter((row) => row.OBS_VALUE !== null);
}

/** SDMX-ML data, generic or structure-specific, as a tree of fast-xml-parser. */
export function tree(text) {
  const [message] = Object.values(xml.parse(text)).filter((part) => part?.Header);
  const rows = [];
  for (const dataset of message.DataSet ?? []) {
    for (const series of [dataset, ...(dataset.Series ?? [])]) {
      for (const observation of series.Obs ?? []) {
        rows.push({ ...upper(dataset), ...upper(series), ...upper(observation), ...measured(observation) });
      }
    }
  }
  return rows;
}

function upper(element) {
  const plain = Object.entries(element).filter(([, value]) => typeof value === "string");
  const generic = ["SeriesKey", "ObsKey", "Attributes"].flatMap((part) => element[part]?.Value ?? []);
  return Object.fromEntries([...plain, ...generic.map(({ id, value }) => [id, value])]);
}

function measured(observation) {
  const found = {};
  const { ObsDimension: at, ObsValue: value } = observation;
  if (at) found[at.id ?? "TIME_PERIOD"] = at.value;
  if (value) found.OBS_VALUE = value.value;
  return found;
}

/** The artefacts of a structure message by kind, and the names of the items of code lists. */
export function structures(text) {
  return text.trimStart().startsWith("<") ? ofXml(text) : ofJson(JSON.parse(text));
}

function ofJson({ data }) {
  const kinds = Object.entries(data).map(([kind, found]) => [kind, found.map(({ id }) => id ?? "")]);
  const lists = (data.codelists ?? []).map((list) => [list.id, named(list.codes, (code) => code.name)]);
  return { kinds: Object.fromEntries(kinds), codes: Object.fromEntries(lists), region: regionOfJson(data) };
}

function ofXml(text) {
  const { Structure } = xml.parse(text);
  const kinds = {};
  const codes = {};
  for (const container of Object.values(Structure.Structures)) {
    for (const [kind, found] of Object.entries(container)) {
      for (const artefact of [found].flat()) {
        (kinds[kind] ??= []).push(artefact.id ?? "");
        if (kind === "Codelist") codes[artefact.id] = named([artefact.Code ?? []].flat(), english);
      }
    }
  }
  return { kinds, codes };
}

function named(items, nameOf) {
  return Object.fromEntries((items ?? []).map((item) => [item.id, nameOf(item)]));
}

function english({ Name }) {
  const [name] = [Name].flat().filter((each) => each.lang === "en");
  return name["#text"];
}

function regionOfJson(data) {
  const [constraint] = data.availabilityConstraints ?? data.dataConstraints ?? data.contentConstraints ?? [];
  const [region] = constraint?.cubeRegions ?? (constraint?.cubeRegion ? [constraint.cubeRegion] : []);
  const keys = region?.components ?? region?.keyValues ?? [];
  return Object.fromEntries(keys.map(({ id, values }) => [id, (values ?? []).map((each) => each.value ?? each)]));
}
