"""The store that the benchmark of the page makes: what it claims to be, and rendered as any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract import Declarations, payloads_of
from factories import NOW
from large_store import TARGET, Size, make

from mutmut_dashboard.report import render_report
from mutmut_dashboard.report.excerpt import Source
from mutmut_dashboard.store import Store

SMALL = Size(files=4, mutants=260, largest_file=80, tests=60, earlier_runs=2)


@pytest.fixture(name="path", scope="module")
def _path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "results.sqlite"
    assert make(path, SMALL) == 3
    return path


def test_every_mutant_stands_in_its_source(path: Path) -> None:
    with Store(path) as store:
        sources = {file: Source.read(text) for file, text in store.sources(3).items()}
        mutants = store.mutants(3)
    assert (len(sources), len(mutants)) == (SMALL.files, SMALL.mutants)
    assert all(sources[mutant.file].holds(mutant) for mutant in mutants)


def test_the_largest_file_is_as_large_as_asked_for(path: Path) -> None:
    with Store(path) as store:
        files = [mutant.file for mutant in store.mutants(3)]
    assert max(map(files.count, set(files))) == SMALL.largest_file


def test_it_is_the_same_each_time(path: Path, tmp_path: Path) -> None:
    make(tmp_path / "again.sqlite", SMALL)
    with Store(path) as one, Store(tmp_path / "again.sqlite") as other:
        assert one.verdicts(3, TARGET) == other.verdicts(3, TARGET)
        assert one.coverage(3, TARGET) == other.coverage(3, TARGET)


def test_its_page_keeps_the_contract(path: Path, tmp_path: Path) -> None:
    with Store(path) as store:
        render_report(store, 3, tmp_path / "site", project="large", now=NOW)
    data, declared = payloads_of(tmp_path / "site"), Declarations()
    for (kind, _), payload in data.items():
        assert declared.problems(declared.kinds[kind], payload) == []
    assert len(data["index", 0]["runs"]) == 3
    assert data["runs", 0]["mutants"]["id"]
