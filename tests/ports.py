"""Ports for the servers of tests. Between the choice of a port and the start of its server another
process may be given the same; so each process of pytest-xdist has numbers of its own, below those
that the system gives to whoever asks for any."""

import itertools
import os
import socket

_WIDTH, _PLACES = 2_500, 8


def _numbers() -> range:
    place = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _PLACES
    return range(11_000 + place * _WIDTH, 11_000 + (place + 1) * _WIDTH)


# Runs beside this one begin elsewhere.
_turn = itertools.islice(itertools.cycle(_numbers()), os.getpid() % _WIDTH, None)


def free_port() -> int:
    """This will return a loopback port that is free and that nobody else of this run is given."""
    for port in itertools.islice(_turn, _WIDTH):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError("no port is free")
