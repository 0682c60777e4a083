"use strict";
/** The data files: classic scripts, each of which calls `mutationData` once, or, where the page is one file, elements that hold
 * their payloads; read when first needed. */
const Data = (() => {
  /** @typedef {{ promise: Promise<any>, resolve: (payload: any) => void, reject: (error: Error) => void }} Expected */
  /** @type {Map<string, Expected>} */
  const expected = new Map();

  /** @param {string} name @returns {Expected} */
  const expect = (name) => {
    let found = expected.get(name);
    if (!found) {
      /** @type {any} */
      const made = {};
      made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
      made.promise.catch(() => {});
      found = /** @type {Expected} */ (made);
      expected.set(name, found);
    }
    return found;
  };

  /** What the data files call. @param {string} kind @param {number} key @param {unknown} payload */
  const receive = (kind, key, payload) => expect(`${kind} ${key}`).resolve(payload);

  /** @param {string} name @param {string} address @returns {Promise<any>} */
  const load = (name, address) => {
    if (expected.has(name)) return expect(name).promise;
    const waiting = expect(name);
    const inside = document.getElementById(address);
    if (inside) {
      waiting.resolve(JSON.parse(inside.textContent ?? ""));
      return waiting.promise;
    }
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => {
      script.remove();
      waiting.reject(new Error(`The data file ${address} holds something else. Render the page again: mutmut-dashboard report`));
    });
    script.addEventListener("error", () => {
      script.remove();
      expected.delete(name);
      waiting.reject(new Error(`The data file ${address} cannot be read. Keep it beside the page, or render the page again: mutmut-dashboard report`));
    });
    document.head.append(script);
    return waiting.promise;
  };

  /** @returns {Promise<Index>} */
  const index = () => {
    const inside = document.querySelector("script[data-index]");
    return inside ? load("index 0", inside.id) : expect("index 0").promise;
  };

  /** @param {Index} known @param {FileNumber} number @returns {Promise<FileChunk>} */
  const file = (known, number) => load(`file ${number}`, known.files[number].chunk);

  /** @param {Index} known @returns {Promise<TestsChunk>} */
  const tests = (known) => load("tests 0", known.chunks.tests);

  /** @param {Index} known @returns {Promise<RunsChunk>} */
  const runs = (known) => load("runs 0", known.chunks.runs);

  /** @param {Index} known @returns {Promise<CodesChunk>} */
  const codes = (known) => load("codes 0", known.chunks.codes);

  /** @param {Index} known @returns {Promise<TablesChunk>} */
  const tables = (known) => load("tables 0", known.chunks.tables);

  return { receive, index, file, tests, runs, codes, tables };
})();

// The data files call it by this name (data.d.ts).
Object.assign(globalThis, { mutationData: Data.receive });
