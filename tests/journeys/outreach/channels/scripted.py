"""A server that plays a script: for each connection a list of answers, one a request."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator, Sequence

HANG_UP = b""


class Received(list[bytes]):
    """The requests that came in, and a count of the connections that the server has closed."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = threading.Semaphore(0)


def _request(peer: socket.socket) -> bytes:
    """One HTTP request with its body, which may come in pieces."""
    data = peer.recv(65536)
    length = re.search(rb"Content-Length: (\d+)", data)
    while length and len(data.partition(b"\r\n\r\n")[2]) < int(length[1]):
        data += peer.recv(65536)
    return data


@contextlib.contextmanager
def scripted(*connections: Sequence[bytes]) -> Iterator[tuple[int, Received]]:
    """This will serve one connection after another and yield the port and what was received.
    An answer HANG_UP closes the connection instead; after the last answer it is closed too."""
    received = Received()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            for answers in connections:
                peer, _address = listener.accept()
                with peer:
                    for answer in answers:
                        received.append(_request(peer))
                        if answer == HANG_UP:
                            break
                        peer.sendall(answer)
                received.closed.release()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], received
    finally:
        listener.close()
        thread.join(timeout=5)
