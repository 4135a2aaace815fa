"""Posters: where the files of printed sheets are kept, and how they are called."""

from housechats.domain.batches import Batch


def poster_key(house_id: str) -> str:
    """Return where one house's poster is."""
    return f"posters/{house_id}.pdf"


def posters_key(batch_id: str, elder_id: str) -> str:
    """Return where the posters of all houses of one elder in one batch are."""
    return f"elders/{batch_id}/{elder_id}.pdf"


def sheet_key(batch_id: str) -> str:
    """Return where one PDF of all posters of a batch is."""
    return f"sheets/{batch_id}.pdf"


def sheet_name(batch: Batch) -> str:
    """Return what people call that PDF: by the name of the list."""
    return f"Объявления {batch.name.rpartition('.')[0] or batch.name or batch.id}.pdf"
