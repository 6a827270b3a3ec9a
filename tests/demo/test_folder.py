"""The demo's data folder."""

import fcntl
import stat
from pathlib import Path

import pytest

from scheduler.demo.errors import DemoError
from scheduler.demo.folder import MARKER, Folder, encryption_key, signing_key


def test_a_new_folder_carries_the_marker(tmp_path: Path) -> None:
    Folder(tmp_path / "data")
    assert "belongs to the demo" in (tmp_path / "data" / MARKER).read_text()


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    first = Folder(tmp_path)
    with pytest.raises(DemoError, match="already runs"):
        Folder(tmp_path)
    assert first.path == tmp_path


def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").touch()
    with pytest.raises(DemoError, match="holds something else"):
        Folder(tmp_path)
    assert not (tmp_path / MARKER).exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DemoError, match=r"cannot be written .* DATA="):
        Folder(tmp_path / "file" / "data")


def test_a_reset_empties_the_folder_and_follows_no_link(tmp_path: Path) -> None:
    (outside := tmp_path / "outside").mkdir()
    (outside / "kept").touch()
    folder = Folder(tmp_path / "data")
    (folder.path / "chorus.sqlite3").touch()
    (folder.path / "link").symlink_to(outside)
    folder.reset()
    assert {entry.name for entry in folder.path.iterdir()} == {MARKER, ".chorus-demo-children"}
    assert (outside / "kept").exists()


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    first = folder.secret("signing-key", signing_key)
    path = folder.path / "secrets" / "signing-key"
    assert folder.secret("signing-key", signing_key) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_folders_have_two_keys() -> None:
    assert encryption_key() != encryption_key()


def test_the_processes_of_a_killed_demo_are_waited_for(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    with (folder.path / ".chorus-demo-children").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DemoError, match="earlier demo still use"):
            folder.wait_for_earlier_children(seconds=0.2)
    folder.wait_for_earlier_children()
