"use strict";
/** The mutants of a list as SARIF 2.1.0, for code scanning: rules, levels and fingerprints as `mutmut-dashboard export sarif` writes
 * them, so that a service takes both for the same alerts. Pure. */
const ListSarif = (() => {
  const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
  /** The category of a narrowed list: under that of the whole one, a service would close every alert that is left out. */
  const FILTERED = "mutmut-dashboard/filtered/";
  /** @type {Record<string, { level: string, says: string }>} */
  const STATUS = {
    survived: { level: "warning", says: "Every test that runs this line passes with it changed" },
    uncovered: { level: "note", says: "No test runs this line, so none notices it changed" },
  };

  /** Escape what SARIF reads as a link or a placeholder (sections 3.11.5 and 3.11.6). @param {string} text */
  const message = (text) => Dom.visible(text).replace(/[[\]\\]/g, "\\$&").replaceAll("{", "{{").replaceAll("}", "}}");

  /** A path as Python's `quote` writes it. @param {string} path */
  const uri = (path) => encodeURIComponent(Route.whole(path)).replaceAll("%2F", "/")
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

  /** @param {string} operator */
  const ruleId = (operator) => `mutant/${operator.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "other"}`;

  /** @param {string} operator */
  const rule = (operator) => ({
    id: ruleId(operator),
    name: (ruleId(operator).match(/[a-z0-9]+/g) ?? []).map((word) => word[0].toUpperCase() + word.slice(1)).join(""),
    shortDescription: { text: message(`A mutant of the operator '${operator}' is undetected.`) },
    fullDescription: { text: "The code was changed on purpose, and the tests passed all the same." },
    help: { text: "Write a test that fails with the change and passes without it, or decide that none is wanted." },
    defaultConfiguration: { level: "warning" },
    properties: { tags: ["mutation-testing", "test"] },
  });

  /** What is recorded as a decision that no test is wanted; a draft that nobody has saved excuses nothing.
   * @param {ListHead["recorded"] extends Map<string, infer T> ? T | undefined : never} made */
  const suppressions = (made) => (made && ["equivalent", "accepted"].includes(made.choice)
    ? [{ kind: "external", status: "accepted", justification: Route.whole(`${made.choice}: ${made.reason}`) }] : []);

  /** @param {ListHead} head @param {ListRow} row @param {string[]} rules @param {string} key */
  const result = (head, row, rules, key) => ({
    ruleId: ruleId(row.operator),
    ruleIndex: rules.indexOf(ruleId(row.operator)),
    level: STATUS[row.status].level,
    message: { text: message(`${STATUS[row.status].says}: ${row.original || "nothing"} -> ${row.replacement || "nothing"}`) },
    locations: [{
      physicalLocation: { artifactLocation: { uri: uri(row.file), uriBaseId: "%SRCROOT%" }, region: { startLine: row.line } },
      logicalLocations: [{ fullyQualifiedName: Route.whole(row.function), kind: "function" }],
    }],
    partialFingerprints: { primaryLocationLineHash: `${key}:1`, "mutantId/v1": key },
    properties: { target: row.target, status: row.status, decision: row.decision, reason: row.reason },
    suppressions: suppressions(head.recorded.get(`${row.target}/${row.id}`)),
  });

  /** @param {ListHead} head @param {ListRow[]} rows */
  const write = (head, rows) => {
    const operators = [...new Map(rows.map(({ operator }) => [ruleId(operator), operator])).values()];
    const rules = operators.map(ruleId);
    const run = {
      tool: { driver: { name: "mutmut-dashboard", semanticVersion: head.version, rules: operators.map(rule) } },
      automationDetails: { id: rows.length < head.all ? FILTERED : "mutmut-dashboard/" },
      invocations: [{ executionSuccessful: head.run.complete }],
      columnKind: "utf16CodeUnits",
      results: rows.map((row) => result(head, row, rules, head.again.has(`${row.target}/${row.id}`) ? `${row.target}:${row.id}` : row.id)),
    };
    return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 1)}\n`;
  };

  return { FILTERED, ruleId, write };
})();
