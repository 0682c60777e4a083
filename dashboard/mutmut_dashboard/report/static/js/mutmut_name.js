"use strict";
/** Mutants by mutmut's own name, as its commands print it: `shop.cart.x_subtotal__mutmut_3`, `shop.stock.xǁStockǁtake__mutmut_1`. */
const MutmutName = (() => {
  const NAME = /^(?:mutmut\s+\w+\s+)?((?:(.*)\.)?x(?:_|ǁ([^.ǁ]+)ǁ)([^.ǁ]+)__mutmut_\d+)$/u;

  /** The name in what was typed or pasted, perhaps a whole command; its module and its function.
   * @param {string} typed @returns {{ name: string, module: string, functionName: string } | undefined} */
  const parse = (typed) => {
    const found = NAME.exec(typed.trim());
    if (!found) return undefined;
    const [, name, module = "", owner, own] = found;
    return { name, module, functionName: owner ? `${owner}.${own}` : own };
  };

  /** @param {string} path */
  const moduleOf = (path) => path.replace(/(?:\/__init__)?\.py$/, "").replaceAll("/", ".");

  /** Files that may hold the mutant. @param {Index} index @param {string} typed @returns {FileNumber[]} */
  const files = (index, typed) => {
    const wanted = parse(typed);
    if (!wanted) return [];
    const found = index.functions.name.flatMap((name, at) => (name === wanted.functionName ? [index.functions.file[at]] : []));
    return found.filter((file) => `.${moduleOf(index.files[file].path)}`.endsWith(`.${wanted.module}`) || !wanted.module);
  };

  /** A mutant's own name, empty where mutmut never gave it one. @param {FileChunk} chunk @param {FunctionNumber} function_ @param {MutantDetail} detail */
  const of = (chunk, function_, { name }) => (typeof name === "string" ? name : `${chunk.names[String(function_)]}__mutmut_${name}`);

  /** The mutant of that name; names stand in the data of each file. @param {Context} context @param {string} typed @returns {Promise<MutantNumber | undefined>} */
  const find = async ({ index }, typed) => {
    const name = parse(typed)?.name ?? "";
    for (const file of files(index, typed)) {
      const chunk = await Data.file(index, file).catch(() => undefined);
      const { first } = index.files[file];
      const names = chunk?.mutants.map((mutant, at) => of(chunk, index.mutants.function[first + at], mutant)) ?? [];
      const at = names.findIndex((own) => own === name || own.endsWith(`.${name}`));
      if (at >= 0) return first + at;
    }
    return undefined;
  };

  return { parse, files, of, find };
})();
