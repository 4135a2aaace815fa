"""Who calls: the signature of VK launch parameters."""
