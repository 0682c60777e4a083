"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");

const { TestCode } = load();

test("a place is a file and a line, whatever colons the file has", () => {
  assert.deepEqual(plain(TestCode.parse("C:/tests/test_a.py:12")), { file: "C:/tests/test_a.py", line: 12 });
});

test("a test's code is marked where it failed in its own file, not where helpers did", () => {
  const marked = TestCode.failed("tests/test_a.py::TestA::test_b[1::2]", ["tests/test_a.py:3", "tests/helpers.py:9", "tests/test_a.py:5"]);
  assert.deepEqual([...marked], [3, 5]);
});
