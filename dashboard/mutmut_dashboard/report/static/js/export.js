"use strict";
/** Drafts as a file in the format of triage.toml, for `mutmut-dashboard decide --import`. */
const Export = (() => {
  /** What must be typed before an import: it adds decisions, and takes none away. @param {Decisions} decisions @returns {string[]} */
  const commandsFirst = (decisions) => [...decisions.drafts.keys()].filter((key) => decisions.given(key))
    .map((key) => `mutmut-dashboard decide ${key.slice(key.lastIndexOf("/") + 1)} open`);

  /** @param {Context} context @param {string} who */
  const text = async (context, who) => {
    const { decisions, facts } = context;
    await context.bind([...decisions.drafts.keys()]);
    const entries = [];
    const missing = [];
    for (const [key, draft] of decisions.drafts) {
      if (draft.choice === "open") continue;
      const mutant = facts.find(key);
      if (mutant === undefined || !draft.hash) { missing.push(key); continue; }
      entries.push({
        id: context.index.mutants.id[mutant], target: facts.target(mutant), file: facts.file(mutant).path, function: facts.functionName(mutant),
        change: draft.change ?? "", decision: draft.choice, reason: draft.reason, who, when: draft.when, expires: draft.expires, functionHash: draft.hash,
      });
    }
    const first = commandsFirst(decisions);
    return Toml.document(entries, [
      "Decisions from the page. Merge them: mutmut-dashboard decide --import triage-drafts.toml",
      ...(first.length ? ["First, since these change what triage.toml says already:", ...first.map((command) => `  ${command}`)] : []),
      ...(missing.length ? [`Left out, since this run does not know them: ${missing.join(", ")}`] : []),
    ]);
  };

  /** @param {string} name @param {string} content @param {string} [type] */
  const download = (name, content, type = "application/toml") => {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = Dom.el("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };

  return { commandsFirst, text, download };
})();
