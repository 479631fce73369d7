"""The whole service as a process of its own: the main job, kills, and faulty input."""
