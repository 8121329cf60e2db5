// Answers questions about a node: each line of standard input is a job in JSON, each line of
// standard output says what was read.
//
// A job names a service of sdmx-rest ({url, api}), a query of it, the media type, and a reader.
// With `parser`, sdmx-json-parser fetches and reads by itself; with `resources`, every type of
// artefact that sdmx-rest knows is asked for.
import { createInterface } from "node:readline";
import { setTimeout as after } from "node:timers/promises";

import sdmxrest from "sdmx-rest";
import dashboards from "sdmx-json-parser";

import * as readers from "./readers.mjs";

async function asked({ service, query, accept, read, headers }) {
  const answer = await sdmxrest.request2(query, service, { headers: { accept, ...headers } });
  const about = { url: sdmxrest.getUrl(query, service), status: answer.status };
  about.type = answer.headers.get("content-type");
  sdmxrest.checkStatus(query, answer);
  if (answer.status === 204) return about;
  sdmxrest.checkMediaType(accept, answer);
  const body = await answer.text();
  return { ...about, found: read ? readers[read](body) : body.length };
}

async function parsed({ parser: url, headers, slice }) {
  const client = new dashboards.SDMXParser();
  await client.getDatasets(url, { headers });
  const dimensions = client.getDimensions().map(({ id, values }) => [
    id,
    Object.fromEntries(values.map((value) => [value.name, value.id])),
  ]);
  return {
    name: client.getName(),
    dimensions: Object.fromEntries(dimensions),
    active: client.getActiveDimensions().map(({ id }) => id),
    found: client.getData(slice),
  };
}

async function listed({ resources: api, service, accept }) {
  const { ApiResources } = sdmxrest.utils;
  const types = ApiResources[api].filter((type) => !/^(data|metadata|schema|availab\w+)$/.test(type));
  const statuses = {};
  for (const resource of types) {
    const answer = await sdmxrest.request2({ resource }, service, { headers: { accept } });
    statuses[resource] = answer.status;
    if (answer.status === 200) sdmxrest.checkMediaType(accept, answer);
    await answer.text();
  }
  return { found: statuses };
}

async function answer(job) {
  try {
    if (job.resources) return await listed(job);
    return job.parser ? await parsed(job) : await asked(job);
  } catch (error) {
    return { error: error.message };
  }
}

async function late() {
  await after(60_000, undefined, { ref: false });
  return { error: "no answer within a minute" };
}

for await (const line of createInterface({ input: process.stdin })) {
  const told = await Promise.race([answer(JSON.parse(line)), late()]);
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
