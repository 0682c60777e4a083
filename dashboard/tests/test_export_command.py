"""`mutmut-dashboard export`: where the text goes, which run it is of, and what a user can get wrong."""

from __future__ import annotations

import json
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import Recorded, a_mutant, a_store, of_every_status

from mutmut_dashboard.cli import run_command_line
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.exports import FORMATS, write_whole
from mutmut_dashboard.model import Status

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(autouse=True)
def _signals_stay() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two runs: the first with one survivor, the latest with a mutant of every status."""
    (tmp_path / "shop.py").write_text("", encoding="utf-8")
    (tmp_path / "test_shop.py").write_text("", encoding="utf-8")
    (tmp_path / "mutmut_config.py").write_text(
        "from mutmut_dashboard.config import Target\n"
        'TARGETS = [Target(name="prices", modules=["shop.py"], suites=["test_shop.py"])]\n',
        encoding="utf-8",
    )
    work = tmp_path / ".mutation"
    work.mkdir()
    for recorded in (Recorded([(a_mutant(), Status.SURVIVED)]), of_every_status()):
        store, _ = a_store(work, recorded)
        store.close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run_command_line(["export", *arguments]) == 1
    said = capsys.readouterr().err
    assert said.count("mutmut-dashboard: ") == 1
    assert said.rstrip().endswith(".")
    return said


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_goes_to_standard_output(
    name: str, project: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run_command_line(["export", name]) == 0

    assert capsysbinary.readouterr().out.endswith(b"\n")


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_run_gives_the_same_bytes(name: str, project: Path) -> None:
    for file in ("one", "other"):
        assert run_command_line(["export", name, "--output", file]) == 0

    assert (project / "one").read_bytes() == (project / "other").read_bytes()


def test_the_latest_run_is_written_unless_another_is_named(project: Path) -> None:
    assert run_command_line(["export", "gitlab", "-o", "latest.json"]) == 0
    assert run_command_line(["export", "gitlab", "-o", "first.json", "--run", "1"]) == 0

    counts = [len(json.loads((project / f"{name}.json").read_bytes())) for name in ("latest", "first")]
    assert counts == [3, 1]


def test_a_decision_in_triage_toml_suppresses(project: Path) -> None:
    mutant = a_mutant("qty < 0", "qty <= 0")
    assert run_command_line(["decide", mutant.id, "accepted", "--reason", "rare", "--who", "Ada"]) == 0
    assert run_command_line(["export", "sarif", "-o", "out.json"]) == 0

    results = json.loads((project / "out.json").read_bytes())["runs"][0]["results"]
    assert [[s["justification"] for s in result["suppressions"]] for result in results] == [
        ["accepted: rare"],
        [],
        [],
    ]


PAGE = "https://example.org/mutation/index.html?build=3&of=4"


def test_with_the_page_every_format_that_can_link_does(project: Path) -> None:
    mutant = a_mutant("qty < 0", "qty <= 0")
    address = f"{PAGE}#/mutant/prices/{mutant.id}"
    for name, written in {
        "csv": f",{address}\r\n",
        "markdown": f"[`{mutant.id}`](<{address.replace('&', '&amp;')}>)",
        "summary-md": f"[`{mutant.id}`](<{address.replace('&', '&amp;')}>)",
        "sarif": f'"hostedViewerUri": "{address}"',
    }.items():
        assert run_command_line(["export", name, "-o", "linked", "--page", PAGE]) == 0
        assert run_command_line(["export", name, "-o", "bare"]) == 0

        assert written in (project / "linked").read_bytes().decode(), name
        assert "#/mutant/" not in (project / "bare").read_text(encoding="utf-8")
    assert {name for name, form in FORMATS.items() if form.links} == {
        *("csv", "markdown", "summary-md", "sarif")
    }


def test_a_format_without_room_for_links_refuses_a_page(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "badge has no place for links" in complaint(capsys, "badge", "--page", PAGE)


@pytest.mark.parametrize(
    "page",
    ["", "site/index.html", "https://", "https://a/#/queue", "https://a/a b", 'https://a/"', "javascript:x"],
)
def test_what_is_no_address_of_a_page_is_refused(
    page: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f'"{page}" is no address of a page' in complaint(capsys, "csv", "--page", page)


def test_an_unknown_run_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no run 7. The newest is 2" in complaint(capsys, "csv", "--run", "7")


def test_without_any_run_the_command_for_one_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".mutation" / "results.sqlite").unlink()

    assert "Run `mutmut-dashboard run` first" in complaint(capsys, "csv")


def test_an_empty_store_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".mutation" / "results.sqlite").unlink()
    (project / ".mutation" / "results.sqlite").touch()

    assert "The store holds no run yet" in complaint(capsys, "csv")


def test_an_unknown_format_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "'pdf'" in complaint(capsys, "pdf")


def test_a_folder_is_no_output(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is a folder" in complaint(capsys, "csv", "--output", ".")


def test_a_missing_folder_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no folder" in complaint(capsys, "csv", "--output", "nowhere/out.csv")


def test_the_readme_names_every_format() -> None:
    section = README.read_text(encoding="utf-8").partition("## Exports")[2].partition("\n## ")[0]

    assert [name for name in FORMATS if f"| `{name}` |" not in section] == []


class TestWriting:
    def test_an_old_file_is_replaced_and_keeps_its_mode(self, tmp_path: Path) -> None:
        path = tmp_path / "out"
        path.write_bytes(b"old and longer")
        path.chmod(0o600)

        write_whole(path, b"new")

        assert path.read_bytes() == b"new"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [file.name for file in tmp_path.iterdir()] == ["out"]

    def test_when_writing_fails_the_old_file_stays_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "out"
        path.write_bytes(b"old")

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space"):
            write_whole(path, b"new")

        assert path.read_bytes() == b"old"
        assert [file.name for file in tmp_path.iterdir()] == ["out"]

    def test_a_link_stays_one(self, tmp_path: Path) -> None:
        (tmp_path / "real").write_bytes(b"old")
        (tmp_path / "link").symlink_to("real")

        write_whole(tmp_path / "link", b"new")

        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real").read_bytes() == b"new"

    def test_what_is_no_file_is_written_to(self) -> None:
        write_whole(Path("/dev/null"), b"new")

        assert Path("/dev/null").is_char_device()

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="is a folder"):
            write_whole(tmp_path, b"")
