"use strict";
/** What a reader takes along from a mutant: commands, a pragma, an issue's text, an editor's link. Pure. */
const Copies = (() => {
  /** A word for a POSIX shell. @param {string} text */
  const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

  /** Tests as one pytest command; beyond fifty it names their files.
   * @param {string[]} tests pytest ids */
  const pytest = (tests) => {
    const most = 50;
    const chosen = tests.length <= most ? tests : [...new Set(tests.map((id) => id.split("::")[0]))];
    return `python -m pytest ${chosen.map(quoted).join(" ")}`;
  };

  /** A run of one function's mutants. @param {string} target @param {string} name */
  const run = (target, name) => `mutmut-dashboard run --target ${quoted(target)} --function ${quoted(name)}`;

  /** A command of mutmut's own; its names need no quotes, whatever sign stands between a class and its method.
   * @param {"show" | "run" | "apply"} command @param {string} name */
  const mutmut = (command, name) => `mutmut ${command} ${/^[\w.ǁ]+$/u.test(name) ? name : quoted(name)}`;

  /** The longest run of backticks decides how many a fence needs. @param {string} text */
  const fence = (text) => {
    const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((found) => found[0].length));
    return "`".repeat(Math.max(3, longest + 1));
  };

  /** Text between inline code marks, whatever backticks it has. @param {string} text */
  const code = (text) => {
    const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((found) => found[0].length));
    const mark = "`".repeat(longest + 1);
    const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
    return `${mark}${pad}${text.replace(/\s+/g, " ")}${pad}${mark}`;
  };

  /** @param {{ place: string, functionName: string, status: string, operator: string, id: string, original: string,
   *   replacement: string, sentence: string, tests: { id: string, examples: string }[], commit: string }} about `examples`: how many reach the function, in words */
  const issue = (about) => {
    const diff = [
      ...about.original.split("\n").map((line) => `- ${line}`),
      ...about.replacement.split("\n").map((line) => `+ ${line}`),
    ].join("\n");
    const marks = fence(diff);
    const tests = about.tests.slice(0, 10).map(({ id, examples }) => `- ${code(id)}${examples.includes(" of ") ? ` (${examples} reach the function)` : ""}`);
    const more = about.tests.length - tests.length;
    return [
      `### No test notices a change in ${code(about.functionName)}`,
      "",
      `${code(about.place)}${about.commit ? ` at ${about.commit}` : ""}, ${about.operator}:`,
      "",
      `${marks}diff`, diff, marks,
      "",
      about.sentence,
      ...(tests.length ? ["", "Tests that ran it:", ...tests] : []),
      ...(more > 0 ? [`- and ${more} more`] : []),
      "",
      `To see it again: ${code(`mutmut-dashboard verify ${about.id}`)}`,
      "",
    ].join("\n");
  };

  /** An editor's address, or nothing where none is configured or it would run script.
   * @param {string} template with {path} and {line} @param {string} root @param {string} path @param {number} line */
  const editor = (template, root, path, line) => {
    if (!template || /^\s*(javascript|data|vbscript):/i.test(template)) return "";
    const whole = root ? `${root.replace(/\/$/, "")}/${path}` : path;
    return template.replaceAll("{path}", encodeURI(Route.whole(whole))).replaceAll("{line}", String(line));
  };

  return { quoted, pytest, run, mutmut, code, issue, editor };
})();
