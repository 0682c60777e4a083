// Types that several scripts share.

/** A list's entry or the head of a group, as `Groups.rows` makes them. */
type QueueRow =
  | { kind: "head"; key: string; places: number[]; open: boolean }
  | { kind: "entry"; place: number; folded: number[]; open: boolean; under: boolean };

type QueueFacet = "status" | "decision" | "age" | "diagnosis" | "target" | "operator" | "file" | "function";

interface QueueQuery {
  words: string;
  /** Per facet the chosen names; none means all. */
  chosen: Partial<Record<QueueFacet, string[]>>;
  /** Mutants that a test ran. */
  among?: Set<MutantNumber>;
}

interface QueueResult {
  /** Places in the queue. */
  shown: number[];
  /** Aligned with each column's names: how many entries a choice shows or would show. */
  counts: Map<QueueFacet, Int32Array>;
}
