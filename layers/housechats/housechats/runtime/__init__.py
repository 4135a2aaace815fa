"""Lambda plumbing: settings, log, queue, HTTP, access."""
