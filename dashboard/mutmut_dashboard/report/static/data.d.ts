// The data of the page: what Python writes (report/chunks) and the scripts read. Checked by tsc on the scripts' side and
// by a test on Python's side. Each data file is a classic script that calls `mutationData(kind, key, payload)` once, because a
// page on file:// can load nothing else. Texts are as recorded: they may hold controls, bidirectional marks and lone surrogates,
// which scripts make visible where they show them. Numbers stand for entries of tables given elsewhere, so no text is repeated.

/** Position in `Index.mutants`; the mutants of one file are neighbours, in the order of lines and columns. */
type MutantNumber = number;
/** Position in `Index.files`. */
type FileNumber = number;
/** Position in `Index.functions`. */
type FunctionNumber = number;
/** Position in `TestsChunk.tests`; the same numbers stand in file chunks. */
type TestNumber = number;
/** Position in `Index.targets`. */
type TargetNumber = number;

/** One letter per status: Killed, Timeout, Survived, Uncovered, sKipped ("-"), Invalid, Error, Pending; "." is absent. */
type StatusLetter = "k" | "t" | "s" | "u" | "-" | "i" | "e" | "p" | ".";
/** `file:line`, or just the line where it is in the test's own file. */
type Place = string | number;
type Choice = "open" | "todo" | "equivalent" | "accepted" | "bug";
type Standing = "applies" | "stale" | "expired" | "obsolete" | "waiting";

interface Index {
  format: 1;
  /** Names the page for drafts: changes with the project, not with the run. */
  report: string;
  project: string;
  version: string;
  /** `branch` is empty where none was recorded. */
  run: { id: number; startedAt: string; commit: string; branch: string; dirty: boolean; complete: boolean };
  targets: { name: string; root: string }[];
  /** `chunk` is the name of the data file; `first` and `count` give its stretch of mutants. */
  files: { path: string; target: TargetNumber; chunk: string; first: MutantNumber; count: number; changed: boolean; lines: number }[];
  /** Columns of equal length. `line` and `end` are 1-based and inclusive; `seconds` is what judging its mutants took together. */
  functions: { name: string[]; file: FileNumber[]; line: number[]; end: number[]; seconds: number[] };
  /** Operators and what each is in a few words. */
  operators: string[];
  /** Columns of equal length, one entry per mutant. `status` is one string of letters. Ids are stable ids. */
  mutants: { id: string[]; function: FunctionNumber[]; line: number[]; operator: number[]; status: string };
  /** Undetected mutants in the order of priority, best first; columns of equal length. */
  queue: {
    mutant: MutantNumber[];
    /** Source and replacement in one line each, shortened to 120 characters. */
    original: string[];
    replacement: string[];
    /** Position in `reasons`: why it ranks here. */
    reason: number[];
    /** How many tests ran it. */
    tests: number[];
    /** Seconds that judging it took, on the clock; 0 where no test was run. */
    seconds: number[];
    /** 1 where the previous run did not have it as a survivor, 0 where it did, -1 where there is no previous run. */
    fresh: number[];
    /** Position in `diagnoses`; 0 is "not diagnosed". */
    diagnosis: number[];
  };
  /** Places in the queue of mutants in the shadow of another, and of that other: it takes the whole stretch away in which they
   * change something, and nothing notices. Columns of equal length. */
  shadows: { place: number[]; of: number[] };
  /** Mutants of any status that had another one in an earlier run that judged their target; sorted. */
  varied: MutantNumber[];
  /** The mutants of any status that took longest to judge, the slowest first; columns of equal length. */
  slowest: { mutant: MutantNumber[]; seconds: number[] };
  /** The rule of the queue's order, in words. */
  rule: string;
  reasons: string[];
  diagnoses: string[];
  /** Decisions from triage.toml that are about mutants of this run, by mutant. */
  decisions: Decided[];
  /** Data files loaded on demand. */
  chunks: { tests: string; runs: string; codes: string; tables: string };
  /** URL template of an editor link with {path} (absolute where known) and {line}; empty where none is configured. */
  editor: string;
  /** Absolute folder of the project when `editor` is set; else empty. */
  root: string;
  /** Recorded runs, oldest first, as the history letters in file chunks and the runs chunk count them. */
  runs: { id: number; startedAt: string; commit: string; complete: boolean }[];
  /** Whether every selected test was run for every mutant (kill matrix). */
  matrix: boolean;
  /** Where the page was asked to tell changed lines apart: since which git revision, and the mutants on them. */
  since?: { ref: string; mutants: MutantNumber[] };
}

