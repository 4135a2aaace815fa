"""How a bundle is made: one package, its own hashed libraries, nothing that never runs.

Both `sam build` (through the Makefiles) and our own `make` run this file. It uses the standard
library only and needs `uv`: $UV, or on the PATH.
"""

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

FUNCTIONS = Path(__file__).resolve().parent
LAYERS = FUNCTIONS.parent / "layers"

RUNTIME = "3.13"
# Lambda's python3.13 is Amazon Linux 2023, glibc 2.34; 2.28 is the newest tag that uv names below.
PLATFORM = "aarch64-manylinux_2_28"

# Every service a client is made of, plus those the credential chain may call.
AWS_SERVICES = ("dynamodb", "s3", "scheduler", "secretsmanager", "sns", "sqs", "ssm", "sts")
# What a library brings for others: examples, tests, drawings and fonts that no code of ours opens.
UNUSED = (
    "bin",
    "reportlab/fonts",
    "reportlab/graphics",
    "PIL/_avif.*",
    "PIL/_webp.*",
    "PIL/_imagingcms.*",
    "PIL/_imagingft.*",
    "PIL/_imagingtk.*",
    "pillow.libs/libavif*",
    "pillow.libs/libfreetype*",
    "pillow.libs/libharfbuzz*",
    "pillow.libs/liblcms2*",
    "**/*.pyi",
    "**/*.lock",
)
# Versions and entry points are read at run time, licences go where the code goes.
KEPT_OF_DIST_INFO = ("METADATA", "entry_points.txt", "licenses")


@cache
def runtime_python() -> str:
    """Return an interpreter of Lambda's version, or nothing.

    A name on the PATH proves nothing: pyenv puts there shims of versions that are not chosen.
    """
    candidates = [sys.executable, f"python{RUNTIME}"]
    latest = _printed("pyenv", "latest", RUNTIME)
    if latest:
        candidates.append(f"{_printed('pyenv', 'prefix', latest)}/bin/python3")
    code = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
    for candidate in candidates:
        version, _, path = _printed(candidate, "-c", code).partition(" ")
        if version == RUNTIME:
            return path
    return ""


