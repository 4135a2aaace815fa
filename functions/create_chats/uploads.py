"""Uploads: where the file of a list is put, and how large it may be."""

FOLDER = "lists"


def upload_key(oktmo: str, batch_id: str) -> str:
    """Return where the file of an awaited batch is to be put."""
    return f"{FOLDER}/{oktmo}/{batch_id}/list"
