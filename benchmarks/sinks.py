"""Stand-ins for gateways that take everything and keep nothing, for the benchmarks of sending: an
HTTP and an SMTP server on loopback. `python -m benchmarks.sinks HTTP_PORT SMTP_PORT`."""

import asyncio
import sys

TAKEN = (
    b"HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\nContent-Length: 25\r\n\r\n"
    b"0: Accepted for delivery\n"
)


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            break
        length = 0
        for line in head.split(b"\r\n"):
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        await reader.readexactly(length)
        writer.write(TAKEN)
    writer.close()


async def _smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink\r\n")
    is_text = False
    while line := await reader.readline():
        word = line[:4].upper()
        if is_text:
            is_text = line != b".\r\n"
            if not is_text:
                writer.write(b"250 OK\r\n")
        elif word == b"DATA":
            is_text = True
            writer.write(b"354 go\r\n")
        elif word == b"EHLO":
            writer.write(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
        elif word == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            writer.write(b"250 OK\r\n")
    writer.close()


async def main(http_port: int, smtp_port: int) -> None:
    """This will serve until the process ends."""
    async with (
        await asyncio.start_server(_http, "127.0.0.1", http_port),
        await asyncio.start_server(_smtp, "127.0.0.1", smtp_port, limit=1 << 20),
    ):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
