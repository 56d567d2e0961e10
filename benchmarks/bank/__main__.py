"""python -m benchmarks.bank [CUSTOMERS [TRANSACTIONS]]: fills a bank and keeps it until Ctrl-C."""

import os
import signal
import sys

from benchmarks import bank, harness

_ENDS = {signal.SIGINT, signal.SIGTERM}

if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or [bank.CUSTOMERS]
    harness.boot()
    harness.load_bank(customers=sizes[0], transactions=(sizes[1:] or [20 * sizes[0]])[0])
    from django.db import connection

    print(f"Database {connection.settings_dict['NAME']} of {os.environ['DATABASE_URL']}")
    print("Ctrl-C lets it go again.", flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    signal.sigwait(_ENDS)
