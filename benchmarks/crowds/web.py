"""Clients who claim in a flash sale over HTTP, each on a connection of its own that is kept, each
trying again as soon as it is answered.

    python -m benchmarks.crowds.web PORT SALE CLIENTS PREFIX FIRST LAST

Customers are <PREFIX><FIRST>.. The token comes in CROWD_TOKEN. It says "ready", waits for another
line, and prints a JSON list of [seconds, answer] in the end. It knows HTTP only as far as our
answers use it.
"""

import asyncio
import json
import os
import sys
import time

_REQUEST = (
    "POST /api/v1/flash/{sale}/claims/ HTTP/1.1\r\nHost: localhost\r\n"
    "Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    "Content-Length: {length}\r\n\r\n{body}"
)
Answers = list[tuple[float, str]]


async def _client(
    port: int, sale: int, token: str, customers: list[str], go: asyncio.Event, answers: Answers
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await go.wait()
    for who in customers:
        body = json.dumps({"customer": who})
        asked = _REQUEST.format(sale=sale, token=token, length=len(body), body=body)
        started = time.perf_counter()
        writer.write(asked.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
        told = json.loads(await reader.readexactly(length))
        answers.append((time.perf_counter() - started, told.get("answer", told.get("title"))))
    writer.close()


async def main(port: int, sale: int, clients: int, prefix: str, first: int, last: int) -> None:
    """This will let clients share the customers out among them."""
    token, go = os.environ["CROWD_TOKEN"], asyncio.Event()
    answers: Answers = []
    numbers = [f"{prefix}{number}" for number in range(first, last + 1)]
    tasks = [
        asyncio.create_task(_client(port, sale, token, numbers[place::clients], go, answers))
        for place in range(clients)
    ]
    await asyncio.sleep(1)  # all are connected
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    go.set()
    await asyncio.gather(*tasks)
    print("over", flush=True)
    print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    port, sale, clients, prefix, first, last = sys.argv[1:7]
    asyncio.run(main(int(port), int(sale), int(clients), prefix, int(first), int(last)))