interface Decided {
  mutant: MutantNumber;
  choice: Choice;
  reason: string;
  who: string;
  when: string;
  expires: string;
  standing: Standing;
  why: string;
}

/** `mutationData("file", number, chunk)` */
interface FileChunk {
  /** The text as judged, with "\n" between lines. */
  source: string;
  /** One letter per line: r run, m missed, p partial, x left out of coverage by a pragma or a setting, - no code, ? unknown. */
  coverage: string;
  /** Line -> a sentence about the branch never taken. */
  partial: Record<string, string>;
  /** Sets of tests, each sorted; referred to by position so that no set is written twice. */
  testSets: TestNumber[][];
  /** Line -> position in testSets. */
  testsOfLine: Record<string, number>;
  /** Function number -> position in testSets. */
  testsOfFunction: Record<string, number>;
  /** Function number -> pairs: a test's position in the function's set of tests, and how many of its examples reach the function.
   * What is not there reaches it in all its examples; -1 where it was not counted. No entry where none of the tests was counted. */
  examplesOfFunction: Record<string, number[]>;
  /** Hash of each function that has undetected mutants, for decisions. */
  functionHash: Record<string, string>;
  /** Function number -> what mutmut's names of its mutants begin with. */
  names: Record<string, string>;
  /** In the order of `Index.mutants` from the file's `first`. */
  mutants: MutantDetail[];
}

interface MutantDetail {
  /** mutmut's own name; may be empty. A number where it is the function's entry in `FileChunk.names`, "__mutmut_" and that number. */
  name: string | number;
  /** 1-based line and column, end exclusive; columns count UTF-16 units. */
  at: [line: number, column: number, endLine: number, endColumn: number];
  original: string;
  replacement: string;
  /** Unified diff; only where `at` cannot be drawn in the source. */
  diff?: string;
  /** The short form of the change, as triage.toml writes it; only for undetected mutants. */
  change?: string;
  /** How judging ended, in words; empty for a plain kill or survival. */
  ended?: string;
  skipReason?: string;
  /** Seconds, wall and CPU, and the number of tests run. */
  cost?: [wall: number, cpu: number, tests: number];
  /** First test that failed. */
  kill?: {
    test: TestNumber;
    message: string;
    /** In words; absent where it is "assertion". */
    how?: string;
    /** The exception's type; absent where it is "AssertionError". */
    exception?: string;
    /** A falsifying example, where there is one. */
    example?: string;
    /** Where it was in tests, conftests and helpers, outermost first. */
    places?: Place[];
    /** The end of what the test printed and logged. */
    output?: string;
  };
  /** With a kill matrix: every test that failed, and how. */
  kills?: [test: TestNumber, how: string][];
  /** A letter per recorded run, oldest first. */
  history: string;
  /** Position in testSets of the tests that ran it; absent where none or unknown. */
  tests?: number;
  /** false where `tests` is known only by function, not by line. */
  exact?: boolean;
  /** Only of a survivor that is hardly ever reached, in fewer than one of ten examples: how many examples of the properties
   * that ran it reach its function, and how many they make. */
  hardly?: [reached: number, made: number];
  /** In a run merged of several Python versions: how it fared on each, oldest first; absent where all agree. */
  versions?: [python: string, status: StatusLetter][];
  /** What a diagnosis recorded; absent where none was. */
  diagnosis?: { stage: number; sentence: string; witness?: { label: string; original: string; mutant: string }[]; suggestion?: string };
}

