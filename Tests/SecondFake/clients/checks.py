"""Checks that have names: run all that are asked for, tell of each, and leave with 1 when one fails."""

import os
import sys
import traceback

FILM = {"prompt": "slowly forward", "duration": 4, "resolution": "720p", "generate_audio": False}
FILMS = "google/veo-3.1-fast"
HASH = "671ac645ce5e552cc63a54a2bbff63fcf798043055d2dac5fc9e36a837eedcfb"
MUSIC = "meta/musicgen"
checks = []


def check(function=None, *, core=False):
    """`core`: what every fake of the service has to do; the rest is asked of the second fake alone."""
    if function is None:
        return lambda function: check(function, core=core)
    checks.append((function, core))
    return function


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def raises(status, call, *arguments, **named):
    """The error that a call fails with; its status is that one."""
    try:
        call(*arguments, **named)
    except Exception as error:
        told = getattr(error, "status", None) or getattr(error, "status_code", None)
        expect(told == status, f"{status} was to be, {told} is: {error}")
        return error
    raise AssertionError(f"{status} was to be, and it went well")


def main():
    core_only = os.environ.get("CHECKS") == "core"
    failed = 0
    for function, core in checks:
        if core_only and not core:
            continue
        name = function.__name__.replace("_", " ")
        try:
            function()
        except Exception as error:
            failed += 1
            words = " ".join(str(error).split())[:240]
            print(f"  failed: {name}: {type(error).__name__}: {words}")
            if os.environ.get("TRACE"):
                traceback.print_exc()
    asked = sum(core or not core_only for _, core in checks)
    print(f"  {asked - failed} of {asked} checks hold")
    sys.exit(1 if failed else 0)
