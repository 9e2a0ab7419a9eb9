"""Runs a program as somebody other than root, because PostgreSQL refuses uid 0.

    python unprivileged.py namespace PROGRAM ARGS…     as root in a new user namespace
    python unprivileged.py UID:GID   PROGRAM ARGS…     as that account

In the namespace root is mapped to an ordinary uid: the program sees itself as that user and keeps
root's access to root's files, so no account, owner or mode has to change. The program replaces
this process: same pid, same signals. Standard library only; it is started with `python -I -S`.
"""

import ctypes
import os
import pwd
import sys

CLONE_NEWUSER = 0x10000000


def enter_namespace() -> None:
    """Put this process into a user namespace of its own. Raises OSError where that is refused."""
    # initdb looks its user up, so the uid must have a name in the password file.
    inside = next(entry for entry in pwd.getpwall() if entry.pw_uid != 0 and entry.pw_gid != 0)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{inside.pw_uid} 0 1"),
        ("gid_map", f"{inside.pw_gid} 0 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def become(uid: int, gid: int) -> None:
    """Give up root for good and be the account `uid`, `gid`."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


if __name__ == "__main__":
    who, program, *arguments = sys.argv[1:]
    try:
        if who == "namespace":
            enter_namespace()
        else:
            uid, gid = who.split(":")
            become(int(uid), int(gid))
        os.execv(program, [program, *arguments])
    except (OSError, StopIteration) as error:
        sys.exit(f"cannot run {program} as {who}: {error}")
