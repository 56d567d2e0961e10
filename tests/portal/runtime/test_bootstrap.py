"""The way from a bare Python to `.venv`, with throwaway folders and stand-ins for pip and uv."""

import ast
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.runtime import bootstrap

SOURCE = Path(bootstrap.__file__)
RUN_LOCK = "alpha==1.0 \\\n    --hash=sha256:00\nbeta==2.0 ; sys_platform == 'win32' \\\n"
DEV_LOCK = RUN_LOCK + "gamma==3.0 \\\n    --hash=sha256:11\n"


def executable(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def installed(venv: Path, *names: str) -> None:
    for name in names:
        (venv / "lib/python3.11/site-packages" / f"{name}.dist-info").mkdir(parents=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose environment has an `uv` that writes down what it is asked."""
    (tmp_path / "requirements.txt").write_text(RUN_LOCK)
    (tmp_path / "requirements-dev.txt").write_text(DEV_LOCK)
    (tmp_path / "requirements-uv.txt").write_text("uv==9.9 \\\n    --hash=sha256:22\n")
    executable(tmp_path / ".venv/bin/python", "exit 0")
    executable(tmp_path / ".venv/bin/uv", f'echo "$2 $6" >> {tmp_path}/asked; exit $UV_EXIT')
    (tmp_path / ".venv/pyvenv.cfg").touch()
    installed(tmp_path / ".venv", "uv-9.9")
    return tmp_path


def asked(project: Path) -> list[str]:
    log = project / "asked"
    return log.read_text().splitlines() if log.exists() else []


# --- an old Python --------------------------------------------------------------------------
def test_python_3_6_can_read_it() -> None:
    tree = ast.parse(SOURCE.read_text(), feature_version=(3, 6))
    evaluated = [
        ast.unparse(annotation)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for annotation in [
            function.returns,
            *(argument.annotation for argument in function.args.args),
        ]
        if isinstance(annotation, ast.Subscript | ast.BinOp)
    ]
    assert evaluated == []


def test_it_needs_the_standard_library_only() -> None:
    names = {
        alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(SOURCE.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert names - sys.stdlib_module_names == set()


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (2, 7)])
def test_an_old_python_is_told_so(version: tuple[int, ...]) -> None:
    with pytest.raises(bootstrap.Refused) as refused:
        bootstrap.check_python(version)
    assert str(refused.value) == (
        f"This is Python {version[0]}.{version[1]}, and the portal needs 3.11 or later: install a "
        "newer one and name it, for example `make run PYTHON=python3.12`."
    )


@pytest.mark.parametrize("version", [(3, 11), (3, 14), (4, 0)])
def test_a_new_python_may_go_on(version: tuple[int, ...]) -> None:
    bootstrap.check_python(version)


def test_a_python_without_venv_is_told_what_to_install() -> None:
    with pytest.raises(bootstrap.Refused, match=r"^This Python cannot make .*-venv` on Debian"):
        bootstrap.check_parts(("venv", "no_such_part"))


def test_an_unknown_verb() -> None:
    done = subprocess.run(
        [sys.executable, str(SOURCE), "fly"], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no fly: choose one of run, stop, demo-reset, setup")


# --- the environment ------------------------------------------------------------------------
def test_a_venv_that_works_is_left_alone(project: Path) -> None:
    (project / ".venv/mine").touch()
    bootstrap.ensure_venv(project / ".venv")
    assert (project / ".venv/mine").exists()


def test_a_missing_venv_is_made_and_a_broken_one_made_anew(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    executable(venv / "bin/python", "exit 1")
    (venv / "pyvenv.cfg").touch()
    (venv / "old").touch()
    bootstrap.ensure_venv(venv)
    assert bootstrap.works(venv)
    assert not (venv / "old").exists()


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(tmp_path / "gone")
    with pytest.raises(bootstrap.Refused, match="remove the link, then run this again"):
        bootstrap.ensure_venv(tmp_path / ".venv")
    assert (tmp_path / ".venv").is_symlink()


def test_a_folder_in_the_way_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/letters").touch()
    with pytest.raises(bootstrap.Refused, match="is in the way and is no virtual environment"):
        bootstrap.ensure_venv(tmp_path / ".venv")
    assert (tmp_path / ".venv/letters").exists()


# --- the packages ---------------------------------------------------------------------------
def test_packages_are_installed_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_EXIT", "0")
    for _ in range(2):
        bootstrap.ensure_packages(project / ".venv", project, "run")
    assert asked(project) == [f"sync {project}/requirements.txt"]


def test_tests_add_packages_and_running_keeps_them(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_EXIT", "0")
    venv = project / ".venv"
    for wanted in ("run", "dev", "run", "dev"):
        bootstrap.ensure_packages(venv, project, wanted)
    assert asked(project) == [
        f"sync {project}/requirements.txt", f"sync {project}/requirements-dev.txt",
    ]  # fmt: skip
    (project / "requirements-dev.txt").write_text(DEV_LOCK + "delta==4.0 \\\n")
    bootstrap.ensure_packages(venv, project, "run")
    assert asked(project)[2:] == [f"sync {project}/requirements-dev.txt"]


def test_a_failed_install_is_tried_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_EXIT", "2")
    with pytest.raises(bootstrap.Refused, match=r"Without a way to PyPI name your mirror"):
        bootstrap.ensure_packages(project / ".venv", project, "run")
    assert bootstrap.read_stamp(project / ".venv") == {}


def test_a_damaged_stamp_counts_for_nothing(project: Path) -> None:
    (project / ".venv/portal-lock.json").write_text('{"kind": "ru')
    assert bootstrap.kind_to_install(project / ".venv", project, "run") == "run"


def test_a_linked_environment_gets_packages_but_loses_none(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_EXIT", "0")
    (project / ".venv").rename(project / "shared")
    (project / ".venv").symlink_to(project / "shared")
    bootstrap.ensure_packages(project / ".venv", project, "dev")
    assert asked(project) == ["install -r"]
    installed(project / "shared", "alpha-1.0", "gamma-3.0")
    bootstrap.ensure_packages(project / ".venv", project, "dev")
    assert asked(project) == ["install -r"]
    assert not (project / "shared/portal-lock.json").exists()


def test_missing_pins(project: Path) -> None:
    installed(project / ".venv", "Alpha-1.0", "gamma-2.9")
    pins = project / "requirements-dev.txt"
    assert bootstrap.missing_pins(project / ".venv", pins) == ["gamma==3.0"]


def test_a_missing_uv_that_cannot_be_fetched(project: Path) -> None:
    (project / ".venv/lib/python3.11/site-packages/uv-9.9.dist-info").rmdir()
    executable(project / ".venv/bin/python", "exit 1")
    with pytest.raises(bootstrap.Refused, match=r"^uv could not be installed"):
        bootstrap.ensure_uv(project / ".venv", project, dict(os.environ))


def test_the_mirror_of_pip_serves_uv(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    executable(project / ".venv/bin/python", "echo https://mirror.example/simple")
    found = bootstrap.installer_environment(project / ".venv")
    assert found["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


def test_what_slows_python_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("KEPT", "1")
    found = bootstrap.clean_environment()
    assert ("PYTHONDONTWRITEBYTECODE" in found, found["KEPT"]) == (False, "1")


def test_the_pin_of_uv_has_hashes() -> None:
    text = (bootstrap.PROJECT / "requirements-uv.txt").read_text()
    assert text.count("uv==") == 1
    assert text.count("--hash=sha256:") >= 5


def test_the_stamp_names_lock_and_kind(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_EXIT", "0")
    bootstrap.ensure_packages(project / ".venv", project, "dev")
    stamp = json.loads((project / ".venv/portal-lock.json").read_text())
    digest = bootstrap.digest(project / "requirements-dev.txt")
    assert stamp == {"kind": "dev", "digest": digest}


# --- make -----------------------------------------------------------------------------------
@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells a child of its parent's death")
def test_killing_make_stops_what_it_started() -> None:
    child = (
        "import sys, time; from portal.runtime import bootstrap; bootstrap.stop_with_make(); "
        "print('up', flush=True); time.sleep(600)"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent],
        stdout=subprocess.PIPE,
        env={**os.environ, "MAKELEVEL": "1"},
        cwd=bootstrap.PROJECT,
    ) as make:
        assert make.stdout is not None
        make.stdout.readline()
        make.send_signal(signal.SIGKILL)
        start = time.monotonic()
        # The pipe closes when the last process that holds it is gone.
        assert make.stdout.read() == b""
    assert time.monotonic() - start < 300
