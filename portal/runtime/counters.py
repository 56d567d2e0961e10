"""The counts of several web processes, for the metrics page: each process writes files of its own,
and whichever is asked adds them up."""

import os
import shutil
from collections.abc import MutableMapping

from portal.runtime import stack

_NAME = "PROMETHEUS_MULTIPROC_DIR"  # the library looks for it when it is imported


def keep_apart(processes: int, environment: MutableMapping[str, str] = os.environ) -> None:
    """This will name an empty folder for the counts where there are several processes, unless the
    environment names one. Called before anything that counts is imported."""
    if processes < 2 or environment.get(_NAME):
        return
    folder = stack.house_of(environment).run / "counters"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment[_NAME] = str(folder)


def close_for(pid: int) -> None:
    """This will close what a process that ended has counted."""
    if os.environ.get(_NAME):
        # Its import reads the folder's name.
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(pid)
