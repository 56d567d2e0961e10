"""A stand-in for a gateway that takes everything, and tells how many it took, and when the last.

    python -m benchmarks.crowds.counters PORT

It says "ready"; for each line it prints a JSON list: how many it took so far, and the instant
(`time.monotonic`, which all processes of a machine share) of the last one.
"""

import asyncio
import json
import sys
import time

from benchmarks import sinks

_taken: list[float] = [0, 0.0]


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        try:
            await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            break
        _taken[:] = _taken[0] + 1, time.monotonic()
        writer.write(sinks.TAKEN)
    writer.close()


async def main(port: int) -> None:
    """This will serve and answer until its lines end."""
    loop = asyncio.get_running_loop()
    async with await asyncio.start_server(_http, "127.0.0.1", port):
        print("ready", flush=True)
        while await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(_taken), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
