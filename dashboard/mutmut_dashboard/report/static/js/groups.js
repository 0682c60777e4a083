"use strict";
/** Rows of a list: entries under the heads of their groups, of each line the first, the others folded under it, and those in the
 * shadow of another wherever that is. Pure. */
const Groups = (() => {
  // An entry's `folded` ones are of the same line and stand under it; `under` says that it stands under another.

  /** Entries by key, in the order in which a key first occurs.
   * @template T @template {string | number} K @param {T[]} items @param {(item: T) => K} key @returns {Map<K, T[]>} */
  const by = (items, key) => {
    /** @type {Map<K, T[]>} */
    const found = new Map();
    for (const item of items) {
      const name = key(item);
      const group = found.get(name);
      if (group) group.push(item);
      else found.set(name, [item]);
    }
    return found;
  };

  /** What is folded under most entries; never added to. @type {number[]} */
  const NONE = [];

  /** @param {number} place @param {boolean} under @returns {Extract<QueueRow, { kind: "entry" }>} */
  const alone = (place, under) => ({ kind: "entry", place, folded: NONE, open: false, under });

  /** What stands in no shadow first. @param {number[]} places @param {(place: number) => boolean} isShadowed */
  const lit = (places, isShadowed) => (places.some(isShadowed)
    ? [...places.filter((place) => !isShadowed(place)), ...places.filter(isShadowed)] : places);

  /** @param {number[]} places @param {(place: number) => number} line @param {Set<number>} unfolded lines shown whole
   * @param {(place: number) => boolean} isShadowed @returns {QueueRow[]} */
  const fold = (places, line, unfolded, isShadowed) => {
    /** @type {Map<number, Extract<QueueRow, { kind: "entry" }>>} */
    const lines = new Map();
    for (const place of places) { // loops without an array per line: they may be tens of thousands
      const key = line(place);
      const row = lines.get(key);
      if (!row) lines.set(key, alone(place, false));
      else if (row.folded === NONE) row.folded = [place];
      else row.folded.push(place);
    }
    /** @type {QueueRow[]} */
    const rows = [];
    for (const [key, row] of lines) {
      rows.push(row);
      if (row.folded === NONE) continue;
      [row.place, ...row.folded] = lit([row.place, ...row.folded], isShadowed);
      row.open = unfolded.has(key);
      if (row.open) for (const other of row.folded) rows.push(alone(other, true));
    }
    return rows;
  };

  /** @param {number[]} places entries in their order
   * @param {{ group?: (place: number) => string, line: (place: number) => number, unfolded: Set<number>, closed: Set<string>,
   *   isShadowed?: (place: number) => boolean }} how
   * @returns {QueueRow[]} */
  const rows = (places, { group, line, unfolded, closed, isShadowed = () => false }) => {
    if (!group) return fold(places, line, unfolded, isShadowed);
    return [...by(places, group)].flatMap(([key, members]) => {
      const open = !closed.has(key);
      /** @type {QueueRow[]} */
      const head = [{ kind: "head", key, places: members, open }];
      return open ? head.concat(fold(members, line, unfolded, isShadowed)) : head;
    });
  };

  return { by, alone, rows };
})();
