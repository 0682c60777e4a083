"""Tests that look at what is written to standard output and standard error themselves."""

import logging
import os
import sys

from greeting import greet

LOG = logging.getLogger("greeting")
LOG.addHandler(logging.StreamHandler())


def test_a_handler_made_at_import_is_seen_by_capfd(capfd):
    LOG.warning(greet("you"))
    assert "hello you" in capfd.readouterr().err


def test_a_descriptor_is_turned_to_a_file(tmp_path):
    with open(tmp_path / "out", "w+b") as out:
        before = os.dup(1)
        os.dup2(out.fileno(), 1)
        print(greet("file"), flush=True)
        os.dup2(before, 1)
        out.seek(0)
        assert out.read() == b"hello file\n"


def test_a_child_writes_to_a_pipe():
    here, there = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(there, 1)
        print(greet("pipe"), flush=True)
        os._exit(0)
    os.close(there)
    os.waitpid(child, 0)
    assert os.read(here, 100) == b"hello pipe\n"


def test_the_stream_is_replaced(capsys):
    print(greet("stream"))
    assert capsys.readouterr().out == "hello stream\n"


def test_bytes_are_written():
    sys.stdout.buffer.write(b"\xff" + greet("bytes").encode())
    sys.stdout.flush()
