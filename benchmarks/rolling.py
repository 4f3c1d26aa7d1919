"""`python -m benchmarks.rolling ADDRESS [--seconds N]`: readers and writers while the servers behind ADDRESS are restarted.

Prints how every request was answered. What must hold: no status of the proxy (502, 504), no broken connection, and as many
tickets as were acknowledged, each with a number of its own. 429 is the service's own limit for one address.
"""

import argparse
import threading
import time
from collections import Counter

import requests

THREADS = 4
WRITES_EVERY = 10
MATTER = {"type": "help", "title": "重启时的诉求", "content": "内容", "enterprise": {"name": "襄阳某厂"}}


def _go_on(address: str, until: float, name: int, answers: Counter[str], numbers: list[str]) -> None:
    session = requests.Session()
    session.verify = False
    sent = 0
    while time.monotonic() < until:
        sent += 1
        try:
            if sent % WRITES_EVERY:
                answer = session.get(f"{address}/policies", timeout=20)
            else:
                body = {**MATTER, "contact": {"phone": "13812345678"}}
                key = {"Idempotency-Key": f"{until}-{name}-{sent}"}
                answer = session.post(f"{address}/api/v1/public/tickets", json=body, headers=key, timeout=20)
                if answer.status_code == 201:
                    numbers.append(answer.json()["number"])
            answers[f"{answer.request.method} {answer.status_code}"] += 1
        except requests.RequestException as error:
            answers[type(error).__name__] += 1
        time.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--seconds", type=float, default=40)
    given = parser.parse_args()
    requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]
    answers: Counter[str] = Counter()
    numbers: list[str] = []
    until = time.monotonic() + given.seconds
    going = [
        threading.Thread(target=_go_on, args=(given.address, until, name, answers, numbers)) for name in range(THREADS)
    ]
    for thread in going:
        thread.start()
    for thread in going:
        thread.join()
    print(dict(answers), f"{len(set(numbers))} tickets of {len(numbers)} acknowledged")


if __name__ == "__main__":
    main()
