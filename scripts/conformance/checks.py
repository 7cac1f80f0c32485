"""What the checks of foreign clients share: counting, waiting, and the addresses that
`quarterdeck simulate` prints.
"""

import json
import sys
import time
import urllib.request

addresses = json.loads(sys.argv[1])
passed = 0


def check(name, condition, detail=""):
    """Counts what is as it must be, and ends the program with what is not."""
    global passed
    if not condition:
        sys.exit(f"FAILED: {name} {detail}")
    passed += 1
    print(f"ok {name}")


def wait_for(name, condition, seconds=10):
    """Waits until the condition holds, for so many seconds at most."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return check(name, True)
        time.sleep(0.02)
    sys.exit(f"FAILED: {name}: not within {seconds} s")


def control(route, **fields):
    """Asks the control interface for something."""
    request = urllib.request.Request(
        f"{addresses['control']}/control/{route}", data=json.dumps(fields).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def done():
    print(f"{passed} passed, 0 failed")
