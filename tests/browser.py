"""Finds a Chromium for the browser tests, and gets one where there is none.

    python -m tests.browser

Chromium on PATH (or named by CHROMIUM) comes first; then Debian's package, if we may install one;
then the one the npm package `@sparticuz/chromium` carries, which needs no rights (Linux x64).
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from chatproject.install import VENV, InstallError, npm, npm_environment, run, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGE = "@sparticuz/chromium@147.0.0"
PACKAGE_SHA256 = "18fe5404ce845594cd7d592fc07f37a19514079ba4d9c27192ad8b908743f16b"
UNPACKED = VENV / "browser"
#: Starts the unpacked Chromium with the libraries that come with it.
LAUNCHER = UNPACKED / "chromium.sh"

_UNPACK = """
const { createReadStream, createWriteStream } = require("node:fs");
const { createBrotliDecompress } = require("node:zlib");
const { pipeline } = require("node:stream/promises");
const [from, to] = process.argv.slice(1);
pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode: 0o755 }));
"""


def find() -> str | None:
    """The path of a Chromium that starts, or None."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*map(shutil.which, NAMES), str(MAC), str(LAUNCHER)]
    for candidate in candidates:
        if candidate and Path(candidate).exists() and _starts(candidate):
            return candidate
    return None


def _starts(program: str) -> bool:
    # Ubuntu's package is an empty shell for another package system, for one.
    return subprocess.run([program, "--version"], capture_output=True).returncode == 0


def install() -> None:
    """Get a Chromium. Raises `InstallError` where no way works."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing chromium with apt-get")
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        try:
            run(["apt-get", "update"], "apt-get update", env=environment)
            command = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
            run(command, "apt-get install chromium", env=environment)
        except InstallError as error:
            say(str(error))
        if find():
            return
    say(f"unpacking the chromium of {PACKAGE}")
    _unpack_package()


def _unpack_package() -> None:
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    command = npm()
    environment = npm_environment(command)
    run([*command, "pack", PACKAGE], "npm pack", cwd=UNPACKED, env=environment)
    (archive,) = UNPACKED.glob("*.tgz")
    if hashlib.sha256(archive.read_bytes()).hexdigest() != PACKAGE_SHA256:
        raise InstallError(f"{PACKAGE} is not the package we know")
    _extract(archive, UNPACKED)
    archive.unlink()
    node = shutil.which("node", path=environment["PATH"]) or "node"
    for packed in (UNPACKED / "package" / "bin").glob("*.br"):
        unpacked = UNPACKED / packed.stem
        run([node, "-e", _UNPACK, str(packed), str(unpacked)], f"unpacking {packed.name}")
        if unpacked.suffix == ".tar":
            _extract(unpacked, UNPACKED)
            unpacked.unlink()
    shutil.rmtree(UNPACKED / "package")
    LAUNCHER.write_text(
        "#!/bin/sh\n"
        f'export LD_LIBRARY_PATH="{UNPACKED / "lib"}"\n'
        f'exec "{UNPACKED / "chromium"}" "$@"\n'
    )
    LAUNCHER.chmod(0o755)


def _extract(archive: Path, into: Path) -> None:
    with tarfile.open(archive) as opened:
        opened.extractall(into)  # Its hash is known.


def main() -> None:
    """See that a Chromium is there and print its path."""
    if find() is None:
        install()
    found = find()
    if found is None:
        raise InstallError("no Chromium starts here: install one, or name it in CHROMIUM")
    print(found)


if __name__ == "__main__":
    try:
        main()
    except InstallError as error:
        sys.exit(str(error))
