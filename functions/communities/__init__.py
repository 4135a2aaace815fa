"""The VK communities that act in a territory."""
