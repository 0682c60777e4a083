"use strict";
/** What can be gone to by name: views, files, functions, tests and mutants, and which of it fits what is typed. */
class Finder {
  /** @typedef {{ kind: string, text: string, hint: string, lower: string, address: (line?: number) => string }} Goal */

  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.tests = false;
    /** Mutants' ids are not among them: there may be too many. @type {Goal[]} */
    this.goals = [...this.views(), ...this.files(), ...this.functions()];
  }

  /** @param {string} kind @param {string} text @param {string} hint @param {(line?: number) => string} address @returns {Goal} */
  static goal(kind, text, hint, address) { return { kind, text, hint, lower: `${text} ${hint}`.toLowerCase(), address }; }

  views() { return [...Object.values(Keys.VIEWS), "costs", "matrix"].map((name) => Finder.goal("view", name, "", () => `#/${name}`)); }

  files() {
    return this.context.index.files.map(({ path }) => Finder.goal("file", path, "", (line) => Route.source(path, line)));
  }

  functions() {
    const { files, functions } = this.context.index;
    return functions.name.map((name, at) => {
      const { path } = files[functions.file[at]];
      return Finder.goal("function", name, path, () => Route.source(path, functions.line[at]));
    });
  }

  /** Tests stand in a data file of their own; they can be found once it is read. */
  async readTests() {
    if (this.tests) return;
    this.tests = true;
    const { index } = this.context;
    const { tests } = await Data.tests(index);
    for (const { id, target } of tests) {
      const split = id.indexOf("::");
      const [file, name] = split < 0 ? ["", id] : [id.slice(0, split), id.slice(split + 2)];
      this.goals.push(Finder.goal("test", name, file, () => Route.format("tests", [index.targets[target].name, id])));
    }
  }

  /** Mutants whose id, or `target/id`, begins so. @param {string} typed @returns {Goal[]} */
  mutants(typed) {
    const words = typed.replace(/^(?:mutant\s+|#)/, "");
    const id = words.slice(words.lastIndexOf("/") + 1);
    const target = words.slice(0, Math.max(0, words.lastIndexOf("/")));
    if (id.length < 3 || /\s/.test(id)) return [];
    const { facts, index } = this.context;
    const found = [];
    for (let mutant = 0; mutant < facts.count && found.length < Finder.MOST; mutant += 1) {
      if (!index.mutants.id[mutant].toLowerCase().startsWith(id) || (target && facts.target(mutant) !== target)) continue;
      const address = facts.placeOf[mutant] >= 0 ? Route.format("queue", [], { m: facts.key(mutant) }) : facts.address(mutant);
      found.push(Finder.goal("mutant", index.mutants.id[mutant],
        `${Words.STATUS[facts.status(mutant)].word}, ${facts.functionName(mutant)}, ${facts.place(mutant)}`, () => address));
    }
    return found;
  }

  /** The mutant of mutmut's own name, which is looked up where the address leads. @param {string} typed @returns {Goal[]} */
  named(typed) {
    const name = MutmutName.files(this.context.index, typed).length ? MutmutName.parse(typed)?.name : undefined;
    return name ? [Finder.goal("mutant", name, "by mutmut's name", () => Route.format("mutant", [name]))] : [];
  }

  /** The best fits, and how many there are. `file.py:12` leads to a line.
   * @param {string} typed @returns {{ found: { goal: Goal, at: number[], href: string }[], all: number }} */
  find(typed) {
    const words = typed.trim().toLowerCase().replace(/^(\S*\/\S*?|\S*\.py)::/, "$1 "); // a test's id, pasted
    const [, name, line] = /^(.*?\S):(\d+)$/.exec(words) ?? [undefined, words, ""];
    const mutants = words ? [...this.named(typed), ...this.mutants(words)].map((goal) => ({ goal, at: [], href: goal.address() })) : [];
    const goals = line ? this.goals.filter(({ kind }) => kind === "file") : this.goals;
    const others = words ? Fuzzy.best(name, goals, (goal) => goal.lower) : goals.slice(0, Finder.MOST).map((item) => ({ item, fit: { score: 0, at: [] } }));
    return {
      found: [...mutants, ...others.slice(0, Finder.MOST).map(({ item, fit: { at } }) => ({ goal: item, at, href: item.address(Number(line) || undefined) }))].slice(0, Finder.MOST),
      all: mutants.length + others.length,
    };
  }
}
/** Goals offered at once. */
Finder.MOST = 50;