def _printed(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def make_bundle(name: str, out: Path, python: str = "") -> None:
    """Fill `out` with what Lambda unpacks.

    With `python` the bundle is made for that interpreter on this machine, without it for Lambda.
    """
    shutil.rmtree(out, ignore_errors=True)
    capability = FUNCTIONS / name
    layer = LAYERS / name
    is_layer = not capability.is_dir()
    source, root = (layer, out / "python") if is_layer else (capability, out)
    root.mkdir(parents=True)
    package = source / name if is_layer else source
    if (package / "__init__.py").exists():
        ignored = shutil.ignore_patterns("__pycache__", "requirements.*", "Makefile")
        shutil.copytree(package, root / name, ignore=ignored)
    if (source / "requirements.txt").exists():
        _install(source / "requirements.txt", root, python)
        _prune(root)
    _compile(root, python)


def _install(requirements: Path, root: Path, python: str) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    if not uv:
        sys.exit("build.py: нужна программа uv (make setup ставит её в .venv/uv)")
    target = ["--python", python] if python else ["--python-platform", PLATFORM]
    version = [] if python else ["--python-version", RUNTIME]
    subprocess.run(  # noqa: S603
        [
            *(uv, "pip", "install", "--quiet", "--link-mode=copy"),
            *("--require-hashes", "--only-binary=:all:", "-r", str(requirements)),
            *("--target", str(root), *target, *version),
        ],
        check=True,
    )


def _prune(root: Path) -> None:
    for pattern in UNUSED:
        for path in root.glob(pattern):
            _remove(path)
    for info in root.glob("*.dist-info"):
        for path in info.iterdir():
            if path.name not in KEPT_OF_DIST_INFO:
                _remove(path)
    if (root / "botocore").exists():
        _prune_botocore(root / "botocore" / "data")


def _prune_botocore(data: Path) -> None:
    """Leave the services we call: opening a client lists and parses all that is here."""
    for path in data.iterdir():
        if path.is_dir() and path.name not in AWS_SERVICES:
            _remove(path)
        elif path.is_dir():
            _prune_service(path)
    endpoints = json.loads((data / "endpoints.json").read_text(encoding="utf-8"))
    aws = next(part for part in endpoints["partitions"] if part["partition"] == "aws")
    aws["services"] = {name: aws["services"][name] for name in AWS_SERVICES}
    endpoints["partitions"] = [aws]
    cut = json.dumps(endpoints, separators=(",", ":"))
    (data / "endpoints.json").write_text(cut, encoding="utf-8")


def _prune_service(folder: Path) -> None:
    """Leave the newest version of a service's description, unpacked and without its prose."""
    *older, newest = sorted(folder.iterdir())
    for path in older:
        _remove(path)
    for path in newest.glob("*.json.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as packed:
            description = _without_prose(json.load(packed))
        plain = json.dumps(description, ensure_ascii=False, separators=(",", ":"))
        path.with_suffix("").write_text(plain, encoding="utf-8")
        path.unlink()
    (newest / "examples-1.json").unlink(missing_ok=True)


def _without_prose(part: Any) -> Any:
    """Empty the texts called `documentation`: nobody reads them, but botocore asks for some."""
    if isinstance(part, list):
        return [_without_prose(member) for member in part]
    if not isinstance(part, dict):
        return part
    return {
        # A member of that name is described by a mapping, not by a text.
        name: "" if name == "documentation" and isinstance(member, str) else _without_prose(member)
        for name, member in part.items()
    }


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _compile(root: Path, python: str) -> None:
    """Compile ahead: Lambda's folders are read-only, so a missing .pyc is paid at every start.

    Unchecked, because a zip does not keep the times that Python would compare.
    """
    interpreter = python or runtime_python()
    if not interpreter:
        _warn_once()
        return
    flags = ["-q", "-s", str(root), "-p", "/", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([interpreter, "-m", "compileall", *flags, str(root)], check=True)  # noqa: S603


@cache
def _warn_once() -> None:
    print(  # noqa: T201
        f"Предупреждение: Python {RUNTIME} не найден, файлы .pyc не собраны:"
        " функции будут запускаться примерно вдвое дольше.",
        file=sys.stderr,
    )


def bundles() -> list[str]:
    """Return the names of all bundles: capabilities first, then layers."""
    capabilities = sorted(path.parent.name for path in FUNCTIONS.glob("*/__init__.py"))
    return capabilities + sorted(path.name for path in LAYERS.iterdir() if path.is_dir())


def make_all(out: Path, python: str = "") -> None:
    """Make every bundle whose sources changed, as `out/<bundle>`."""
    for name in bundles():
        fingerprint = _fingerprint(name, python)
        stamp = out / f"{name}.stamp"
        if stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint:
            continue
        stamp.unlink(missing_ok=True)
        # Made aside and moved: whoever deploys from `out` meanwhile finds the bundle whole.
        aside = out / f".{name}.{os.getpid()}"
        make_bundle(name, aside, python)
        shutil.rmtree(out / name, ignore_errors=True)
        aside.rename(out / name)
        stamp.write_text(fingerprint, encoding="utf-8")


def _fingerprint(name: str, python: str) -> str:
    source = FUNCTIONS / name if (FUNCTIONS / name).is_dir() else LAYERS / name
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update(_printed(python or runtime_python() or "true", "-VV").encode())
    for path in sorted(source.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(source)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", help="имя пакета, `all` или `interpreter`")
    parser.add_argument("out", type=Path, nargs="?", default=Path())
    parser.add_argument("--python", default="", help="для этого интерпретатора, а не для Lambda")
    given = parser.parse_args()
    if given.bundle == "interpreter":
        print(runtime_python())  # noqa: T201
    elif given.bundle == "all":
        make_all(given.out.resolve(), given.python)
    else:
        make_bundle(given.bundle, given.out.resolve(), given.python)


if __name__ == "__main__":
    main()
