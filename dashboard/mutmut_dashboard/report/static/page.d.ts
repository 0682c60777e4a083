// Types that several scripts share.

/** A list's entry or the head of a group, as `Groups.rows` makes them. */
type QueueRow =
  | { kind: "head"; key: string; places: number[]; open: boolean }
  | { kind: "entry"; place: number; folded: number[]; open: boolean; under: boolean };

type QueueFacet = "status" | "decision" | "age" | "runs" | "changed" | "diagnosis" | "target" | "operator" | "file" | "function";

interface QueueQuery {
  words: string;
  /** Per facet the chosen names; none means all. */
  chosen: Partial<Record<QueueFacet, string[]>>;
  /** Mutants that a test ran. */
  among?: Set<MutantNumber>;
}

/** Entries by place, each column with a code per entry. The first `listed` are the queue; behind them may stand all other mutants. */
interface QueueTable {
  size: number;
  listed: number;
  columns: { facet: QueueFacet; title: string; names: string[]; codes: Int32Array; unasked?: string[]; rest?: number }[];
  texts: SearchText;
  mutant: MutantNumber[];
  /** Mutant -> place, -1 for what is not in the table. */
  placeOf: Int32Array;
}

/** Names that entries share, in lower case; each kind as one text. */
interface NamesToSearch {
  paths: string[];
  file: JoinedText;
  function: JoinedText;
  operator: JoinedText;
  reason: JoinedText;
}

interface QueueResult {
  /** Places in the table that was asked. */
  shown: number[];
  /** Aligned with each column's names: how many entries a choice shows or would show. */
  counts: Map<QueueFacet, Int32Array>;
}

/** A mutant of an exported list, by the names that its formats use. */
interface ListRow {
  id: string;
  target: string;
  file: string;
  function: string;
  line: number;
  operator: string;
  original: string;
  replacement: string;
  status: string;
  /** Empty where there is nothing to decide, since it is detected or was not judged. */
  decision: string;
  decision_reason: string;
  /** null where there is no earlier run to compare with, and where it is not undetected. */
  new: boolean | null;
  /** How many tests ran it. */
  tests: number;
  /** What judging it took. */
  seconds: number;
  /** Why it ranks where it does; of other statuses, why it was skipped or how judging ended. */
  reason: string;
  /** Where it is read: the page's address with its own. */
  address: string;
}

/** What an exported list was taken from: `address` is that of the list with its filters, `all` counts the whole queue, or all mutants where others are listed, too, `again` has the
 * mutants, as `target/id`, whose id an earlier target has, too; `recorded` has the decisions that are in triage.toml and apply, by
 * `target/id`, without any draft. */
interface ListHead {
  version: string;
  again: Set<string>;
  recorded: Map<string, { choice: Choice; reason: string }>;
  project: string;
  run: Index["run"];
  address: string;
  all: number;
}

/** A test in a kill matrix: how many of the mutants it notices, and how many of those no other test does. */
interface MatrixRow {
  test: TestNumber;
  notices: number;
  alone: number;
}

/** A mutant in a kill matrix: the tests that ran it, and those that noticed it, with how. */
interface MatrixColumn {
  mutant: MutantNumber;
  ran: Set<TestNumber>;
  noticed: Map<TestNumber, string>;
}
