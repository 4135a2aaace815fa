"""The shared layer: nouns and rules, ports, adapters, Lambda plumbing."""