/** `mutationData("tests", 0, chunk)` */
interface TestsChunk {
  tests: {
    target: TargetNumber;
    id: string;
    /** Seconds on the original. */
    seconds: number;
    outcome: string;
    /** Whether it is a Hypothesis test, and how many examples the clean run made (0 where not recorded). */
    property: boolean;
    examples: number;
    /** Functions that fewer than one of ten of its examples reach, and how many do, the rarest first; absent where there are none. */
    seldom?: [function: FunctionNumber, examples: number][];
    /** Killed, timed out and surviving mutants whose code it runs. */
    ran: number;
    /** Mutants it failed on (first killer, or every one with a kill matrix). */
    killed: MutantNumber[];
    /** Mutants only it failed on; -1 without a kill matrix. */
    alone: number;
    /** Kills by assertion, and by any exception. */
    assertions: number;
    exceptions: number;
    /** "kills nothing", "never the first to kill" (what was killed before it without a kill matrix, nobody knows of it),
     * "redundant: others kill all it kills", "did not pass" or "". A test that is only mentioned has the outcome "not recorded". */
    remark: string;
  }[];
  /** With a kill matrix: the fewest tests found that fail on every mutant that any test fails on, in the order of choice. */
  cover?: TestNumber[];
}

/** `mutationData("codes", 0, chunk)` */
interface CodesChunk {
  /** `line` is 1-based: where it begins in its file. The text is not indented. */
  codes: { line: number; text: string }[];
  /** By test: position in `codes`; -1 where its code was not recorded. */
  of: number[];
}

/** `mutationData("runs", 0, chunk)` */
interface RunsChunk {
  /** Aligned with `Index.runs`. */
  runs: {
    id: number;
    startedAt: string;
    finishedAt: string;
    state: string;
    detail: string;
    commit: string;
    /** Empty where none was recorded. */
    branch: string;
    dirty: boolean;
    command: string;
    /** Why its numbers are not those of all mutants: limited, a part, interrupted, failed, not all of it judged; empty for a whole run. */
    aside: string;
    seconds: number;
    targets: { name: string; counts: Record<string, number>; score: string; coverage: string }[];
  }[];
  /** Columns: the mutants that did not fare the same in all runs that judged their target, with their letters per run, "." where
   * it did not exist, and the test that kills them in the last run, if one does. All others have the same letter throughout, so they are
   * only in the counts. */
  mutants: { id: string[]; target: string[]; file: string[]; function: string[]; line: number[]; change: string[]; history: string[]; killer: string[] };
  /** Columns: the letters of the other mutants that a run did not judge, and how many mutants have them. */
  unjudged: { history: string[]; count: number[] };
}

/** `mutationData("tables", 0, chunk)` */
interface TablesChunk {
  /** The numbers that rows show: for the reader, to sort by, and how high a score is, "low", "medium", "high" or "". */
  cells: [text: string, value: string, level: string][];
  /** Functions that the overview's page itself leaves out, in the order in which they follow there. */
  map: RowsOfTable;
  classes: RowsOfTable;
}

/** Columns of equal length. */
interface RowsOfTable {
  name: string[];
  file: FileNumber[];
  /** 1-based; 0 where it is not known. */
  line: number[];
  /** Functions there with undetected mutants. */
  weak: FunctionNumber[][];
  /** Positions in `TablesChunk.cells`, in the order of the table's columns. */
  numbers: number[][];
}

declare function mutationData(kind: "index", key: 0, payload: Index): void;
declare function mutationData(kind: "file", key: FileNumber, payload: FileChunk): void;
declare function mutationData(kind: "tests", key: 0, payload: TestsChunk): void;
declare function mutationData(kind: "codes", key: 0, payload: CodesChunk): void;
declare function mutationData(kind: "tables", key: 0, payload: TablesChunk): void;
declare function mutationData(kind: "runs", key: 0, payload: RunsChunk): void;
