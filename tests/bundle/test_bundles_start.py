"""Every handler starts from its own bundle and the layers alone."""

import json
import subprocess

import pytest

from support.cloudformation import ROOT, resources, template
from support.workbook_bytes import cell, xlsx

FUNCTIONS = resources(template(), "AWS::Serverless::Function")
# `make local-bundles` makes them for the emulator's interpreter, by the script that makes Lambda's.
BUNDLES = ROOT / ".build" / "local"
PYTHON = ROOT / ".venv" / "emulator" / "bin" / "python"

START = """
import importlib, json, sys
sys.path += {path}
module, _, name = {handler}.rpartition(".")
assert callable(getattr(importlib.import_module(module), name))
print(json.dumps(sorted(sys.modules)))
"""
CLIENTS = """
import sys
sys.path += {path}
import botocore.session
session = botocore.session.get_session()
for service in {services}:
    session.create_client(service, "eu-central-1", aws_access_key_id="-", aws_secret_access_key="-")
"""
READ = """
import sys
sys.path += {path}
from create_chats.spreadsheets import sheets
(table,) = sheets({book})
print(list(table.cells()))
"""
SLOW = {
    "pydantic", "reportlab", "qrcode", "PIL", "python_calamine", "xlsxwriter", "boto3", "requests",
}  # fmt: skip
"""What no worker may load at its start but where its work is done with it."""

NEEDED = {
    "create_chats.on_result": {"xlsxwriter"},
    "activity.on_export": {"xlsxwriter"},
    "organisations.on_export": {"xlsxwriter"},
    "poster.on_chat_open": {"reportlab", "qrcode", "PIL"},
    "poster.on_sheet": {"reportlab", "qrcode", "PIL"},
}


def run(code: str) -> str:
    """Run code as Lambda would: no site-packages, no environment of ours."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [PYTHON, "-I", "-S", "-c", code], capture_output=True, text=True, env={}, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def path_of(capability: str) -> list[str]:
    layers = [BUNDLES / layer / "python" for layer in ("housechats", "dependencies")]
    return [str(path) for path in [BUNDLES / capability, *layers]]


def loaded_by(handler: str) -> set[str]:
    path = path_of(handler.partition(".")[0])
    names = json.loads(run(START.format(path=path, handler=repr(handler))))
    return {name.partition(".")[0] for name in names}


def test_the_bundles_are_made() -> None:
    assert BUNDLES.is_dir(), "run `make local-bundles` first"
    assert PYTHON.exists(), "run `make local-bundles` first"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_handler_starts_from_its_bundle_and_the_layers_alone(name: str) -> None:
    handler = FUNCTIONS[name]["Handler"]

    loaded = loaded_by(handler)

    assert {"housechats", handler.partition(".")[0]} <= loaded


@pytest.mark.parametrize(
    "handler",
    [f["Handler"] for f in FUNCTIONS.values() if not f["Handler"].endswith("api.handle")],
)
def test_a_worker_loads_nothing_slow_that_it_does_not_need(handler: str) -> None:
    needed = NEEDED.get(handler.removesuffix(".handle"), set())

    loaded = loaded_by(handler)

    assert not (loaded & SLOW) - needed


def test_a_workbook_is_read_by_a_process_that_starts_from_the_bundle_too() -> None:
    book = xlsx(f'<row r="1">{cell("A1", "ул. Мира")}</row>')

    read = run(READ.format(path=path_of("create_chats"), book=book))

    assert read.strip() == str([("ул. Мира",)])


def test_the_pruned_library_still_opens_every_client() -> None:
    services = ["dynamodb", "s3", "scheduler", "secretsmanager", "sns", "sqs", "ssm", "sts"]

    run(CLIENTS.format(path=path_of("join"), services=services))


@pytest.mark.parametrize(
    "bundle",
    [path.parent.name for path in sorted((ROOT / "functions").glob("*/__init__.py"))]
    + ["housechats", "dependencies"],
)
def test_a_bundle_is_compiled_and_trusts_its_compiled_files(bundle: str) -> None:
    sources = [path for path in (BUNDLES / bundle).rglob("*.py") if path.stat().st_size]
    tag = run("import sys; print(sys.implementation.cache_tag)").strip()
    compiled = [path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc" for path in sources]

    # PEP 552: flags 1 mean "by hash, unchecked": a zip does not keep times.
    flags = {int.from_bytes(path.read_bytes()[4:8], "little") for path in compiled}

    assert sources
    assert flags == {1}
