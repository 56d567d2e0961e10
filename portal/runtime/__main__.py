"""`python -m portal.runtime VERB`, what the targets of the Makefile end in."""

import os
import shlex
import sys

from portal.runtime import engines, quality, runner, stack, trial
from portal.runtime.terminal import Interrupted, Refused


def _run() -> int:
    runner.Runner(os.environ).run()
    return 0


def _stop() -> int:
    runner.stop_running(stack.house_of(os.environ))
    return 0


def _reset() -> int:
    runner.confirm_reset(stack.house_of(os.environ), os.environ)
    runner.Runner(os.environ).reset()
    return 0


def _extra() -> list[str]:
    return shlex.split(os.environ.get("ARGS", ""))


VERBS = {
    "run": _run,
    "stop": _stop,
    "demo-reset": _reset,
    "lint": quality.lint,
    "messages": quality.gather_messages,
    "chaos": lambda: trial.chaos(_extra()),
    "bench": lambda: trial.bench(_extra()),
    "test": lambda: trial.test(_extra()),
}

if __name__ == "__main__":
    try:
        sys.exit(VERBS[sys.argv[1] if len(sys.argv) > 1 else "run"]())
    except (Refused, engines.EngineFailed) as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    except (Interrupted, KeyboardInterrupt):
        sys.exit(130)
