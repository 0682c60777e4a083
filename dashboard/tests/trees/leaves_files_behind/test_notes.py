import tempfile

from notes import pages


def test_it_counts_pages(tmp_path):
    (tmp_path / "notes.txt").write_text("x" * 250)
    tempfile.mkdtemp()
    assert pages(len((tmp_path / "notes.txt").read_text())) == 3
