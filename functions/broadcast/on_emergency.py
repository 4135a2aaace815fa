"""Queue of urgent chunks in, messages out: the same work, with workers that wait for no other."""

from broadcast.on_chunk import handle

__all__ = ["handle"]
