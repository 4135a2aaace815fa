"""What is shipped to Lambda runs there: its processor, its Python, its size."""

from pathlib import Path

from support.cloudformation import ROOT

# `make lambda-bundles` makes them, from any Python.
BUNDLES = ROOT / ".build" / "lambda"
LAYERS = ("housechats", "dependencies")

# ELF header: e_machine, two bytes at 18 (System V ABI); 183 is EM_AARCH64.
MACHINE_AT, AARCH64 = 18, 183
# AWS: a function with its layers, unpacked.
LARGEST = 250 * 1024 * 1024


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_the_bundles_are_those_of_every_capability_and_layer() -> None:
    made = {path.name for path in BUNDLES.iterdir() if path.is_dir()}

    capabilities = {path.parent.name for path in (ROOT / "functions").glob("*/__init__.py")}

    assert made == capabilities | set(LAYERS)


def test_every_compiled_library_is_for_lambdas_processor() -> None:
    libraries = [path for path in BUNDLES.rglob("*.so*") if path.read_bytes()[:4] == b"\x7fELF"]

    machines = {
        int.from_bytes(path.read_bytes()[MACHINE_AT : MACHINE_AT + 2], "little")
        for path in libraries
    }

    assert libraries
    assert machines == {AARCH64}


def test_every_library_tied_to_a_python_is_tied_to_lambdas() -> None:
    tied = {path.name.split(".")[1] for path in BUNDLES.rglob("*.cpython-*.so")}

    assert all(tag.startswith("cpython-313-") for tag in tied)


def test_every_function_fits_into_lambda() -> None:
    layers = sum(size_of(BUNDLES / layer) for layer in LAYERS)

    largest = max(size_of(path) for path in BUNDLES.iterdir() if path.name not in LAYERS)

    assert layers + largest < LARGEST / 4


def test_no_bundle_carries_what_only_building_needs() -> None:
    names = {path.name for path in BUNDLES.rglob("*") if path.is_file()}

    assert not names & {"requirements.txt", "requirements.in", "Makefile", "build.py", "RECORD"}
