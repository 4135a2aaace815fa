"""Technology: the only place that knows AWS and VK."""
