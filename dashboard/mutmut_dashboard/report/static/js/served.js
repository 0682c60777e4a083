"use strict";
/** The server that keeps decisions, when the page comes from `mutmut-dashboard triage`; none on a page from the disk. */
class Served {
  /** @typedef {{ target: string, id: string, decision: Choice, reason: string, who: string, when: string, expires: string,
   *   standing: Standing, why: string }} Kept */
  /** @typedef {{ revision: string, who: string, decisions: Kept[], error?: string }} Reply */

  /** What the server says of the newest run: how far it is, and, by target and status, the ids of mutants whose verdicts came after
   * those told before, or with `anew` after none.
   * @typedef {{ run: number, began: string, ended: boolean, judged: number, total: number, goes_on: boolean,
   *   verdicts: Record<string, Record<string, string[]>>, anew: boolean, more: boolean, cursor: string }} RunProgress */

  /** @param {string} token */
  constructor(token) {
    this.token = token;
    this.revision = "";
    this.who = "";
  }

  /** The server this page came from. @returns {Served | undefined} */
  static found() {
    const meta = document.querySelector('meta[name="triage-token"]');
    const token = meta instanceof HTMLMetaElement ? meta.content : "";
    return token ? new Served(token) : undefined;
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<{ ok: boolean, status: number, reply: Reply }>} */
  async call(method, path, body) {
    const answer = await fetch(path, {
      method,
      headers: { "X-Triage-Token": this.token, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
    });
    /** @type {Reply} */
    const reply = await answer.json().catch(() => ({ revision: "", who: "", decisions: [], error: `The server answered ${answer.status}.` }));
    if (reply.revision) this.revision = reply.revision;
    if (reply.who) this.who = reply.who;
    return { ok: answer.ok, status: answer.status, reply };
  }

  decisions() { return this.call("GET", "/api/decisions"); }

  /** @param {{ key: string, choice: Choice, reason: string, expires: string }[]} changes */
  decide(changes) {
    return this.call("POST", "/api/decisions", {
      revision: this.revision,
      changes: changes.map(({ key, choice, reason, expires }) => ({
        target: key.slice(0, key.lastIndexOf("/")), id: key.slice(key.lastIndexOf("/") + 1), decision: choice, reason, expires,
      })),
    });
  }

  undo() { return this.call("POST", "/api/undo", { revision: this.revision }); }

  /** How far the newest run is; undefined where the server does not answer. @param {string} shown the run whose verdicts are known
   * @param {string} after cursor of what was told before @returns {Promise<RunProgress | undefined>} */
  async progress(shown, after) {
    try {
      const { ok, reply } = await this.call("GET", `/api/run?shown=${encodeURIComponent(shown)}&after=${encodeURIComponent(after)}`);
      return ok ? /** @type {RunProgress} */ (/** @type {unknown} */ (reply)) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Have the page made again from the newest run. Resolves to a complaint, empty where all is well. @returns {Promise<string>} */
  async render() {
    try {
      const { ok, reply } = await this.call("POST", "/api/page", {});
      return ok ? "" : reply.error ?? "The page could not be made again.";
    } catch {
      return "The server does not answer. Start mutmut-dashboard triage again.";
    }
  }

  /** @param {Kept[]} decisions @returns {Map<string, Omit<Decided, "mutant">>} */
  static byKey(decisions) {
    return new Map(decisions.map(({ target, id, decision, reason, who, when, expires, standing, why }) =>
      [`${target}/${id}`, { choice: decision, reason, who, when, expires, standing, why }]));
  }
}
